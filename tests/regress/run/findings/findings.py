"""Writes what the report's data say of each finding to a file, a line each."""
import json
import pathlib

summary = json.loads(pathlib.Path("out/2025-Q4/summary.json").read_text(encoding="utf-8"))
pathlib.Path("findings.txt").write_text("".join(
    " | ".join(str(finding[key]) for key in ("item", "control", "severity", "state", "reason", "owner", "due", "due_by",
                                              "found", "closed", "overdue")) + "\n" for finding in summary["findings"]),
    encoding="utf-8")
