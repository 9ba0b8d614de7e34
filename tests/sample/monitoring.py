"""Exports of what watches the running system and of what came of it: alert rules, alerts, service levels, incidents,
sign-ins, scans, logs, the status page, and the playbooks."""

import hashlib
import json
import random
from datetime import date, datetime, timedelta
from typing import NamedTuple

import company
import placed
from company import (ACCOUNT, FRIDAYS, MONTHS, QUARTERS, REGION, SEED, YEAR, Lines, chances, holder, iso, moment, month_days,
                     person, quarter_days, sheet, signed_in)
from placed import Placed

PLACED = [
    Placed("late-acknowledgement", "an urgent incident in the night to a Sunday was acknowledged after 42 minutes; it was "
           "escalated, so CC7.3-01.2 holds",
           [("2025-Q4", "CC7.3-01.1", "incident Q22MQ7H2KD", "exception", "pagerduty/incidents-2025-11.json")],
           "`pagerduty/incidents-2025-11.json`, Q22MQ7H2KD: raised on 23 November at 03:12, `acknowledge_log_entry` at 03:54"),
    Placed("breach-without-ticket", "the interface was too slow for a day; the alert was dismissed without a ticket",
           [("2025-Q3", "CC7.2-03.1", "bookings-api latency-p95 on 2025-08-19", "exception",
             "grafana/service-levels-2025-08.csv")],
           "`grafana/service-levels-2025-08.csv`, `bookings-api` on 19 August: 236.4 ms; `alerts/triage-2025-08.csv`: `dismissed`"),
    Placed("overdue-vulnerability", "a high vulnerability with a fix stayed in an image for seven weeks",
           [("2025-Q2", "CC7.1-01.2",
             f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/bookings CVE-2025-990014 in libquill", "exception",
             "trivy/bookings-2025-04-18.json")],
           "`trivy/bookings-2025-04-18.json` to `trivy/bookings-2025-06-06.json`: CVE-2025-990014 in libquill"),
]
ON_CALL = ["Ruben Ashdowne", "Sunniva Achterberg", "Callum Oyelaran"]
LATE = datetime(2025, 11, 23, 3, 12)
WATCHED = ["bookings-web", "bookings-api"]


# -- Rules and where their alerts go --

class Rule(NamedTuple):
    name: str
    expression: str
    hold: str
    severity: str
    category: str  # "": serves none of the purposes that controls ask for


LATENCY = 'histogram_quantile(0.95, sum by (service, le) (rate(http_request_duration_seconds_bucket{job="clinics"}[%s])))'
LEVELS = [
    Rule("AvailabilityLow", '100 * avg by (service) (avg_over_time(probe_success{job="clinics"}[5m])) < 99.5', "1m",
         "critical", "availability"),
    Rule("SlowAnswers", LATENCY % "5m" + " > 0.5", "5m", "critical", "latency"),
    Rule("SlowerThanPromised", LATENCY % "6h" + " > 0.2", "30m", "warning", "latency"),
    Rule("ErrorRate", 'sum by (service) (rate(http_errors_total[5m])) / sum by (service) (rate(http_requests_total[5m])) '
         '> 0.02', "5m", "critical", ""),
    Rule("ReplicaLag", "max by (cluster) (aurora_replica_lag_milliseconds) > 5000", "5m", "critical", ""),
    Rule("QueueStands", "min_over_time(queue_age_seconds[5m]) > 900", "0m", "critical", ""),
    Rule("DeploymentFailed", 'increase(deployments_total{result="failed"}[5m]) > 0', "0m", "critical", ""),
    Rule("DiskFilling", "predict_linear(node_filesystem_avail_bytes[6h], 86400) < 0", "30m", "warning", ""),
    Rule("CertificateEnds", "(probe_ssl_earliest_cert_expiry - time()) / 86400 < 21", "1h", "warning", ""),
]
EVENTS = [
    Rule("FailedSignIns", "sum by (login) (increase(sign_in_failures_total[5m])) > 5", "0m", "warning", "failed-logins"),
    Rule("RefusedAttempts", 'sum by (service) (increase(authorisation_refused_total{kind="escalation"}[5m])) > 0', "0m",
         "critical", "unauthorised"),
    Rule("PrivilegedUse", "sum by (role) (increase(cloudtrail_administrator_sessions_total[5m])) > 0", "0m", "warning",
         "privileged-use"),
    Rule("ConfigurationChange", 'sum by (service) (increase(configuration_changes_total{by!="pipeline"}[5m])) > 0', "0m",
         "warning", "configuration-change"),
    Rule("DataAccess", 'sum by (login) (increase(database_sessions_total{client!="application"}[5m])) > 0', "0m", "warning",
         "data-access"),
]
RULES = {rule.name: rule for rule in LEVELS + EVENTS}
ROUTES = """global:
  resolve_timeout: 5m
route:
  receiver: platform-channel
  group_by: [alertname, service, login]
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 12h
  routes:
    - matchers: ['severity=~"critical|warning"']
      receiver: alert-log
      continue: true
    - matchers: ['severity="critical"']
      receiver: on-call
    - matchers: ['severity="warning"']
      receiver: platform-channel
    - matchers: ['alertname="Watchdog"']
      receiver: dead-man
receivers:
  - name: platform-channel
    slack_configs:
      - channel: '#platform-alerts'
        send_resolved: true
  - name: on-call
    pagerduty_configs:
      - routing_key_file: /etc/alertmanager/pagerduty
        description: '{{ .CommonAnnotations.summary }}'
    slack_configs:
      - channel: '#platform-incidents'
  - name: alert-log
    webhook_configs:
      - url: http://alert-log.internal.example.com/alerts
        send_resolved: true
  - name: dead-man
    webhook_configs:
      - url: http://dead-man.internal.example.com/ping
"""


