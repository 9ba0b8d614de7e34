#!/usr/bin/env python3
"""Wrong inputs that must never leave a control effective.

The programme is tests/regress/_base/small: unaltered, every control in it is effective, which the first test requires;
so a row cannot pass because a control was never effective. Each row alters one thing and names the controls that must
no longer be. All the others must stay as they were: an alteration that upset everything would prove little.
"""
import json
import re
import shutil

from support import Folder, add_test, main, run_programme, small_programme, verdicts

CONTROLS = {"AC-1", "AC-2", "CM-1", "GV-1", "IR-1"}
ACCOUNTS = "directory/accounts-2025-11-28.csv"
FACTORS = "directory/factors-2025-11-28.csv"
WAREHOUSE = "warehouse/users-2025-11-28.csv"
ROSTER = "people/roster-2025-11-28.csv"
CHANGES = "code/changes-2025-11.json"
PAGES = "pages/pages-2025-11.ndjson"
POLICY = "documents/access-policy-2025-Q4.md"
CONTROLS_OF = {ACCOUNTS: {"AC-1", "AC-2"}, FACTORS: {"AC-1"}, WAREHOUSE: {"AC-1", "AC-2"}, ROSTER: {"AC-2"},
               CHANGES: {"CM-1"}, PAGES: {"IR-1"}, POLICY: {"GV-1"}}
TABLES = (ACCOUNTS, FACTORS, WAREHOUSE, ROSTER)
DATA = tuple(sorted(CONTROLS_OF.keys() - {POLICY}))
ROWS = []


def row(name, hit, alter, *files):
    """One alteration: alter(evidence folder, file) for each of the files it is tried on."""
    for file in files or (None,):
        ROWS.append((f"{name} ({file})" if file else name, hit or CONTROLS_OF[file], alter, file))


def change(evidence, file, function):
    path = evidence / file
    path.write_text(function(path.read_text(encoding="utf-8")), encoding="utf-8")


def replaced(pattern, replacement, count=0):
    """A function that alters text; what it looks for must be there."""
    def function(text):
        altered, found = re.subn(pattern, replacement, text, count=count, flags=re.MULTILINE)
        assert found > 0, f"nothing matches {pattern}"
        return altered
    return lambda evidence, file: change(evidence, file, function)


def every(folder, function):
    """The same alteration of every file in a folder of the evidence."""
    def alter(evidence, _):
        for path in sorted((evidence / folder).iterdir()):
            change(evidence, path.relative_to(evidence), function)
    return alter


def duplicate_last(text):
    return text + text.splitlines(True)[-1]


def duplicate_first_item(text):
    items = json.loads(text)
    return json.dumps(items + items[:1], indent=1)


def remove_all(folder):
    return lambda evidence, _: shutil.rmtree(evidence / folder)


def header_only(text):
    return text.splitlines(True)[0]


def write(text):
    return lambda evidence, file: (evidence / file).write_text(text, encoding="utf-8")


def take_other(source):
    """The file holds what another export of the same source holds."""
    return lambda evidence, file: shutil.copy(evidence / source, evidence / file)


def cut(share):
    def alter(evidence, file):
        data = (evidence / file).read_bytes()
        (evidence / file).write_bytes(data[:int(len(data) * share)])
    return alter


def cut_a_record(evidence, file):
    """The last line is lost whole; only the number that the source counted tells."""
    change(evidence, file, lambda text: "".join(text.splitlines(True)[:-1]))
    (evidence / (file + ".meta.yaml")).write_text("records: 3\n", encoding="utf-8")


def rename(new):
    return lambda evidence, file: (evidence / file).rename(evidence / new)


def other_period_dates(evidence, file):
    """An export of July under November's name."""
    change(evidence, file, lambda text: text.replace("2025-11-", "2025-07-"))


def earlier_logins(evidence, file):
    """An export of December under November's name: its sign-ins lie after the day it states."""
    change(evidence, file, lambda text: text.replace("2025-11-", "2025-12-"))


row("header-only export", None, lambda evidence, file: change(evidence, file, header_only), *TABLES)
row("an export without any record", None, write("[]\n"), CHANGES)
row("an empty file", None, write(""), *TABLES, CHANGES, PAGES)
row("wrong columns", None, replaced(r"^(login|account|user_name|email),", r"\1_x,"), *TABLES)
row("wrong columns in the middle", None, replaced(r"^(\w+),\w+,", r"\1,other,", 1), *TABLES)
row("wrong keys", None, replaced('"(number|page)"', r'"\1_x"'), CHANGES, PAGES)
row("an error body saved as the export", None,
    write('{"message": "Bad credentials", "documentation_url": "https://docs.example.com"}\n'), *DATA)
