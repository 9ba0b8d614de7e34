#!/usr/bin/env python3
"""Samples are what anybody else draws: tests/end/sample_replay.py, written from the help text, repeats every draw and every
limit. Items may be of any text, and what is put together for the auditor is whole and unaltered."""
import csv
import hashlib
import json
import sqlite3

import sample_replay
from support import PERIOD, Folder, add_test, main, sample_programme, small_programme, test, tickmark, tree

# Items as hostile evidence may name them.
NAMES = ["plain", "a/b/../c", "..", ".", "with \"quotes\"", "it's", "two\nlines", "carriage\r\nreturn", "tab\there", "x" * 300,
         "x" * 299 + "y", "=1+1", "+1", "-1", "@SUM(A1)", "'quoted", " blank before", "blank behind ", "semi;colon", "com,ma",
         "ünï→cödé 😀", "\u202eright to left", "\u2028line", "\x7f\x85", "\ufeffmark", "%s%n", "<b>&amp;</b>", "null", "a", "A"]
HOSTILE = "IR-1.1"


def run_sample():
    """The sample company's quarter, run once for all tests of this program."""
    if not hasattr(run_sample, "holder"):
        run_sample.holder = Folder()
        tickmark("run", "-q", "--period", PERIOD, cwd=sample_programme(run_sample.holder.path, quarters=[PERIOD]), status=1)
    return run_sample.holder.path


def run_hostile():
    if not hasattr(run_hostile, "holder"):
        run_hostile.holder = Folder()
        folder = small_programme(run_hostile.holder.path)
        pages = folder / "inputs" / "evidence" / "pages" / "pages-2025-11.ndjson"
        pages.write_text("".join(json.dumps({
            "page": name, "urgency": "HIGH", "opened": f"2025-11-{1 + i % 28:02}T08:00:00Z",
            "answered": None if name == "it's" else f"2025-11-{1 + i % 28:02}T08:20:00Z"}) + "\n"
            for i, name in enumerate(NAMES)), encoding="utf-8")
        tickmark("run", "-q", cwd=folder, status=1)
    return run_hostile.holder.path


def place_of(folder, test_id, nonce):
    return folder / "out" / f"{PERIOD}-samples" / f"{test_id}-{hashlib.sha256(nonce.encode()).hexdigest()[:16]}"


def draw(folder, test_id, nonce, *words):
    done = tickmark("sample", "--format", "json", "--period", PERIOD, "--test", test_id, "--nonce", nonce, *words, cwd=folder,
                    status=0)
    drawn = json.loads(done.stdout)
    place = place_of(folder, test_id, nonce)
    assert json.loads((place / "sample.json").read_text(encoding="utf-8")) == drawn
    return drawn, place


def check_replay(folder, test_id, nonce, *words):
    drawn, place = draw(folder, test_id, nonce, *words)
    rows = sample_replay.population(place / "population.csv")
    frozen = sqlite3.connect(folder / "out" / PERIOD / "assessment.sqlite").execute(
        "SELECT population, population_digest FROM tm_test_result WHERE test = ?", (test_id,)).fetchone()
    assert (len(rows), sample_replay.digest_of(rows)) == frozen, "the list is not the published population"
    assert drawn["seed"] == sample_replay.seed_of(frozen[1], nonce).hex()
    selected = [(item["item"] or "", item["ref"] or "") for item in drawn["selected"]]
    expected = sample_replay.draw(rows, nonce, drawn["method"], drawn["size"])
    assert selected == expected, f"drawn {selected}, expected {expected}"
    assert rows == sorted(rows), "the list is not sorted"
    return drawn