def rules_text():
    lines = ["groups:"]
    for group, rules in (("levels", LEVELS), ("events", EVENTS)):
        lines += [f"  - name: {group}", "    rules:"]
        for rule in rules:
            labels = f"severity: {rule.severity}" + (f", category: {rule.category}" if rule.category else "")
            lines += [f"      - alert: {rule.name}", f"        expr: {yaml_quoted(rule.expression)}",
                      f"        for: {rule.hold}", f"        labels: {{{labels}}}"]
    return "\n".join(lines) + "\n"


def yaml_quoted(text):
    return "'" + text.replace("'", "''") + "'"


# -- Incidents, the alerts that raised them, and other alerts --

class Incident(NamedTuple):
    ident: str
    number: int
    at: datetime
    urgency: str
    acknowledged: int  # minutes after it was raised; None: it ended by itself
    ended: int  # minutes after it was raised
    title: str
    service: str
    rule: str  # "": a person raised it
    cause: str
    actions: str
    resolution: str

    def end(self):
        return self.at + timedelta(minutes=self.ended)


# Raised (UTC), urgency, minutes to the acknowledgement, minutes to the end, what, service, rule.
STORIES = {
    "slow": ("Bookings API answers slowly", "bookings-api", "SlowAnswers", "a query without an index",
             "added the index; more readers meanwhile", "answers within the limit again"),
    "disk": ("Disk of the build machine is filling up", "build", "DiskFilling", "old build caches",
             "removed caches older than a week", "half of the disk is free"),
    "replica": ("Replica lags behind", "bookings-web", "ReplicaLag", "a long report on the replica",
                "stopped the report; moved it to the reporting database", "the replica caught up"),
    "site": ("Bookings site cannot be reached", "bookings-web", "AvailabilityLow",
             "a load balancer's target group without targets", "rolled the change of the target group back",
             "the site is reachable from all probes"),
    "api": ("Bookings API cannot be reached", "bookings-api", "AvailabilityLow", "connections to the database were used up",
            "restarted the interface in turn; doubled the pool", "the interface is reachable from all probes"),
    "missed": ("Health check missed", "bookings-web", "AvailabilityLow", "a probe lost its network",
               "none was needed", "ended by itself"),
    "certificate": ("Certificate of the staging site ends soon", "staging", "CertificateEnds",
                    "renewal is by hand on staging", "renewed it", "valid for another ninety days"),
    "reminders": ("Reminders are not sent", "reminders", "QueueStands", "a message that could not be read",
                  "moved the message aside", "the queue is empty"),
    "queue": ("Import queue stands still", "bookings-api", "QueueStands", "an import of a clinic with damaged rows",
              "stopped the import; started the workers again", "the queue moves"),
    "refused": ("Refused attempts on the interface", "bookings-api", "RefusedAttempts",
                "practice software that asked for another clinic's calendar by a wrong number",
                "blocked the key; called the vendor of the software", "no data were given out; the vendor mended it"),
    "old": ("Old client version still in use", "bookings-web", "", "clinics that had not updated",
            "wrote to the clinics", "all of them updated"),
    "payments": ("Error rate of payments above 2%", "billing", "ErrorRate", "the payment provider answered late",
                 "raised the time allowed; told the provider", "errors below one in a thousand"),
    "deployment": ("Deployment of bookings failed", "bookings-web", "DeploymentFailed", "a migration waited for a lock",
                   "rolled back", "the version before runs"),
    "twice": ("Reminders are sent twice", "reminders", "", "a retry without a mark of what was sent",
              "stopped the retries; added the mark", "each reminder is sent once"),
    "burst": ("Failed sign-ins of one login", "sign-in", "FailedSignIns", "guessed passwords from abroad",
              "blocked the address; the holder changed the password", "no sign-in succeeded"),
}
HAPPENED = [
    ("2025-01-08 09:20", "high", 3, 41, "slow"),
    ("2025-01-14 14:05", "low", 22, 150, "disk"),
    ("2025-01-22 02:48", "high", 7, 52, "replica"),
    ("2025-02-03 11:31", "high", 2, 26, "site"),
    ("2025-02-12 16:10", "low", 40, 180, "certificate"),
    ("2025-02-20 19:02", "high", 5, 73, "reminders"),
    ("2025-03-04 08:44", "high", 4, 35, "refused"),
    ("2025-03-11 13:15", "low", 30, 95, "old"),
    ("2025-04-07 07:51", "high", 6, 44, "payments"),
    ("2025-04-16 10:22", "low", 25, 120, "disk"),
    ("2025-04-29 21:37", "high", 8, 58, "slow"),
    ("2025-05-13 07:40", "low", 15, 130, "burst"),
    ("2025-05-20 12:40", "high", None, 3, "missed"),
    ("2025-05-28 15:33", "low", 35, 200, "certificate"),
    ("2025-06-04 18:18", "high", 3, 29, "api"),
    ("2025-06-11 09:09", "high", 5, 66, "queue"),
    ("2025-07-03 22:14", "high", 9, 48, "replica"),
    ("2025-07-15 13:27", "low", 28, 110, "disk"),
    ("2025-07-24 06:58", "high", 4, 37, "twice"),
    ("2025-08-05 10:46", "high", 2, 31, "refused"),
    ("2025-08-13 16:21", "low", 45, 175, "old"),
    ("2025-08-26 03:05", "high", 11, 54, "site"),
    ("2025-09-02 11:50", "high", 6, 39, "payments"),
    ("2025-09-10 20:33", "high", 5, 62, "slow"),
    ("2025-10-04 22:41", "high", 4, 38, "slow"),
    ("2025-10-09 07:12", "low", 35, 190, "certificate"),
    ("2025-10-15 13:55", "high", 2, 61, "payments"),
    ("2025-10-28 03:20", "high", 9, 47, "replica"),
    ("2025-11-06 10:02", "low", 18, 75, "disk"),
    ("2025-11-23 03:12", "high", 42, 128, "site"),
    ("2025-11-25 17:34", "high", 3, 34, "deployment"),
    ("2025-11-27 18:26", "high", None, 4, "missed"),
    ("2025-12-03 20:58", "high", 6, 95, "queue"),
    ("2025-12-10 09:15", "low", 50, 240, "old"),
    ("2025-12-18 16:49", "high", 5, 33, "twice"),
]
BEFORE = 24  # incidents before the fourth quarter


