#!/usr/bin/env python3
"""Evidence of changes, alerts and incidents altered by mishap or malice, so that what went wrong is hidden.

altering.py says how. Most rows are what such exports are really like when they lie: a second page that nobody fetched, a
check that was made green after the merge, a rule that looks strict and never fires.
"""
import json
import re

from altering import every, records, row, run_rows, text
from clean_sample import find

PULLS = "github/pulls-2025-10.json"
INCIDENTS = "pagerduty/incidents-2025-11.json"
ROUTES = "prometheus/alertmanager-2025-11-[0-9][0-9].yaml"


def rewritten(files, pattern, replacement):
    """The same in every file of a pattern, each of which must hold it."""
    def alter(old):
        altered = re.sub(pattern, replacement, old)
        assert altered != old, f"{files}: {pattern} was not found"
        return altered
    return every(files, alter)


def rules(pattern, replacement):
    """The rules of November only; those of the other months watch as they should."""
    return rewritten("prometheus/rules-2025-11-[0-9][0-9].yaml", pattern, replacement)


def routes(pattern, replacement):
    return rewritten(ROUTES, pattern, replacement)


def merged(function):
    """The first merged pull request of October."""
    return records(PULLS, lambda items: function(next(item for item in items if item["merged_at"])))


def ticket(key, function):
    def alter(issues):
        function(find(issues, key=key)["fields"])
    return alter


def approved_by_somebody_gone(items):
    """A change of December is approved by the engineer who left on 14 November alone."""
    for review in next(item for item in items if item["merged_at"])["reviews"]:
        review["user"]["login"] = "dsallow"


def rerun_after_merge(item):
    check = find(item["checks"], name="build")
    again = dict(check, id=check["id"] + 900000000, completed_at="2025-10-31T12:00:00Z")
    check["conclusion"] = "failure"
    item["checks"].append(again)


def declined(fields):
    """One of two who were asked declined, and with that the step."""
    step = find(fields["Approvals"], name="Tech lead")
    step["finalDecision"] = "declined"
    step["approvers"].append({"approver": {"emailAddress": "emeka.ravensdale@example.com"}, "approverDecision": "declined"})


def on_another_branch(evidence):
    """A change that was merged to another branch goes to production."""
    pulls = []
    records(PULLS, lambda items: pulls.append(next(item for item in items if item["merged_at"])))(evidence)
    records(PULLS, lambda items: items[[item["number"] for item in items].index(pulls[0]["number"])]["base"].update(ref="trial"))(
        evidence)
    records("github/commits-2025-10.json", lambda items: [item for item in items if item["sha"] != pulls[0]["merge_commit_sha"]])(
        evidence)


def lowered(incidents):
    """Nobody answered for an hour; afterwards the incident was said not to be urgent."""
    incident = find(incidents, id="Q23MQ7H2KD")
    incident["urgency"] = "low"
    entry = find(incident["log_entries"], type="acknowledge_log_entry")
    entry["created_at"] = "2025-11-25T18:40:00Z"
    incident["log_entries"].append(dict(entry, id="R9999", type="urgency_change_log_entry", created_at="2025-11-25T18:41:00Z"))


def forgotten_end(evidence):
    """An incident of the 23rd whose end is in its log only seems to be open on the 27th, where one is missing."""
    def alter(incidents):
        find(incidents, id="Q22MQ7H2KD")["resolved_at"] = None
        return [incident for incident in incidents if incident["id"] != "Q24MQ7H2KD"]
    records(INCIDENTS, alter)(evidence)


def endless(evidence):
    """The end of an old alert was never told; a breach months later has no alert of its own."""
    def without_end(old):
        kept = []
        for line in old.splitlines(True):
            told = json.loads(line)
            first = told["alerts"][0]
            if first["labels"]["alertname"] == "SlowAnswers" and told["status"] == "resolved":
                continue
            kept.append(line)
        return "".join(kept)
    every("alerts/alerts-2025-10.ndjson", without_end)(evidence)
    text("grafana/service-levels-2025-12.csv", "(2025-12-09,bookings-api,[^,]*),.*", r"\1,640.0")(evidence)


