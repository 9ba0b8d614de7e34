#!/usr/bin/env python3
"""The sample's four quarters recomputed from the vendors' exports and the controls' words alone (recompute/), against tickmark.

Every test of the schema has to be recomputed and to agree in population, exceptions (number and subjects), undetermined items
and verdict. Where nothing is wrong, agreement says little of how exceptions are found; so the two have to agree once more on a
copy of the evidence with a fault for each test and with a fifth of the time that every limit gives.
"""
import functools
import json
import math
import re
import sqlite3
import subprocess

from recompute import access, alerting, backup, change, continuity, data, disclosure, endpoint, governance  # noqa: F401
from recompute import incident, people, privacy, protection, rights, transport, vendor  # noqa: F401
from recompute import faults, raw, verdict, words
from recompute.results import TESTS, Result
from support import ENVIRONMENT, ROOT, TICKMARK, Folder, add_test, main, sample_programme

QUARTERS = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")
PAGE = ("---\ntitle: A report\norganisation: A company\nsystem: A system\nconfidentiality: Confidential\n"
        "statement: Prepared by management; not a SOC 2 examination report; no opinion or assurance\n---\n# A page\n")
_shipped, _altered = Folder(), Folder()


def controls_of(folder):
    return words.controls(folder / "schema" / "controls")


def assess(folder, quarter):
    """What tickmark says of a quarter: tests by id, and the items of each test's exceptions."""
    done = subprocess.run([TICKMARK, "run", "-q", "--period", quarter, "--format", "json"], cwd=folder, env=ENVIRONMENT,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False)
    assert done.returncode in (0, 1), done.stderr.decode("utf-8", "replace")
    summary = json.loads(done.stdout)
    items = {}
    store = sqlite3.connect(folder / "out" / quarter / "assessment.sqlite")
    for test, item in store.execute("SELECT test, item FROM tm_exception WHERE state = 'exception'"):
        items.setdefault(test, []).append(item)
    store.close()
    found = {test["id"]: test for control in summary["controls"] for test in control["tests"]}
    assert set(found) == set(TESTS), f"recomputed or assessed, and not both: {sorted(set(found) ^ set(TESTS))}"
    return found, items


@functools.lru_cache(len(QUARTERS) + len(faults.QUARTERS))
def recomputed(folder, ident):
    """(test, result, verdict) of every test, from a programme's folder."""
    programme = (folder / "inputs" / "programme.yaml").read_text(encoding="utf-8")
    quarter = raw.Quarter(folder / "inputs" / "evidence", ident)
    quarter.programme = programme
    controls = controls_of(folder)
    words.overridden(controls, programme, quarter.after, raw.seconds)
    words.left_out(controls, programme)
    results = []
    for test, function in sorted(TESTS.items()):
        control = controls[test.rpartition(".")[0]]
        result = Result()
        function(quarter, control["parameters"], result)
        results.append((test, result, verdict.verdict(quarter, control, test, result)))
    return results


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


def compared(folder, ident, found, items):
    """The tests that differ, each with what differs."""
    lines = {test: list(differences(test, result, said, found[test], items.get(test, [])))
             for test, result, said in recomputed(folder, ident)}
    return {test: wrong for test, wrong in lines.items() if wrong}


def agrees(ident):
    wrong = compared(_shipped.path, ident, *assess(_shipped.path, ident))
    assert not wrong, "\n".join(line for lines in wrong.values() for line in lines)
    return f"{len(TESTS)} tests"


def covers_every_test():
    every = [test for control in controls_of(ROOT).values() for test in control["tests"]]
    missing = [test for test in every if test not in TESTS]
    assert not missing, f"nobody recomputes {' '.join(missing)}"
    assert len(set(every)) == len(every) == len(TESTS), f"the schema has {len(every)} tests, {len(TESTS)} are recomputed"
    return f"{len(every)} tests"


def metrics_of_tests():
    """(metric, test, whether it counts all of the test's population, and is not the share of it that is in order)."""
    for path in sorted((ROOT / "schema" / "metrics").glob("*.yaml")):
        for block in re.split(r"^  - id: ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            test = re.search(r"^    test: (\S+)", block, re.MULTILINE)
            if test:
                yield block.split(None, 1)[0], test[1], re.search(r"^    measure: count$", block, re.MULTILINE) is not None


def metrics_agree():
    """What such a metric says follows from the recomputed population: those in order of those that are known, or all."""
    ident = "2025-Q4"
    assess(_shipped.path, ident)
    summary = json.loads((_shipped.path / "out" / ident / "summary.json").read_text(encoding="utf-8"))
    metrics = {row["id"]: row for row in summary["metrics"]}
    results = {test: result for test, result, _ in recomputed(_shipped.path, ident)}
    wanted = list(metrics_of_tests())
    assert len(wanted) > 10 and {metric for metric, _, _ in wanted} <= set(metrics), wanted
    below = counted = 0
    for metric, test, counts in wanted:
        result = results[test]
        if counts:
            found = metrics[metric]["value"]
            assert found == len(result.items), f"{metric} is {found}, and recomputed from {test} {len(result.items)}"
            counted += found > 0
            continue
        known = len(result.items) - len(result.undetermined)
        expected = 100 * (known - len(result.exceptions)) / known if known else None
        found = metrics[metric]["value"]
        assert found == expected or (found is not None and expected is not None and math.isclose(found, expected)), \
            f"{metric} is {found}, and recomputed from {test} {expected}"
        below += expected is not None and expected < 100
    assert below > 2, "all shares are whole, so that nothing was tried"
    assert counted > 0, "nothing was counted"
    return f"{len(wanted)} metrics, {below} below 100 %, {counted} counts"


def agrees_on_faults():
    """On altered evidence: both find the same, in every test something, and not what the shipped evidence gives."""
    sample_programme(_altered.path, quarters=faults.QUARTERS)
    (_altered.path / "templates" / "portfolio.md").write_text(PAGE, encoding="utf-8")
    faults.plant(_altered.path / "inputs" / "evidence")
    faults.tighten(_altered.path / "inputs" / "programme.yaml", controls_of(ROOT))
    upset, wrong, unseen = set(), [], []
    for ident in faults.QUARTERS:
        found, items = assess(_altered.path, ident)
        wrong += [line for lines in compared(_altered.path, ident, found, items).values() for line in lines]
        upset |= {test for test in found if found[test]["exceptions"]}
        seen = compared(_shipped.path, ident, found, items)
        unseen += [test for test in faults.tests_of(ident) if test not in seen]
    assert not wrong, "\n".join(wrong)
    assert not unseen, f"the comparison would not have noticed the faults for {' '.join(unseen)}"
    applicable = {test for control in controls_of(ROOT).values() for test in control["tests"]} - faults.NOT_APPLICABLE
    assert upset == applicable, f"no fault upsets {' '.join(sorted(applicable - upset))}"
    return f"{len(upset)} tests have exceptions"


sample_programme(_shipped.path)
(_shipped.path / "templates" / "portfolio.md").write_text(PAGE, encoding="utf-8")
for name in QUARTERS:
    add_test(f"{name} agrees with an independent recomputation", lambda name=name: agrees(name))
add_test("every test of the schema is recomputed", covers_every_test)
add_test("metrics made of tests agree too", metrics_agree)
add_test("a fault for every test and stricter limits are found by both", agrees_on_faults)
main()