def incidents():
    found = []
    for n, (raised, urgency, acknowledged, ended, story) in enumerate(HAPPENED):
        day, clock = raised.split(" ")
        at = moment(date.fromisoformat(day), int(clock[:2]), int(clock[3:]))
        if at.replace(tzinfo=None) == LATE and not placed.on("late-acknowledgement"):
            acknowledged = 12
        title, service, rule, cause, actions, resolution = STORIES[story]
        ident = f"Q{n - BEFORE + 17:02}MQ7H2KD" if n >= BEFORE else f"P{n + 17:02}MQ7H2KD"
        found.append(Incident(ident, 611 + n - BEFORE, at, urgency, acknowledged, ended, title, service, rule, cause,
                              actions, resolution))
    return found


class Alert(NamedTuple):
    rule: str
    service: str
    login: str
    began: datetime
    ended: datetime
    decision: str  # what was written into the triage log: "", "incident", "ticket", "dismissed"
    reason: str
    ticket: str

    def labels(self):
        rule = RULES[self.rule]
        labels = {"alertname": self.rule}
        for key, value in (("category", rule.category), ("service", self.service), ("login", self.login)):
            if value:
                labels[key] = value
        return {**labels, "severity": rule.severity}

    def fingerprint(self):
        return hashlib.sha1(repr(sorted(self.labels().items())).encode()).hexdigest()[:16]

    def ident(self):
        return f"{self.fingerprint()}-{iso(self.began)}"


class Burst(NamedTuple):
    at: str
    login: str
    failures: int
    seconds: int  # between two failures
    address: str
    server: bool  # on the server for administrators instead of in Okta
    decision: str
    reason: str
    ticket: str


BURSTS = [
    Burst("2025-05-13 02:14", "thandeka.aldous@example.com", 9, 21, "192.0.2.77", False, "incident",
          "guessed passwords from abroad", ""),
    Burst("2025-08-21 23:40", "deploy", 14, 2, "192.0.2.180", True, "ticket", "somebody tried names of accounts", "SEC-118"),
    Burst("2025-11-12 08:03", "saoirse.mandevale@example.com", 7, 33, "198.51.100.24", False, "dismissed",
          "she had forgotten the new password; called back and confirmed", ""),
]
# Days on which the promise was missed without an incident: service, milliseconds, ticket.
SLOW_DAYS = {
    date(2025, 2, 26): ("bookings-api", 214.6, "OPS-1187"),
    date(2025, 6, 2): ("bookings-web", 231.2, "OPS-1290"),
    date(2025, 8, 19): ("bookings-api", 236.4, "OPS-1364"),
    date(2025, 10, 21): ("bookings-api", 208.9, "OPS-1433"),
}
UNTICKETED = date(2025, 8, 19)
HUGO = "hugo.pellingham@example.com"
# Other alerts: when, for how many minutes, rule, service, login, decision, reason, ticket.
ROUTINE = [
    ("2025-01-16 09:30", 20, "ConfigurationChange", "platform", "", "dismissed", "planned: larger database, MQ-802", ""),
    ("2025-02-18 10:12", 15, "PrivilegedUse", "platform", "", "dismissed", "approved session of Ruben Ashdowne", ""),
    ("2025-03-06 13:40", 25, "DataAccess", "", HUGO, "dismissed", "approved repair of an index", ""),
    ("2025-04-09 09:05", 20, "ConfigurationChange", "platform", "", "dismissed", "planned: new subnet, MQ-871", ""),
    ("2025-05-22 14:20", 15, "PrivilegedUse", "platform", "", "dismissed", "approved session of Nadia Stormont", ""),
    ("2025-06-05 02:30", 90, "DiskFilling", "reporting", "", "ticket", "grows faster than planned", "OPS-1296"),
    ("2025-07-09 11:15", 20, "ConfigurationChange", "platform", "", "dismissed", "planned: new firewall rules, MQ-934", ""),
    ("2025-08-07 15:50", 15, "PrivilegedUse", "platform", "", "dismissed", "approved session of Hugo Pellingham", ""),
    ("2025-09-09 10:25", 25, "DataAccess", "", HUGO, "dismissed", "approved restore test", ""),
    ("2025-10-07 09:45", 20, "ConfigurationChange", "platform", "", "dismissed", "planned: engine upgrade, MQ-1011", ""),
    ("2025-11-19 13:10", 15, "PrivilegedUse", "platform", "", "dismissed", "approved session of Ravi Underhay", ""),
    ("2025-12-11 11:05", 25, "DataAccess", "", HUGO, "dismissed", "approved export for a clinic", ""),
]


def parsed(text):
    day, clock = text.split(" ")
    return moment(date.fromisoformat(day), int(clock[:2]), int(clock[3:]))


def alerts():
    """All of the year, in the order in which they began."""
    found = []
    for incident in incidents():
        if incident.rule and incident.rule != "FailedSignIns":
            waited = incident.urgency == "low"  # a warning that somebody made an incident of
            began = incident.at - timedelta(minutes=25 if waited else 1)
            found.append(Alert(incident.rule, incident.service, "", began, incident.end(), "incident" if waited else "",
                               "to be dealt with today" if waited else "", ""))
    for burst in BURSTS:
        began = parsed(burst.at) + timedelta(seconds=burst.seconds * 5 + 20)
        found.append(Alert("FailedSignIns", "", burst.login, began, began + timedelta(minutes=9), burst.decision,
                           burst.reason, burst.ticket))
    for day, (service, _, ticket) in SLOW_DAYS.items():
        dismissed = day == UNTICKETED and placed.on("breach-without-ticket")
        found.append(Alert("SlowerThanPromised", service, "", moment(day, 10, 14), moment(day, 17, 2),
                           "dismissed" if dismissed else "ticket",
                           "a clinic imports its old appointments" if dismissed else "to find the cause",
                           "" if dismissed else ticket))
    for at, minutes, rule, service, login, decision, reason, ticket in ROUTINE:
        began = parsed(at)
        found.append(Alert(rule, service, login, began, began + timedelta(minutes=minutes), decision, reason, ticket))
    return sorted(found, key=lambda alert: alert.began)


