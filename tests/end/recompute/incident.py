"""CC2.3-02, CC7.2-02, CC7.2-03, CC7.3 to CC7.5: alerts, incidents, what was written about them, and who was told."""
import json
import re

from .raw import DAY, date_of, midnight, next_business_days, seconds
from .results import recomputes
from .words import listed


def incidents(quarter):
    found = {item["id"]: item for item in quarter.items("pagerduty/incidents-*.json", "incidents")}
    return [item for item in found.values() if seconds(item["created_at"]) in quarter]


def urgent(quarter, parameters):
    """By the urgency of now, or by the log where it was made less urgent later."""
    for item in incidents(quarter):
        changed = [entry for entry in item["log_entries"] if entry["type"].startswith("urgency")]
        if item["urgency"] == parameters["urgency"] or changed:
            yield item


def logged(item, kind):
    return sorted(seconds(entry["created_at"]) for entry in item["log_entries"] if entry["type"] == f"{kind}_log_entry")


def ended(item):
    times = logged(item, "resolve")
    return times[-1] if times else None


def answered_at(item):
    people = [entry for entry in item["log_entries"] if entry["agent"]["type"].startswith("user")]
    times = logged({"log_entries": people}, "acknowledge") + ([ended(item)] if ended(item) else [])
    return min(times) if times else None


@recomputes("CC7.3-01.1")
def urgent_incidents_were_acknowledged(quarter, parameters, result):
    for item in urgent(quarter, parameters):
        at = answered_at(item)
        result.add(item["id"], at is None or at > seconds(item["created_at"]) + parameters["acknowledged_within"])


@recomputes("CC7.3-01.2")
def the_others_were_escalated(quarter, parameters, result):
    for item in urgent(quarter, parameters):
        begun = seconds(item["created_at"])
        at = answered_at(item)
        if at is None or at > begun + parameters["acknowledged_within"]:
            raised = [time for time in logged(item, "escalate") if time <= begun + parameters["escalated_within"]]
            result.add(item["id"], not raised)


@recomputes("CC7.4-01.1")
def urgent_incidents_were_resolved(quarter, parameters, result):
    for item in urgent(quarter, parameters):
        at = ended(item)
        result.add(item["id"], at is None or at > seconds(item["created_at"]) + parameters["resolved_within"])


@recomputes("CC7.4-01.2")
def urgent_incidents_have_a_note(quarter, parameters, result):
    for item in urgent(quarter, parameters):
        if ended(item) is not None:
            result.add(item["id"], not logged(item, "annotate"))


def reports(quarter):
    return {row["incident_id"]: row for row in quarter.rows("incidents/reports-*.csv")}


@recomputes("CC7.4-01.3")
def resolved_incidents_were_documented(quarter, parameters, result):
    written = reports(quarter)
    for item in incidents(quarter):
        if ended(item) is None:
            continue
        row = written.get(item["id"], {})
        whole = all(row.get(name) for name in ("began_at", "detected_at", "ended_at", "actions", "resolution", "written_at"))
        due = next_business_days(ended(item), int(parameters["written_within"]))
        late = not whole or seconds(row["written_at"]) > due
        result.add(item["id"], late and due < quarter.after)


@recomputes("CC7.5-01.1")
def urgent_incidents_were_gone_through(quarter, parameters, result):
    written = reports(quarter)
    for item in urgent(quarter, parameters):
        if ended(item) is None:
            continue
        row = written.get(item["id"], {})
        due = next_business_days(ended(item), int(parameters["reviewed_within"]))
        good = row.get("reviewed_at") and seconds(row["reviewed_at"]) <= due and row.get("cause") \
            and row["cause"].lower() not in parameters["no_cause"].split(",")
        result.add(item["id"], not good and due < quarter.after)