# Tests with populations of many sorts, their sizes as the sample company has them.
DRAWS = [
    ("CC8.1-01.1", ["--size", "20"]),
    ("CC8.1-01.1", ["--stratum", "month", "--size", "13"]),
    ("CC8.1-01.1", ["--stratum", "repository"]),
    ("CC8.1-01.1", ["--method", "systematic", "--size", "54"]),
    ("CC8.1-01.1", ["--rule", "frequency", "--risk", "higher"]),
    ("CC8.1-01.1", ["--stratum", "source", "--size", "31"]),
    ("CC6.1-01.1", ["--stratum", "source", "--size", "41"]),
    ("CC6.1-01.1", ["--stratum", "month", "--size", "25"]),
    ("CC6.1-01.1", ["--stratum", "quarter", "--size", "25"]),
    ("CC6.1-01.1", ["--method", "systematic", "--size", "37"]),
]
# The readable view of the records of a test, and when one of them was: the table's own names, for the strata.
RECORDS = {"CC8.1-01.1": ("change_readable", "merged_at"), "CC6.1-01.1": ("account_readable", "at")}


def strata_of(store, test_id, by):
    """{ref: stratum} of every record that a test may be about, from the store's readable views and the help's words."""
    view, time = RECORDS[test_id]
    kinds = {"quarter": lambda row: f"{row[2][:4]}-Q{(int(row[2][5:7]) + 2) // 3}", "month": lambda row: row[2][:7], "source": lambda row: row[1]}
    return {f"E{row[0] >> 32}.{row[0] & 0xffffffff}": kinds[by](row) if row[2] else "(no value)"
            for row in store.execute(f"SELECT ref, source, {time} FROM {view}")}


def add_replays():
    for test_id, words in DRAWS:
        def replay(test_id=test_id, words=words):
            drawn = check_replay(run_sample(), test_id, " ".join(words), *words)
            if words[0] == "--stratum" and words[1] in ("quarter", "month", "source"):
                store = sqlite3.connect(run_sample() / "out" / PERIOD / "assessment.sqlite")
                expected = strata_of(store, test_id, words[1])
                rows = sample_replay.population(place_of(run_sample(), test_id, " ".join(words)) / "population.csv")
                wrong = [(row, expected[row[1]]) for row in rows if row[2].decode() != expected[row[1]]]
                assert not wrong, f"strata: {wrong[:3]}"
                counts = {name: sum(row[2].decode() == name for row in rows) for name in expected.values()}
                told = {one["stratum"]: one["items"] for one in drawn["strata"]}
                assert told == {name: count for name, count in counts.items() if count}, (told, counts)
            return f"{drawn['size']} of {drawn['population']}"
        add_test(f"replay {test_id} {' '.join(words)}", replay)


@test
def the_largest_and_the_smallest_populations_are_drawn_from():
    store = sqlite3.connect(run_sample() / "out" / PERIOD / "assessment.sqlite")
    sizes = store.execute("""SELECT r.population, min(r.test) FROM tm_test_result r JOIN tm_test t ON t.id = r.test
                             WHERE t.query IS NOT NULL AND r.population > 0 GROUP BY r.population ORDER BY 1""").fetchall()
    for population, test_id in (sizes[0], sizes[-1]):
        drawn = check_replay(run_sample(), test_id, "some nonce", "--size", "40")
        assert drawn["size"] == min(40, population)


