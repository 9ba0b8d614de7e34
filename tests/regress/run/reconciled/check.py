import sqlite3

found = sqlite3.connect("out/2025-Q4/assessment.sqlite").execute(
    "SELECT source, other, date(at, 'unixepoch'), date(other_at, 'unixepoch'), both, only_here, only_there, here_examples,"
    " there_examples FROM tm_reconciliation ORDER BY position").fetchall()
expected = [
    ("directory", "roster", "2025-10-31", None, None, None, None, None, None),
    ("directory", "roster", "2025-11-28", "2025-11-28", 3, 0, 1, None, "dee@example.com"),
    ("directory", "roster", "2025-12-31", "2025-12-31", 3, 0, 1, None, "dee@example.com"),
    ("changes", "changes", None, None, 2, 0, 0, None, None),
]
assert found == expected, found