row("an error page saved as the export", None,
    write("<html><head><title>502 Bad Gateway</title></head>\n<body>nginx</body></html>\n"), *DATA)
row("no export", None, lambda evidence, file: (evidence / file).unlink(), *DATA)
row("no document", {"GV-1"}, lambda evidence, _: shutil.rmtree(evidence / "documents"))
row("a document without its sidecar", {"GV-1"},
    lambda evidence, _: (evidence / (POLICY + ".meta.yaml")).unlink())
row("one of two declared sources missing", {"AC-1", "AC-2"}, remove_all("warehouse"))
row("MFA off until the last week of the period and then on", {"AC-1"},
    lambda evidence, _: [change(evidence, f"directory/factors-2025-{day}.csv",
                                lambda text: text.replace("bob@example.com,on", "bob@example.com,off"))
                         for day in ("10-31", "11-28")])
row("the MFA report lacking a user", {"AC-1"}, replaced(r"^bob@example\.com,.*\n", ""), FACTORS)
row("the MFA report lacking a user every time", {"AC-1"},
    every("directory", lambda text: re.sub(r"^bob@example\.com,on,.*\n", "", text, flags=re.MULTILINE)))
row("a truncated file", None, cut(0.7), CHANGES, PAGES)
row("a truncated file, in a cell", None, lambda evidence, file: change(
    evidence, file, lambda text: text.rstrip("\n").rsplit(",", 1)[0][:-1]), *TABLES)
row("a truncated file, at a line's end", {"AC-1"}, cut_a_record, FACTORS)
row("another period's file", None, other_period_dates, CHANGES, PAGES)
row("another period's file, dated by its name", None, rename("directory/accounts-2025-07-31.csv"), ACCOUNTS)
row("another period's file, dated by its sign-ins", {"AC-1", "AC-2"}, earlier_logins, ACCOUNTS)
row("the export of another month again", None, take_other("directory/accounts-2025-10-31.csv"), ACCOUNTS)
row("every flag null", None, replaced(",(on|off),", ",,"), FACTORS)
row("every flag null in all exports", {"AC-1"}, every("directory", lambda text: re.sub(",(on|off),", ",,", text)))
row("every flag of activity null", None, replaced(",(true|false),", ",,", 0), ACCOUNTS)
row("every flag of activity null in all exports", {"AC-1", "AC-2"},
    every("directory", lambda text: re.sub("^(.*),(true|false),", r"\1,,", text, flags=re.MULTILINE)))
row("the account export empty for leaver still active", {"AC-1", "AC-2"}, every("directory", header_only))
row("all account exports empty for leaver still active", {"AC-1", "AC-2"},
    lambda evidence, file: [every(folder, header_only)(evidence, file) for folder in ("directory", "warehouse")])
row("duplicated rows", None, lambda evidence, file: change(evidence, file, duplicate_last), *TABLES, PAGES)
row("duplicated records", None, lambda evidence, file: change(evidence, file, duplicate_first_item), CHANGES)
row("an unknown word for a flag", None, replaced(",on,", ",perhaps,", 1), FACTORS)


def try_row(hit, alter, file):
    with Folder() as folder:
        small_programme(folder)
        alter(folder / "inputs" / "evidence", file)
        done, summary = run_programme(folder, status=1)
        found = verdicts(summary)
        for control in sorted(CONTROLS):
            if control in hit:
                assert found[control] in ("exception", "insufficient"), \
                    f"{control} is {found[control]}\n{done.stdout}{done.stderr}"
            else:
                assert found[control] == "effective", f"{control}, which has nothing to do with it, is {found[control]}"
        return ", ".join(f"{control} {found[control]}" for control in sorted(hit))


def unaltered():
    with Folder() as folder:
        done, summary = run_programme(small_programme(folder), status=0)
        wrong = {key: value for key, value in verdicts(summary).items() if value != "effective"}
        assert set(verdicts(summary)) == CONTROLS and not wrong, f"not effective though unaltered: {wrong}\n{done.stderr}"


add_test("unaltered, every control is effective", unaltered)
for row_name, row_hit, row_alter, row_file in ROWS:
    add_test(row_name, lambda hit=row_hit, alter=row_alter, file=row_file: try_row(hit, alter, file))
main()
