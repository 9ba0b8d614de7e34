"""What the store of a run holds, for cases that compare it with what they wrote."""
import sqlite3

COLUMNS = "t.id, t.n, t.r, t.ok, t.made, t.note"


def things(path):
    """The rows of type thing of one evidence file, in order, as tuples of COLUMNS."""
    store = sqlite3.connect("file:out/2025-Q4/assessment.sqlite?mode=ro", uri=True)
    rows = store.execute(f"SELECT {COLUMNS} FROM tm_row_thing t JOIN tm_snapshot s ON s.id = t.snapshot"
                         " JOIN tm_evidence e ON e.id = s.evidence WHERE e.path = ? ORDER BY t.ref", (path,)).fetchall()
    store.close()
    return rows


def expect(path, rows):
    """Fails unless the file gave these rows; what a row leaves out at its end is NULL."""
    wanted = [tuple(row) + (None,) * (6 - len(row)) for row in rows]
    found = things(path)
    if found != wanted:
        raise SystemExit(f"{path}: expected {wanted}, found {found}")