def alert_of(incident):
    """The alert that an incident names, or None."""
    for alert in alerts():
        if alert.rule == incident.rule and alert.began <= incident.at < alert.ended + timedelta(hours=12):
            return alert
    return None


def alert_log(month):
    """Two payloads an alert: when it was raised, and when it was over."""
    def payload(alert, over):
        body = {"status": "resolved" if over else "firing", "labels": alert.labels(), "annotations": {},
                "startsAt": iso(alert.began), "endsAt": iso(alert.ended) if over else "0001-01-01T00:00:00Z",
                "generatorURL": "https://prometheus.internal.example.com/graph", "fingerprint": alert.fingerprint()}
        return json_line({"version": "4", "groupKey": "{}/{severity=~\"critical|warning\"}:{alertname=\"%s\"}" % alert.rule,
                             "truncatedAlerts": 0, "status": body["status"], "receiver": "alert-log",
                             "groupLabels": {"alertname": alert.rule}, "commonLabels": alert.labels(),
                             "commonAnnotations": {}, "externalURL": "https://alerts.internal.example.com",
                             "alerts": [body]})
    told = []
    for alert in alerts():
        if alert.began.month == month:
            told += [(alert.began, payload(alert, False)), (alert.ended, payload(alert, True))]
    return Lines(line for _, line in sorted(told))


def json_line(record):
    return json.dumps(record, separators=(",", ":")) + "\n"


def triage(month):
    rows = []
    for alert in alerts():
        if alert.decision and alert.began.month == month:
            decided = alert.began + timedelta(hours=1)
            if decided.hour < 8 or decided.hour > 16:
                decided = moment(alert.began.date() + timedelta(days=1 if alert.began.hour > 12 else 0), 9, 10)
            who = person("Nadia Stormont" if month % 2 else "Ruben Ashdowne").email
            rows.append([alert.ident(), alert.decision, alert.reason, alert.ticket, who, iso(decided)])
    return sheet(["alert", "decision", "reason", "ticket", "decided_by", "decided_at"], rows)


def pagerduty(month):
    records = []
    for n, incident in enumerate(incidents()):
        if incident.at.month != month:
            continue
        engineer = ON_CALL[n % 2]
        log = [("trigger_log_entry", 0, "Monitoring" if incident.rule else "Greta Nightwell"),
               ("assign_log_entry", 0, "Escalation policy"), ("notify_log_entry", 0, engineer)]
        acknowledged = incident.acknowledged
        if acknowledged is not None and acknowledged > 15 and incident.urgency == "high":
            log += [("escalate_log_entry", 15, "Escalation policy"), ("notify_log_entry", 15, ON_CALL[2]),
                    ("escalate_log_entry", 30, "Escalation policy")]
        if acknowledged is not None:
            log.append(("acknowledge_log_entry", acknowledged, engineer))
        log.append(("resolve_log_entry", incident.ended, engineer if acknowledged is not None else "Monitoring"))
        if incident.urgency == "high":
            log.append(("annotate_log_entry", incident.ended + 130, engineer))
        entries = [{"id": f"R{(n - BEFORE + 10) % 100:02}{step:02}MQLOG" if n >= BEFORE else f"R{n:02}{step:02}MQYEAR",
                    "type": kind, "created_at": iso(incident.at + timedelta(minutes=minutes)),
                    "agent": {"type": "user_reference", "summary": who}}
                   for step, (kind, minutes, who) in enumerate(log)]
        alert = alert_of(incident)
        ticket = f"OPS-{1150 + n * 9}"
        references = [{"id": f"PT{incident.number}", "type": "external_reference", "summary": ticket, "external_id": ticket,
                       "external_url": f"https://tickets.example.com/{ticket}", "sync": True}]
        records.append({"id": incident.ident, "type": "incident", "incident_number": incident.number,
                        "title": incident.title, "created_at": iso(incident.at), "status": "resolved",
                        "urgency": incident.urgency,
                        "incident_key": alert.fingerprint() if alert else f"raised-by-hand-{incident.number}",
                        "service": {"id": "PMQ" + incident.service[:4].upper(), "type": "service_reference",
                                    "summary": incident.service},
                        "assignments": [], "acknowledgements": [], "last_status_change_at": iso(incident.end()),
                        "resolved_at": iso(incident.end()),
                        "external_references": references if incident.urgency == "high" else [], "log_entries": entries})
    return {"incidents": records, "limit": 100, "offset": 0, "more": False, "total": None}


def next_working_day(day, count):
    while count > 0:
        day += timedelta(days=1)
        count -= company.is_working_day(day)
    return day


def reports():
    """A line for each incident: (day written, row)."""
    rows = []
    for n, incident in enumerate(incidents()):
        urgent = incident.urgency == "high"
        written = next_working_day(incident.end().date(), 1)
        reviewed = next_working_day(written, 2 if incident.at.month == 12 else 1 + n % 4)
        last = quarter_days(company.quarter_of(written))[-1]
        due = next_working_day(reviewed, 8)
        follow = urgent and n % 2 == 0 and due < last
        began = incident.at - timedelta(minutes=3)
        rows.append((written, [incident.ident, iso(began), iso(incident.at), iso(incident.end()), incident.cause,
                               incident.actions, incident.resolution, person(ON_CALL[n % 2]).email,
                               iso(moment(written, 15, 20)),
                               iso(moment(reviewed, 10)) if urgent else "", f"OPS-{1154 + n * 9}" if follow else "",
                               str(due) if follow else "", str(next_working_day(reviewed, 5)) if follow else ""]))
    return rows


