#!/usr/bin/env python3
"""Readiness against what a run of the same programme says, worked out here once more.

The sample's fourth quarter is damaged in every way that leaves something missing. What must be on the list follows from
`summary.json` of `tickmark run`: coverage, states and reasons; points, shares and dates are computed from the rules as they
stand in templates/readiness.yaml, by other means than the program's.
"""
import collections
import csv
import datetime
import hashlib
import hmac
import json
import re
import sqlite3

from support import PERIOD, Folder, main, run_programme, sample_programme, test, tickmark, tool, tree

SUBMISSION = "2026-01-17"  # a Saturday, and the Monday after it is a holiday here
FIRST_DAY = datetime.date(2026, 1, 20)
HOLIDAYS = {datetime.date(2026, 1, 19), datetime.date(2026, 2, 3)}
AS_OF = datetime.date(2025, 12, 31)
TARGETS = """targets:
  - {control: CC6.1-01, state: evidenced, date: 2026-01-09, owner: Ann Ashby, note: known exceptions}
  - {criterion: CC8.1, state: evidenced}
  - {category: privacy, state: operating, date: 2026-03-01}
holidays: [2026-02-03, 2026-01-19]
readiness:
  submission: 2026-01-17
"""
state = {}


def damage(folder):
    """Takes away a source, exports, a signed statement; spoils an export; sets targets."""
    evidence = folder / "inputs" / "evidence"
    for pattern in ("okta/users-2025-10-1*", "okta/users-2025-11*", "documents/attestation-risk-review-2025-Q4*",
                    "pagerduty/*2025-11*", "hr/*"):
        found = list(evidence.glob(pattern))
        assert found, f"nothing matches {pattern}"
        for path in found:
            path.unlink()
    (evidence / "google" / "users-2025-10-10.json").write_bytes(b"")
    programme = folder / "inputs" / "programme.yaml"
    text = programme.read_text(encoding="utf-8")
    text, count = re.subn(r"  - id: hr-roster\n(?:    .*\n)+", "", text)
    assert count == 1, "the roster is no source of the sample"
    text = re.sub(r"^reconciliations:\n(?:[ ].*\n)+", "", text, flags=re.MULTILINE)
    assert "\nwaivers:\n" in text
    programme.write_text(text.replace("\nwaivers:\n", f"\n{TARGETS}waivers:\n", 1), encoding="utf-8")


def assessed():
    """(summary.json, readiness.json) of the damaged sample, made once."""
    if not state:
        state["folder"] = Folder()
        folder = sample_programme(state["folder"].path, quarters=[PERIOD])
        damage(folder)
        state["summary"] = run_programme(folder, status=1)[1]
        tickmark("readiness", "--period", PERIOD, "-q", cwd=folder, status=1)
        state["data"] = json.loads((folder / "out" / f"{PERIOD}-readiness" / "readiness.json").read_text(encoding="utf-8"))
        state["tests"] = {row["test"]: row for row in json.loads(
            tickmark("show", "tests", "--format", "json", cwd=folder, status=0).stdout)}
    return state["summary"], state["data"]


def applicable(summary):
    return {control["id"]: control for control in summary["controls"] if control["verdict"] != "not applicable"}


def business_day(day):
    return day.weekday() < 5 and day not in HOLIDAYS


def business_day_after(day, count):
    while count > 0 or not business_day(day):
        day += datetime.timedelta(days=1)
        count -= business_day(day)
    return day


@test
def what_is_missing_equals_the_coverage():
    summary, data = assessed()
    controls = applicable(summary)
    wanted = collections.Counter()
    for row in summary["coverage"]:
        if row["control"] in controls:
            for key, name in (("late", "late"), ("missing", "missing"), ("unusable", "unusable")):
                if row[key]:
                    wanted[row["control"], row["type"], row["cadence"], row["source"], name] += row[key]
    listed = collections.Counter()
    for request in data["requests"]:
        if request["kind"] == "export":
            name = "unusable" if request["state"] in ("invalid", "empty") else request["state"]
            for need in request["needs"]:
                listed[need["control"], need["type"], need["cadence"], request["subject"], name] += 1
    assert sum(wanted.values()) > 50, "the damage left too little missing to compare"
    assert listed == wanted, f"only listed: {listed - wanted}\nonly in the coverage: {wanted - listed}"
    return f"{sum(wanted.values())} occurrences"


@test
def one_export_is_one_line():
    summary, data = assessed()
    seen = collections.Counter((request["kind"], request["state"], request["subject"]) for request in data["requests"])
    assert max(seen.values()) == 1, seen.most_common(1)
    okta = next(request for request in data["requests"] if request["subject"] == "okta")
    wanted = {row["control"] for row in summary["coverage"] if row["source"] == "okta" and row["missing"]}
    assert set(okta["controls"]) == wanted and len(wanted) > 5, okta["controls"]
    # The weeks that were taken away, each once, whatever the number of controls and cadences.
    assert okta["intervals"] == len({(need["from"], need["to"]) for need in okta["needs"]})


