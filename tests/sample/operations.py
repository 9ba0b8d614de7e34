"""Exports of a running system: incidents, the audit trail, backups, restore tests and documents."""

import hashlib
from datetime import date, timedelta

from company import ACCOUNT, FELIX, MONTHS, PEOPLE, REGION, iso, moment
from identity import FELIX_CLOSED, sheet

# Raised (UTC), urgency, minutes to the acknowledgement (None: ended by itself), minutes to the end, title.
INCIDENTS = [
    ("2025-10-04 22:41", "high", 4, 38, "Bookings API answers slowly"),
    ("2025-10-09 07:12", "low", 35, 190, "Certificate of the staging site ends soon"),
    ("2025-10-15 13:55", "high", 2, 61, "Error rate of payments above 2%"),
    ("2025-10-28 03:20", "high", 9, 47, "Replica lags behind"),
    ("2025-11-06 10:02", "low", 18, 75, "Disk of the build machine is filling up"),
    ("2025-11-23 03:12", "high", 42, 128, "Bookings site cannot be reached"),
    ("2025-11-25 17:34", "high", 3, 34, "Deployment of bookings failed"),
    ("2025-11-27 18:26", "high", None, 4, "Health check missed"),
    ("2025-12-03 20:58", "high", 6, 95, "Import queue stands still"),
    ("2025-12-10 09:15", "low", 50, 240, "Old client version still in use"),
    ("2025-12-18 16:49", "high", 5, 33, "Reminders are sent twice"),
]
ON_CALL = ["Ruben Ashdowne", "Sunniva Achterberg", "Callum Oyelaran"]
RESOURCES = [
    (f"arn:aws:rds:{REGION}:{ACCOUNT}:cluster:bookings-main", "Aurora", 48318382080),
    (f"arn:aws:rds:{REGION}:{ACCOUNT}:db:reporting", "RDS", 12884901888),
    ("arn:aws:s3:::marlowquay-documents", "S3", 7516192768),
]
FAILED_DAY, UNKNOWN_DAY = date(2025, 10, 29), date(2025, 12, 9)
RESTORES = ["test_id", "resource", "started_at", "finished_at", "integrity", "tester", "backup_job_id", "note"]
DOCUMENTS = [
    # document, title, category, version, owner, approver, approved
    ("security-policy", "Information security policy", "policy", "5.0", "noor.castellane", "ottoline.varga",
     "2025-04-14"),
    ("access-policy", "Access policy", "policy", "3.2", "noor.castellane", "ottoline.varga", "2025-04-14"),
    ("change-policy", "Change policy", "policy", "2.1", "imani.thorsby", "ottoline.varga", "2025-05-20"),
    ("incident-plan", "Incident plan", "plan", "4.0", "callum.oyelaran", "benedikt.szarvas", "2025-06-03"),
    ("backup-policy", "Backup and recovery policy", "policy", "2.0", "callum.oyelaran", "benedikt.szarvas",
     "2025-02-11"),
    ("risk-review", "Minutes of the risk review, fourth quarter of 2025", "record", "1", "benedikt.szarvas",
     "ottoline.varga", "2025-12-16"),
]
TEXTS = {
    "security-policy":
        "Everybody at Marlowquay keeps what clinics entrust to us safe: we ask for two factors, give access by role, "
        "take it back when a role ends, and report what looks wrong on the same day.",
    "access-policy":
        "Access is asked for by the line manager, given by IT, reviewed every quarter by the system's owner, and taken "
        "back on the last working day.",
    "change-policy":
        "Every change is proposed as a pull request, approved by somebody who did not write it, tested by machine, and "
        "deployed by the pipeline.",
    "incident-plan":
        "One engineer is on call, a second stands behind. Urgent incidents are acknowledged within fifteen minutes and "
        "written up when they are over.",
    "backup-policy":
        "Production data are copied every night into another region. Once a quarter each resource is restored and its "
        "data are compared.",
    "risk-review":
        "Present: O. Varga, B. Szarvas, N. Castellane, C. Oyelaran, I. Thorsby, P. Lindqvale. Twelve risks were gone "
        "through; two grew (one supplier for text messages, few people on call). Each has an owner and a date. The "
        "late acknowledgement of 23 November was discussed.",
}