def flicker(evidence):
    """A vulnerability stays for two months; one scan in the middle failed and reported nothing."""
    report = json.loads((evidence / "trivy/bookings-2025-10-17.json").read_text(encoding="utf-8"))
    found = report["Results"][0]["Vulnerabilities"]
    found[0]["Severity"] = "HIGH"
    for path in sorted(evidence.glob("trivy/bookings-2025-1[01]-*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        if "2025-10-17" <= path.name[9:19] <= "2025-11-28":
            content["Results"][0]["Vulnerabilities"] = [] if path.name[9:19] == "2025-11-07" else found
            path.write_text(json.dumps(content), encoding="utf-8")


def switched_off(events):
    events.append({"@timestamp": 1764697933000, "_document_id": "aa", "actor": "c-oyelaran", "created_at": 1764697933000,
                   "action": "repository_branch_protection_evaluation.disable", "org": "marlowquay", "repo": "marlowquay/bookings"})


def quiet_outage(evidence):
    every("alerts/alerts-2025-11.ndjson", lambda old: "".join(
        line.replace(',"severity":"critical"', "") if "AvailabilityLow" in line else line for line in old.splitlines(True)))(evidence)
    records("statuspage/incidents-2025-11.json", lambda items: items.clear())(evidence)


row("approved by somebody who had left", "CC8.1-01", records("github/pulls-2025-12.json", approved_by_somebody_gone))
row("a failed check that was repeated after the merge", "CC8.1-01", merged(rerun_after_merge))
row("a check that ended without a result", "CC8.1-01 CC8.1-07", merged(
    lambda item: find(item["checks"], name="unit tests").update(conclusion=None)))
row("the first page of a change's files only", "CC8.1-05 CC8.1-06", merged(lambda item: item.update(changed_files=61)))
row("a change of a ticket that was declined", "CC8.1-04", every("jira/change-tickets-2025-1*.json", lambda old: re.sub(
    '("key":"CHG-1168".*?"resolution":{"name":)"Done"', r'\1"Declined"', old)))
row("an approval by one of two, whose other one declined", "CC8.1-05", records(
    "jira/change-tickets-2025-10.json", ticket("CHG-1181", declined)))
row("a document gone through in the future", "CC8.1-10", every(
    "engineering/*2025-1*.csv", lambda old: re.sub("(DOC-0001.*),2025-09-09", r"\1,2026-09-09", old)))
row("a change of another branch in production", "CC8.1-02", on_another_branch)
row("production under another name", "CC8.1-02", every("github/deployments-2025-12.json", lambda old: old.replace(
    '"environment":"production"', '"environment":"prod-eu"')))
row("protection that a repository no longer evaluates", "CC8.1-03", records("github/audit-log-2025-12.json", switched_off))
row("an export of rules without any", "CC7.2-01", rules(r"(?s)groups:.*", "groups: []\n"))
row("failed sign-ins counted in a second", "CC7.2-01", rules(r"increase\(sign_in_failures", "rate(sign_in_failures"))
row("a hundred failed sign-ins taken off", "CC7.2-01", rules(r"(sign_in_failures_total\[5m\]\)\)) > 5", r"\1 - 100 > 5"))
row("failed sign-ins only as long as they are few", "CC7.2-01", rules(r"(sign_in_failures_total\[5m\]\)\)) > 5", r"\1 < 100 > 5"))
row("refused attempts only by night", "CC7.2-01", rules(r"(escalation\"}\[5m\]\)\)) > 0", r"hour() < 5 and(\1 > 0)"))
row("seconds under a purpose in capitals", "CC7.2-01", rules(r"(?s)> 0\.5'(.*?)category: latency", r"> 5'\1category: Latency"))
row("milliseconds divided before they are compared", "CC7.2-01", rules(
    r"http_request_duration_seconds(.*)> 0\.[25]", r"http_request_duration_milliseconds\1/ 1000 > 5"))
row("availability of a day in place of that of minutes", "CC7.2-01", rules(r"\[5m\]\)\) < 99\.5", "[30d])) < 99.5"))
row("a branch that takes everything and tells nobody", "CC7.2-01", routes(
    r"  routes:\n", "  routes:\n    - receiver: nobody\n"))
row("a branch that drops what is not critical", "CC7.2-01", routes(
    r"  routes:\n", "  routes:\n    - matchers: ['severity!=\"critical\"']\n      receiver: nobody\n"))
row("a branch that drops one purpose", "CC7.2-01", routes(
    r"  routes:\n", "  routes:\n    - matchers: ['category=\"data-access\"']\n      receiver: nobody\n"))
row("a call that is muted at night", "CC7.2-01", routes(
    r"(      receiver: on-call\n)", r"\1      active_time_intervals: [office-hours]\n"))
row("an alert of a severity that nobody knows", "CC7.3-02", every("alerts/alerts-2025-12.ndjson", lambda old: old.replace(
    '"service":"bookings-api","severity":"critical"', '"service":"bookings-api","severity":"page"')))
row("a page of incidents that another one follows", "CC7.3-01 CC7.4-01", text(INCIDENTS, '"more": false', '"more": true'))
row("an incident that was made less urgent afterwards", "CC7.3-01", records(INCIDENTS, lowered))
row("an incident whose end is in its log only", "CC7.3-02", forgotten_end)
row("an old alert whose end was never told", "CC7.2-03", endless)
row("the first days of the measurements lost", "CC7.2-03", every("grafana/service-levels-2025-10.csv", lambda old: "".join(
    line for line in old.splitlines(True) if not re.match("2025-10-0", line))))
row("an outage whose alert names no severity", "CC2.3-02", quiet_outage)
row("a scan in between that found nothing", "CC7.1-01", flicker)
row("an incident whose cause is unknown", "CC7.5-01", text(
    "incidents/reports-2025-11.csv", "a load balancer's target group without targets", "Unknown."))
run_rows()