@recomputes("CC7.5-01.2")
def what_followed_was_done(quarter, parameters, result):
    for ident, row in reports(quarter).items():
        if row["follow_up"]:
            due = seconds(row["follow_up_due"])
            done = seconds(row["follow_up_done"])
            result.add(ident, due is None or ((done is None or done > due + DAY) and due + DAY <= quarter.after))


# Alerts.

def alerts(quarter):
    """Every alert that began in the period, told once: its labels, beginning, end (None: still going) and mark."""
    found = {}
    for line in quarter.lines("alerts/alerts-*.ndjson"):
        for alert in json.loads(line)["alerts"]:
            begun = seconds(alert["startsAt"])
            end = None if alert["status"] == "firing" else seconds(alert["endsAt"])
            known = found.setdefault((alert["fingerprint"], begun), {"end": None})
            known.update(labels=alert["labels"], begun=begun, mark=alert["fingerprint"], end=end or known["end"],
                         name=f"{alert['fingerprint']}-{alert['startsAt']}")
    return [alert for alert in found.values() if alert["begun"] in quarter]


def raised_by(quarter, alert):
    """Incidents that name the alert's mark and were made while it went on."""
    return [item for item in incidents(quarter) if item["incident_key"] == alert["mark"]
            and alert["begun"] <= seconds(item["created_at"]) <= (alert["end"] or quarter.after)]


def decisions(quarter):
    return {row["alert"]: row for row in quarter.rows("alerts/triage-*.csv")}


@recomputes("CC7.3-02.1")
def alerts_were_followed_up(quarter, parameters, result):
    for alert in alerts(quarter):
        row = decisions(quarter).get(alert["name"])
        due = next_business_days(alert["begun"], int(parameters["decided_within"]))
        decided = row and row["decision"] and seconds(row["decided_at"]) <= due
        result.add(alert["name"], not decided and not raised_by(quarter, alert) and due < quarter.after)


@recomputes("CC7.3-02.2")
def urgent_alerts_raised_an_incident(quarter, parameters, result):
    for alert in alerts(quarter):
        severity = alert["labels"].get("severity", "")
        if severity not in listed(parameters["other_severities"]):
            at_once = [item for item in raised_by(quarter, alert)
                       if seconds(item["created_at"]) <= alert["begun"] + parameters["raised_within"]]
            known = severity == parameters["urgent_severity"]
            result.add(alert["name"], known and not at_once, not known)


@recomputes("CC2.3-02.1")
def customers_were_told(quarter, parameters, result):
    notices = quarter.items("statuspage/incidents-*.json")
    for alert in alerts(quarter):
        labels = alert["labels"]
        length = (alert["end"] or quarter.after) - alert["begun"]
        if labels.get("category") != "availability" or labels["severity"] != parameters["outage_severity"] \
                or labels["service"] in listed(parameters["internal_services"]) or length <= parameters["outage_from"]:
            continue
        told = [notice for notice in notices if labels["service"] in [part["name"] for part in notice["components"]]
                and seconds(notice["created_at"]) <= alert["begun"] + parameters["told_within"]
                and (seconds(notice["resolved_at"]) or quarter.after) >= alert["begun"]]
        over = [notice for notice in told if notice["resolved_at"]
                and seconds(notice["resolved_at"]) <= (alert["end"] or quarter.after) + parameters["closed_within"]]
        result.add(alert["name"], not over, words=(labels["service"], date_of(alert["begun"])))


# Failed sign-ins, worked out again from the logs.

def failures(quarter):
    """(login, time) of every attempt that failed."""
    for line in quarter.lines("okta/system-log-*.ndjson"):
        event = json.loads(line)
        if event["eventType"] == "user.session.start" and event["outcome"]["result"] == "FAILURE":
            yield event["actor"]["alternateId"].lower(), seconds(event["published"])
    for line in quarter.lines("bastion/sshd-*.log"):
        match = re.match(r"(\S+) \S+ sshd\[\d+\]: (?:message repeated (\d+) times: \[ )?Failed \w+ for (?:invalid user )?(\S+) from",
                         line)
        if match:
            for _ in range(int(match[2] or 1)):
                yield match[3].lower(), seconds(match[1])


