#!/usr/bin/env python3
"""The sample company holds what it says, and tickmark finds exactly that.

The committed evidence is what tests/sample makes. Every quarter and the whole year find the items that the modules' lists
PLACED state, each with its state and the file its ref leads to, and nothing else. With one fault left out the others stand
as they did; with all of them left out every control of every period holds.
"""
import json
import re
import sqlite3
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

from clean_sample import HOLDS, SAMPLE, make_sample
from support import ROOT, Folder, add_test, give_keys, main, quarter_of, sample_programme, test, tickmark, tree

company, placed = make_sample.company, make_sample.placed

FAULTS = make_sample.all_placed()
PERIODS = company.QUARTERS + ["2025"]
README = (ROOT / "inputs" / "README.md").read_text(encoding="utf-8")
PROGRAMME = (ROOT / "inputs" / "programme.yaml").read_text(encoding="utf-8")


class Found:
    """What one run found."""

    def __init__(self, store):
        database = sqlite3.connect(store)
        # A ref's upper half is the number of the evidence file.
        self.items = set(database.execute("""
            SELECT t.control, x.test, x.item, x.state, e.path
            FROM tm_exception AS x JOIN tm_test AS t ON t.id = x.test LEFT JOIN tm_evidence AS e ON e.id = x.ref >> 32"""))
        self.states = {(name, verdict): reason for name, verdict, reason in database.execute(
            "SELECT test, verdict, min(reason) FROM tm_test_state GROUP BY test, verdict")}
        self.controls = dict(database.execute("SELECT control, verdict FROM tm_control_result"))
        self.errors = database.execute("SELECT path, text FROM tm_diagnostic WHERE level = 'error'").fetchall()
        database.close()


def run(folder, period):
    done = tickmark("run", "-q", "--period", period, cwd=folder)
    assert done.returncode in (0, 1), f"{period} ended with {done.returncode}\n{done.stderr}"
    return Found(folder / "out" / period / "assessment.sqlite")


def run_without(ident, periods):
    """What runs find when a fault never happened; its module alone makes its files anew. In a process of its own."""
    with Folder() as folder:
        sample_programme(folder, quarters=periods)
        placed.leave_out([ident])
        make_sample.make(folder / "inputs" / "evidence", make_sample.parts_of(ident), lambda path: quarter_of(path) in periods)
        return {period: run(folder, period) for period in periods}


def run_on(evidence, period):
    with Folder() as folder:
        return run(sample_programme(folder, evidence, None if period == "2025" else [period]), period)


def make_clean(folder):
    """The evidence as it would be had no fault ever happened."""
    placed.leave_out([fault.ident for fault in FAULTS])
    make_sample.make(folder)
    placed.leave_out([])


def differences(what, found, wanted):
    """Lines that say how two sets differ."""
    def say(item):
        return ", ".join(str(part) for part in item) if isinstance(item, tuple) else str(item)
    return [f"{what} not expected: {say(item)}" for item in sorted(found - wanted, key=str)] + \
           [f"{what} not found: {say(item)}" for item in sorted(wanted - found, key=str)]


def control_of(find):
    return find.test.rpartition(".")[0]


def compare(period, found, faults):
    """Asserts that a run found what these faults state, and nothing else."""
    finds = [find for fault in faults for find in fault.found_in(period)]
    items = {(control_of(find), find.test, find.item, find.state, find.file) for find in finds if find.item is not None}
    lines = differences("item", found.items, items)
    states = {(find.test, "exception" if find.state == "exception" else "insufficient") for find in finds}
    short = {key: reason for key, reason in found.states.items() if key[1] in ("exception", "insufficient", "pending")}
    lines += [f"{line}: {found.states.get(key, '')}" for key in sorted(set(short) ^ states)
              for line in differences("state", {key} & set(short), {key} & states)]
    # A control is as its weightiest test; those that no fault touches hold.
    wanted = {}
    for find in finds:
        if wanted.get(control_of(find)) != "exception":
            wanted[control_of(find)] = "exception" if find.state == "exception" else "insufficient"
    assert wanted.keys() <= found.controls.keys(), f"there is no {wanted.keys() - found.controls.keys()}"
    lines += [f"{control} is {verdict}" for control, verdict in sorted(found.controls.items())
              if verdict != wanted.get(control, verdict) or (control not in wanted and verdict not in HOLDS)]
    # An error that management has looked at is in the programme's dispositions.
    lines += [f"error in {path}: {text}" for path, text in found.errors
              if path is None or f"file: {path.removeprefix('inputs/evidence/')}\n" not in PROGRAMME]
    assert not lines, f"{period}, {len(lines)} differences\n" + "\n".join(lines[:40])


