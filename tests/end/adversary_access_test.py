#!/usr/bin/env python3
"""Evidence on access, rights, the boundary, people and governance, altered by mishap or malice (see adversary_test.py)."""
import csv
import io
import re

from altering import all_of, every, records, row, run_rows
from clean_sample import edit, find, load, recount, save

GRANTS = "aws/authorization-details-2025-1*.json"
LEAVER = "dmitri.sallowfield@example.com"
ANYBODY = {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
           "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
           "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}}


def table(name, function):
    """The lines of a CSV file altered by a function, which may return others; the sidecar keeps up."""
    def alter(evidence):
        path = evidence / name
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
        items = list(reader)
        items = function(items) or items
        out = io.StringIO()
        writer = csv.DictWriter(out, reader.fieldnames, lineterminator="\n")
        writer.writeheader()
        writer.writerows(items)
        path.write_text(out.getvalue(), encoding="utf-8")
        recount(path, len(items))
    return alter


def document(pattern, function):
    """JSON files altered as a whole."""
    def alter(evidence):
        for path in sorted(evidence.glob(pattern)):
            content = load(path)
            function(content)
            save(path, content)
    return alter


def lost(key, keep):
    """A list of an export of which only the first records are there."""
    return lambda content: content.update({key: content[key][:keep]})


def trusting(statement):
    return lambda content: content["RoleDetailList"][2]["AssumeRolePolicyDocument"].update(Statement=[statement])


def allowing(name, action):
    """A policy that allows one more action, on everything."""
    def alter(content):
        for version in find(content["Policies"], PolicyName=name)["PolicyVersionList"]:
            version["Document"]["Statement"].append({"Effect": "Allow", "Action": action, "Resource": "*"})
    return alter


def call_by(identity):
    def alter(events):
        events.append({**events[1], "eventID": "call-1", "eventType": "AwsApiCall", "userIdentity": identity})
    return records("aws/cloudtrail-2025-10.json", alter)


def left_open(roster):
    """The leaver's mailbox stays open for two weeks, and the last roster hides it."""
    def alter(evidence):
        for day in ("21", "28"):
            edit(evidence / f"google/users-2025-11-{day}.json",
                 lambda users: find(users, primaryEmail=LEAVER).update(suspended=False))
        roster(evidence)
    return alter


def last_roster(pattern, replacement):
    return every("hr/roster-2025-12-26.csv", lambda old: re.sub(pattern, replacement, old))


def renamed(old, new):
    return all_of(every(GRANTS, lambda text: text.replace(old, new)),
                  every("access/role-matrix-*.csv", lambda text: text.replace(old, new)))


def one_member_twice(items):
    member = find(items, role="independent")
    return [member, {**member, "attendee": member["attendee"].upper()}]


row("half of the accounts in the last export of permissions", "CC6.3-01",
    document("aws/authorization-details-2025-12*.json", lost("UserDetailList", 8)))
row("half of the firewall in the middle", "CC6.6-01", document("aws/security-groups-2025-11*.json", lost("SecurityGroups", 4)))
row("a trail that ends halfway through its month", "CC6.1-04 CC6.3-05", records(
    "aws/cloudtrail-2025-11.json", lambda events: [event for event in events if event["eventTime"] < "2025-11-15"]))
row("a log of sign-ins that ends halfway through its month", "CC7.2-02", every(
    "okta/system-log-2025-11.ndjson", lambda old: "".join(
        line for line in old.splitlines(True) if '"published":"2025-11-1' not in line and '"published":"2025-11-2' not in line)))
row("a call of root without a type of identity", "CC6.1-04",
    call_by({"arn": "arn:aws:iam::123456789012:root", "accountId": "123456789012"}))
row("a call under a role without the role's name", "CC6.3-05", call_by({"type": "AssumedRole"}))
row("an administrator's flag left out", "CC6.3-01",
    records("google/users-2025-11-14.json", lambda users: [user.pop("isAdmin") for user in users[3:4]] and None))
row("the permission to write code under another name", "CC6.3-02", renamed("SourceWrite", "SourceChange"))
row("a role for anybody whom an identity provider knows", "CC6.3-01", document(GRANTS, trusting(ANYBODY)))
row("leave to take on every role", "CC6.3-01", document(GRANTS, allowing("LogRead", "sts:AssumeRole")))
row("a session without a begin, approved by nobody", "CC6.3-04", table("privilege/sessions-2025-11.csv",
    lambda items: items[0].update(started_at="", approved_by="", approved_at="")))
row("a grant carried out at no time", "CC6.2-02",
    table("access/requests-2025-Q4.csv", lambda items: items[0].update(carried_out_at="")))
row("a person's account declared as a program's", "CC6.2-04", all_of(
    every("google/users-2025-1*.json", lambda old: re.sub('(callum.oyelaran@example.com".*?"orgUnitPath": ?"/)"',
                                                          r'\1Service accounts"', old, count=1)),
    table("access/service-accounts-2025-10-06.csv", lambda items: items.append(
        {**items[0], "system": "google-workspace", "service_account": "callum.oyelaran@example.com"}))))
row("a leaver who came back", "CC6.2-03",
    left_open(last_roster(r"(E1015.*),Terminated,[^,]*,2025-11-14,", r"\1,Active,2025-12-22,,")))
row("a leaver's last day moved after it had passed", "CC6.2-03",
    left_open(last_roster(r"(E1015.*),2025-11-14,", r"\1,2025-12-12,")))
row("a key made after its export", "CC6.1-03", every("aws/credential-report-*.csv", lambda old: re.sub(
    ",true,20[^,]*,([^,]*,eu-west-1,s3)", r",true,2026-06-01T00:00:00+00:00,\1", old)))
row("a policy in force next year that nobody was asked to read", "CC2.2-01",
    every("documents/data-policy-*Q4*.meta.yaml", lambda old: old + 'in_force_from: "2026-06-01"\n'))
row("a person at work said to be pending, who acknowledged nothing", "CC1.1-01 CC2.2-01", all_of(
    every("hr/roster-*.csv", lambda old: re.sub("(E1042.*),Active,", r"\1,Pending,", old)),
    table("people/acknowledgements-2025-Q4.csv", lambda items: [item for item in items if item["person"] != "E1042"])))
row("checks without a result", "CC1.1-02", table("people/background-checks-2025-Q4.csv",
                                                 lambda items: [item.update(result="") for item in items] and None))
row("one independent member twice", "CC1.2-01", table("board/attendance-2025-Q4.csv", one_member_twice))
row("minutes signed before the meeting", "CC1.2-01",
    table("board/meetings-2025-Q4.csv", lambda items: items[0].update(minutes_signed_at="2025-09-01")))
row("a risk's owner who left on no day", "CC3.2-01", every(
    "hr/roster-2025-12*.csv", lambda old: re.sub("(E1032.*),Active,([^,]*),,", r"\1,Terminated,\2,,", old)))
row("a new policy approved in the year to come", "CC5.3-01", every(
    "documents/data-policy-2.1-2025-Q4.md.meta.yaml", lambda old: re.sub(
        "replaces: .*\nreplaces_approved_at: .*", 'replaces: "none"', old.replace("2025-10-13", "2026-10-13"))))
row("a new key of the root account", "CC6.1-03", every("aws/credential-report*", lambda old: re.sub(
    "(<root_account>.*?,true),false,N/A", r"\1,true,2025-10-01T00:00:00+00:00", old)))
row("an attestation by somebody who had left", "CC3.2-02", every(
    "hr/roster-2025-12*.csv", lambda old: re.sub("(E1005.*),Active,([^,]*),,", r"\1,Terminated,\2,2025-11-28,", old)))
row("an attestation by somebody whom the roster names no more", "CC3.2-02", all_of(*(
    table(f"hr/roster-2025-12-{day}.csv", lambda items: [item for item in items if item["employee_id"] != "E1005"])
    for day in ("05", "12", "19", "26"))))
run_rows()
