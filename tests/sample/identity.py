"""Exports of who may sign in: the roster, Okta, Google Workspace, AWS IAM every Friday, and each quarter's access review."""

from datetime import date, timedelta

import company
import placed
from company import (ACCOUNT, FRIDAYS, PEOPLE, QUARTERS, SERVICE_ACCOUNTS, iso, moment, person, quarter_of, sheet,
                     sheet_lines)

ROSTER = ["employee_id", "full_name", "work_email", "department", "job_title", "manager_id", "worker_type",
          "employment_status", "hire_date", "termination_date", "location"]
CREDENTIALS = [
    "user", "arn", "user_creation_time", "password_enabled", "password_last_used", "password_last_changed",
    "password_next_rotation", "mfa_active", "access_key_1_active", "access_key_1_last_rotated",
    "access_key_1_last_used_date", "access_key_1_last_used_region", "access_key_1_last_used_service",
    "access_key_2_active", "access_key_2_last_rotated", "access_key_2_last_used_date",
    "access_key_2_last_used_region", "access_key_2_last_used_service", "cert_1_active", "cert_1_last_rotated",
    "cert_2_active", "cert_2_last_rotated"]
REVIEW = ["review_id", "system", "account", "reviewer", "decision", "reviewed_at", "comment"]
REVIEW_DAYS = [date(2025, 1, 24), date(2025, 4, 25), date(2025, 7, 25), date(2025, 10, 24)]  # whose exports are gone through
# What the reviews decided other than to keep.
DECISIONS = {
    ("2025-Q2", "aws-iam", "Kofi Branscombe"): ("reduce", "reading the logs is enough"),
    ("2025-Q4", "aws-iam", "Felix Quennell"): ("remove", "does not need the console any more"),
}
KEY_LIFE = timedelta(weeks=23)
WITHOUT_FACTOR = [date(2025, 11, 7), date(2025, 11, 14), date(2025, 11, 21)]
FORGOTTEN_UNTIL = date(2025, 12, 2)
TOMASZ, DMITRI, RAFAEL = person("Tomasz Wrenlow"), person("Dmitri Sallowfield"), person("Rafael Corbishley")
ADMINISTRATORS = {person(name) for name in ("Callum Oyelaran", "Noor Castellane", "Tamsin Orchardson")}
STALE = ("CC6.1-02.1", "okta/rafael.corbishley@example.com", "exception")

PLACED = [
    placed.Placed(
        "mfa-lost", "Tomasz Wrenlow lost his telephone; for three weeks the password was enough",
        [("2025-Q4", "CC6.1-01.1", f"okta/tomasz.wrenlow@example.com @ {day}", "exception", f"okta/users-{day}.json")
         for day in WITHOUT_FACTOR],
        "`okta/users-2025-11-07.json`, `-14` and `-21`, `tomasz.wrenlow@example.com`: every factor is `NOT_SETUP` but the "
        "security question, which is none"),
    placed.Placed(
        "leaver-mailbox", "a contractor's mailbox stayed open after his last working day, 14 November",
        [("2025-Q4", "CC6.2-03.1", "E1015 in google-workspace", "exception", "hr/roster-2025-12-26.csv")],
        "`google/users-2025-11-21.json` and `-28`, `dmitri.sallowfield@example.com`: `suspended` is false; on the roster `E1015`"),
    placed.Placed(
        "stale-leave", "an account stayed open through parental leave; waived by W-2025-01, and still an exception",
        [("2025-Q4", *STALE, "okta/users-2025-10-03.json")],
        "`okta/users-2025-10-31.json` and later, `rafael.corbishley@example.com`: last sign-in on 26 September",
        year=[("2025", *STALE, "okta/users-2025-01-03.json")]),
]


def latest(signed_in, someone, day):
    """The last sign-in before an export, which is taken at six in the morning."""
    at = min(day - timedelta(days=1), someone.ended or day)
    while at >= max(someone.hired, day - timedelta(days=200)):
        found = signed_in(someone, at)
        if found is not None:
            return found
        at -= timedelta(days=1)
    return None


# -- The roster --

