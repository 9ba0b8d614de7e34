#!/usr/bin/env python3
"""Verdicts over periods that the evidence does not fit: none at all, one that ends within a month, and a month of a quarter.

The programme is the sample as it would be without the faults placed in it, so that nothing in it is an exception. What is not
there must be told as such: neither as a deviation, nor, worse, as nothing to find.
"""
import json
import re
import shutil
import sqlite3

from clean_sample import HOLDS, clean_sample
from support import Folder, add_test, main, sample_programme, tickmark

_folder = Folder()


def assess(period, *words):
    """The controls by id, and the store."""
    done = tickmark("run", "-q", "--period", period, "--format", "json", "--out", "out", *words, cwd=_folder.path)
    assert done.returncode in (0, 1), done.stderr
    return {control["id"]: control for control in json.loads(done.stdout)["controls"]}, _folder.path / "out" / period / "assessment.sqlite"


def asked(store, question):
    connection = sqlite3.connect(store)
    found = connection.execute(question).fetchall()
    connection.close()
    return found


def without_evidence():
    controls, store = assess("2024-Q1")
    wrong = {key: control["verdict"] for key, control in controls.items() if control["verdict"] in HOLDS | {"exception"}}
    assert wrong == {"CC6.4-01": "not applicable"}, wrong
    assert asked(store, "SELECT count(*) FROM tm_exception WHERE state = 'exception'") == [(0,)]


def beyond_the_evidence():
    """From the middle of a quarter on, to the middle of a month of which there is nothing any more."""
    controls, store = assess("2025-11-15..2026-01-15")
    events = {key for key, in asked(store, "SELECT DISTINCT r.control FROM tm_requirement r JOIN tm_type t ON t.id = r.type "
                                           "WHERE t.shape = 'event' AND r.cadence IN ('daily', 'weekly', 'monthly')")}
    wrong = sorted(key for key in events if controls[key]["verdict"] in HOLDS - {"not applicable"})
    assert len(events) > 40 and not wrong, f"events of January are not there, and these hold: {wrong}"
    # A day, month or quarter of which not all is told is no deviation.
    found = asked(store, "SELECT test, item, text FROM tm_exception WHERE state = 'exception' AND (item GLOB '*2026-01*' OR "
                         "item GLOB '*2026-Q1*') ORDER BY test, item")
    assert not found, found[:5]
    return f"{len(events)} controls of events"


def within_the_evidence():
    """The same period, when the evidence ends with it: what is due within it holds, events of all its days included."""
    controls, store = assess("2025-11-15..2025-12-31")
    found = asked(store, "SELECT test, item, text FROM tm_exception WHERE state = 'exception'")
    assert not found, found[:5]
    for key in ("CC8.1-01", "CC8.1-03", "CC7.3-01", "CC6.1-01", "CC6.1-04", "CC6.2-03", "A1.2-01", "A1.2-02"):
        assert controls[key]["verdict"] in HOLDS, f"{key} is {controls[key]['verdict']}: {controls[key]['tests']}"


ONCE_A_QUARTER = ("CC1.2-01.1", "CC3.4-01.2", "CC6.3-03.1", "CC7.4-02.1", "CC8.1-11.1", "CC9.2-02.1", "A1.3-01.1", "P1.1-01.1",
                  "P8.1-01.3")