def report_sheet(month):
    return sheet(["incident_id", "began_at", "detected_at", "ended_at", "cause", "actions", "resolution", "author",
                  "written_at", "reviewed_at", "follow_up", "follow_up_due", "follow_up_done"],
                 [row for written, row in reports() if written.month == month])


# -- Service levels, and what customers were told --

def away_minutes(service, day):
    """How long a service could not be reached on a day, because of incidents; none of them lasts over midnight."""
    return sum(incident.ended for incident in incidents()
               if incident.rule == "AvailabilityLow" and incident.service == service and incident.at.date() == day)


def slow_minutes(service, day):
    return sum(incident.ended for incident in incidents()
               if incident.rule == "SlowAnswers" and incident.service == service and incident.at.date() == day)


def service_levels(year, month):
    rows = []
    for day in month_days(year, month):
        for service in WATCHED:
            chance = chances(f"level/{service}/{day}")
            away, slow = away_minutes(service, day), slow_minutes(service, day)
            available = 100 - away / 14.4 if away else 100 - chance[0] % 5 / 100
            latency = 112 + chance[1] % 700 / 10 + (slow * 3.1 if slow else 0)
            if day in SLOW_DAYS and SLOW_DAYS[day][0] == service:
                latency = SLOW_DAYS[day][1]
            rows.append([day, service, f"{available:.2f}", f"{latency:.1f}"])
    return sheet(["day", "service", "availability_percent", "latency_p95_ms"], rows)


def status_notices(month):
    found = []
    for incident in incidents():
        if incident.at.month != month or incident.rule != "AvailabilityLow" or incident.ended <= 15:
            continue
        told = incident.at + timedelta(minutes=(incident.acknowledged or 0) + 10)
        over = incident.end() + timedelta(minutes=12)
        found.append({"id": f"st{incident.number}", "name": incident.title, "status": "resolved",
                      "created_at": iso(told, True), "updated_at": iso(over, True), "monitoring_at": None,
                      "resolved_at": iso(over, True), "impact": "critical",
                      "shortlink": f"https://status.example.com/{incident.number}", "started_at": iso(told, True),
                      "page_id": "mq7h2kd",
                      "incident_updates": [
                          {"id": f"st{incident.number}-1", "status": "investigating", "created_at": iso(told, True),
                           "body": "We see that the service cannot be reached and are looking for the cause."},
                          {"id": f"st{incident.number}-2", "status": "resolved", "created_at": iso(over, True),
                           "body": "The service can be reached again. We shall write here what happened."}],
                      "components": [{"id": "c-" + incident.service, "name": incident.service, "status": "operational"}]})
    return found


# -- Security events --

# When, category, subject, likelihood, impact, channels beyond the list, ticket.
SUSPICIONS = [
    ("2025-01-09 08:40", "phishing", "anneke.dunwhistle@example.com", 4, 6, "", ""),
    ("2025-01-23 14:12", "malware", "laptop of a sales person", 6, 7, "chat", "SEC-71"),
    ("2025-02-06 09:55", "phishing", "all staff", 7, 6, "chat", "SEC-74"),
    ("2025-02-24 16:31", "lost device", "telephone of a product manager", 5, 5, "", ""),
    ("2025-03-04 09:05", "refused access", "key of a practice software", 8, 9, "chat,pager", "SEC-80"),
    ("2025-03-19 11:20", "phishing", "cosima.edgerley@example.com", 5, 8, "chat", "SEC-83"),
    ("2025-04-10 10:48", "vulnerability report", "a researcher on the booking form", 5, 7, "", "SEC-90"),
    ("2025-05-13 07:25", "guessed passwords", "thandeka.aldous@example.com", 8, 6, "chat", "SEC-97"),
    ("2025-05-30 13:02", "phishing", "petra.lindqvale@example.com", 4, 8, "", ""),
    ("2025-06-12 15:44", "malware", "attachment stopped by the mail filter", 3, 7, "", ""),
    ("2025-07-10 08:15", "leaked key", "an access key in a public repository, inactive", 8, 9, "chat,pager", "SEC-109"),
    ("2025-07-28 17:37", "phishing", "all staff", 7, 6, "chat", "SEC-112"),
    ("2025-08-05 11:04", "refused access", "key of a practice software", 8, 9, "chat,pager", "SEC-115"),
    ("2025-08-21 23:52", "guessed passwords", "server for administrators", 8, 5, "chat", "SEC-118"),
    ("2025-09-11 10:09", "vendor incident", "the sender of text messages", 9, 10, "chat,pager,management", "SEC-121"),
    ("2025-09-18 09:33", "phishing", "viktor.eastmarch@example.com", 4, 6, "", ""),
    ("2025-10-14 12:26", "lost device", "laptop of a support agent, encrypted", 6, 6, "", "SEC-126"),
    ("2025-11-12 08:20", "guessed passwords", "saoirse.mandevale@example.com", 2, 6, "", ""),
    ("2025-11-20 14:58", "phishing", "all staff", 7, 6, "chat", "SEC-131"),
    ("2025-12-04 09:41", "vulnerability report", "a researcher on the interface", 7, 10, "chat,pager", "SEC-134"),
    ("2025-12-16 15:15", "phishing", "ottoline.varga@example.com", 5, 9, "chat", "SEC-137"),
]


def security_events(month):
    rows = []
    for n, (at, category, subject, likelihood, impact, channels, ticket) in enumerate(SUSPICIONS):
        happened = parsed(at)
        if happened.month == month:
            score = likelihood * impact
            level = "CRITICAL" if score >= 90 else "HIGH" if score >= 70 else "MEDIUM" if score >= 40 else "LOW"
            rows.append([f"SE-2025-{n + 1:02}", iso(happened), category, subject, likelihood, impact, score, level, channels,
                         ticket])
    return sheet(["event_id", "occurred_at", "category", "subject", "likelihood", "impact", "risk_score", "risk_class",
                  "channels", "ticket"], rows)