def roster_rows(day):
    """Joiners are entered two weeks ahead, and so is the last day of those who leave."""
    for someone in company.everyone():
        if day < someone.hired - timedelta(days=14):
            continue
        ended = someone.ended.isoformat() if someone.ended and someone.ended - timedelta(days=14) <= day else ""
        status = "Pending" if day < someone.hired else "Leave" if someone.leave and day >= someone.leave else "Active"
        if someone.ended and day > someone.ended:
            status = "Terminated"
        yield [someone.number, someone.name, someone.email, someone.department, someone.title, someone.manager,
               someone.worker, status, someone.hired.isoformat(), ended, "Bristol"]


# -- Okta --

def okta_factors(someone, day):
    lost = someone is TOMASZ and day in WITHOUT_FACTOR and placed.on("mfa-lost")
    enrolled = "NOT_SETUP" if lost else "ACTIVE"
    key = "ACTIVE" if someone.aws and not lost else "NOT_SETUP"
    factors = [("push", "OKTA", enrolled), ("token:software:totp", "GOOGLE", enrolled), ("webauthn", "FIDO", key)]
    if lost:
        factors.append(("question", "OKTA", "ACTIVE"))
    return [{"factorType": kind, "provider": provider, "status": status} for kind, provider, status in factors]


def okta_state(someone, day):
    """The account's status at an export, and since when."""
    if someone.ended and day > someone.ended:
        return "DEPROVISIONED", moment(someone.ended, 17, 10)
    if someone.leave and day >= someone.leave and not placed.on("stale-leave"):
        return "SUSPENDED", moment(someone.leave, 9)
    return "ACTIVE", moment(someone.hired, 6, 45)


def okta_record(number, status, created, changed, login, name, address, kind, factors):
    return {"id": f"00u{number}mqhr5d7", "status": status, "created": iso(created, True),
            "statusChanged": iso(changed, True), "lastLogin": iso(login, True) if login else None,
            "profile": {"login": address, "email": address, "displayName": name, "userType": kind}, "factors": factors}


def okta(day, logins):
    for someone, login in logins():
        status, changed = okta_state(someone, day)
        yield okta_record(someone.number[1:], status, someone.created(), changed, login, someone.name, someone.email, "person",
                          okta_factors(someone, day) if status == "ACTIVE" else [])
    for account in services("okta"):
        made = moment(account.created, 10)
        yield okta_record("9001", "ACTIVE", made, made, None, "Roster Sync", account.login, "service", [])


def services(source):
    return [account for account in SERVICE_ACCOUNTS if account.source == source]


# -- Google Workspace --

def google_suspended(someone, day):
    if someone.leave and day >= someone.leave:
        return True
    forgotten = someone is DMITRI and placed.on("leaver-mailbox")
    until = FORGOTTEN_UNTIL if forgotten else someone.ended
    return until is not None and day > until


def google_record(number, address, name, unit, created, login, administers, suspended, enrolled):
    return {"id": f"1004470000000{number:0>8}", "primaryEmail": address, "name": {"fullName": name},
            "isAdmin": administers, "lastLoginTime": iso(login, True) if login else "1970-01-01T00:00:00.000Z",
            "creationTime": iso(created, True), "suspended": suspended, "archived": False, "orgUnitPath": unit,
            "isEnrolledIn2Sv": enrolled}


def google(day, logins):
    for someone, login in logins():
        yield google_record(someone.number[1:], someone.email, someone.name, "/", someone.created("google-workspace"), login,
                            someone in ADMINISTRATORS, google_suspended(someone, day), True)
    for account in services("google-workspace"):
        yield google_record("9002", account.login, "Meeting Rooms", "/Service accounts", moment(account.created, 10), None,
                            False, False, False)


# -- AWS --

def keys_of(holder, first, day, used):
    """The two key slots of a user: a key is renewed after 23 weeks, in the slot that is free."""
    number = (day - first) // KEY_LIFE
    slots = [("false", "N/A", "N/A")] * 2
    for n in (number - 1, number):
        if n >= 0:
            made = moment(first + n * KEY_LIFE, 9, 30)
            last = used if n == number else made
            slots[n % 2] = ("true" if n == number else "false", stamp(made), stamp(max(last, made)))
    return slots


def first_key(holder, made):
    """When a user's first key was made, so that renewals fall on different weeks."""
    start = date(2024, 7, 29) + timedelta(weeks=sum(holder.encode()) % 22)
    return max(made, start)


