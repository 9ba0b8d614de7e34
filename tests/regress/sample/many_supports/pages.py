"""A month with 300 pages that were not urgent."""
import pathlib

path = pathlib.Path("inputs/evidence/pages/pages-2025-11.ndjson")
path.write_text("".join('{"page": "Q%d", "urgency": "LOW", "opened": "2025-11-%02dT08:00:00Z", "answered": null}\n'
                        % (i, 1 + i % 30) for i in range(300)), encoding="utf-8")