# -- Sign-ins --

def okta_event(at, login, result, address, salt=""):
    digest = hashlib.blake2b(f"{SEED}/okta-log/{login}/{at}/{salt}".encode(), digest_size=16).hexdigest()
    uuid = f"{digest[:8]}-{digest[8:12]}-11f0-{digest[16:20]}-{digest[20:]}"
    reason = '' if result == "SUCCESS" else ',"reason":"INVALID_CREDENTIALS"'
    return (at, f'{{"uuid":"{uuid}","published":"{iso(at, True)}","eventType":"user.session.start",'
                f'"actor":{{"alternateId":"{login}"}},"client":{{"ipAddress":"{address}"}},'
                f'"outcome":{{"result":"{result}"{reason}}}}}\n')


def okta_day(day):
    """The sign-ins of a day, one in a hundred and a few more of them after a wrong password. In the sample itself they are
    thinned, to keep it small: of each person's in a month the last is kept, and those with a wrong password before."""
    events = []
    later = company.days(day + timedelta(days=1), month_days(day.year, day.month)[-1])
    for someone in company.everyone():
        at = signed_in(someone, day)
        if at is None:
            continue
        chance = chances(f"okta-log/{someone.number}/{day}")
        wrong = (0, 1, 2)[(chance[1] % 100 > 97) + (chance[1] % 100 > 98)]
        if company.SCALE == 1 and not wrong and any(signed_in(someone, other) for other in later):
            continue
        address = f"198.51.100.{20 + chance[0] % 40}"
        for n in range(wrong):
            events.append(okta_event(at - timedelta(seconds=40 + 35 * n), someone.email, "FAILURE", address))
        events.append(okta_event(at, someone.email, "SUCCESS", address))
    for burst in BURSTS:
        if not burst.server and parsed(burst.at).date() == day:
            for n in range(burst.failures):
                events.append(okta_event(parsed(burst.at) + timedelta(seconds=burst.seconds * n), burst.login, "FAILURE",
                                         burst.address, n))
    return "".join(line for _, line in sorted(events))


def okta_log(year, month):
    return Lines(okta_day(day) for day in month_days(year, month))


def sshd_log(year, month):
    """The server for administrators: its own messages, keys that were accepted, and the strangers who knock."""
    draw = random.Random(f"{SEED}/sshd/{year}-{month}")
    lines = []

    def add(at, text):
        lines.append((at, f"{iso(at)[:-1]}+00:00 bastion sshd[{20000 + len(lines) * 7 + month * 1000}]: {text}\n"))

    for day in month_days(year, month):
        if day.day == 1:
            add(moment(day, 4, 0, 2), "Server listening on 0.0.0.0 port 22.")
        for name in ("Ruben Ashdowne", "Sunniva Achterberg", "Nadia Stormont"):
            if person(name).present(day) and draw.random() < 0.2:
                user = name.split(" ")[0].lower()
                add(moment(day, draw.randint(9, 16), draw.randint(0, 59), draw.randint(0, 59)),
                    f"Accepted publickey for {user} from 198.51.100.{draw.randint(20, 59)} "
                    f"port {draw.randint(40000, 60000)} ssh2: ED25519 "
                    "SHA256:" + hashlib.sha1(user.encode()).hexdigest()[:20])
        if draw.random() < 0.3:
            at = moment(day, draw.randint(0, 23), draw.randint(0, 58), draw.randint(0, 50))
            user = draw.choice(("admin", "test", "oracle", "ubuntu"))
            address = f"203.0.113.{draw.randint(2, 250)} port {draw.randint(40000, 60000)}"
            add(at, f"Invalid user {user} from {address}")
            add(at + timedelta(seconds=1), f"Failed password for invalid user {user} from {address} ssh2")
            add(at + timedelta(seconds=4),
                f"message repeated 2 times: [ Failed password for invalid user {user} from {address} ssh2]")
    for burst in BURSTS:
        at = parsed(burst.at)
        if burst.server and (at.year, at.month) == (year, month):
            add(at, f"Failed password for invalid user {burst.login} from {burst.address} port 50822 ssh2")
            add(at + timedelta(seconds=burst.seconds * (burst.failures - 1)),
                f"message repeated {burst.failures - 1} times: [ Failed password for invalid user {burst.login} from "
                f"{burst.address} port 50822 ssh2]")
    return "".join(line for _, line in sorted(lines))


# -- Scans and checks --

class Flaw(NamedTuple):
    number: str
    image: str
    package: str
    installed: str
    fixed: str
    severity: str
    first: str
    last: str


# Neither the packages nor the vulnerabilities exist.
FLAWS = [
    Flaw("CVE-2025-990003", "bookings", "tern-http", "4.2.0", "4.2.1", "HIGH", "2025-01-10", "2025-01-24"),
    Flaw("CVE-2025-990005", "bookings", "libmossz", "1.11.2", "", "MEDIUM", "2025-01-03", "2025-07-25"),
    Flaw("CVE-2025-990008", "bookings-worker", "quartz-yaml", "0.9.4", "0.9.5", "CRITICAL", "2025-02-14", "2025-02-14"),
    Flaw("CVE-2025-990011", "bookings-worker", "tern-http", "4.2.1", "4.3.0", "MEDIUM", "2025-03-07", "2025-05-02"),
    Flaw("CVE-2025-990014", "bookings", "libquill", "2.0.6", "2.0.7", "HIGH", "2025-04-18", "2025-06-06"),
    Flaw("CVE-2025-990017", "bookings", "sedge-json", "3.1.0", "3.1.2", "LOW", "2025-05-09", "2025-08-15"),
    Flaw("CVE-2025-990022", "bookings-worker", "libquill", "2.0.7", "2.0.8", "HIGH", "2025-07-11", "2025-07-25"),
    Flaw("CVE-2025-990026", "bookings", "tern-http", "4.3.0", "4.3.1", "CRITICAL", "2025-09-05", "2025-09-05"),
    Flaw("CVE-2025-990031", "bookings", "libmossz", "1.12.0", "1.12.1", "MEDIUM", "2025-10-17", "2025-11-28"),
    Flaw("CVE-2025-990034", "bookings-worker", "quartz-yaml", "0.9.5", "", "LOW", "2025-10-03", "2025-12-26"),
    Flaw("CVE-2025-990037", "bookings", "sedge-json", "3.1.2", "3.2.0", "HIGH", "2025-12-12", "2025-12-26"),
]
IMAGES = ["bookings", "bookings-worker"]