@test
def every_lack_of_evidence_is_asked_for():
    summary, data = assessed()
    asked = collections.defaultdict(set)
    unsourced = {request["subject"] for request in data["requests"] if request["kind"] == "source"}
    for request in data["requests"]:
        for control in request["controls"]:
            asked[control].add(request["kind"])
    items = {request["subject"]: len(request["needs"]) for request in data["requests"] if request["kind"] == "items"}
    faults = {request["subject"] for request in data["requests"] if request["kind"] == "fault"}
    open_items = 0
    for control in applicable(summary).values():
        if {"insufficient", "pending"} & set(control["states"] if "states" in control else [control["verdict"]]):
            assert asked[control["id"]], f"nothing is asked for {control['id']}, which is {control['verdict']}"
        for result in control["tests"]:
            named = set()
            for reason in result["reasons"]:
                match = re.match(r"no source is declared for (\w+)$", reason)
                if match:
                    named.add(match.group(1))
                if re.search(r"invalid, .* not all dispositioned|is unknown in|population is empty", reason):
                    assert reason in faults, f"{result['id']}: {reason}"
                if re.match(r"\d{4}-\d\d-\d\d to .*: awaited from", reason):
                    assert "attestation" in asked[control["id"]], result["id"]
            assert named <= unsourced, f"{result['id']}: {named - unsourced}"
            if result["undetermined"] and not named:
                assert items.get(result["id"]) == result["undetermined"], \
                    f"{result['id']}: {items.get(result['id'])} items, not {result['undetermined']}"
                open_items += 1
            elif result["undetermined"]:
                assert result["id"] not in items, f"{result['id']} waits for {named}, and is listed beside it"
    assert "person" in unsourced and open_items > 0
    assert data["readiness"]["missing"] == len(data["requests"]) and not data["readiness"]["ready"]


def rules():
    """The points of the shipped rules, read without a YAML parser."""
    text = (state["folder"].path / "templates" / "readiness.yaml").read_text(encoding="utf-8")

    def pairs(key):
        words = re.search(rf"^  {key}: \{{(.*)\}}", text, re.MULTILINE).group(1)
        return {name.strip(): int(value) for name, value in (pair.split(":") for pair in words.split(","))}

    return (pairs("severity"), pairs("state"), pairs("criteria"),
            sorted((int(days), int(points)) for days, points in re.findall(r"\{within: (\d+), points: (\d+)\}", text)),
            sorted(((int(least), name) for name, least in re.findall(r"\{name: (\w+), from: (\d+)\}", text)), reverse=True))


@test
def priorities_follow_the_rules():
    summary, data = assessed()
    severity, verdict, criteria, dues, levels = rules()
    categories = {row["id"]: row["category"] for row in summary["criteria"] if row["in_scope"]}
    controls = applicable(summary)
    order = {"low": 0, "medium": 1, "high": 2, "critical": 3}
    compared = 0
    for gap in data["gaps"]:
        control = controls[gap["control"]]
        mapped = [name for name in control["criteria"] if name in categories]
        due, target = FIRST_DAY, "operating"
        if gap["control"] == "CC6.1-01":
            due, target = datetime.date(2026, 1, 9), "evidenced"
        elif "CC8.1" in mapped:
            target = "evidenced"
        elif any(categories[name] == "privacy" for name in mapped):
            due = datetime.date(2026, 3, 1)
        assert (gap["target"], gap["due"]) == (target, due.isoformat()), gap
        lacking = any(result["verdict"] in ("insufficient", "pending") or result["undetermined"]
                      for result in control["tests"])
        if target == "operating":
            reached = control["verdict"] in ("effective", "no occurrence")
            assert gap["reached"] == reached, gap
        elif lacking:
            assert not gap["reached"], gap
        if gap["reached"]:
            assert gap["points"] == 0 and gap["priority"] == "none", gap
            continue
        compared += 1
        gravest = max((state["tests"][result["id"]]["severity"] for result in control["tests"]
                       if result["verdict"] in verdict), key=order.get, default=None)
        days = (due - AS_OF).days
        points = (severity.get(gravest, 0) + verdict.get(control["verdict"], 0)
                  + next((worth for within, worth in dues if days <= within), 0)
                  + min(criteria["most"], criteria["each"] * len(mapped)))
        assert gap["points"] == points, f"{gap['control']}: {gap['formula']}, not {points}"
        assert gap["priority"] == next(name for least, name in levels if points >= least), gap
    points = [gap["points"] for gap in data["gaps"]]
    assert points == sorted(points, reverse=True) and compared > 20
    return f"{compared} gaps"