def credential_row(user, created, password, used, mfa, slots):
    arn = f"arn:aws:iam::{ACCOUNT}:" + ("root" if user == "<root_account>" else "user/" + user)
    changed = {"true": created, "false": "N/A"}.get(password, "not_supported")
    rotation = "not_supported" if password == "not_supported" else "N/A"
    row = [user, arn, created, password, used, changed, rotation, mfa]
    for active, made, last in slots:
        row += [active, made, last, *(("eu-west-1", "s3") if last != "N/A" else ("N/A", "N/A"))]
    return row + ["false", "N/A", "false", "N/A"]


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def no_keys():
    return [("false", "N/A", "N/A")] * 2


def credential_rows(day):
    """Users of the AWS account. A leaver's user is deleted on the last working day."""
    yield credential_row("<root_account>", "2017-03-20T11:02:10+00:00", "not_supported", "2023-05-04T08:11:52+00:00", "true",
                         no_keys())
    for someone in company.everyone():
        if not someone.aws or day < someone.hired or (someone.ended and day > someone.ended):
            continue
        used = latest(company.signed_in_to_aws, someone, day)
        has_console = someone.aws_closed is None or day <= someone.aws_closed
        slots = no_keys()
        if someone.aws == "console+key":
            worked = latest(company.signed_in, someone, day)
            slots = keys_of(someone.email, first_key(someone.email, someone.hired), day, worked + timedelta(hours=6))
        last = "N/A" if not has_console else stamp(used) if used else "no_information"
        yield credential_row(someone.email, stamp(someone.created("aws-iam")), "true" if has_console else "false", last,
                             "true" if has_console else "false", slots)
    for account in services("aws-iam"):
        slots = keys_of(account.login, first_key(account.login, account.created), day, moment(day - timedelta(days=1), 22, 15))
        yield credential_row(account.login, stamp(moment(account.created, 9)), "false", "N/A", "false", slots)


# -- Access reviews --

def review_systems(someone, day):
    """Where a person has an active account on a day."""
    if okta_state(someone, day)[0] == "ACTIVE":
        yield "okta"
    if not google_suspended(someone, day):
        yield "google-workspace"
    if someone.aws and (someone.aws_closed is None or day <= someone.aws_closed):
        yield "aws-iam"


def reviewer_of(someone):
    """The manager; the Managing Director's accounts are reviewed by the Head of Security."""
    return someone.boss() or company.holder("Head of Security")


def review(day):
    """Every manager goes through the accounts of their people, made from the exports of one Friday, in the days after."""
    quarter = quarter_of(day)
    began = {}
    for someone in PEOPLE:
        if not someone.works(day):
            continue
        reviewer = reviewer_of(someone)
        if reviewer not in began:
            on = day + timedelta(days=3 + len(began) % 4)
            while not reviewer.present(on):
                on += timedelta(days=1)
            began[reviewer] = moment(on, 9 + len(began) % 6, 10)
        for system in review_systems(someone, day):
            decision, comment = DECISIONS.get((quarter, system, someone.name), ("keep", ""))
            if someone.leave and day >= someone.leave:
                comment = "parental leave; see waiver W-2025-01"
            began[reviewer] += timedelta(minutes=1)
            yield [f"AR-{quarter}", system, someone.email, reviewer.email, decision, iso(began[reviewer]), comment]


def files(draw):
    """Every file of this part: path, content, and what its sidecar says (or None)."""
    for day in FRIDAYS:
        def logins(day=day):
            for someone in company.everyone():
                if someone.hired <= day:
                    yield someone, latest(company.signed_in, someone, day)

        users = {"kind": "admin#directory#users", "users": google(day, logins)}
        yield f"okta/users-{day}.json", okta(day, logins), None
        yield f"google/users-{day}.json", users, None
        yield f"aws/credential-report-{day}.csv", sheet_lines(CREDENTIALS, credential_rows(day)), None
        yield f"hr/roster-{day}.csv", sheet_lines(ROSTER, roster_rows(day)), {
            "collected_by": "Petra Lindqvale", "collected_at": iso(moment(day, 6, 20)),
            "records": sum(1 for _ in roster_rows(day))}
    for day, quarter in zip(REVIEW_DAYS, QUARTERS):
        rows = sorted(review(day), key=lambda row: (row[5], row[2]))
        closed = rows[-1][5]
        yield f"access-review/review-{quarter}.csv", sheet(REVIEW, rows), {
            "collected_by": "Noor Castellane", "collected_at": closed, "records": len(rows)}
