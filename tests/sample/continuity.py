"""Exports about going on: backups, copies, restores, capacity, exercises, vendors, laptops, malware and the inventory."""

import hashlib
import json
import random
from datetime import date, timedelta
from typing import NamedTuple

import placed
from company import (ACCOUNT, BY_NUMBER, HOLIDAYS, MONTHS, QUARTERS, REGION, RESOURCES, SEED, VENDORS, days, everyone,
                     iso, moment, month_days, person, quarter_days, sheet)

MAIN, REPORTING, DOCUMENTS, EVIDENCE = RESOURCES
LEDGER = "billing-ledger"  # on PostgreSQL servers of our own, saved by pgBackRest
OFFSITE_REGION = "eu-central-1"
# When the registers are exported: on a Friday before the end of each quarter.
REGISTER_DAYS = [date(2025, 3, 28), date(2025, 6, 27), date(2025, 9, 26), date(2025, 12, 19)]
UNKNOWN_DAY = date(2025, 12, 9)
MISSED = ("Quillpost", "2025-Q3")

PLACED = [
    placed.Placed(
        "unknown-backup-state", "AWS Backup named a state that it does not document",
        [("2025-Q4", "A1.2-01.1", f"{REPORTING.arn} on {UNKNOWN_DAY}", "undetermined", "aws/backup-jobs-2025-12.json")],
        "`aws/backup-jobs-2025-12.json`, record 34: `SUSPENDED`; the disposition says that it was looked at"),
    placed.Placed(
        "vendor-review-missed", "nobody reviewed the vendor that sends mail and text messages in the third quarter",
        [("2025-Q3", "CC9.2-02.1", f"{MISSED[0]} in {MISSED[1]}", "exception", f"vendors/register-{REGISTER_DAYS[2]}.csv")],
        "`vendors/reviews-2025-Q3.csv`: Quillpost is not in it, and the register has it as of high importance"),
]


def email(number):
    return BY_NUMBER[number].email


def month_end(year, month):
    """When the exports of a month are made: in the morning after it."""
    return moment(month_days(year, month)[-1] + timedelta(days=1), 5, 10)


def month_sidecar(year, month, records):
    return {"collected_by": "export job", "collected_at": iso(month_end(year, month)), "records": records}


# -- Backups --

# Jobs that failed and were started again the same morning: nothing to find.
FAILURES = {
    (date(2025, 3, 11), DOCUMENTS): "The bucket could not be reached",
    (date(2025, 6, 5), EVIDENCE): "The role could not be assumed",
    (date(2025, 7, 22), REPORTING): "The instance was being modified",
    (date(2025, 10, 29), MAIN): "The cluster was being modified",
}


def job_id(resource, day, hour):
    return hashlib.md5(f"{resource.arn}{day}{hour}".encode()).hexdigest().upper()[:26]


def job(resource, day, hour, state, message=None):
    draw = random.Random(f"{SEED}/backup/{resource.name}/{day}/{hour}")
    at = moment(day, hour, draw.randint(0, 20), draw.randint(0, 59)).timestamp() + draw.randint(0, 999) / 1000
    made = {"BackupJobId": job_id(resource, day, hour), "BackupVaultName": "production", "ResourceArn": resource.arn,
            "ResourceType": resource.kind, "CreationDate": at, "State": state}
    if state in ("COMPLETED", "FAILED"):
        made["CompletionDate"] = round(at + draw.randint(400, 2400), 3)
    if state == "COMPLETED":
        made["BackupSizeInBytes"] = resource.size + (day - date(2025, 1, 1)).days * 4194304
    if message:
        made["StatusMessage"] = message
    return made


def backup_jobs(year, month):
    jobs = []
    for day in month_days(year, month):
        for resource in RESOURCES:
            if (day, resource) in FAILURES:
                jobs.append(job(resource, day, 1, "FAILED", FAILURES[day, resource]))
                jobs.append(job(resource, day, 9, "COMPLETED"))
            elif day == UNKNOWN_DAY and resource is REPORTING and placed.on("unknown-backup-state"):
                jobs.append(job(resource, day, 1, "SUSPENDED"))
            else:
                jobs.append(job(resource, day, 1, "COMPLETED"))
    return jobs


def vault(region, name):
    return f"arn:aws:backup:{region}:{ACCOUNT}:backup-vault:{name}"


