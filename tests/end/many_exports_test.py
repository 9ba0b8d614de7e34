#!/usr/bin/env python3
"""Thousands of exports of one source: whatever is said of each of them, none is compared with all the others.

The bounds of a query are those of a template's queries too, and they grow with the rows: a report that looks through all
exports for every export ends with a diagnostic instead of a package.
"""
import pathlib
import sys

from support import ROOT, Folder, main, run_programme, small_programme, test, tickmark

sys.path.insert(0, str(pathlib.Path(ROOT) / "tests" / "bench"))
import large  # noqa: E402

EXPORTS, ROWS = 6000, 2


@test
def a_report_of_thousands_of_exports_is_made():
    with Folder() as folder:
        small_programme(folder)
        path, _ = large.add_set(folder, "csv")
        large.write_many(path, EXPORTS, ROWS)
        _, summary = run_programme(folder, status=0)
        of_source = [item for item in summary["evidence"] if item["path"].startswith("trail-csv/")]
        assert len(of_source) == EXPORTS, len(of_source)
        assert sum(item["records"] for item in of_source) == EXPORTS * ROWS
        for command in (["explain", "BN-1.1"], ["explain", "BN-1"], ["readiness"]):
            done = tickmark(*command, cwd=folder)
            assert done.returncode in (0, 1), f"{command}: {done.returncode}\n{done.stderr}"
            assert "sql-limit" not in str(done.stderr), done.stderr
        return f"{EXPORTS} exports"


main()
