"""Exports of who may sign in: the roster, Okta, Google Workspace, AWS IAM, and the quarter's access review."""

import csv
import io
from datetime import date, timedelta

from company import (ACCOUNT, DMITRI, FELIX, FORGOTTEN_UNTIL, FRIDAYS, PEOPLE, RAFAEL, ROSTER_BAD_DATE, ROSTER_LATE,
                     ROSTER_MISSING, SAOIRSE, TOMASZ, WITHOUT_FACTOR, iso, moment)

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
FELIX_CLOSED = date(2025, 11, 5)  # his console password in AWS, after the access review


def sheet(header, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def known(person, day):
    """Whether the roster and Okta know a person yet: joiners are entered two weeks ahead."""
    return person.hired - timedelta(days=14) <= day


def roster(day):
    rows = []
    for person in PEOPLE:
        if not known(person, day):
            continue
        ended = person.ended.isoformat() if person.ended and person.ended - timedelta(days=14) <= day else ""
        status = "Pending" if day < person.hired else person.status
        if person.ended and day > person.ended:
            status = "Terminated"
        hired = person.hired.isoformat()
        if person is SAOIRSE and day == ROSTER_BAD_DATE:
            hired = "2019-02-31"
        rows.append([person.number, person.name, person.email, person.department, person.title, person.manager,
                     person.worker, status, hired, ended, "Bristol"])
    return sheet(ROSTER, rows)


def last_login(person, day, draw):
    """The last sign-in before an export: on one of the working days before it."""
    if person is RAFAEL:
        return moment(date(2025, 8, 8), 15, 12)
    last = min(day - timedelta(days=1), person.ended) if person.ended else day - timedelta(days=1)
    back = draw.choice([0, 0, 0, 1, 2]) if person.ended is None else 0
    last -= timedelta(days=back)
    if last < person.hired:
        return None if day <= person.hired else moment(person.hired, 9, 30)
    return moment(last, draw.randint(8, 16), draw.randint(0, 59), draw.randint(0, 59))


def okta_factors(person, day):
    lost = person is TOMASZ and day in WITHOUT_FACTOR
    enrolled = "NOT_SETUP" if lost else "ACTIVE"
    key = "ACTIVE" if person.aws and not lost else "NOT_SETUP"
    return [{"factorType": "push", "provider": "OKTA", "vendorName": "OKTA", "status": enrolled},
            {"factorType": "token:software:totp", "provider": "GOOGLE", "vendorName": "GOOGLE", "status": enrolled},
            {"factorType": "webauthn", "provider": "FIDO", "vendorName": "FIDO", "status": key},
            {"factorType": "question", "provider": "OKTA", "vendorName": "OKTA", "status": "ACTIVE"}]


def okta_user(person, day, logins):
    gone = person.ended is not None and day > person.ended
    waiting = day < person.hired
    changed = moment(person.ended, 17, 10) if gone else moment(person.hired, 8, 45)
    if waiting:
        changed = person.created()
    login = None if waiting else logins[person]
    status = "DEPROVISIONED" if gone else "STAGED" if waiting else "ACTIVE"
    activated = None if waiting else iso(moment(person.hired, 8, 45), True)
    return {"id": f"00u{person.number[1:]}mqhr5d7", "status": status,
            "created": iso(person.created(), True), "activated": activated,
            "statusChanged": iso(changed, True), "lastLogin": iso(login, True) if login else None,
            "lastUpdated": iso(changed, True), "type": {"id": "oty1mqdefault"},
            "profile": {"firstName": person.first, "lastName": person.last, "displayName": person.name,
                        "login": person.email, "email": person.email, "userType": "person"},
            "factors": [] if gone or waiting else okta_factors(person, day)}


def okta(day, logins):
    users = [okta_user(person, day, logins) for person in PEOPLE if person.created().date() < day]
    users.append({"id": "00u9001mqhr5d7", "status": "ACTIVE", "created": "2021-04-12T10:00:00.000Z",
                  "activated": "2021-04-12T10:00:00.000Z", "statusChanged": "2021-04-12T10:00:00.000Z",
                  "lastLogin": None, "lastUpdated": "2021-04-12T10:00:00.000Z", "type": {"id": "oty1mqdefault"},
                  "profile": {"firstName": "Roster", "lastName": "Sync", "displayName": "Roster Sync",
                              "login": "roster-sync@example.com", "email": "roster-sync@example.com",
                              "userType": "service"}, "factors": []})
    return users


def google_suspended(person, day):
    if person is RAFAEL:
        return True
    until = FORGOTTEN_UNTIL if person is DMITRI else person.ended
    return until is not None and day > until


def google_user(number, email, name, unit, created, login, admin, suspended, enrolled):
    return {"kind": "admin#directory#user", "id": f"1004470000000000{number}", "primaryEmail": email,
            "name": {"givenName": name.split(" ")[0], "familyName": name.split(" ", 1)[1], "fullName": name},
            "isAdmin": admin, "isDelegatedAdmin": False, "lastLoginTime": iso(login, True) if login else
            "1970-01-01T00:00:00.000Z", "creationTime": iso(created, True), "agreedToTerms": True,
            "suspended": suspended, "archived": False, "customerId": "C0mq00001", "orgUnitPath": unit,
            "isMailboxSetup": True, "isEnrolledIn2Sv": enrolled, "isEnforcedIn2Sv": enrolled,
            "includeInGlobalAddressList": True}


def google(day, logins):
    users = []
    for person in PEOPLE:
        if person.hired <= day:
            created = person.created() + timedelta(minutes=20)
            users.append(google_user(person.number[1:], person.email, person.name, "/", created, logins[person],
                                     person.name in ("Callum Oyelaran", "Noor Castellane"),
                                     google_suspended(person, day), True))
    users.append(google_user("9002", "meeting-rooms@example.com", "Meeting Rooms", "/Service accounts",
                             moment(date(2020, 2, 3), 10), None, False, False, False))
    return {"kind": "admin#directory#users", "users": users}


def credential_row(user, arn, created, password, used, mfa, keys):
    row = [user, arn, created, password, used, "not_supported" if password == "not_supported" else
           created if password == "true" else "N/A", "not_supported" if password == "not_supported" else "N/A", mfa]
    for active, made, last in keys + [("false", "N/A", "N/A")] * (2 - len(keys)):
        region, service = ("eu-west-1", "s3") if last != "N/A" else ("N/A", "N/A")
        row += [active, made, last, region, service]
    return row + ["false", "N/A", "false", "N/A"]


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def credentials(day, logins):
    def arn(user):
        return f"arn:aws:iam::{ACCOUNT}:{user}"

    rows = [credential_row("<root_account>", arn("root"), "2017-03-20T11:02:10+00:00", "not_supported",
                           "2023-05-04T08:11:52+00:00", "true", [])]
    for person in PEOPLE:
        if not person.aws:
            continue
        used = logins[person]
        open_ = person is not FELIX or day <= FELIX_CLOSED
        if person is FELIX:
            used = moment(date(2025, 7, 14), 13, 40)
        keys = []
        if person.aws == "console+key":
            made = moment(date(2025, 6, 30) if day < date(2025, 12, 8) else date(2025, 12, 8), 10, 30)
            keys = [("true", stamp(made), stamp(used))]
        rows.append(credential_row(person.email, arn("user/" + person.email), stamp(moment(person.hired, 11)),
                                   "true" if open_ else "false", stamp(used) if open_ else "N/A",
                                   "true" if open_ else "false", keys))
    for robot, made in (("deploy-pipeline", date(2025, 8, 25)), ("backup-monitor", date(2025, 9, 15))):
        used = moment(day - timedelta(days=1), 22, 15)
        rows.append(credential_row(robot, arn("user/" + robot), "2020-05-11T09:00:00+00:00", "false", "N/A", "false",
                                   [("true", stamp(moment(made, 9)), stamp(used))]))
    return sheet(CREDENTIALS, rows)


def review():
    """The quarter's review: made from the exports of 24 October, decided in the two weeks after."""
    day = date(2025, 10, 24)
    rows = []
    owners = {"okta": ("noor.castellane@example.com", moment(date(2025, 10, 27), 9)),
              "google-workspace": ("noor.castellane@example.com", moment(date(2025, 10, 28), 9)),
              "aws-iam": ("callum.oyelaran@example.com", moment(date(2025, 11, 3), 14))}
    for system, (reviewer, at) in owners.items():
        for person in PEOPLE:
            if not person.works(day) or (system == "aws-iam" and not person.aws):
                continue
            if system == "google-workspace" and google_suspended(person, day):
                continue
            decision, comment = "keep", ""
            if person is RAFAEL:
                comment = "parental leave; see waiver W-2025-01"
            if system == "aws-iam" and person is FELIX:
                decision, comment = "remove", "does not need the console any more"
            at += timedelta(minutes=2)
            rows.append(["AR-2025-Q4", system, person.email, reviewer, decision, iso(at), comment])
    # The sheet's last line counts the others: a row of another width.
    return sheet(REVIEW, rows) + f"Accounts reviewed,{len(rows)}\n"


def files(draw):
    """Every file of this part: path, content, and what its sidecar says (or None)."""
    for day in FRIDAYS:
        logins = {person: last_login(person, day, draw) for person in PEOPLE}
        name = day.isoformat()
        yield f"okta/users-{name}.json", okta(day, logins), None
        yield f"google/users-{name}.json", google(day, logins), None
        yield f"aws/credential-report-{name}.csv", credentials(day, logins), None
        if day != ROSTER_MISSING:
            taken = ROSTER_LATE.get(day, day)
            yield f"hr/roster-{taken.isoformat()}.csv", roster(taken), {
                "collected_by": "Petra Lindqvale", "collected_at": iso(moment(taken, 6, 20))}
    yield "access-review/review-2025-Q4.csv", review(), {"collected_by": "Noor Castellane",
                                                         "collected_at": "2025-11-07T10:00:00Z"}