def pagerduty(month):
    incidents = []
    for n, (raised, urgency, ack, end, title) in enumerate(INCIDENTS):
        day, clock = raised.split(" ")
        at = moment(date.fromisoformat(day), int(clock[:2]), int(clock[3:]))
        if at.month != month:
            continue
        ident = f"Q{n + 17:02}MQ7H2KD"
        person = ON_CALL[n % 2]
        log = [("trigger_log_entry", 0, "Monitoring"), ("assign_log_entry", 0, "Escalation policy"),
               ("notify_log_entry", 0, person)]
        if ack is not None and ack > 15 and urgency == "high":
            log += [("escalate_log_entry", 15, "Escalation policy"), ("notify_log_entry", 15, ON_CALL[2]),
                    ("escalate_log_entry", 30, "Escalation policy")]
        if ack is not None:
            log.append(("acknowledge_log_entry", ack, person))
        log.append(("resolve_log_entry", end, person if ack is not None else "Monitoring"))
        if urgency == "high":
            log.append(("annotate_log_entry", end + 130, person))
        entries = [{"id": f"R{n + 10:02}{step:02}MQLOG", "type": kind,
                    "created_at": iso(at + timedelta(minutes=minutes)),
                    "agent": {"type": "user_reference", "summary": who}}
                   for step, (kind, minutes, who) in enumerate(log)]
        incidents.append({"id": ident, "type": "incident", "incident_number": 611 + n, "title": title,
                          "created_at": iso(at), "status": "resolved", "urgency": urgency,
                          "service": {"id": "PMQBOOK", "type": "service_reference", "summary": "Bookings"},
                          "assignments": [], "acknowledgements": [],
                          "last_status_change_at": iso(at + timedelta(minutes=end)),
                          "resolved_at": iso(at + timedelta(minutes=end)), "log_entries": entries})
    return {"incidents": incidents, "limit": 100, "offset": 0, "more": False, "total": None}


def trail_event(ident, at, identity, source, name, kind, **more):
    return {"eventVersion": "1.10", "userIdentity": identity, "eventTime": iso(at), "eventSource": source,
            "eventName": name, "awsRegion": REGION, "sourceIPAddress": more.pop("address", "198.51.100.24"),
            "eventID": ident, "eventType": kind, "recipientAccountId": ACCOUNT, **more}