@test
def items_of_any_text_are_drawn_and_evaluated():
    folder = run_hostile()
    for words in ([], ["--stratum", "id"], ["--method", "systematic"], ["--stratum", "month"]):
        check_replay(folder, HOSTILE, "hostile " + " ".join(words), "--size", "25", *words)
    drawn = check_replay(folder, HOSTILE, "all", "--size", "100")
    assert drawn["size"] == drawn["population"] > len(NAMES)
    place = place_of(folder, HOSTILE, "all")
    with open(place / "sample.csv", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert not any(row["item"][0] in "=+-@" for row in rows), "a spreadsheet would take an item for a formula"
    for row in rows:
        row["result"] = "Deviation" if row["item"] == "page it's" else " no deviation "
    for name, delimiter, end in (("comma.csv", ",", "\n"), ("semicolon.csv", ";", "\r\n")):
        with open(folder / name, "w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0].keys(), delimiter=delimiter, lineterminator=end)
            writer.writeheader()
            writer.writerows(reversed(rows))
        done = tickmark("sample", "--format", "json", "--evaluate", name, place / "sample.json", "--tolerable", "5", cwd=folder,
                        status=0)
        found = json.loads(done.stdout)
        assert (found["deviations"], found["upper_limit"], found["complete"], found["differs"]) == (1, 1, True, []), found


def check_evaluation(population, size, deviations, confidence):
    """Evaluates a sample of a made-up population, whose list needs no evidence."""
    with Folder() as folder:
        rows = [(f"item {i:05}".encode(), f"E1.{i + 1}", b"") for i in range(population)]
        digest = sample_replay.digest_of(rows)
        drawn = sample_replay.draw(rows, "nonce", "random", size)
        (folder / "population.csv").write_text(
            "item,ref,stratum\n" + "".join(f'"{item.decode()}",{ref},""\n' for item, ref, _ in rows))
        (folder / "sample.json").write_text(json.dumps({
            "format": "tickmark sample 1", "statement": "", "organisation": "Made-up Ltd", "period": PERIOD, "control": "X-1",
            "test": "X-1.1", "title": "Nothing happens", "tolerable": "5%", "confidence": "90%", "conclude_from": 20,
            "population": population, "verdict": "effective", "exceptions": 0, "undetermined": 0, "population_digest": digest,
            "nonce": "nonce", "seed": sample_replay.seed_of(digest, "nonce").hex(), "method": "random", "stratum": None,
            "size": size, "rule": None, "why": "as asked for", "strata": [], "selected": [
                {"item": item, "ref": ref, "stratum": None, "evidence": "a", "record": 1, "found": None, "text": None}
                for item, ref in drawn]}))
        (folder / "sample.csv").write_text("item,ref,result\n" + "".join(
            f"{item},{ref},{'deviation' if i < deviations else 'no deviation'}\n" for i, (item, ref) in enumerate(drawn)))
        done = tickmark("sample", "--format", "json", "--evaluate", "sample.csv", "--confidence", confidence, cwd=folder)
        found = json.loads(done.stdout)
        limit = sample_replay.upper_limit(population, size, deviations, confidence)
        assert found["upper_limit"] == limit, f"limit {found['upper_limit']}, expected {limit}"
        few = size < min(20, population)
        above = limit > population * 5 // 100
        assert found["conclusion"].startswith("too few" if few else "above" if above else "within"), found
        assert done.returncode == (1 if few or above else 0), done.returncode


def add_evaluations():
    for case in ((200, 60, 0, "90"), (200, 60, 0, "95"), (200, 60, 2, "90"), (59, 45, 1, "97.5"), (25, 25, 1, "90"),
                 (25, 25, 2, "90"), (40, 19, 0, "90"), (1000, 77, 1, "95"), (1, 1, 0, "90"), (300, 100, 100, "90")):
        add_test("limit of {2} in {1} of {0} at {3}%".format(*case), lambda case=case: check_evaluation(*case))


def check_index(folder, path):
    """Every line's digest is that of its file, and no file is without a line."""
    with open(path, encoding="utf-8", newline="") as stream:
        lines = {row["file"]: row["sha256"] for row in csv.DictReader(stream)}
    for name, digest in lines.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
    return set(lines)


@test
def what_is_put_together_is_whole():
    folder = run_sample()
    drawn, place = draw(folder, "CC8.1-01.1", "fulfil", "--size", "5")
    tickmark("sample", "--test", "CC8.1-01.1", "--nonce", "fulfil", "--period", PERIOD, "--fulfil", "for/auditor", "--request",
             "PBC 12/a", cwd=folder, status=0)
    made = folder / "for" / "auditor"
    everything = {name for name in tree(made) if not name.endswith("index.csv") and "/" in name}
    assert check_index(made, made / "index.csv") == everything
    folders = sorted(path for path in made.iterdir() if path.is_dir())
    assert [path.name[:14] for path in folders] == [f"PBC_12_a-{i:03}-m" for i in range(1, 6)], folders
    for item, one in zip(drawn["selected"], folders):
        assert {f"{one.name}/{name}" for name in check_index(one, one / "index.csv")} < everything
        record = (one / "record.txt").read_text(encoding="utf-8")
        assert item["item"] in record and item["ref"] + " " in record and str(folder) not in record
        shown = tickmark("show", "--period", PERIOD, item["ref"], cwd=folder, status=0).stdout
        assert shown in record, "the record is not what show prints"
        relations = {name.name.split("-")[1] for name in (one / "supporting").iterdir()}
        assert {"check", "deployment"} <= relations and relations & {"approval", "review"}, relations
    page = (made / "index.html").read_text(encoding="utf-8")
    assert "not a SOC 2 examination report" in page and all(path.name in page for path in folders)

    # Once more over itself is fine, and still for the same request; over anything else it is not.
    tickmark("sample", place / "sample.json", "--fulfil", "for/auditor", cwd=folder, status=0)
    assert [path.name[:14] for path in sorted(made.iterdir()) if path.is_dir()] == [f"PBC_12_a-{i:03}-m" for i in range(1, 6)]
    draw(folder, "CC8.1-01.1", "another", "--size", "5")
    before = tree(folder / "for")
    other = tickmark("sample", "--test", "CC8.1-01.1", "--nonce", "another", "--period", PERIOD, "--fulfil", "for/auditor",
                     cwd=folder, status=2)
    assert "[sample-exists]" in other.stderr and tree(folder / "for") == before


@test
def the_request_of_a_draw_is_that_of_its_folders():
    folder = run_sample()
    draw(folder, "CC8.1-01.1", "of a request", "--size", "3", "--request", "PBC-31")
    tickmark("sample", "--test", "CC8.1-01.1", "--nonce", "of a request", "--period", PERIOD, "--fulfil", "of-a-request", cwd=folder,
             status=0)
    names = [path.name for path in (folder / "of-a-request").iterdir() if path.is_dir()]
    assert len(names) == 3 and all(name.startswith("PBC-31-") for name in names), names
    note = json.loads((place_of(folder, "CC8.1-01.1", "of a request") / "request-pbc-31.json").read_text(encoding="utf-8"))
    assert note["fulfilled"].endswith("of-a-request"), note


@test
def folders_of_hostile_items_are_apart_and_safe():
    folder = run_hostile()
    draw(folder, HOSTILE, "folders", "--size", "100")
    tickmark("sample", "--test", HOSTILE, "--nonce", "folders", "--fulfil", "items", "--request", "../..", cwd=folder, status=0)
    made = folder / "items"
    folders = [path for path in made.iterdir() if path.is_dir()]
    assert len(folders) == len(NAMES) + 2
    assert all(set(path.name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") for path in folders)
    assert check_index(made, made / "index.csv") == {f"{path.name}/record.txt" for path in folders}
    page = (made / "index.html").read_text(encoding="utf-8")
    assert "<b>" not in page and "&lt;b&gt;" in page


@test
def documents_are_copied_as_they_are():
    with Folder() as folder:
        small_programme(folder)
        tickmark("run", "-q", cwd=folder, status=0)
        draw(folder, "GV-1.1", "n")
        tickmark("sample", "--test", "GV-1.1", "--nonce", "n", "--fulfil", "documents", cwd=folder, status=0)
        original = (folder / "inputs" / "evidence" / "documents" / "access-policy-2025-Q4.md").read_bytes()
        copies = [path for path in (folder / "documents").rglob("documents/*") if path.is_file()]
        assert [path.read_bytes() for path in copies] == [original]
        assert check_index(folder / "documents", folder / "documents" / "index.csv") == {
            str(path.relative_to(folder / "documents")) for path in (folder / "documents").rglob("00*/**/*")
            if path.is_file() and path.name != "index.csv"}


@test
def a_draw_is_the_same_wherever_and_whenever():
    with Folder() as folder:
        tickmark("run", "-q", cwd=small_programme(folder / "a"), status=0)
        tickmark("run", "-q", cwd=small_programme(folder / "b"), status=0)
        draw(folder / "a", "AC-1.1", "n", "--stratum", "source")
        tickmark("sample", "-q", "-C", folder / "b", "--test", "AC-1.1", "--nonce", "n", "--stratum", "source", status=0)
        assert tree(folder / "a" / "out" / f"{PERIOD}-samples") == tree(folder / "b" / "out" / f"{PERIOD}-samples")


add_replays()
add_evaluations()
main()
