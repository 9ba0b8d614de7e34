"""Twelve pages whose ids are random letters with a digit behind them."""
import pathlib

pages = [f'{{"page": "{name}{number}", "urgency": "LOW", "opened": "2025-10-{number + 10}T02:00:00Z", "answered": null}}\n'
         for number, name in enumerate("qf zk wd ab xo pe lm ct vr hn uj sy".split(), start=1)]
pathlib.Path("inputs/evidence/pages/pages-2025-10.ndjson").write_text("".join(pages), encoding="utf-8")
pathlib.Path("inputs/evidence/pages/pages-2025-11.ndjson").unlink()
pathlib.Path("inputs/evidence/pages/pages-2025-12.ndjson").unlink()