@test
def the_committed_evidence_is_what_the_generator_makes():
    with Folder() as folder:
        done = subprocess.run([sys.executable, "-B", str(SAMPLE / "make_sample.py"), str(folder)], capture_output=True, text=True,
                              timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        made, kept = tree(folder), tree(ROOT / "inputs" / "evidence")
    wrong = sorted(path for path in set(made) | set(kept) if made.get(path) != kept.get(path))
    assert not wrong, f"{len(wrong)} files differ, the first: " + ", ".join(wrong[:5]) + \
        "\nrun `rm -r inputs/evidence && python3 tests/sample/make_sample.py inputs/evidence`"
    return f"{len(made)} files, {sum(map(len, made.values()))} bytes"


@test
def the_readme_lists_the_placed_faults():
    for table in (make_sample.table(), make_sample.expected()):
        assert table in README, \
            "inputs/README.md lacks a table that `python3 tests/sample/make_sample.py --list` prints\n" + table


@test
def the_readme_names_every_folder_of_the_evidence_and_counts_its_files():
    evidence = ROOT / "inputs" / "evidence"
    named = set(re.findall(r"`([\w-]+)`", re.search(r"\| area \|.*?\n\n", README, re.DOTALL).group()))
    assert named == {path.name for path in evidence.iterdir()}, named ^ {path.name for path in evidence.iterdir()}
    files = sum(path.is_file() and not path.name.endswith(".meta.yaml") for path in evidence.rglob("*"))
    assert f" {files} files" in README, f"there are {files} files"
    return f"{len(named)} folders, {files} files"


@test
def every_placed_fault_states_where_it_is_found():
    idents = [fault.ident for fault in FAULTS]
    assert len(set(idents)) == len(idents), "an id is given twice"
    for fault in FAULTS:
        assert fault.finds and all(find.quarter in company.QUARTERS for find in fault.finds), f"{fault.ident} lists no quarter"
        for find in fault.finds + fault.year:
            assert find.state in ("exception", "undetermined", "insufficient"), f"{fault.ident}: state {find.state}"
            assert find.file is None or (ROOT / "inputs" / "evidence" / find.file).is_file(), \
                f"{fault.ident}: there is no {find.file}"
        for path in re.findall(r"`([\w-]+/[^` ]+)`", fault.where):
            assert (ROOT / "inputs" / "evidence" / path).is_file(), f"{fault.ident} leads to {path}, which is not there"
        assert make_sample.parts_of(fault.ident), f"no module asks for {fault.ident}"
    return f"{len(FAULTS)} faults"


@test
def every_criterion_has_a_control():
    shown = json.loads(tickmark("show", "criteria", "--format", "json", cwd=ROOT, status=0).stdout)
    without = [criterion["criterion"] for criterion in shown if not criterion["controls"]]
    assert len(shown) == 61 and not without, f"{len(shown)} criteria, without a control: {without}"
    return f"{len(shown)} criteria"


@test
def the_programme_maps_the_logins_of_everybody():
    section = re.search(r"^people:\n((?:  - .*\n)+)", PROGRAMME, re.MULTILINE).group(1)
    mapped = {number: logins.split(", ") for number, logins in re.findall(r"- \{id: (E\d+), logins: \[(.*)\]\}", section)}
    model = {person.number: [person.email] + ([person.github] if person.github else []) for person in company.PEOPLE}
    assert mapped == model, "\n".join(f"{number}: {mapped.get(number)}, not {model.get(number)}"
                                      for number in sorted(set(mapped) | set(model)) if mapped.get(number) != model.get(number))


@test
def every_manager_stays_and_every_joiner_starts_on_a_monday():
    for person in company.PEOPLE:
        boss = person.boss()
        assert (boss is None) == (person.title == "Managing Director"), person.name
        assert boss is None or (boss.ended is None and boss.hired <= max(person.hired, company.FRIDAYS[0])), person.name
        monday = person.hired.weekday() == 0 and company.is_working_day(person.hired)
        assert monday or person.hired.year < company.YEAR, person.name
        assert person.ended is None or company.is_working_day(person.ended), person.name
    return f"{len(company.PEOPLE)} people"


def later(pool, function, *words):
    """Begins a piece of work and returns what waits for it."""
    return pool.submit(function, *words).result


def main_in_parallel():
    with Folder() as folder:
        give_keys(folder)  # so that the processes share one pair
    with Folder() as clean_evidence, ProcessPoolExecutor(2) as pool:
        make_clean(clean_evidence)
        # The year takes longest.
        for period in reversed(PERIODS):
            committed, clean = (later(pool, run_on, evidence, period) for evidence in (ROOT / "inputs" / "evidence", clean_evidence))
            add_test(f"{period} finds what was placed and nothing else",
                     lambda period=period, found=committed: compare(period, found(), FAULTS))
            add_test(f"{period} without faults has none", lambda period=period, found=clean: compare(period, found(), []))
        for fault in FAULTS:
            others = [other for other in FAULTS if other is not fault]
            found = later(pool, run_without, fault.ident, sorted({find.quarter for find in fault.finds}))

            def alone(found=found, others=others):
                for period, run_of_it in found().items():
                    compare(period, run_of_it, others)
            add_test(f"without {fault.ident}", alone)
        main()


main_in_parallel()