@recomputes("CC7.2-02.1")
def bursts_raised_an_alert(quarter, parameters, result):
    by_login = {}
    for login, at in failures(quarter):
        by_login.setdefault(login, []).append(at)
    for login, times in by_login.items():
        times.sort()
        more = int(parameters["more_than"])
        hits = [index for index in range(more, len(times)) if times[index] - times[index - more] <= parameters["within"]]
        last = None
        for index in hits:
            at = times[index]
            if last is None or at - last > parameters["within"]:
                told = [alert for alert in alerts(quarter) if alert["labels"].get("login", "").lower() == login
                        and times[index - more] <= alert["begun"] <= at + parameters["raised_within"]]
                result.add((login, at), not told, words=(login,))
            last = at


# Service levels.

def levels(quarter):
    for row in quarter.rows("grafana/service-levels-*.csv"):
        yield row["service"], "availability", seconds(row["day"]), float(row["availability_percent"])
        yield row["service"], "latency-p95", seconds(row["day"]), float(row["latency_p95_ms"])


@recomputes("CC7.2-03.1")
def missed_levels_had_an_alert_and_a_ticket(quarter, parameters, result):
    for service, measure, day, value in levels(quarter):
        missed = value < parameters["availability_at_least"] if measure == "availability" else value > parameters["latency_at_most"]
        if day not in quarter or not missed:
            continue
        purpose = measure.split("-")[0]
        told = [alert for alert in alerts(quarter)
                if alert["labels"].get("service") == service and alert["labels"].get("category") == purpose
                and midnight(alert["begun"]) <= day and (alert["end"] or quarter.after) >= day]
        ticket = [alert for alert in told
                  if any(item["external_references"] for item in raised_by(quarter, alert))
                  or (decisions(quarter).get(alert["name"]) or {}).get("ticket")]
        result.add((service, measure, day), not ticket, words=(service, measure, date_of(day)))


@recomputes("CC7.2-03.2")
def services_were_measured_on_every_day(quarter, parameters, result):
    measured = {(service, measure, day) for service, measure, day, _ in levels(quarter)}
    for service, measure in {item[:2] for item in measured}:
        for day in quarter.days():
            result.add((service, measure, day), (service, measure, day) not in measured, words=(service, date_of(day)))


# Security events.

def events(quarter):
    return [row for row in quarter.rows("siem/events-*.csv") if seconds(row["occurred_at"]) in quarter]


def class_of(score, parameters):
    for name in ("critical", "high", "medium"):
        if score >= parameters[f"{name}_from"]:
            return name
    return "low"


@recomputes("CC7.3-03.1")
def events_are_scored(quarter, parameters, result):
    for row in events(quarter):
        score = int(row["likelihood"]) * int(row["impact"])
        result.add(row["event_id"], int(row["risk_score"]) != score or row["risk_class"].lower() != class_of(score, parameters))


@recomputes("CC7.3-03.2")
def people_were_told_of_events(quarter, parameters, result):
    order = ("medium", "high", "critical")
    for row in events(quarter):
        reached = class_of(int(row["likelihood"]) * int(row["impact"]), parameters)
        told = [word.strip().lower() for word in re.split(r"[;,|]", row["channels"])]
        for name in order[:order.index(reached) + 1] if reached in order else ():
            channel = parameters[f"{name}_channel"]
            result.add((row["event_id"], channel), channel not in told)


@recomputes("CC7.3-03.3")
def critical_events_have_a_ticket(quarter, parameters, result):
    for row in events(quarter):
        computed = class_of(int(row["likelihood"]) * int(row["impact"]), parameters)
        if "critical" in (computed, row["risk_class"].lower()):
            result.add(row["event_id"], not row["ticket"])
