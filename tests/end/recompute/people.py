"""CC1.1, CC1.3 to CC1.5 and CC2.2: the people who work here."""
import re

from .raw import DAY, employed, roster_at, rosters, seconds
from .results import recomputes
from .words import listed


def documents(quarter):
    """The sidecars of all documents of the period."""
    found = []
    for path in quarter.files("documents/*.md"):
        text = path.with_name(path.name + ".meta.yaml").read_text(encoding="utf-8")
        found.append({key: value.strip().strip('"') for key, value in re.findall(r"^(\w+): (.*)$", text, re.MULTILINE)})
    return found


def last_roster(quarter):
    return rosters(quarter)[-1]


def at_work(quarter):
    """Everybody who worked here, and was not on leave, on the last roster."""
    at, people = last_roster(quarter)
    return [person for person in people if employed(person, at) and person["status"] != "Leave"]


def in_force(quarter, document):
    """The version in force at the end of the period, with the day from which it counts; None for none."""
    known = [item for item in documents(quarter) if item["document"] == document and item.get("approved_at")]
    begun = [(seconds(item.get("in_force_from") or item["approved_at"]), item["version"]) for item in known]
    return max((item for item in begun if item[0] < quarter.after), default=None)


def back_from_leave(quarter, person):
    """The last roster of the period on which the person was on leave."""
    days = [at for at, people in rosters(quarter) for other in people
            if other["id"] == person["id"] and other["status"] == "Leave"]
    return max(days, default=0)


def acknowledged(quarter, parameters, names, result):
    """What came too late counts in the quarter in which its time ran out."""
    rows = quarter.rows("people/acknowledgements-*.csv")
    for name in names:
        begun, version = in_force(quarter, name) or (None, None)
        for person in at_work(quarter) if version else ():
            start = max(begun, person["from"], back_from_leave(quarter, person))
            due = start + parameters["acknowledged_within"] + DAY
            done = [seconds(row["acknowledged_at"]) for row in rows if row["person"] == person["id"]
                    and row["document"] == name and row["version"] == version and row["acknowledged_at"]]
            result.add((person["id"], name), not done and due < quarter.after or done and min(done) >= due >= quarter.start)


@recomputes("CC1.1-01.1")
def the_code_was_acknowledged(quarter, parameters, result):
    acknowledged(quarter, parameters, [parameters["code"]], result)


@recomputes("CC2.2-01.1")
def the_policies_were_acknowledged(quarter, parameters, result):
    acknowledged(quarter, parameters, listed(parameters["policies"]), result)


def joiners(quarter):
    return [person for person in last_roster(quarter)[1] if person["from"] in quarter]


@recomputes("CC1.1-02.1")
def joiners_were_checked(quarter, parameters, result):
    rows = quarter.rows("people/background-checks-*.csv")
    for person in joiners(quarter):
        for check in listed(parameters["needed"]):
            done = [row for row in rows if row["person"] == person["id"] and row["check"] == check
                    and row["completed_at"] and seconds(row["completed_at"]) < person["from"]]
            result.add((person["id"], check), not done)


@recomputes("CC1.1-02.2")
def concerns_were_accepted(quarter, parameters, result):
    people = {person["id"]: person for person in last_roster(quarter)[1]}
    for row in quarter.rows("people/background-checks-*.csv"):
        if row["result"] not in ("clear", ""):
            person = people.get(row["person"])
            accepted = row["accepted_by"] and (person is None or row["accepted_by"] != person["email"])
            result.add((row["person"], row["check"]), person is not None and not accepted)


@recomputes("CC1.3-01.1")
def everybody_has_a_manager(quarter, parameters, result):
    """A manager who left may be missing for a time; nobody, oneself or somebody who is not on the roster is no manager."""
    for at, people in rosters(quarter):
        by_id = {person["id"]: person for person in people}
        for person in people:
            if not employed(person, at) or person["status"] == "Leave":
                continue
            manager = by_id.get(person["manager"])
            if manager is None or manager is person:
                wrong = person["title"] != parameters["top"] or person["manager"]
            else:
                left = manager["until"]
                wrong = manager["from"] > at or (left is not None and left + DAY + parameters["replaced_within"] <= at)
            result.add(person["id"], wrong)


@recomputes("CC1.3-01.2")
def the_chart_is_approved(quarter, parameters, result):
    ends = quarter.after - 1
    good = [item for item in documents(quarter) if item["document"] == parameters["chart"] and item.get("approved_at")
            and 0 <= ends - seconds(item["approved_at"]) <= parameters["valid_for"]]
    result.add(parameters["chart"], not good)


def passed(quarter, parameters, person):
    return [seconds(row["completed_at"]) for row in quarter.rows("people/training-*.csv")
            if row["person"] == person["id"] and row["course"] in listed(parameters["courses"])
            and row["result"] == "passed" and row["completed_at"]]


@recomputes("CC1.4-01.1")
def joiners_pass_the_course(quarter, parameters, result):
    """Those whose first month ended in the period."""
    for person in last_roster(quarter)[1]:
        due = person["from"] + parameters["trained_within"] + DAY
        if due - DAY in quarter and (person["until"] is None or person["until"] + DAY >= due):
            done = [at for at in passed(quarter, parameters, person) if at < due]
            result.add(person["id"], not done)


@recomputes("CC1.4-01.2")
def everybody_passed_within_the_year(quarter, parameters, result):
    ends = quarter.after - 1
    for person in at_work(quarter):
        if person["from"] + parameters["trained_within"] + DAY >= quarter.after:
            continue
        done = passed(quarter, parameters, person)
        result.add(person["id"], not done or ends - max(done) > parameters["valid_for"])


def talks(quarter):
    return quarter.rows("people/evaluations-*.csv")


@recomputes("CC1.5-01.1")
def everybody_was_evaluated(quarter, parameters, result):
    ends = quarter.after - 1
    for person in at_work(quarter):
        if person["contractor"] or ends - person["from"] <= parameters["held_every"]:
            continue
        held = [seconds(row["held_at"]) for row in talks(quarter) if row["person"] == person["id"] and row["held_at"]]
        caught_up = back_from_leave(quarter, person) + parameters["caught_up_within"]
        result.add(person["id"], (not held or ends - max(held) > parameters["held_every"]) and ends > caught_up)


@recomputes("CC1.5-01.2")
def managers_hold_the_talks(quarter, parameters, result):
    for row in talks(quarter):
        held = seconds(row["held_at"])
        if held not in quarter:
            continue
        people = {person["id"]: person for person in roster_at(quarter, held)}
        person = people[row["person"]]
        manager = people.get(person["manager"])
        right = row["evaluator"] in (manager["id"], manager["email"]) if manager else \
            row["evaluator"] not in (person["id"], person["email"])
        result.add((row["person"], row["cycle"]), not right or row["control_duties"] != "yes")
