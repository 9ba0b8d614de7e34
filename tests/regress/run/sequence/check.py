"""check.py "MISSING GAPS KNOWN COMPLETE" "FIRST LAST NUMBERS REASON | ..." TEST: what the store and the reports say."""
import pathlib
import sqlite3
import sys

OUT = pathlib.Path("out/2025-Q4")
store = sqlite3.connect(OUT / "assessment.sqlite")
found = store.execute("SELECT missing, gaps, known, complete FROM tm_sequence").fetchall()
assert [" ".join(map(str, row)) for row in found] == [sys.argv[1]], found
gaps = store.execute("SELECT first, last, numbers, coalesce(reason, '-') FROM tm_sequence_gap ORDER BY position").fetchall()
assert " | ".join(" ".join(map(str, row)) for row in gaps) == sys.argv[2], gaps
tests = store.execute("SELECT test FROM tm_test_state WHERE verdict = 'insufficient' AND reason LIKE '%missing (P%'").fetchall()
assert tests == ([] if sys.argv[3] == "-" else [(sys.argv[3],)]), tests
text = (OUT / "portfolio.xml").read_text(encoding="utf-8")
assert text.count("<gap ") == len(gaps), text.count("<gap ")
page = (OUT / "portfolio.html").read_text(encoding="utf-8")
for first, last, _, reason in gaps:
    assert (first if first == last else f"{first} to {last}") in page, first
    assert reason == "-" or reason in page, reason