def copy_job(resource, day, hour, state, message=None):
    draw = random.Random(f"{SEED}/copy/{resource.name}/{day}")
    at = moment(day, hour, draw.randint(0, 40), draw.randint(0, 59)).timestamp() + draw.randint(0, 999) / 1000
    ident = hashlib.md5(f"copy {resource.arn}{day}".encode()).hexdigest()
    made = {"AccountId": ACCOUNT, "CopyJobId": f"{ident[:8]}-{ident[8:12]}-4{ident[13:16]}-8{ident[17:20]}-{ident[20:]}".upper(),
            "SourceBackupVaultArn": vault(REGION, "production"), "DestinationBackupVaultArn": vault(OFFSITE_REGION, "offsite"),
            "ResourceArn": resource.arn, "ResourceType": resource.kind, "CreationDate": at,
            "CompletionDate": round(at + draw.randint(2000, 9000), 3), "State": state,
            "CreatedByBackupJobId": job_id(resource, day, 1)}
    if state == "COMPLETED":
        made["BackupSizeInBytes"] = resource.size + (day - date(2025, 1, 1)).days * 4194304
    if message:
        made["StatusMessage"] = message
    return made


def copy_jobs(year, month):
    """On the first of the month; in the middle of each quarter one copy failed and was made the next day."""
    first = date(year, month, 1)
    jobs = []
    for resource in RESOURCES:
        if resource is DOCUMENTS and month % 3 == 2:
            jobs.append(copy_job(resource, first, 3, "FAILED", "The destination vault was throttled"))
            jobs.append(copy_job(resource, first + timedelta(days=1), 3, "COMPLETED"))
        else:
            jobs.append(copy_job(resource, first, 3, "COMPLETED"))
    return sorted(jobs, key=lambda made: made["CreationDate"])


SYSTEM = 7391264518302945711


def ledger_label(day):
    """pgBackRest names a backup by when it began, an incremental one by its full one first."""
    sunday = day - timedelta(days=(day.weekday() + 1) % 7)
    full = f"{sunday:%Y%m%d}-013000F"
    return full if day == sunday else f"{full}_{day:%Y%m%d}-013000I"


def ledger_run(day):
    """As the column `run` of the evidence type has it."""
    return f"{LEDGER} repository 1 {ledger_label(day)}"


