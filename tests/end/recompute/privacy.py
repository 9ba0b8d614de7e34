"""P4.3, P5, P6.7 and P8.1: what people asked for; PI1: what the nightly jobs did."""
import json

from .people import documents
from .raw import DAY, date_of, next_business_days, seconds
from .results import recomputes
from .words import listed


# Requests.

def requests(quarter):
    """The newest register, whole."""
    return quarter.tables("privacy/requests-*.csv")[-1][1]


def due_of(row, parameters):
    """Thirty days; ninety where the person was told of the delay, and why, within the thirty."""
    got = seconds(row["received_at"])
    told = seconds(row["extension_told_at"])
    if told is not None and row["extension_reason"] and told <= got + parameters["answered_within"]:
        return min(seconds(row["extended_to"]) or got + parameters["extended_within"], got + parameters["extended_within"]) + DAY
    return got + parameters["answered_within"]


def counted(quarter, parameters, kinds="kinds"):
    """Requests of these sorts that were answered in the period or should have been."""
    for row in requests(quarter):
        answered = seconds(row["answered_at"])
        counts = answered if answered is not None else due_of(row, parameters)
        if row["request_type"].replace(" ", "-") in listed(parameters[kinds]) and counts in quarter:
            yield row, answered


def words_of(row):
    return (row["request_id"], date_of(seconds(row["received_at"])))


def answered_in_time(test):
    @recomputes(test)
    def were_answered(quarter, parameters, result):
        for row, answered in counted(quarter, parameters):
            late = answered is None or answered > due_of(row, parameters)
            result.add(row["request_id"], late, words=words_of(row))
    return were_answered


for name in ("P4.3-01.1", "P5.1-01.1", "P5.2-01.1", "P6.7-01.1", "P8.1-01.2"):
    answered_in_time(name)


@recomputes("P5.1-01.2")
def identity_was_known(quarter, parameters, result):
    for row, answered in counted(quarter, parameters):
        if row["outcome"] in ("fulfilled", "partly fulfilled") and answered is not None:
            known = seconds(row["identity_verified_at"])
            result.add(row["request_id"], known is None or known > answered, words=words_of(row))


def refusals_are_explained(test, kinds):
    @recomputes(test)
    def are_explained(quarter, parameters, result):
        for row, _ in counted(quarter, parameters, kinds):
            if row["outcome"] in ("refused", "partly fulfilled"):
                result.add(row["request_id"], not row["refusal_reason"] or row["redress_told"] != "yes", words=words_of(row))
    return are_explained


refusals_are_explained("P5.1-01.3", "refusable")
refusals_are_explained("P5.2-01.3", "kinds")


@recomputes("P5.2-01.2")
def corrections_were_passed_on(quarter, parameters, result):
    for row, answered in counted(quarter, parameters):
        if answered is not None and row["outcome"] != "refused":
            result.add(row["request_id"], row["third_parties"] not in ("told", "none"), words=words_of(row))


@recomputes("P4.3-01.2")
def erasures_reached_every_system(quarter, parameters, result):
    log = quarter.tables("privacy/erasures-*.csv")[-1][1]
    for row, answered in counted(quarter, parameters):
        if row["outcome"] == "refused":
            continue
        for system in listed(parameters["systems"]):
            good = [item for item in log if item["request_id"] == row["request_id"] and item["system"] == system
                    and item["checked_by"] and (item["result"] in ("erased", "anonymised", "nothing held") or item["reason"])
                    and (answered is None or seconds(item["erased_at"]) <= answered)]
            result.add((row["request_id"], system), not good)


@recomputes("P6.7-01.2")
def accounts_list_all_disclosures(quarter, parameters, result):
    register = quarter.tables("privacy/disclosures-*.csv")[-1][1]
    for row, answered in counted(quarter, parameters):
        if answered is not None and row["outcome"] == "fulfilled":
            lines = [item for item in register if item["subject_key"] == row["subject_key"]
                     and seconds(item["disclosed_at"]) <= answered]
            result.add(row["request_id"], int(row["disclosures_listed"]) != len(lines), words=words_of(row))


@recomputes("P8.1-01.1")
def receipts_were_confirmed(quarter, parameters, result):
    for row, _ in counted(quarter, parameters):
        due = next_business_days(seconds(row["received_at"]), int(parameters["acknowledged_within"]))
        told = seconds(row["acknowledged_at"])
        result.add(row["request_id"], told is None or told >= due, words=words_of(row))


@recomputes("P8.1-01.3")
def the_officer_reported(quarter, parameters, result):
    good = [item for item in documents(quarter) if item["document"] == parameters["report"] and item.get("approved_by")]
    result.add(quarter.id, not good)


# Jobs.

def runs(quarter):
    for line in quarter.lines("processing/runs-*.ndjson"):
        run = json.loads(line)
        if seconds(run["started_at"]) in quarter:
            yield run


def succeeded(run):
    return run["status"] == "succeeded"


def jobs(quarter):
    return quarter.tables("processing/jobs-*.csv")[-1]


@recomputes("PI1.1-01.1")
def jobs_are_specified(quarter, parameters, result):
    at, rows = jobs(quarter)
    for row in rows:
        whole = all(row[name] for name in ("purpose", "inputs", "input_checks", "outputs", "schedule", "owner", "approved_by"))
        reviewed = seconds(row["reviewed_at"])
        ended = seconds(row["active_until"])
        if ended is None or ended >= quarter.start:
            result.add(row["job"], not whole or reviewed is None or at - reviewed > parameters["reviewed_within"] + DAY)