def once_a_quarter(folder, period):
    done = tickmark("run", "-q", "--period", period, "--as-of", "2025-12-31", cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    rows = asked(folder / "out" / period / "assessment.sqlite",
                 "SELECT test, verdict, population, exceptions, undetermined FROM tm_test_result")
    return {row[0]: row[1:] for row in rows if row[0] in ONCE_A_QUARTER}


def quarters_that_the_period_cuts():
    """May to October: the second and third quarter end in it. Quillpost was not reviewed in the third, as placed in the sample."""
    with Folder() as folder:
        sample_programme(folder)
        found = once_a_quarter(folder, "2025-05..2025-10")
        assert len(found) == len(ONCE_A_QUARTER), found
        assert found.pop("CC9.2-02.1")[0::2] == ("exception", 1), found
        wrong = {key: row for key, row in found.items() if row[0] != "effective" or row[1] == 0 or row[2:] != (0, 0)}
        assert not wrong, wrong
        assert found["CC3.4-01.2"][1] == 2 and found["CC7.4-02.1"][1] == 8, found

        # The board met on 27 May: within the period, and before one that begins in June. Where it did not meet,
        # the period that cuts the quarter cannot tell, and the quarter can.
        register = folder / "inputs" / "evidence" / "board" / "meetings-2025-Q2.csv"
        assert once_a_quarter(folder, "2025-05..2025-07")["CC1.2-01.1"] == ("effective", 1, 0, 0)
        assert once_a_quarter(folder, "2025-06..2025-07")["CC1.2-01.1"] == ("insufficient", 0, 0, 0)
        text = register.read_text(encoding="utf-8")
        assert text.count(",board,2025-05-27") == 1
        register.write_text(text.replace(",board,2025-05-27", ",works council,2025-05-27"), encoding="utf-8")
        assert once_a_quarter(folder, "2025-05..2025-07")["CC1.2-01.1"] == ("insufficient", 1, 0, 1)
        assert once_a_quarter(folder, "2025-Q2")["CC1.2-01.1"] == ("exception", 1, 1, 0)


def the_day_after_the_period():
    """An export of 1 January, at midnight, is the next quarter's: no population of the fourth changes by it."""
    question = "SELECT test, verdict, population, exceptions, undetermined FROM tm_test_result"
    with Folder() as folder:
        sample_programme(folder)
        evidence = folder / "inputs" / "evidence"
        newest = {}
        for path in sorted(evidence.rglob("*-2025-1[0-2]-[0-9][0-9].*")):
            if not path.name.endswith(".meta.yaml"):
                newest[path.parent, re.sub(r"2025-1\d-\d\d", "2026-01-01", path.name)] = path
        for copies in (False, True):
            for (parent, name), path in newest.items() if copies else ():
                shutil.copy(path, parent / name)
                (parent / (name + ".meta.yaml")).write_text("collected_at: 2026-01-01\n", encoding="utf-8")
            done = tickmark("run", "-q", "--period", "2025-Q4", "--as-of", "2026-01-05", "--out", str(copies), cwd=folder)
            assert done.returncode == 1, done.stderr
        before, after = (asked(folder / out / "2025-Q4" / "assessment.sqlite", question) for out in ("False", "True"))
        counted = asked(folder / "True" / "2025-Q4" / "assessment.sqlite",
                        "SELECT count(*) FROM tm_evidence WHERE accepted AND path LIKE '%2026-01-01%'")[0][0]
        assert counted == len(newest) > 20, (counted, len(newest))
        changed = [pair for pair in zip(before, after) if pair[0] != pair[1]]
        assert not changed, changed
        return f"{counted} exports"


def as_of_a_day_within():
    """The exports of November tell of its second half too: what happened then was not known in the middle of it."""
    _, store = assess("2025-Q4", "--as-of", "2025-11-15")
    last = asked(store, "SELECT max(created_at) <= '2025-11-15T23:59:59Z', max(created_at) >= '2025-11-01' FROM incident_readable")
    assert last == [(1, 1)], last
    whole = asked(store, "SELECT count(*) FROM tm_row_incident WHERE created_at >= unixepoch('2025-11-16')")
    assert whole[0][0] > 0, "no incident of the second half of November was loaded"
    found = asked(store, "SELECT test, item, text FROM tm_exception WHERE state = 'exception'")
    assert not found, found[:5]
    # What is still to come altogether shows nothing, least of all that there was nothing.
    empty = asked(store, "SELECT r.test, t.type FROM tm_test_result r JOIN tm_test_type t ON t.test = r.test "
                         "WHERE r.verdict IN ('effective', 'no occurrence') AND NOT EXISTS (SELECT 1 FROM tm_snapshot n "
                         "WHERE n.type = t.type AND n.accepted)")
    assert not empty, empty[:5]
    awaited = asked(store, "SELECT reason FROM tm_test_state WHERE test = 'CC9.1-01.3'")
    assert awaited == [("no export of recovery_plan is there yet",)], awaited


def a_month_of_a_quarter():
    controls, store = assess("2025-11")
    found = asked(store, "SELECT item, text FROM tm_exception WHERE state = 'exception' AND test LIKE 'CC6.3-03%'")
    assert not found, found[:5]
    for key in ("CC8.1-01", "CC7.3-01", "CC6.1-01", "CC6.2-03"):
        assert controls[key]["verdict"] in HOLDS, f"{key} is {controls[key]['verdict']}"
    # The review of access began in October and went on into November; its export is due at the end of the quarter.
    assert controls["CC6.3-03"]["verdict"] == "pending", controls["CC6.3-03"]


def months_of_a_year():
    """What is due once a quarter, in months: nothing is missing, what stands serves, and the rest is awaited and shows nothing.

    Of the sample, faults and all, no month finds an exception that its quarter does not, and none makes a test hold of which a
    type of evidence has no usable export that stands in the month.
    """
    served = awaited = held = 0
    with Folder() as folder:
        sample_programme(folder)
        for quarter in ("2025-Q3", "2025-Q4"):
            months = {"2025-Q3": ("2025-07", "2025-08"), "2025-Q4": ("2025-10", "2025-11")}[quarter]
            deviating = {}
            for period in (quarter, *months):
                done = tickmark("run", "-q", "--period", period, "--format", "json", cwd=folder)
                assert done.returncode == 1, done.stderr
                summary = json.loads(done.stdout)
                store = folder / "out" / period / "assessment.sqlite"
                deviating[period] = {row[0] for row in asked(store, "SELECT DISTINCT test FROM tm_exception WHERE state = 'exception'")}
                if period == quarter:
                    continue
                missing = [row for row in summary["coverage"] if row["missing"] or row["late"]]
                assert not missing, f"{period}: {missing[:3]}"
                extra = deviating[period] - deviating[quarter]
                assert not extra, f"{period} finds what {quarter} does not: {extra}"
                tests = {test["id"]: test for control in summary["controls"] for test in control["tests"]}
                waiting = {row[0] for row in asked(store, "SELECT DISTINCT y.test FROM occurrence o JOIN tm_test t ON t.control = o.control "
                                                   "JOIN tm_test_type y ON y.test = t.id AND y.type = o.type WHERE o.status = 'future'")}
                wrong = {key for key in waiting if tests[key]["verdict"] in HOLDS - {"not applicable"}}
                assert not wrong, f"{period}: evidence of {wrong} is awaited, and they hold"
                bare = asked(store, "SELECT r.test, y.type FROM tm_test_result r JOIN tm_test_type y ON y.test = r.test "
                                    "WHERE r.verdict IN ('effective', 'no occurrence') AND NOT EXISTS (SELECT 1 FROM tm_snapshot n "
                                    "WHERE n.type = y.type AND n.accepted)")
                assert not bare, f"{period}: {bare[:3]}"
                for key in ("CC9.2-01.1", "CC9.2-05.1", "CC2.1-01.1", "A1.3-02.1", "P6.4-01.1"):
                    assert tests[key]["verdict"] == "effective" and tests[key]["population"] > 0, f"{period}: {tests[key]}"
                served += asked(store, "SELECT count(*) FROM occurrence o JOIN tm_evidence e ON e.id = o.evidence WHERE e.before_period")[0][0]
                awaited += sum(row["awaited"] for row in summary["coverage"])
                held += sum(test["verdict"] == "effective" for test in tests.values())
            # The quarter's last month is where it is due: without it, it is missing there.
        for path in (folder / "inputs" / "evidence" / "vendors").glob("register-2025-12-*"):
            path.unlink()
        for path in (folder / "inputs" / "evidence" / "people").glob("training-2025-Q4*"):
            path.unlink()
        done = tickmark("run", "-q", "--period", "2025-12", "--format", "json", cwd=folder)
        rows = {(row["control"], row["source"]): row for row in json.loads(done.stdout)["coverage"]}
        for key in (("CC9.2-01", "vendor-register"), ("CC1.4-01", "training")):
            assert rows[key]["missing"] == 1 and rows[key]["awaited"] == 0, rows[key]
    return f"{served} requirements served from before the month, {awaited} awaited, {held} tests effective"


def exports_within_the_grace():
    """What is due once a quarter and comes on 3 January shows of the quarter what it would have shown in December.

    Before, coverage took it for the quarter's and the tests for the next one's: they found an empty population, of which complete
    exports seemed to show that nothing was there.
    """
    question = "SELECT test, verdict, population, exceptions, undetermined FROM tm_test_result"
    # Measured against the day of the export, which the copies move and their content does not.
    of_their_day = {"CC9.2-03.1", "C1.2-01.1"}
    with Folder() as folder:
        sample_programme(folder)
        evidence = folder / "inputs" / "evidence"
        for moved in (False, True):
            if moved:
                names = [path for path in sorted(evidence.rglob("*-2025-12-[0-9][0-9].*")) if not path.name.endswith(".meta.yaml")]
                alone = [path for path in names if len(list(path.parent.glob(
                    re.sub(r"2025-12-\d\d", "2025-1[0-2]-[0-9][0-9]", path.name)))) == 1]
                for path in alone:
                    late = path.with_name(re.sub(r"2025-12-\d\d", "2026-01-03", path.name))
                    path.rename(late)
                    sidecar = path.with_name(path.name + ".meta.yaml")
                    if sidecar.exists():
                        text = re.sub(r"collected_at: .*", "collected_at: 2026-01-03", sidecar.read_text(encoding="utf-8"))
                        late.with_name(late.name + ".meta.yaml").write_text(text, encoding="utf-8")
                        sidecar.unlink()
            done = tickmark("run", "-q", "--period", "2025-Q4", "--as-of", "2026-01-10", "--out", str(moved), cwd=folder)
            assert done.returncode == 1, done.stderr
        before, after = ({row[0]: row[1:] for row in asked(folder / out / "2025-Q4" / "assessment.sqlite", question)}
                         for out in ("False", "True"))
        store = folder / "True" / "2025-Q4" / "assessment.sqlite"
        assert len(alone) > 5, alone
        counted = asked(store, "SELECT count(DISTINCT evidence) FROM occurrence WHERE status = 'met' AND effective_at >= unixepoch('2026-01-01')")
        assert counted == [(len(alone),)], (counted, alone)
        changed = {key: (before[key], after[key]) for key in before if before[key] != after[key]}
        assert set(changed) == of_their_day, changed
        assert all(now[0] == "exception" and now[1] == then[1] for then, now in changed.values()), changed
        said = asked(store, "SELECT item FROM tm_exception WHERE test = 'CC9.2-03.1'")
        assert said and all(item.endswith("@ 2025-12-31") for item, in said), said
        assert "after the period" in tickmark("explain", "--period", "2025-Q4", "--out", "True", "CC9.2-03", cwd=folder).stdout
        return f"{len(alone)} exports"


def a_period_from_the_middle_of_a_quarter():
    """At least half of the quarter is left, so that one is asked for: of what stands it may be from before the period."""
    with Folder() as folder:
        sample_programme(folder)
        for path in (folder / "inputs" / "evidence" / "registers").glob("endpoints-2025-07-04.*"):
            path.unlink()   # that of April is left of the second quarter, and has to serve it
        done = tickmark("run", "-q", "--period", "2025-05-11..2025-08-31", "--format", "json", cwd=folder)
        store = folder / "out" / "2025-05-11..2025-08-31" / "assessment.sqlite"
        assert done.returncode == 1, done.stderr
        found = asked(store, "SELECT o.source, date(o.effective_at, 'unixepoch') FROM occurrence o JOIN tm_evidence e ON e.id = o.evidence "
                             "WHERE o.status = 'met' AND e.before_period AND o.due_from = unixepoch('2025-05-11')")
        assert ("endpoints", "2025-04-04") in found, found
        missing = asked(store, "SELECT count(*) FROM occurrence WHERE source = 'endpoints' AND status = 'missing'")
        assert missing == [(0,)], missing
        return f"{len(found)} requirements"


def registers_of_one_quarter():
    """A year of which each register is there for the last quarter alone: nothing is known of the vendors and assets before."""
    with Folder() as folder:
        sample_programme(folder)
        evidence = folder / "inputs" / "evidence"
        gone = [path for pattern in ("vendors/register", "vendors/reports", "vendors/user-controls", "assets/inventory",
                                     "exercises/plans", "capacity/decisions")
                for path in evidence.glob(f"{pattern}-2025-0[369]-*.csv")]
        assert len(gone) == 18, gone
        for path in gone:
            path.unlink()
        done = tickmark("run", "-q", "--period", "2025", "--format", "json", cwd=folder)
        assert done.returncode == 1, done.stderr
        controls = {control["id"]: control["verdict"] for control in json.loads(done.stdout)["controls"]}
        of_them = asked(folder / "out" / "2025" / "assessment.sqlite", "SELECT DISTINCT control FROM tm_requirement WHERE type IN "
                        "('vendor', 'vendor_report', 'complementary_control', 'asset', 'recovery_plan', 'capacity_action')")
        wrong = {key: controls[key] for key, in of_them if controls[key] in HOLDS}
        assert len(of_them) > 10 and not wrong, wrong
        # Quillpost was not reviewed in the third quarter, of which the register is gone: that may not look like a review.
        assert controls["CC9.2-02"] == "insufficient", controls["CC9.2-02"]
        return f"{len(of_them)} controls"


clean_sample(_folder.path)
add_test("a period without any evidence shows neither deviations nor anything that holds", without_evidence)
add_test("a period that ends after the evidence", beyond_the_evidence)
add_test("a period that ends with the evidence", within_the_evidence)
add_test("exports of the day after the period", the_day_after_the_period)
add_test("quarters that the period cuts", quarters_that_the_period_cuts)
add_test("what was known on a day within the period", as_of_a_day_within)
add_test("a month of a quarter", a_month_of_a_quarter)
add_test("the months of quarters", months_of_a_year)
add_test("exports of the quarter that came within the grace", exports_within_the_grace)
add_test("a year of which there are the registers of one quarter", registers_of_one_quarter)
add_test("a period from the middle of a quarter", a_period_from_the_middle_of_a_quarter)
main()
