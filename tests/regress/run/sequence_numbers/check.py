"""check.py "RECORDS UNNUMBERED SEQUENCES NUMBERS MISSING COMPLETE" "FIRST LAST NUMBERS MISSING | ..." "FIRST LAST | ..."."""
import sqlite3
import sys

store = sqlite3.connect("out/2025-Q4/assessment.sqlite")


def told(query):
    return " | ".join(" ".join(map(str, row)) for row in store.execute(query))


summary = told("SELECT records, unnumbered, sequences, numbers, missing, complete FROM tm_sequence")
assert summary == sys.argv[1], summary
runs = told("SELECT first, last, numbers, missing FROM tm_sequence_run ORDER BY position")
assert not sys.argv[2] or runs == sys.argv[2], runs
gaps = told("SELECT first, last FROM tm_sequence_gap ORDER BY position")
assert gaps == sys.argv[3], gaps
complete = sys.argv[1].endswith("1")
reasons = store.execute("SELECT count(*) FROM tm_test_state WHERE test = 'IR-1.1' AND reason LIKE 'pager: %'").fetchone()
assert (reasons[0] == 0) == complete, reasons