@test
def the_most_urgent_stands_first():
    _, data = assessed()
    points = {gap["control"]: gap["points"] for gap in data["gaps"]}
    keys = []
    for request in data["requests"]:
        weight = max((points[control] for control in request["controls"]), default=0)
        assert request["points"] == weight, request
        if request["overdue"]:
            assert request["until"] == FIRST_DAY.isoformat(), request
        keys.append((request["kind"] != "control", not request["overdue"],
                     "" if request["overdue"] else request["due"], -weight, -len(request["controls"])))
    assert keys == sorted(keys), keys


@test
def shares_are_counts_of_controls():
    summary, data = assessed()
    reached = {gap["control"]: gap["reached"] for gap in data["gaps"]}
    mapped = collections.defaultdict(set)
    for control in applicable(summary).values():
        mapped["all"].add(control["id"])
        for criterion in control["criteria"]:
            mapped[criterion].add(control["id"])
    for row in summary["criteria"]:
        if row["in_scope"]:
            mapped[row["category"]] |= mapped[row["id"]]
    assert set(reached) == mapped["all"]
    for share in data["shares"]:
        group = mapped[share["id"]]
        there = sum(reached[control] for control in group)
        assert (share["controls"], share["reached"]) == (len(group), there), share
        assert share["printed"] == (f"{there} of {len(group)}, {100 * there / len(group):.1f} %" if group else "no control")
        assert share["share"] == (round(there / len(group), 4) if group else None), share
    assert {share["id"] for share in data["shares"]} == {
        "all", *(row["id"] for row in summary["criteria"] if row["in_scope"]),
        *(row["category"] for row in summary["criteria"] if row["in_scope"])}


@test
def the_audit_is_dated_in_business_days():
    _, data = assessed()
    assert data["readiness"]["submission"] == business_day_after(datetime.date.fromisoformat(SUBMISSION), 0).isoformat()
    weeks = []
    for part in data["timeline"]:
        first, last = (part["weeks"].split("-") * 2)[:2]
        weeks += range(int(first), int(last) + 1)
        assert part["from"] == business_day_after(FIRST_DAY, 5 * (int(first) - 1)).isoformat(), part
        assert part["to"] == business_day_after(FIRST_DAY, 5 * int(last) - 1).isoformat(), part
    assert weeks == [1, 2, 3, 4, 5, 6, 7], weeks
    assert data["timeline"][0]["from"] == "2026-01-20" and data["timeline"][1]["to"] == "2026-02-17"


@test
def the_roadmap_is_filled_from_what_is_missing():
    _, data = assessed()
    steps = {step["title"]: step["tasks"] for phase in data["roadmap"] for step in phase["steps"]}
    assert [task["subject"] for task in steps["Settle what is missing, the most urgent first"]] == \
        [request["subject"] for request in data["requests"]]
    assert [task["subject"] for task in steps["Declare a source for each type of evidence"]] == ["Person"]
    assert {task["subject"] for task in steps["Close the exceptions that were found"]} == \
        {gap["control"] for gap in data["gaps"] if not gap["reached"] and gap["current"] == "exceptions noted"}
    assert [phase["months"] for phase in data["roadmap"]] == ["1-2", "3-4", "5-6"]


@test
def reports_are_the_same_every_time_and_say_whose_they_are():
    summary, data = assessed()
    folder = state["folder"].path
    place = folder / "out" / f"{PERIOD}-readiness"
    before = tree(place)
    tickmark("readiness", "--period", PERIOD, "-q", cwd=folder, status=1)
    assert tree(place) == before and len(before) == 3, sorted(before)
    text = tool("pdftotext", "-layout", place / "readiness.pdf", "-")
    page = (place / "readiness.html").read_text(encoding="utf-8")
    for shown in (text, page):
        assert "Prepared by management; not a SOC 2 examination report; no opinion or assurance" in shown
        for gap in data["gaps"]:
            assert gap["reached"] or gap["control"] in shown, gap["control"]
        for request in data["requests"]:
            assert request["subject"].split(",")[0] in shown, request["subject"]
    assert len(list((folder / "out").iterdir())) == 2, "something was left beside the outputs"


NONCE = "dice: 4 1 6 6 2"


def mock():
    """(readiness.json with a mock audit, the published store of the run)."""
    assessed()
    if "mock" not in state:
        folder = state["folder"].path
        done = tickmark("readiness", "--period", PERIOD, "--mock", "--nonce", NONCE, "--format", "json", cwd=folder, status=1)
        state["mock"] = json.loads(done.stdout)
        state["store"] = sqlite3.connect(f"file:{folder}/out/{PERIOD}/assessment.sqlite?mode=ro", uri=True)
    return state["mock"], state["store"]


