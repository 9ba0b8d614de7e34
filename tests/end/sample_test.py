#!/usr/bin/env python3
"""The sample company holds what it says, and tickmark finds exactly that.

The committed evidence is what tests/sample makes. Every quarter and the whole year find the items that the modules' lists
PLACED state, each with its state and the file its ref leads to, and nothing else. With one fault left out the others stand
as they did; with all of them left out every control of every period holds.
"""
import re
import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from clean_sample import HOLDS, SAMPLE, make_sample
from support import ROOT, Folder, add_test, main, sample_programme, test, tickmark, tree

company = make_sample.company

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
            SELECT x.test, x.item, x.state, e.path FROM tm_exception AS x LEFT JOIN tm_evidence AS e ON e.id = x.ref >> 32"""))
        self.states = {(name, verdict): reason for name, verdict, reason in database.execute(
            "SELECT test, verdict, min(reason) FROM tm_test_state GROUP BY test, verdict")}
        self.controls = dict(database.execute("SELECT control, verdict FROM tm_control_result"))
        self.control_of = dict(database.execute("SELECT id, control FROM tm_test"))
        self.errors = database.execute("SELECT path, text FROM tm_diagnostic WHERE level = 'error'").fetchall()
        database.close()


def make(folder, *options):
    done = subprocess.run([sys.executable, "-B", str(SAMPLE / "make_sample.py"), str(folder), *options], capture_output=True,
                          text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run(folder, period):
    done = tickmark("run", "-q", "--period", period, cwd=folder)
    assert done.returncode in (0, 1), f"{period} ended with {done.returncode}\n{done.stderr}"
    return Found(folder / "out" / period / "assessment.sqlite")


def run_without(idents, periods):
    """What runs find when some of the faults never happened."""
    with Folder() as folder:
        sample_programme(folder)
        shutil.rmtree(folder / "inputs" / "evidence")
        make(folder / "inputs" / "evidence", *(word for ident in idents for word in ("--without", ident)))
        return {period: run(folder, period) for period in periods}


def run_committed():
    with Folder() as folder:
        sample_programme(folder)
        return {period: run(folder, period) for period in PERIODS}


def differences(what, found, wanted):
    """Lines that say how two sets differ."""
    def say(item):
        return ", ".join(str(part) for part in item) if isinstance(item, tuple) else str(item)
    return [f"{what} not expected: {say(item)}" for item in sorted(found - wanted, key=str)] + \
           [f"{what} not found: {say(item)}" for item in sorted(wanted - found, key=str)]


def compare(period, found, faults):
    """Asserts that a run found what these faults state, and nothing else."""
    finds = [find for fault in faults for find in fault.found_in(period)]
    items = {(find.test, find.item, find.state, find.file) for find in finds if find.item is not None}
    lines = differences("item", found.items, items)
    states = {(find.test, "exception" if find.state == "exception" else "insufficient") for find in finds}
    short = {key: reason for key, reason in found.states.items() if key[1] in ("exception", "insufficient", "pending")}
    lines += [f"{line}: {found.states.get(key, '')}" for key in sorted(set(short) ^ states)
              for line in differences("state", {key} & set(short), {key} & states)]
    touched = {found.control_of.get(find.test) for find in finds}
    lines += [f"{control} is {verdict}" for control, verdict in sorted(found.controls.items())
              if verdict not in HOLDS and control not in touched]
    # An error that management has looked at is in the programme's dispositions.
    lines += [f"error in {path}: {text}" for path, text in found.errors
              if path is None or f"file: {path.removeprefix('inputs/evidence/')}\n" not in PROGRAMME]
    assert not lines, f"{period}, {len(lines)} differences\n" + "\n".join(lines[:40])


@test
def the_committed_evidence_is_what_the_generator_makes():
    with Folder() as folder:
        make(folder)
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
def every_placed_fault_states_where_it_is_found():
    idents = [fault.ident for fault in FAULTS]
    assert len(set(idents)) == len(idents), "an id is given twice"
    for fault in FAULTS:
        assert fault.finds and all(find.quarter in company.QUARTERS for find in fault.finds), f"{fault.ident} lists no quarter"
        for find in fault.finds + fault.year:
            assert find.state in ("exception", "undetermined", "insufficient"), f"{fault.ident}: state {find.state}"
            assert find.file is None or (ROOT / "inputs" / "evidence" / find.file).is_file(), \
                f"{fault.ident}: there is no {find.file}"
    return f"{len(FAULTS)} faults"


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
    with ThreadPoolExecutor(2) as pool:
        committed = later(pool, run_committed)
        clean = later(pool, run_without, [fault.ident for fault in FAULTS], PERIODS)
        for period in PERIODS:
            add_test(f"{period} finds what was placed and nothing else",
                     lambda period=period: compare(period, committed()[period], FAULTS))
            add_test(f"{period} without faults has none", lambda period=period: compare(period, clean()[period], []))
        for fault in FAULTS:
            others = [other for other in FAULTS if other is not fault]
            periods = sorted({find.quarter for find in fault.finds})
            found = later(pool, run_without, [fault.ident], periods)

            def alone(found=found, others=others):
                for period, run_of_it in found().items():
                    compare(period, run_of_it, others)
            add_test(f"without {fault.ident}", alone)
        main()


main_in_parallel()