@recomputes("PI1.1-01.2")
def jobs_that_ran_are_on_the_register(quarter, parameters, result):
    known = {row["job"] for row in jobs(quarter)[1]}
    for run in runs(quarter):
        result.add(run["job"], run["job"] not in known)


def rejected(quarter):
    return [row for row in quarter.rows("processing/rejected-*.csv") if seconds(row["rejected_at"]) in quarter]


@recomputes("PI1.2-01.1")
def what_was_turned_away_was_dealt_with(quarter, parameters, result):
    for row in rejected(quarter):
        due = next_business_days(seconds(row["rejected_at"]), int(parameters["handled_within"]))
        done = seconds(row["handled_at"])
        late = (done is None and due < quarter.after) or (done is not None and done >= due)
        result.add(row["rejection_id"], late or (done is not None and (not row["resolution"] or not row["handled_by"])))


@recomputes("PI1.2-01.2")
def what_runs_turned_away_is_listed(quarter, parameters, result):
    count = {}
    for row in rejected(quarter):
        count[row["run_id"]] = count.get(row["run_id"], 0) + 1
    for run in runs(quarter):
        if succeeded(run):
            result.add(run["run_id"], run["counts"]["rejected"] != count.get(run["run_id"], 0))


@recomputes("PI1.3-01.1")
def failed_runs_were_repeated(quarter, parameters, result):
    all_of = list(runs(quarter))
    for run in all_of:
        if run["status"] == "failed":
            begun = seconds(run["started_at"])
            good = [other for other in all_of if other["job"] == run["job"] and other["business_date"] == run["business_date"]
                    and succeeded(other) and begun < seconds(other["finished_at"]) <= begun + parameters["repeated_within"]]
            result.add(run["run_id"], not good)


@recomputes("PI1.3-01.2")
def nothing_was_processed_twice(quarter, parameters, result):
    count = {}
    for run in runs(quarter):
        if succeeded(run):
            key = (run["job"], run["business_date"])
            count[key] = count.get(key, 0) + 1
    for key, number in count.items():
        result.add(key, number > 1)


@recomputes("PI1.4-01.1")
def jobs_were_finished_in_time(quarter, parameters, result):
    good = {}
    for run in runs(quarter):
        if succeeded(run):
            key = (run["job"], run["business_date"])
            good[key] = min(good.get(key, float("inf")), seconds(run["finished_at"]))
    for row in jobs(quarter)[1]:
        hours, minutes = row["due_time"].split(":")
        for day in quarter.days():
            active = (seconds(row["active_from"]) or 0) <= day and day <= (seconds(row["active_until"]) or quarter.after)
            if active and (row["schedule"] == "daily" or (row["schedule"] == "monthly" and date_of(day).endswith("-01"))):
                key = (row["job"], date_of(day))
                result.add(key, good.get(key, float("inf")) > day + int(hours) * 3600 + int(minutes) * 60)


@recomputes("PI1.4-01.2")
def control_totals_agree(quarter, parameters, result):
    for run in runs(quarter):
        if succeeded(run):
            count, sums = run["counts"], run.get("amounts")
            right = min(count.values()) >= 0 and count["inputs"] == count["processed"] + count["rejected"] \
                and count["outputs"] == count["expected"] and (not sums or sums["in_pence"] == sums["out_pence"])
            result.add(run["run_id"], not right)


def checks(quarter, parameters):
    return [row for row in quarter.rows("processing/checks-*.csv")
            if row["aim"] == parameters["aim"] and seconds(row["checked_at"]) in quarter]


def gone_over(test):
    @recomputes(test)
    def every_month(quarter, parameters, result):
        done = {(row["dataset"], row["checked_at"][:7]) for row in checks(quarter, parameters) if row["result"] in ("pass", "fail")}
        for dataset in listed(parameters["datasets"]):
            for month, _ in quarter.months():
                result.add((dataset, month), (dataset, date_of(month)[:7]) not in done, words=(dataset, date_of(month)[:7]))
    return every_month


def put_right(test):
    @recomputes(test)
    def in_time(quarter, parameters, result):
        """A check that came to no result says nothing, unless it was repeated in the time that a correction has."""
        for row in checks(quarter, parameters):
            begun, done = seconds(row["checked_at"]), seconds(row["corrected_at"])
            due = begun + parameters["corrected_within"]
            item = (row["rule"], row["dataset"], row["checked_at"])
            if row["result"] not in ("pass", "fail"):
                if not [other for other in checks(quarter, parameters) if other["result"] in ("pass", "fail")
                        and other["rule"] == row["rule"] and other["dataset"] == row["dataset"]
                        and begun < seconds(other["checked_at"]) <= due]:
                    result.add(item, unknown=True)
                continue
            bad = row["result"] == "fail" or int(row["failed"] or 0) > 0
            open_at_the_end = bad and done is None and due >= quarter.after
            late = bad and not open_at_the_end and (done is None or done > due)
            result.add(item, late, open_at_the_end)
    return in_time


for name in ("PI1.5-01", "P7.1-01"):
    gone_over(f"{name}.1")
    put_right(f"{name}.2")
