#!/usr/bin/env python3
"""The sample's four quarters recomputed from the vendors' exports and the controls' words alone (recompute/), against tickmark.

Every test of the schema has to be recomputed and to agree in population, exceptions (number and subjects), undetermined items
and verdict.
"""
import json
import sqlite3
import subprocess

from recompute import access, alerting, backup, change, continuity, data, disclosure, endpoint, governance  # noqa: F401
from recompute import incident, people, privacy, protection, rights, transport, vendor  # noqa: F401
from recompute import raw, verdict, words
from recompute.results import TESTS, Result
from support import ENVIRONMENT, ROOT, TICKMARK, Folder, add_test, main, sample_programme

QUARTERS = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")
PAGE = ("---\ntitle: A report\norganisation: A company\nsystem: A system\nconfidentiality: Confidential\n"
        "statement: Prepared by management; not a SOC 2 examination report; no opinion or assurance\n---\n# A page\n")
_folder = Folder()


def assess(quarter):
    """What tickmark says of a quarter: tests by id, and the items of each test's exceptions."""
    done = subprocess.run([TICKMARK, "run", "-q", "--period", quarter, "--format", "json"], cwd=_folder.path, env=ENVIRONMENT,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False)
    assert done.returncode in (0, 1), done.stderr.decode("utf-8", "replace")
    summary = json.loads(done.stdout)
    items = {}
    store = sqlite3.connect(_folder.path / "out" / quarter / "assessment.sqlite")
    for test, item in store.execute("SELECT test, item FROM tm_exception WHERE state = 'exception'"):
        items.setdefault(test, []).append(item)
    store.close()
    return {test["id"]: test for control in summary["controls"] for test in control["tests"]}, items


def recomputed(ident):
    programme = (ROOT / "inputs" / "programme.yaml").read_text(encoding="utf-8")
    quarter = raw.Quarter(ROOT / "inputs" / "evidence", ident)
    quarter.programme = programme
    controls = words.controls(ROOT / "schema" / "controls")
    words.overridden(controls, programme, quarter.after, raw.seconds)
    words.left_out(controls, programme)
    for test, function in sorted(TESTS.items()):
        control = controls[test.rpartition(".")[0]]
        assert test in control["tests"], f"no control has the test {test}"
        result = Result()
        function(quarter, control["parameters"], result)
        yield test, result, verdict.verdict(quarter, control, test, result)


def differences(test, result, said, found, items):
    mine = (len(result.items), len(result.exceptions), len(result.undetermined), said)
    theirs = (found["population"], found["exceptions"], found["undetermined"], found["verdict"])
    if mine != theirs:
        yield f"{test}: recomputed {mine}, tickmark {theirs}"
    left = list(items)
    for subject in result.exceptions.values():
        fits = [item for item in left if all(word in item for word in subject)]
        if not fits:
            yield f"{test}: no exception of tickmark's tells of {subject}: {items}"
        else:
            left.remove(fits[0])
    if left:
        yield f"{test}: nothing recomputed tells of {left}"


def agrees(ident):
    found, items = assess(ident)
    assert set(found) == set(TESTS), f"recomputed or assessed, and not both: {sorted(set(found) ^ set(TESTS))}"
    wrong = [line for test, result, said in recomputed(ident)
             for line in differences(test, result, said, found[test], items.get(test, []))]
    assert not wrong, "\n".join(wrong)
    return f"{len(TESTS)} of {len(found)} tests agree"


def covers_every_test():
    every = [test for control in words.controls(ROOT / "schema" / "controls").values() for test in control["tests"]]
    missing = [test for test in every if test not in TESTS]
    assert not missing, f"nobody recomputes {' '.join(missing)}"
    assert len(set(every)) == len(every) == len(TESTS), f"the schema has {len(every)} tests, {len(TESTS)} are recomputed"
    return f"{len(every)} tests"


sample_programme(_folder.path)
(_folder.path / "templates" / "portfolio.md").write_text(PAGE, encoding="utf-8")
for name in QUARTERS:
    add_test(f"{name} agrees with an independent recomputation", lambda name=name: agrees(name))
add_test("every test of the schema is recomputed", covers_every_test)
main()