def ledger_backup(key, label, at, kind, prior):
    draw = random.Random(f"{SEED}/ledger/{label}/{key}")
    size = 9663676416 + (at.date() - date(2025, 1, 1)).days * 6291456
    delta = size if kind == "full" else draw.randint(60, 240) * 1048576
    segment = f"{(at.date() - date(2024, 1, 1)).days * 3:024X}"
    return {"archive": {"start": segment, "stop": segment}, "backrest": {"format": 5, "version": "2.53"},
            "database": {"id": 1, "repo-key": key}, "error": False,
            "info": {"delta": delta, "repository": {"delta": delta // 3}, "size": size}, "label": label, "prior": prior,
            "timestamp": {"start": int(at.timestamp()), "stop": int(at.timestamp()) + draw.randint(90, 900)}, "type": kind}


def ledger_info(key, backups):
    return [{"archive": [{"database": {"id": 1, "repo-key": key}, "id": "16-1",
                          "max": backups[-1]["archive"]["stop"], "min": backups[0]["archive"]["start"]}],
             "backup": backups, "cipher": "aes-256-cbc",
             "db": [{"id": 1, "repo-key": key, "system-id": SYSTEM, "version": "16"}], "name": LEDGER,
             "repo": [{"cipher": "aes-256-cbc", "key": key, "status": {"code": 0, "message": "ok"}}],
             "status": {"code": 0, "lock": {"backup": {"held": False}}, "message": "ok"}}]


def info_text(info):
    """A stanza, and each of its backups, on a line of its own."""
    stanza = dict(info[0])
    backups = stanza.pop("backup")
    lines = ",\n".join(json.dumps(backup, separators=(",", ":")) for backup in backups)
    return f'[{json.dumps(stanza, separators=(",", ":"))[:-1]},"backup":[\n{lines}\n]}}]\n'


def ledger_local(year, month):
    """What the repository in the same region got in the month: a full backup each Sunday, an incremental one each other day."""
    return ledger_info(1, [
        ledger_backup(1, ledger_label(day), moment(day, 1, 30), "full" if day.weekday() == 6 else "incr",
                      None if day.weekday() == 6 else ledger_label(day - timedelta(days=1))) for day in month_days(year, month)])


def ledger_offsite(year, month):
    """What the repository in the other region got in the month: a full backup on the first."""
    first = date(year, month, 1)
    return ledger_info(2, [ledger_backup(2, f"{first:%Y%m%d}-040000F", moment(first, 4), "full", None)])


# -- Restores --

RESTORES = ["test_id", "resource", "started_at", "finished_at", "integrity", "functionality", "isolated", "tester",
            "backup_job_id", "note"]
RESTORE_STARTS = [date(2025, 2, 17), date(2025, 5, 19), date(2025, 8, 18), date(2025, 11, 17)]
# Minutes that the restores took, quarter by quarter. One came close to the four hours that were promised.
RESTORE_MINUTES = {
    MAIN.name: (91, 94, 232, 96), REPORTING.name: (38, 40, 44, 41), DOCUMENTS.name: (55, 61, 58, 63),
    EVIDENCE.name: (12, 14, 15, 17), LEDGER: (48, 47, 52, 49),
}
RESTORE_NOTES = {MAIN.name: ("", "", "the first machine was too small; begun again on a larger one within the same test", "")}


def restores(n):
    rows = []
    names = [(resource.name, resource.arn) for resource in RESOURCES] + [(LEDGER, LEDGER)]
    for step, (name, spelled) in enumerate(names):
        day = RESTORE_STARTS[n] + timedelta(days=step)
        at = moment(day, 9, 30)
        run = ledger_run(day) if name == LEDGER else job_id(RESOURCES[step], day, 1)
        tester = email("E1040") if "bookings" in name or name in (LEDGER, REPORTING.name) else email("E1008")
        note = RESTORE_NOTES.get(name, ("",) * 4)[n] or "row counts and checksums compared"
        rows.append([f"RT-2025-{n * len(names) + step + 1:02}", spelled, iso(at),
                     iso(at + timedelta(minutes=RESTORE_MINUTES[name][n])), "ok", "ok", "yes", tester, run, note])
    return rows


# -- Capacity --

# What is measured of what, and between which shares it moves.
METRICS = {
    "bookings-main": [("CPUUtilization", 34, 58)],
    "bookings-web": [("CPUUtilization", 28, 55)],
    LEDGER: [("disk_used_percent", None, None)],
}
ENLARGED = date(2025, 9, 2)  # the ledger's disk; over its limit since 11 August, decided on the 14th
BUSY = {date(2025, 1, 6): 86.4}  # the first day after the holidays; decided two days later
DECISIONS = ["action_id", "resource", "measure", "decided_at", "decided_by", "plan", "due_at", "done_at"]
DECIDED = [
    ("CA-2024-02", "bookings-web", "cpu", date(2024, 10, 14), "E1004", "two more tasks", date(2024, 10, 31),
     date(2024, 10, 21)),
    ("CA-2025-01", "bookings-main", "cpu", date(2025, 1, 8), "E1004",
     "nothing: one day a year, and clinics felt nothing of it", None, date(2025, 1, 8)),
    ("CA-2025-02", LEDGER, "storage", date(2025, 8, 14), "E1040", "enlarge the volume by half", date(2025, 9, 5), ENLARGED),
    ("CA-2025-03", "bookings-main", "cpu", date(2025, 11, 20), "E1004",
     "the next larger machine before the first day after the holidays", date(2026, 1, 2), None),
]


def used(resource, label, low, high, day):
    draw = random.Random(f"{SEED}/capacity/{resource}/{label}/{day}")
    if label == "disk_used_percent":
        grown = 57.0 + (day - date(2025, 1, 1)).days * 0.1035
        return round(grown if day < ENLARGED else grown * 0.68, 1)
    if resource == "bookings-main" and day in BUSY:
        return BUSY[day]
    quiet = 14 if day.weekday() >= 5 or day in HOLIDAYS else 0
    return round(low + draw.random() * (high - low) - quiet, 1)


def measured(resource, year, month):
    lines = []
    for label, low, high in METRICS[resource]:
        points = [{"Timestamp": iso(moment(day)), "Unit": "Percent",
                   "ExtendedStatistics": {"p95": used(resource, label, low, high, day)}} for day in month_days(year, month)]
        lines.append(json.dumps({"Label": label, "Datapoints": points}, separators=(",", ":")) + "\n")
    return "".join(lines)


def decisions(day):
    return [[ident, resource, measure, decided, email(by), plan, due or "", done if done and done <= day else ""]
            for ident, resource, measure, decided, by, plan, due, done in DECIDED if decided <= day]


# -- Plans and exercises --

class Exercise(NamedTuple):
    kind: str
    scope: str
    lead: str
    day: date
    minutes: int
    result: str
    note: str = ""


EXERCISES = [
    Exercise("incident response", "data breach", "E1005", date(2025, 2, 12), 150, "passed", "counsel's number was missing"),
    Exercise("rollback", "marlowquay/bookings", "E1032", date(2025, 2, 19), 24, "passed"),
    Exercise("rollback", "marlowquay/platform", "E1007", date(2025, 2, 20), 31, "passed"),
    Exercise("continuity", "continuity-plan", "E1002", date(2025, 5, 14), 180, "partly",
             "the list of telephone numbers was old; mended on 16 May"),
    Exercise("rollback", "marlowquay/bookings", "E1033", date(2025, 5, 21), 19, "passed"),
    Exercise("rollback", "marlowquay/platform", "E1008", date(2025, 5, 22), 28, "passed"),
    Exercise("incident response", "ransomware", "E1005", date(2025, 6, 11), 165, "passed"),
    Exercise("rollback", "marlowquay/platform", "E1007", date(2025, 8, 20), 26, "passed"),
    Exercise("rollback", "marlowquay/bookings", "E1032", date(2025, 8, 26), 22, "passed"),
    Exercise("disaster recovery", "recovery-plan", "E1004", date(2025, 9, 10), 205, "passed",
             "the service stood in eu-central-1 after three hours and 25 minutes"),
    Exercise("incident response", "insider threat", "E1005", date(2025, 9, 17), 140, "passed"),
    Exercise("rollback", "marlowquay/bookings", "E1033", date(2025, 11, 18), 21, "passed"),
    Exercise("rollback", "marlowquay/platform", "E1042", date(2025, 11, 19), 25, "passed"),
    Exercise("incident response", "denial of service", "E1005", date(2025, 12, 3), 120, "partly",
             "the provider's hotline was engaged; a second number was agreed"),
]
EXERCISE_LOG = ["exercise_id", "kind", "scope", "lead", "held_at", "finished_at", "result", "report", "note"]
PLANS = ["plan", "title", "kind", "owner", "approved_by", "approved_at", "last_exercise", "last_exercised_at", "last_result"]
# Plan, title, kind, owner, approver, approvals, and the exercises before the year; those of the year are in EXERCISES.
PLAN_ROWS = [
    ("continuity-plan", "Continuity plan", "continuity", "E1002", "E1001", [date(2024, 4, 9), date(2025, 4, 2)],
     [("EX-2024-04", date(2024, 5, 22), "passed")]),
    ("recovery-plan", "Recovery plan", "disaster recovery", "E1004", "E1002", [date(2024, 6, 18), date(2025, 6, 11)],
     [("EX-2024-09", date(2024, 10, 2), "passed")]),
    ("rollback-bookings", "Rolling back bookings", "rollback", "E1003", "E1004", [date(2024, 9, 4), date(2025, 8, 28)],
     [("EX-2024-11", date(2024, 11, 20), "passed")]),
    ("rollback-platform", "Rolling back the platform", "rollback", "E1004", "E1003", [date(2024, 9, 4), date(2025, 8, 28)],
     [("EX-2024-12", date(2024, 11, 21), "passed")]),
]
PLAN_SCOPES = {"rollback-bookings": "marlowquay/bookings", "rollback-platform": "marlowquay/platform"}


def exercise_id(exercise):
    return f"EX-2025-{EXERCISES.index(exercise) + 1:02}"


def exercise_rows(quarter):
    within = quarter_days(quarter)
    rows = []
    for exercise in EXERCISES:
        if within[0] <= exercise.day <= within[-1]:
            at = moment(exercise.day, 13)
            rows.append([exercise_id(exercise), exercise.kind, exercise.scope, email(exercise.lead), iso(at),
                         iso(at + timedelta(minutes=exercise.minutes)), exercise.result,
                         f"exercises/{exercise_id(exercise).lower()}.md", exercise.note])
    return rows


def plan_rows(day):
    rows = []
    for plan, title, kind, owner, approver, approvals, before in PLAN_ROWS:
        held = before + [(exercise_id(exercise), exercise.day, exercise.result) for exercise in EXERCISES
                         if exercise.scope == PLAN_SCOPES.get(plan, plan)]
        last = [one for one in held if one[1] <= day][-1]
        approved = [one for one in approvals if one <= day][-1]
        rows.append([plan, title, kind, email(owner), email(approver), approved, *last])
    return rows


# -- Vendors --

REGISTER = ["vendor", "service", "status", "criticality", "access_level", "contract_type", "risks", "mitigation", "owner",
            "agreement_signed", "assessed_at", "personal_data", "clause_soc2_report", "clause_right_to_audit",
            "clause_data_protection", "clause_incident_notice"]


class Deal(NamedTuple):
    access: str
    contract: str
    risks: str
    mitigation: str
    signed: date
    assessed: tuple  # the days on which it was assessed


# What the register says beside what company.py knows. Everything said of a vendor is invented.
DEALS = {
    "Amazon Web Services": Deal("confidential", "customer agreement with data addendum", "loss of a region; misuse by its staff",
                                "copies in a second region; encryption with keys of our own", date(2019, 3, 4),
                                (date(2024, 5, 14), date(2025, 5, 13))),
    "Okta": Deal("administrative", "subscription", "somebody else signs in as one of us", "second factors; sessions end daily",
                 date(2020, 2, 17), (date(2024, 5, 15), date(2025, 5, 13))),
    "Google Workspace": Deal("confidential", "subscription with data addendum", "mail is read or lost",
                             "second factors; no clinic data in mail", date(2018, 6, 11), (date(2024, 6, 4), date(2025, 6, 3))),
    "GitHub": Deal("internal", "enterprise agreement", "code or secrets are stolen", "secrets live elsewhere; protected branches",
                   date(2020, 9, 28), (date(2024, 6, 4), date(2025, 6, 3))),
    "PagerDuty": Deal("metadata", "subscription", "nobody is called", "a second channel by telephone", date(2021, 1, 18),
                      (date(2024, 9, 10), date(2025, 9, 9))),
    "Quillpost": Deal("confidential", "subscription with data addendum", "addresses of pet owners leak; messages stop",
                      "only what a message needs is sent; a second supplier is prepared", date(2022, 3, 7),
                      (date(2024, 9, 11), date(2025, 9, 9))),
    "Tallowtree Payroll": Deal("confidential", "framework with data addendum", "salaries become known",
                               "two people can sign in; second factors", date(2020, 6, 15),
                               (date(2024, 11, 5), date(2025, 11, 4))),
    "Pennyfold": Deal("internal", "subscription", "books are lost", "monthly export", date(2019, 8, 5),
                      (date(2024, 11, 5), date(2025, 11, 4))),
    "Lanternloft": Deal("internal", "subscription", "lists of staff become known", "name and address only", date(2023, 1, 9),
                        (date(2024, 11, 6), date(2025, 11, 4))),
    "Brambleworks": Deal("none", "order", "strangers in the office", "screens are locked; no servers in the office",
                         date(2018, 2, 5), (date(2024, 11, 6), date(2025, 11, 4))),
}
FORMER = ["Cobblemail", "newsletters", "ended", "low", "none", "subscription", "", "", email("E1024"), date(2021, 4, 1),
          date(2024, 3, 12), "yes", "no", "no", "yes", "yes"]


def important(vendor):
    return vendor.criticality in ("critical", "high")


def register_rows(day):
    rows = []
    for vendor in VENDORS:
        deal = DEALS[vendor.name]
        full = "yes" if important(vendor) else "no"
        both = "yes" if important(vendor) or vendor.personal_data else "no"
        rows.append([vendor.name, vendor.service, "active", vendor.criticality, deal.access, deal.contract, deal.risks,
                     deal.mitigation, email(vendor.owner), deal.signed,
                     [assessed for assessed in deal.assessed if assessed <= day][-1],
                     "yes" if vendor.personal_data else "no", full, full, both, both])
    return rows + [FORMER]


REPORTS = ["vendor", "report", "kind", "auditor", "period_from", "period_until", "opinion", "exceptions", "exceptions_weighed",
           "gap_letter_until", "user_controls", "received_at", "read_by", "read_at"]
EXPECTED = ["vendor", "report", "reference", "expects", "our_controls", "not_needed_because", "confirmed_at"]


class Report(NamedTuple):
    ident: str
    begins: date
    ends: date
    received: date
    opinion: str = "unqualified"
    exceptions: int = 0
    weighed: str = ""


# Reports by vendor, and the ends of what its letters spoke for, by the register in which they appear first.
REPORTS_OF = {
    "Amazon Web Services": [
        Report("AWS-2024", date(2023, 10, 1), date(2024, 9, 30), date(2024, 11, 18)),
        Report("AWS-2025", date(2024, 10, 1), date(2025, 9, 30), date(2025, 11, 17), exceptions=1,
               weighed="one visit to a machine room was logged late; data are encrypted with our keys")],
    "Okta": [
        Report("OKTA-2024", date(2023, 10, 1), date(2024, 9, 30), date(2024, 11, 25)),
        Report("OKTA-2025", date(2024, 10, 1), date(2025, 9, 30), date(2025, 11, 24))],
    "Google Workspace": [
        Report("GWS-2024", date(2023, 4, 1), date(2024, 3, 31), date(2024, 5, 21)),
        Report("GWS-2025", date(2024, 4, 1), date(2025, 3, 31), date(2025, 5, 20))],
    "GitHub": [
        Report("GH-2024", date(2023, 4, 1), date(2024, 3, 31), date(2024, 6, 10)),
        Report("GH-2025", date(2024, 4, 1), date(2025, 3, 31), date(2025, 6, 9))],
    "PagerDuty": [
        Report("PD-2024", date(2023, 10, 1), date(2024, 9, 30), date(2024, 12, 2)),
        Report("PD-2025", date(2024, 10, 1), date(2025, 9, 30), date(2025, 12, 1))],
    "Quillpost": [
        Report("QP-2023", date(2023, 1, 1), date(2023, 12, 31), date(2024, 2, 19)),
        Report("QP-2024", date(2024, 1, 1), date(2024, 12, 31), date(2025, 2, 18), "qualified", 2,
               "leavers' accounts stayed open at the vendor; our data are deleted there after thirty days")],
    "Tallowtree Payroll": [
        Report("TP-2023", date(2023, 1, 1), date(2023, 12, 31), date(2024, 3, 4)),
        Report("TP-2024", date(2024, 1, 1), date(2024, 12, 31), date(2025, 3, 3))],
}
QUARTER_ENDS = [date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31), date(2025, 3, 31),
                date(2025, 6, 30), date(2025, 9, 30)]
# What the reports expect of their customers, and which controls of ours answer it.
COMMON = [
    ("accounts of people who leave are removed in time", "CC6.2-03", ""),
    ("sign-in is protected by a second factor", "CC6.1-01", ""),
    ("rights of users are reviewed", "CC6.3-03", ""),
]
SPECIAL = {
    "Amazon Web Services": [("backups are made and tried out", "A1.2-01 A1.3-01", ""),
                            ("the root account is kept safe", "CC6.1-04", ""),
                            ("machine rooms of the customer are locked", "", "we have no machine rooms")],
    "Quillpost": [("only addresses that may be written to are sent", "P2.1-01", "")],
    "GitHub": [("changes are reviewed before they are merged", "CC8.1-01", "")],
    "PagerDuty": [("people on call acknowledge in time", "CC7.3-01", "")],
}


def known_reports(vendor, day):
    return [report for report in REPORTS_OF[vendor] if report.received <= day]


def letter(report, newest, day):
    """Vendors write at the end of a quarter, and the letter comes a month later."""
    if report is not newest:
        return ""
    ends = [end for end in QUARTER_ENDS if report.ends < end <= day - timedelta(days=30)]
    return ends[-1] if ends else ""


def report_rows(day):
    rows = []
    for vendor, reports in REPORTS_OF.items():
        known = known_reports(vendor, day)
        for report in reports:
            if report in known:
                rows.append([vendor, report.ident, "SOC 2 type 2", "Harrowby & Lisle", report.begins, report.ends,
                             report.opinion, report.exceptions, report.weighed, letter(report, known[-1], day),
                             len(COMMON) + len(SPECIAL.get(vendor, [])), report.received, email("E1043"),
                             report.received + timedelta(days=9)])
    return rows


def expected_rows(day):
    """The newest report of each vendor."""
    rows = []
    for vendor in REPORTS_OF:
        report = known_reports(vendor, day)[-1]
        for n, (expects, ours, why) in enumerate(COMMON + SPECIAL.get(vendor, []), 1):
            rows.append([vendor, report.ident, f"CUEC-{n:02}", expects, ours, why, report.received + timedelta(days=9)])
    return rows


REVIEWS = ["review_id", "vendor", "reviewed_at", "reviewer", "result", "follow_up", "follow_up_owner", "follow_up_due"]
REVIEW_STARTS = [date(2025, 2, 4), date(2025, 5, 6), date(2025, 8, 5), date(2025, 11, 4)]
CONCERNS = {
    ("2025-Q1", "Quillpost"): ("ask when leavers' accounts are removed", "E1032", date(2025, 4, 30)),
    ("2025-Q4", "PagerDuty"): ("ask for the new list of subprocessors", "E1004", date(2025, 12, 12)),
}


def review_rows(n):
    quarter = QUARTERS[n]
    rows = []
    for step, vendor in enumerate(vendor for vendor in VENDORS if important(vendor)):
        if (vendor.name, quarter) == MISSED and placed.on("vendor-review-missed"):
            continue
        concern = CONCERNS.get((quarter, vendor.name))
        rows.append([f"VR-{quarter}-{step + 1:02}", vendor.name, REVIEW_STARTS[n] + timedelta(days=step // 3), email("E1043"),
                     "concerns" if concern else "satisfactory",
                     *((concern[0], email(concern[1]), concern[2]) if concern else ("", "", ""))])
    return rows


# -- Inventory and laptops --

ASSETS = ["asset_id", "name", "category", "status", "owner", "classification", "backed_up_as", "measured_as", "reviewed_at"]
ASSET_ROWS = [
    ("A-01", "bookings-main", "database", "E1040", "CONFIDENTIAL", MAIN.arn, "bookings-main"),
    ("A-02", "reporting", "database", "E1040", "CONFIDENTIAL", REPORTING.arn, ""),
    ("A-03", LEDGER, "database", "E1040", "CONFIDENTIAL", LEDGER, LEDGER),
    ("A-04", "marlowquay-documents", "storage", "E1033", "CONFIDENTIAL", DOCUMENTS.arn, ""),
    ("A-05", "marlowquay-evidence", "evidence store", "E1005", "INTERNAL", EVIDENCE.arn, ""),
    ("A-06", "bookings-web", "application", "E1032", "CONFIDENTIAL", "", "bookings-web"),
    ("A-07", "bookings-api", "application", "E1033", "CONFIDENTIAL", "", ""),
    ("A-08", "reminders", "application", "E1032", "CONFIDENTIAL", "", ""),
    ("A-09", "billing", "application", "E1033", "CONFIDENTIAL", "", ""),
    ("A-10", "status page", "application", "E1004", "PUBLIC", "", ""),
    ("A-11", "release pipeline", "pipeline", "E1004", "INTERNAL", "", ""),
    ("A-12", "network of the production account", "network", "E1007", "INTERNAL", "", ""),
    ("A-13", "laptops", "endpoints", "E1041", "CONFIDENTIAL", "", ""),
    ("A-14", "old search server", "application", "E1033", "INTERNAL", "", ""),
]
SEARCH_RETIRED = date(2025, 5, 30)
DEVICES = ["serial_number", "assigned_user", "os", "os_version", "os_supported", "status", "disk_encryption", "av_running",
           "av_signatures", "last_check_in"]
VERSIONS = {"macOS": [(date(2025, 1, 1), "15.2"), (date(2025, 5, 20), "15.5"), (date(2025, 10, 6), "26.0")],
            "Windows": [(date(2025, 1, 1), "11 24H2"), (date(2025, 11, 3), "11 25H2")]}
HANDED_BACK = timedelta(days=4)  # after the last working day, or the first day of a long absence


def asset_rows(day):
    """Owners confirm their lines in the week before the export."""
    rows = []
    for n, (ident, name, category, owner, level, backed_up, measured_as) in enumerate(ASSET_ROWS):
        retired = ident == "A-14" and day >= SEARCH_RETIRED
        confirmed = SEARCH_RETIRED if retired else day - timedelta(days=3 + n % 3)
        rows.append([ident, name, category, "retired" if retired else "in use", email(owner), level, backed_up, measured_as,
                     confirmed])
    return rows


def serial(someone):
    return hashlib.md5(f"laptop {someone.number}".encode()).hexdigest().upper()[:10]


def device_rows(day):
    rows = []
    for someone in everyone():
        if someone.hired > day:
            continue
        system = "Windows" if someone.department in ("Finance", "Sales", "Legal") else "macOS"
        version = [name for since, name in VERSIONS[system] if since <= day][-1]
        gone = someone.ended or someone.leave
        if gone and gone + HANDED_BACK <= day:
            rows.append([serial(someone), "", system, version, "yes", "in stock", "yes", "", "", iso(moment(gone, 15, 40))])
            continue
        seen = max((known for known in days(max(someone.hired, day - timedelta(days=28)), day) if someone.present(known)),
                   default=day)
        minute = int(someone.number[-2:]) % 60
        rows.append([serial(someone), someone.email, system, version, "yes", "in use", "yes", "yes", iso(moment(seen, 4, minute)),
                     iso(moment(seen, 16 if seen < day else 7, minute))])
    return rows


# -- Malware --

class Alert(NamedTuple):
    day: date
    hour: int
    holder: str
    severity: str
    category: str
    title: str
    hours: int  # until it was closed
    verdict: str


ALERTS = [
    Alert(date(2025, 1, 21), 10, "Viktor Eastmarch", "Medium", "Malware", "A macro in a document was blocked", 3, "TruePositive"),
    Alert(date(2025, 3, 5), 14, "Hamza Tollervey", "Low", "UnwantedSoftware", "A toolbar was removed", 44, "TruePositive"),
    Alert(date(2025, 4, 16), 9, "Adaeze Holmroyd", "Low", "Malware", "A test file of the build was taken for malware", 27,
          "FalsePositive"),
    Alert(date(2025, 6, 24), 11, "Thandeka Aldous", "High", "Malware", "A trojan in a mail attachment was blocked", 2,
          "TruePositive"),
    Alert(date(2025, 8, 12), 13, "Oluwaseun Pryke", "Medium", "Malware", "A downloaded installer was quarantined", 5,
          "TruePositive"),
    Alert(date(2025, 9, 3), 15, "Elske Moorcroft", "Informational", "Malware", "A known test file was found", 20,
          "InformationalExpectedActivity"),
    Alert(date(2025, 10, 14), 10, "Greta Nightwell", "Medium", "Malware", "A script in a mail was blocked", 23, "TruePositive"),
    Alert(date(2025, 12, 4), 9, "Bronwen Tallis", "High", "Ransomware", "Many files were renamed within a minute", 4,
          "FalsePositive"),
]


def alert_record(n, alert):
    at = moment(alert.day, alert.hour, 7 + 5 * n % 50)
    closed = at + timedelta(hours=alert.hours)
    ident = hashlib.sha1(f"alert {n}".encode()).hexdigest()
    return {"id": f"da{ident[:32]}_1", "incidentId": 4100 + n, "assignedTo": email("E1044"), "severity": alert.severity,
            "status": "Resolved", "classification": alert.verdict, "category": alert.category, "title": alert.title,
            "alertCreationTime": iso(at), "firstEventTime": iso(at - timedelta(minutes=2)), "lastUpdateTime": iso(closed),
            "resolvedTime": iso(closed), "machineId": ident[:40],
            "computerDnsName": f"laptop-{serial(person(alert.holder)).lower()}"}


# -- Files --

def backup_files():
    for year, month in MONTHS:
        name = f"{year}-{month:02}"
        jobs = backup_jobs(year, month)
        yield f"aws/backup-jobs-{name}.json", {"BackupJobs": jobs}, month_sidecar(year, month, len(jobs))
        copies = copy_jobs(year, month)
        yield f"aws/copy-jobs-{name}.json", {"CopyJobs": copies}, month_sidecar(year, month, len(copies))
        for place, info in (("local", ledger_local(year, month)), ("offsite", ledger_offsite(year, month))):
            yield f"pgbackrest/{place}/info-{name}.json", info_text(info), month_sidecar(year, month, 1)
    for n, quarter in enumerate(QUARTERS):
        rows = restores(n)
        yield f"restore/restore-tests-{quarter}.csv", sheet(RESTORES, rows), {
            "collected_by": "Sunniva Achterberg", "collected_at": iso(moment(quarter_days(quarter)[-1], 15)), "records": len(rows)}


def capacity_files():
    for year, month in MONTHS:
        for resource in METRICS:
            yield (f"cloudwatch/{resource}-{year}-{month:02}.ndjson", measured(resource, year, month),
                   month_sidecar(year, month, len(METRICS[resource])))


def register_files():
    for day in REGISTER_DAYS:
        for path, header, rows, who in (
                ("capacity/decisions", DECISIONS, decisions(day), "Callum Oyelaran"),
                ("exercises/plans", PLANS, plan_rows(day), "Benedikt Szarvas"),
                ("vendors/register", REGISTER, register_rows(day), "Elske Moorcroft"),
                ("vendors/reports", REPORTS, report_rows(day), "Elske Moorcroft"),
                ("vendors/user-controls", EXPECTED, expected_rows(day), "Elske Moorcroft"),
                ("assets/inventory", ASSETS, asset_rows(day), "Callum Oyelaran")):
            yield f"{path}-{day}.csv", sheet(header, rows), {
                "collected_by": who, "collected_at": iso(moment(day, 14)), "records": len(rows)}
    for n, quarter in enumerate(QUARTERS):
        closed = iso(moment(quarter_days(quarter)[-1], 15))
        held, reviewed = exercise_rows(quarter), review_rows(n)
        yield f"exercises/exercises-{quarter}.csv", sheet(EXERCISE_LOG, held), {
            "collected_by": "Benedikt Szarvas", "collected_at": closed, "records": len(held)}
        yield f"vendors/reviews-{quarter}.csv", sheet(REVIEWS, reviewed), {
            "collected_by": "Elske Moorcroft", "collected_at": closed, "records": len(reviewed)}


def device_files():
    for year, month in MONTHS:
        last = month_days(year, month)[-1]
        rows = device_rows(last)
        yield f"devices/devices-{last}.csv", sheet(DEVICES, rows), {
            "collected_by": "Tamsin Orchardson", "collected_at": iso(moment(last, 9)), "records": len(rows)}
        alerts = [alert_record(n, alert) for n, alert in enumerate(ALERTS) if alert.day.month == month]
        yield f"defender/alerts-{year}-{month:02}.json", {
            "@odata.context": "https://api.security.microsoft.com/api/$metadata#Alerts", "value": alerts,
        }, month_sidecar(year, month, len(alerts))


def files(_draw):
    yield from backup_files()
    yield from capacity_files()
    yield from register_files()
    yield from device_files()
