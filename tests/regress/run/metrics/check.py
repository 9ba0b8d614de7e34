"""What the metrics come to, by hand from the evidence as the case alters it."""
import sqlite3

store = sqlite3.connect("out/2025-Q4/assessment.sqlite")
found = {row[0]: row[1:] for row in store.execute(
    "SELECT id, printed, state, note, target_printed, on_target FROM tm_metric WHERE section <> 'Programme'")}

# Nine usable accounts would be due; the warehouse's one of November is missing and bob's has no second factor.
expected = {
    "factor_coverage": ("87.5 %", "partial", "from 1 of 2 sources of account; not complete: warehouse; "
                        "from 1 of 2 sources of second_factor; not complete: warehouse", "100.0 %", None),
    "usable_accounts": ("72.7 %", "partial", "from 1 of 2 sources of account; not complete: warehouse", None, None),
    "late_numbers": ("none", "none", None, "50.0 %", None),
    "approvals": ("not determined", "undetermined", "no source is declared for approval", None, None),
    "change_numbers": ("not determined", "undetermined", "a row's value is neither 0 nor 1", None, None),
    "authors": ("not determined", "undetermined", "two rows have the same item", None, None),
}
for name, row in expected.items():
    assert found[name] == row, (name, found[name], row)

# Twelve lines on three rosters, and none more.
assert found["roster_size"][:2] == ("12", "determined"), found["roster_size"]

# Urgent pages and how long each waited; the target is the programme's half hour and not the hour of the schema.
pages = store.execute("SELECT answered_at - opened_at FROM incident WHERE severity = 'high' AND answered_at IS NOT NULL"
                      " ORDER BY 1").fetchall()
waits = [row[0] for row in pages]
middle = waits[(len(waits) + 1) // 2 - 1]
for name, seconds in (("answer_time_p50", middle), ("answer_time_largest", waits[-1])):
    value, = store.execute("SELECT value FROM tm_metric WHERE id = ?", (name,)).fetchone()
    assert value == seconds, (name, value, waits)
    assert found[name][1] == "partial" and found[name][3:] == ("30 min", None), found[name]
    assert found[name][2] == f"1 of {len(waits) + 1} could not be determined", found[name]
    inputs = store.execute("SELECT name, value FROM tm_metric_input WHERE metric = ? ORDER BY position", (name,)).fetchall()
    assert inputs == [("urgent pages", len(waits)), ("left open", 1)], inputs
    first = store.execute("SELECT item, printed FROM tm_metric_item WHERE metric = ? AND position = 1", (name,)).fetchone()
    assert first == ("page P999", "not answered"), first

assert store.execute("SELECT name, value FROM tm_metric_input WHERE metric = 'factor_coverage' ORDER BY position"
                     ).fetchall() == [("with a second factor", 7), ("usable accounts", 8)]
assert store.execute("SELECT item, printed FROM tm_metric_item WHERE metric = 'factor_coverage'").fetchall() == [
    ("bob@example.com @ 2025-11-28", "no second factor")]
assert store.execute("SELECT value FROM tm_metric_parameter WHERE metric = 'answer_time_p50' AND name = 'within'"
                     ).fetchone() == (1800,)