def last_day(flaw):
    if flaw.number == "CVE-2025-990014" and not placed.on("overdue-vulnerability"):
        return date(2025, 5, 9)
    return date.fromisoformat(flaw.last)


def trivy(image, day):
    found = [flaw for flaw in FLAWS if flaw.image == image and date.fromisoformat(flaw.first) <= day <= last_day(flaw)]
    name = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{image}:{day.year}.{day.isocalendar()[1]:02}"
    result = {"Target": f"{image} (debian 12.9)", "Class": "os-pkgs", "Type": "debian"}
    if found:
        result["Vulnerabilities"] = [
            {"VulnerabilityID": flaw.number, "PkgName": flaw.package, "InstalledVersion": flaw.installed,
             **({"FixedVersion": flaw.fixed, "Status": "fixed"} if flaw.fixed else {"Status": "affected"}),
             "SeveritySource": "debian", "Severity": flaw.severity,
             "PublishedDate": iso(moment(date.fromisoformat(flaw.first) - timedelta(days=4), 17))} for flaw in found]
    return {"SchemaVersion": 2, "CreatedAt": iso(moment(day, 5, 10 + len(image) % 7)), "ArtifactName": name,
            "ArtifactType": "container_image", "Metadata": {"OS": {"Family": "debian", "Name": "12.9"}, "RepoTags": [name]},
            "Results": [result]}


PROWLER = ("AUTH_METHOD;TIMESTAMP;ACCOUNT_UID;ACCOUNT_NAME;ACCOUNT_EMAIL;ACCOUNT_ORGANIZATION_UID;ACCOUNT_ORGANIZATION_NAME;"
           "ACCOUNT_TAGS;FINDING_UID;PROVIDER;CHECK_ID;CHECK_TITLE;CHECK_TYPE;STATUS;STATUS_EXTENDED;MUTED;SERVICE_NAME;"
           "SUBSERVICE_NAME;SEVERITY;RESOURCE_TYPE;RESOURCE_UID;RESOURCE_NAME;RESOURCE_DETAILS;RESOURCE_TAGS;PARTITION;REGION;"
           "DESCRIPTION;RISK;RELATED_URL;REMEDIATION_RECOMMENDATION_TEXT;REMEDIATION_RECOMMENDATION_URL;"
           "REMEDIATION_CODE_NATIVEIAC;REMEDIATION_CODE_TERRAFORM;REMEDIATION_CODE_CLI;REMEDIATION_CODE_OTHER;COMPLIANCE;"
           "CATEGORIES;DEPENDS_ON;RELATED_TO;NOTES;PROWLER_VERSION;ADDITIONAL_URLS").split(";")