@test
def a_mock_audit_draws_what_sample_draws():
    data, _ = mock()
    folder = state["folder"].path
    samples = {sample["test"]: sample for sample in data["mock_samples"]}
    compared = 0
    for name in ("CC6.1-01.1", "CC6.8-01.1", "CC8.1-01.1"):
        tickmark("sample", "--period", PERIOD, "--test", name, "--nonce", NONCE, "-q", cwd=folder)
        place = next((folder / "out" / f"{PERIOD}-samples").glob(f"{name}-*"))
        with (place / "sample.csv").open(encoding="utf-8", newline="") as stream:
            drawn = [row["item"] for row in csv.DictReader(stream)]
        mine = [item["item"] for item in samples[name]["items"]]
        assert mine == drawn and len(mine) == samples[name]["size"], name
        # And by what the algorithm says, without any of our code.
        with (place / "population.csv").open(encoding="utf-8", newline="") as stream:
            items = [row["item"] for row in csv.DictReader(stream)]
        seed = hashlib.sha256(f"tickmark sample 1\n{samples[name]['digest']}\n{NONCE}\n".encode()).digest()
        ranked = sorted(items, key=lambda item: hmac.new(seed, item.encode(), hashlib.sha256).digest())
        assert mine == ranked[:len(mine)], name
        compared += len(mine)
    return f"{compared} items"


@test
def every_item_drawn_was_looked_up():
    data, store = mock()
    found = {(test_, item): kind for test_, item, kind in store.execute("SELECT test, item, state FROM tm_exception")}
    evidence = dict(store.execute("SELECT id, path FROM tm_evidence"))
    outcomes = collections.Counter()
    for sample in data["mock_samples"]:
        assert sample["problem"] is None and len(sample["items"]) == sample["size"] <= sample["population"], sample["test"]
        for item in sample["items"]:
            wanted = found.get((sample["test"], item["item"]), "passed")
            assert item["outcome"] == wanted, item
            if item["ref"] is not None:
                assert item["evidence"] == evidence[int(item["ref"][1:].split(".")[0])] and item["record"] > 0, item
            outcomes[wanted] += 1
    assert outcomes["exception"] and outcomes["undetermined"] and outcomes["passed"] > 500, outcomes
    return ", ".join(f"{count} {name}" for name, count in sorted(outcomes.items()))


@test
def what_would_have_failed_follows_from_it():
    data, store = mock()
    summary, _ = assessed()
    controls = applicable(summary)
    failed = {sample["control"] for sample in data["mock_samples"]
              if any(item["outcome"] != "passed" for item in sample["items"])}
    failed |= {row["control"] for row in summary["coverage"]
               if row["control"] in controls and (row["late"] or row["missing"] or row["unusable"])}
    failed |= {control["id"] for control in controls.values() for result in control["tests"]
               if result["verdict"] == "pending" or any(re.match("no source is declared", reason) for reason in result["reasons"])}
    sizes = {sample["test"]: sample["size"] for sample in data["mock_samples"]}
    failed |= {control["id"] for control in controls.values() for result in control["tests"]
               if result["verdict"] == "insufficient" and not result["population"]}
    assert {failure["control"] for failure in data["mock_would_have_failed"]} == failed, \
        {failure["control"] for failure in data["mock_would_have_failed"]} ^ failed
    asked = collections.Counter(request["control"] for request in data["mock_requests"])
    assert set(asked) == set(controls)
    # The population of each test is asked for, and drawn from where it has items.
    for control in controls.values():
        for result in control["tests"]:
            if result["verdict"] not in ("not applicable", "pending") and result["population"] and result["population_digest"]:
                assert result["id"] in sizes or state["tests"][result["id"]]["challenges"] == "0", result["id"]
    missed = {row["test"] for row in data["mock_not_shown_by_sample"]}
    shown = {(sample["test"], item["outcome"]) for sample in data["mock_samples"] for item in sample["items"]}
    for test_, exceptions, undetermined in store.execute(
            "SELECT test, exceptions, undetermined FROM tm_test_result WHERE test IN (SELECT id FROM tm_test WHERE query IS NOT NULL)"):
        hidden = (exceptions and (test_, "exception") not in shown) or (undetermined and (test_, "undetermined") not in shown)
        assert (test_ in missed) == bool(hidden and test_ in sizes), test_


@test
def another_nonce_draws_others():
    data, _ = mock()
    folder = state["folder"].path
    other = json.loads(tickmark("readiness", "--period", PERIOD, "--mock", "--format", "json", cwd=folder, status=1).stdout)
    mine = {sample["test"]: [item["item"] for item in sample["items"]] for sample in data["mock_samples"]}
    theirs = {sample["test"]: [item["item"] for item in sample["items"]] for sample in other["mock_samples"]}
    assert {name: len(items) for name, items in mine.items()} == {name: len(items) for name, items in theirs.items()}
    assert mine["CC6.1-01.1"] != theirs["CC6.1-01.1"]


main()
