"""A1.1: how much of everything is in use; A1.3-02 and CC9.1-01: plans for bad times, and the exercises of them."""
import json
import re

from .raw import DAY, date_of, midnight, seconds
from .results import recomputes

MEASURES = {"CPUUtilization": "cpu", "mem_used_percent": "memory", "MemoryUtilization": "memory", "disk_used_percent": "storage"}


# Capacity.

def measurements(quarter):
    """(resource, measure, beginning of the day, percent) of every day that CloudWatch measured."""
    for path in quarter.files("cloudwatch/*.ndjson"):
        resource = re.fullmatch(r"(.*)-\d{4}-\d\d\.ndjson", path.name)[1]
        for line in path.read_text(encoding="utf-8").splitlines():
            series = json.loads(line)
            for point in series["Datapoints"]:
                yield resource, MEASURES[series["Label"]], seconds(point["Timestamp"]), point["ExtendedStatistics"]["p95"]


def watched(quarter):
    """What the newest inventory says is measured."""
    return {row["measured_as"] for row in quarter.tables("assets/inventory-*.csv")[-1][1]
            if row["status"] == "in use" and row["measured_as"]}


@recomputes("A1.1-01.1")
def watched_assets_were_measured_every_day(quarter, parameters, result):
    """On each day something has to be measured, and all that had been measured of the asset on a day before."""
    found = {}
    for resource, measure, at, _ in measurements(quarter):
        found.setdefault((resource, midnight(at)), set()).add(measure)
    for resource in watched(quarter):
        known = set()
        for day in quarter.days():
            if day < seconds(parameters["measured_from"]):
                continue
            today = found.get((resource, day), set())
            result.add((resource, day), not today or known - today, words=(resource, date_of(day)))
            known |= today


def decisions(quarter):
    """(time of the register, line) of every decision on it."""
    return [(at, row) for at, rows in quarter.tables("capacity/decisions-*.csv") for row in rows]


@recomputes("A1.1-01.2")
def shortage_was_decided_on(quarter, parameters, result):
    for resource, measure, at, percent in measurements(quarter):
        if at not in quarter:
            continue
        due = at + parameters["decided_within"]
        decided = [row for _, row in decisions(quarter) if row["resource"] == resource and row["measure"] in ("", measure)
                   and at - parameters["decision_lasts"] <= seconds(row["decided_at"]) <= due]
        short = percent >= parameters[f"{measure}_below"]
        open_at_the_end = due >= quarter.after
        result.add((resource, measure, at), short and not decided and not open_at_the_end,
                   short and not decided and open_at_the_end, words=(resource, date_of(at)))


@recomputes("A1.1-01.3")
def decisions_were_carried_out(quarter, parameters, result):
    """The register keeps all lines; what was late counts where it was done, or is still to be. Without a date nobody can tell."""
    for at, row in decisions(quarter):
        due, done = seconds(row["due_at"]), seconds(row["done_at"])
        late = due is not None and (done if done is not None else at) >= max(due + DAY, quarter.start)
        result.add((row["action_id"], at), late, row["plan"] and due is None and done is None, words=(row["action_id"],))


# Plans and exercises.

def plans(quarter, kind):
    return [(at, row) for at, rows in quarter.tables("exercises/plans-*.csv") for row in rows if row["kind"] == kind]


def plans_and_exercises(control, kind):
    """The three tests that are the same for both sorts of plans."""
    @recomputes(f"{control}.1")
    def approved_by_another(quarter, parameters, result):
        for at, row in plans(quarter, kind):
            approved = seconds(row["approved_at"])
            result.add((row["plan"], at), not row["approved_by"] or row["approved_by"] == row["owner"] or approved is None
                       or not 0 <= at - approved <= parameters["approval_lasts"], words=(row["plan"], date_of(at)))

    @recomputes(f"{control}.2")
    def exercised_with_success(quarter, parameters, result):
        """Also where defects were written down, as long as the aim was reached."""
        for at, row in plans(quarter, kind):
            held = seconds(row["last_exercised_at"])
            result.add((row["plan"], at), held is None or not 0 <= at - held <= parameters["exercise_lasts"]
                       or row["last_result"] not in ("passed", "partly"), words=(row["plan"], date_of(at)))

    @recomputes(f"{control}.3")
    def written_up_and_repeated(quarter, parameters, result):
        """Those of the log; and each that the register of plans names has to be in the log of its day."""
        log = [row for row in quarter.rows("exercises/exercises-*.csv") + quarter.rows("exercises/rollback-rehearsals-*.csv")
               if row["kind"] == kind]
        for row in log:
            held = seconds(row["held_at"])
            if held not in quarter:
                continue
            due = held + parameters["repeated_within"]
            again = [other for other in log if other["scope"] == row["scope"] and other["result"] in ("passed", "partly")
                     and held < seconds(other["held_at"]) <= due]
            failed = row["result"] == "failed" and not again
            result.add(row["exercise_id"], not row["finished_at"] or not row["report"] or (failed and due < quarter.after),
                       failed or not row["result"])
        for _, row in plans(quarter, kind):
            day = seconds(row["last_exercised_at"])
            if day in quarter:
                held = [other for other in log if other["exercise_id"] == row["last_exercise"]
                        and midnight(seconds(other["held_at"])) == midnight(day)]
                result.add((row["plan"], day), not held, words=(row["plan"], date_of(day)))

    return approved_by_another, exercised_with_success, written_up_and_repeated


plans_and_exercises("A1.3-02", "disaster recovery")
plans_and_exercises("CC9.1-01", "continuity")