# Check, title, service, severity, resource, months in which it failed.
TRAIL = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/all"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
REPORTING = f"arn:aws:rds:{REGION}:{ACCOUNT}:db:reporting"
CHECKS = [
    ("cloudtrail_multi_region_enabled", "The trail covers all regions", "cloudtrail", "high", TRAIL, ()),
    ("cloudtrail_log_file_validation_enabled", "The trail's files are signed", "cloudtrail", "medium", TRAIL, ()),
    ("iam_root_mfa_enabled", "The root account has a second factor", "iam", "critical", ROOT, ()),
    ("iam_password_policy_minimum_length_14", "Passwords have fourteen characters", "iam", "medium",
     f"arn:aws:iam::{ACCOUNT}:password-policy", ()),
    ("s3_bucket_public_access", "The bucket is not public", "s3", "critical", "arn:aws:s3:::marlowquay-documents", ()),
    ("s3_bucket_public_access", "The bucket is not public", "s3", "critical", "arn:aws:s3:::marlowquay-evidence", ()),
    ("s3_bucket_server_access_logging_enabled", "Access to the bucket is logged", "s3", "medium",
     "arn:aws:s3:::marlowquay-documents", (6, 7)),
    ("rds_instance_storage_encrypted", "The database is encrypted", "rds", "high", REPORTING, ()),
    ("rds_instance_no_public_access", "The database cannot be reached from outside", "rds", "critical", REPORTING, ()),
    ("ec2_securitygroup_default_restrict_traffic", "The default group lets nothing through", "ec2", "high",
     f"arn:aws:ec2:{REGION}:{ACCOUNT}:security-group/sg-0d1", (2,)),
    ("guardduty_is_enabled", "GuardDuty is on", "guardduty", "medium",
     f"arn:aws:guardduty:{REGION}:{ACCOUNT}:detector/d1", ()),
    ("ec2_instance_managed_by_ssm", "The machine is managed", "ec2", "low",
     f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-0b7", "always"),
    ("account_maintain_current_contact_details", "Contact details are current", "account", "medium", ROOT, "manual"),
]


def prowler(day):
    rows = []
    for n, (check, title, service, severity, resource, failed) in enumerate(CHECKS):
        status = "MANUAL" if failed == "manual" else "FAIL" if failed == "always" or day.month in failed else "PASS"
        values = {"AUTH_METHOD": "profile: audit", "TIMESTAMP": f"{day} 05:30:00.000000", "ACCOUNT_UID": ACCOUNT,
                  "FINDING_UID": f"prowler-aws-{check}-{ACCOUNT}-{REGION}-{n}", "PROVIDER": "aws", "CHECK_ID": check,
                  "CHECK_TITLE": title, "STATUS": status, "MUTED": str(failed == "always"), "SERVICE_NAME": service,
                  "SEVERITY": severity, "RESOURCE_UID": resource, "PARTITION": "aws", "REGION": REGION,
                  "PROWLER_VERSION": "5.4.0"}
        rows.append(";".join(values.get(name, "") for name in PROWLER))
    return "\n".join([";".join(PROWLER)] + rows) + "\n"


# -- Logs --

LOGS = [
    # log, system, category, events, days, owner's title
    ("okta-system-log", "Okta", "authentication", "sign-in,failed-sign-in,factor-change", 400, "Head of Security"),
    ("okta-system-log", "Okta", "access-control", "grant,revocation", 800, "Head of Security"),
    ("bastion-sshd", "Bastion", "authentication", "sign-in,failed-sign-in", 400, "Head of Platform"),
    ("cloudtrail", "AWS", "system-changes", "configuration-change,key-use", 1200, "Head of Platform"),
    ("cloudtrail-iam", "AWS", "access-control", "grant,revocation,privileged-use", 1200, "Head of Platform"),
    ("github-audit", "GitHub", "system-changes", "deployment,rule-change", 1200, "Head of Engineering"),
    ("database-audit", "Aurora", "data-access", "session,statement", 400, "Head of Platform"),
    ("vpc-flow", "AWS", "network", "flow", 90, "Head of Platform"),
]


def log_sources(quarter):
    last = quarter_days(quarter)[-1]
    rows = []
    for name, system, category, events, kept, title in LOGS:
        chance = chances(f"log-source/{name}/{quarter}")
        rows.append([name, system, category, events, kept, iso(moment(last, 20 + chance[0] % 3, chance[1] % 60)),
                     holder(title).email])
    return sheet(["log_source", "system", "category", "events", "kept_days", "last_event_at", "owner"], rows)


def validation(year, month):
    days = month_days(year, month)
    following = days[-1] + timedelta(days=1)
    digests = len(days) * 24
    files = digests * 3 + chances(f"trail-files/{month}")[0] % 200
    return (f"Validating log files for trail arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/all between "
            f"{iso(moment(days[0]))} and {iso(moment(following))}\n\n"
            f"Results requested for {iso(moment(days[0]))} to {iso(moment(following))}\n"
            f"Results found for {iso(moment(days[0], 0, 12, 31))} to {iso(moment(days[-1], 23, 12, 31))}:\n\n"
            f"{digests}/{digests} digest files valid\n{files}/{files} log files valid\n")


# -- Playbooks --

PLAYBOOKS = {
    "playbook-data-breach": ("Playbook: breach of data",
                             "Close the way out, keep the logs, find out whose data were seen. The Data Protection Officer "
                             "decides within 24 hours whether the authority is told; clinics are told in any case."),
    "playbook-ransomware": ("Playbook: extortion by encryption",
                            "Take machines off the network without switching them off. Nothing is paid. Restore from the "
                            "copies that cannot be changed, into a new account, and change every secret first."),
    "playbook-insider-threat": ("Playbook: an insider who turns against us",
                                "The Head of People and the Head of Security decide together. Rights are taken away before "
                                "the talk, not after it; what the person did in the last ninety days is gone through."),
    "playbook-denial-of-service": ("Playbook: an attack that floods the service",
                                   "Switch the strict rules of the edge on, call the hosting provider, serve the page "
                                   "that needs no database, and tell customers on the status page every half hour."),
}


def playbook(name, quarter):
    title, text = PLAYBOOKS[name]
    renewed = quarter in ("2025-Q3", "2025-Q4")
    version, approved = ("3.0", "2025-08-27") if renewed else ("2.1", "2024-09-04")
    sidecar = {"document": name, "title": title, "category": "plan", "version": version,
               "owner": holder("Head of Security").email, "approved_by": holder("Managing Director").email,
               "approved_at": approved}
    if renewed:
        sidecar.update(replaces="2.1", replaces_approved_at="2024-09-04")
    return f"# {title}\n\nVersion {version}, Marlowquay Ltd (an invented company)\n\n{text}\n", sidecar


def files(draw):
    assert YEAR == 2025 and draw is not None
    for year, month in MONTHS:
        name, last = f"{year}-{month:02}", month_days(year, month)[-1]
        kept = {"collected_by": "export job", "collected_at": iso(moment(last, 6))}
        yield f"prometheus/rules-{last}.yaml", rules_text(), kept
        yield f"prometheus/alertmanager-{last}.yaml", ROUTES, kept
        yield f"alerts/alerts-{name}.ndjson", alert_log(month), None
        yield f"alerts/triage-{name}.csv", triage(month), None
        yield f"pagerduty/incidents-{name}.json", pagerduty(month), None
        yield f"incidents/reports-{name}.csv", report_sheet(month), None
        yield f"grafana/service-levels-{name}.csv", service_levels(year, month), None
        yield f"statuspage/incidents-{name}.json", status_notices(month), None
        yield f"siem/events-{name}.csv", security_events(month), None
        yield f"okta/system-log-{name}.ndjson", okta_log(year, month), None
        yield f"bastion/sshd-{name}.log", sshd_log(year, month), None
        yield f"prowler/findings-{last}.csv", prowler(last), None
        yield f"aws/validate-logs-{name}.log", validation(year, month), None
    for day in FRIDAYS:
        for image in IMAGES:
            yield f"trivy/{image}-{day}.json", trivy(image, day), None
    for quarter in QUARTERS:
        yield f"logs/sources-{quarter}.csv", log_sources(quarter), {"collected_by": "Kofi Branscombe", "records": len(LOGS)}
        for name in PLAYBOOKS:
            text, sidecar = playbook(name, quarter)
            yield f"documents/{name}-{quarter}.md", text, sidecar
