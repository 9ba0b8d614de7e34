"""Makes a loaded store of the sample's fourth quarter as large as that of a big company: an SQL script.

Every account, person, review line, device and so on is repeated under other names, with the same story, and so are the
events of high volume, at other moments: the shares of what deviates stay as they are. Rows are written in the order of exports
in the end, as they are when evidence is loaded.
"""
import itertools

# What is repeated for every account; the columns that name somebody or are a key get other names.
PEOPLE = {
    "account": ("login", "account_id", "email"), "mfa_enrolment": ("login",), "person": ("employee", "email", "manager"),
    "access_key": ("login",), "acknowledgement": ("person",), "training": ("person",), "background_check": ("person",),
    "evaluation": ("person", "evaluator"), "device": ("device", "holder"), "access_review": ("login", "reviewer"),
    "permission_grant": ("holder",), "access_request": ("request", "login", "requester", "approver", "carried_out_by"),
}
# Root accounts stay alone: there is one for each system.
ALONE = {"account": "kind IS NOT 'root'", "mfa_enrolment": "login <> '<root_account>'", "access_key": "login NOT LIKE '<%'"}
# Events: names, the key, the moment; the share of the events; what stays alone.
EVENTS = {
    "sign_in": ("login", "event", "happened_at", 0.5, "1"),
    "audit_event": ("actor", "event", "happened_at", 0.4, "actor_kind IS NOT 'root'"),
    "privileged_command": ("login", "process", "happened_at", 0.1, "1"),
}
INDEXED_ROWS = 100000  # a larger table is loaded without an index on its key (gen/store/load_finish.c)
STEP = 100000  # between the ordinals of one repetition and the next: all fit below 2^32
FROM, UNTIL = 1759276800, 1767225600  # the fourth quarter of 2025


def other_name(column, number):
    """SQL of a name in the repetition `number`, also an SQL expression."""
    return (f"CASE WHEN instr(\"{column}\", '@example.com') THEN replace(\"{column}\", '@example.com', '.' || {number} "
            f"|| '@example.com') ELSE \"{column}\" || '.' || {number} END")


def repeat(store_columns, kind, changes, count, where):
    """Inserts `count` repetitions of the rows of a type, and counts them where their files' rows are counted; `changes` gives
    SQL for columns that differ."""
    columns = store_columns[kind]
    values = [changes.get(name, f'"{name}"') for name in columns]
    names = ", ".join('"%s"' % name for name in columns)
    return (f'UPDATE tm_evidence SET row_count = row_count + {count} * (SELECT count(*) FROM "tm_row_{kind}" AS r '
            f"WHERE r.ref >> 32 = tm_evidence.id AND {where});\n"
            f"WITH RECURSIVE n (i) AS (SELECT 1 WHERE {count} > 0 UNION ALL SELECT i + 1 FROM n WHERE i < {count})\n"
            f'INSERT INTO "tm_row_{kind}" (ref, {names})\n'
            f"SELECT r.ref + n.i * {STEP}, {', '.join(values)}\n"
            f'  FROM n CROSS JOIN (SELECT * FROM "tm_row_{kind}" WHERE {where}) AS r;\n')


def unindex(kind, total):
    return f'DROP INDEX IF EXISTS "tm_key_{kind}";\n' if total > INDEXED_ROWS else ""


def script(store_columns, rows, accounts, events, accounts_now):
    """The script. `store_columns` and `rows`: columns and row counts of the types; `accounts_now`: at one export of each source."""
    repetitions = max(0, round(accounts / accounts_now) - 1)
    parts = []
    for kind, names in PEOPLE.items():
        changes = {name: other_name(name, "n.i") for name in names}
        parts.append(unindex(kind, rows[kind] * (repetitions + 1)))
        parts.append(repeat(store_columns, kind, changes, repetitions, ALONE.get(kind, "1")))
    for kind, (name, key, moment, share, where) in EVENTS.items():
        changes = {name: other_name(name, f"(n.i % {repetitions + 1})"), key: f"\"{key}\" || '.' || n.i",
                   moment: f"{FROM} + (\"{moment}\" - {FROM} + n.i * 7919) % {UNTIL - FROM}"}
        repeated = max(0, round(events * share / rows[kind]) - 1)
        parts.append(unindex(kind, rows[kind] * (repeated + 1)))
        parts.append(repeat(store_columns, kind, changes, repeated, where))
    return "BEGIN;\n" + "".join(itertools.chain(parts)) + "COMMIT;\nVACUUM;\n"