def trail(year, month, draw):
    events = []
    day = date(year, month, 1)

    def ident():
        text = hashlib.sha1(f"{year}-{month}-{len(events)}".encode()).hexdigest()
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:32]}"

    while day.month == month:
        for person in (p for p in PEOPLE if p.aws and p is not FELIX and day.weekday() < 5):
            if draw.random() < 0.25:
                arn = f"arn:aws:iam::{ACCOUNT}:user/{person.email}"
                events.append(trail_event(
                    ident(), moment(day, draw.randint(8, 16), draw.randint(0, 59)),
                    {"type": "IAMUser", "arn": arn, "accountId": ACCOUNT, "userName": person.email},
                    "signin.amazonaws.com", "ConsoleLogin", "AwsConsoleSignIn", readOnly=False,
                    responseElements={"ConsoleLogin": "Success"}, additionalEventData={"MFAUsed": "Yes"}))
        role = {"type": "AssumedRole", "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/pipeline/run", "accountId": ACCOUNT}
        for hour, source, name in ((6, "sts.amazonaws.com", "GetCallerIdentity"),
                                   (14, "ecs.amazonaws.com", "UpdateService")):
            events.append(trail_event(ident(), moment(day, hour, draw.randint(0, 59)), role, source, name, "AwsApiCall",
                                      readOnly=hour == 6))
        service = {"type": "AWSService", "invokedBy": "backup.amazonaws.com"}
        events.append(trail_event(ident(), moment(day, 2, 5), service,
                                  "backup.amazonaws.com", "BackupJobCompleted", "AwsServiceEvent",
                                  address="backup.amazonaws.com"))
        day += timedelta(days=1)
    closed = date(year, month, 5)
    if closed == FELIX_CLOSED:
        person = next(p for p in PEOPLE if p.name == "Callum Oyelaran")
        events.append(trail_event(ident(), moment(closed, 11, 31),
                                  {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/{person.email}"},
                                  "iam.amazonaws.com", "DeleteLoginProfile", "AwsApiCall", readOnly=False,
                                  requestParameters={"userName": FELIX.email}))
    return {"Records": sorted(events, key=lambda event: event["eventTime"])}


def backup_job(day, resource, hour, state, draw, message=None):
    arn, kind, size = resource
    at = moment(day, hour, draw.randint(0, 20), draw.randint(0, 59)).timestamp() + draw.randint(0, 999) / 1000
    job = {"BackupJobId": hashlib.md5(f"{arn}{day}{hour}".encode()).hexdigest().upper()[:26],
           "AccountId": ACCOUNT, "BackupVaultName": "production", "ResourceArn": arn, "ResourceType": kind,
           "CreationDate": at, "State": state, "PercentDone": "100.0" if state == "COMPLETED" else "0.0"}
    if state in ("COMPLETED", "FAILED"):
        job["CompletionDate"] = round(at + draw.randint(400, 2400), 3)
    if state == "COMPLETED":
        job["BackupSizeInBytes"] = size + (day - date(2025, 10, 1)).days * 4194304
    if message:
        job["StatusMessage"] = message
    return job


def backups(year, month, draw):
    jobs = []
    day = date(year, month, 1)
    while day.month == month:
        for n, resource in enumerate(RESOURCES):
            if n == 0 and day == FAILED_DAY:
                jobs.append(backup_job(day, resource, 1, "FAILED", draw, "The cluster was being modified"))
                jobs.append(backup_job(day, resource, 9, "COMPLETED", draw))
            elif n == 1 and day == UNKNOWN_DAY:
                jobs.append(backup_job(day, resource, 1, "SUSPENDED", draw))
            else:
                jobs.append(backup_job(day, resource, 1, "COMPLETED", draw))
        day += timedelta(days=1)
    return {"BackupJobs": jobs}


def restores():
    rows = []
    for n, (resource, minutes) in enumerate(zip(RESOURCES, (96, 41, 63))):
        at = moment(date(2025, 11, 18 + n), 9, 30)
        rows.append([f"RT-2025-{n + 14}", resource[0], iso(at), iso(at + timedelta(minutes=minutes)), "ok",
                     "sunniva.achterberg@example.com", "", "row counts and checksums compared"])
    return sheet(RESTORES, rows)


def document(entry):
    name, title, category, version, owner, approver, approved = entry
    text = f"# {title}\n\nVersion {version}, Marlowquay Ltd (an invented company)\n\n{TEXTS[name]}\n"
    return text, {"document": name, "title": title, "category": category, "version": version,
                  "owner": f"{owner}@example.com", "approved_by": f"{approver}@example.com", "approved_at": approved}


def files(draw):
    for year, month in MONTHS:
        name = f"{year}-{month:02}"
        yield f"pagerduty/incidents-{name}.json", pagerduty(month), None
        yield f"aws/cloudtrail-{name}.json", trail(year, month, draw), None
        jobs = backups(year, month, draw)
        yield f"aws/backup-jobs-{name}.json", jobs, {"collected_by": "export job", "records": len(jobs["BackupJobs"])}
    yield "restore/restore-tests-2025-Q4.csv", restores(), {"collected_by": "Sunniva Achterberg", "records": 3}
    for entry in DOCUMENTS:
        text, sidecar = document(entry)
        yield f"documents/{entry[0]}-2025-Q4.md", text, sidecar
