#!/usr/bin/env python3
"""Evidence on access, privilege, the boundary, people and governance altered by mishap or malice (see adversary_test.py)."""
import csv
import io
import re

from altering import every, records, row, run_rows, text
from clean_sample import edit, edit_text, find, load, recount, save


def table(pattern, function):
    """The lines of CSV files altered by a function, which may return a new list; the sidecars keep up."""
    def alter(evidence):
        for path in sorted(evidence.glob(pattern)):
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


def several(*alterations):
    def alter(evidence):
        for alteration in alterations:
            alteration(evidence)
    return alter


GRANTS = "aws/authorization-details-2025-1*.json"
DECEMBER = "aws/authorization-details-2025-12-05.json"


def half(content):
    content["UserDetailList"] = content["UserDetailList"][:len(content["UserDetailList"]) // 2]


def trust(statement):
    def alter(content):
        content["RoleDetailList"][2]["AssumeRolePolicyDocument"]["Statement"] = [statement]
    return alter


OIDC = {"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}}


def root_call(**fields):
    def alter(events):
        call = dict(events[1], eventID="root-1", eventType="AwsApiCall")
        call.update(fields)
        events.append({key: value for key, value in call.items() if value is not None})
    return records("aws/cloudtrail-2025-10.json", alter)


def policy_gets(name, action, resource="*"):
    def alter(content):
        policy = next(p for p in content["Policies"] if p["PolicyName"] == name)
        for version in policy["PolicyVersionList"]:
            version["Document"]["Statement"].append({"Effect": "Allow", "Action": action, "Resource": resource})
    return document(GRANTS, alter)


def first_half_of_groups(content):
    content["SecurityGroups"] = content["SecurityGroups"][:4]


row("half of the last export of permissions", "CC6.3-01", document(DECEMBER, half))
row("half of the export of permissions in the middle", "CC6.3-01", document("aws/authorization-details-2025-11*.json", half))
row("half of the last export of the firewall", "CC6.6-01", document("aws/security-groups-2025-12*.json", first_half_of_groups))
row("half of the export of the firewall in the middle", "CC6.6-01", document("aws/security-groups-2025-11*.json", first_half_of_groups))
row("root without a type", "CC6.1-04", root_call(userIdentity={"arn": "arn:aws:iam::123456789012:root", "accountId": "123456789012"}))
row("no user at all", "CC6.1-04", root_call(userIdentity=None))
row("an administrator's flag left out", "CC6.3-01", lambda ev: edit(ev / "google/users-2025-11-14.json", lambda u: u[3].pop("isAdmin") and None))
row("a sign-in of the year to come", "CC6.1-02", every("google/users-*.json", lambda old: re.sub('("callum.oyelaran@example.com".*?"lastLoginTime": ?)"2025', r'\1"2052', old)))
row("permission to write code renamed", "CC6.3-02", several(
    every(GRANTS, lambda old: old.replace("SourceWrite", "SourceChange")),
    every("access/role-matrix-*.csv", lambda old: old.replace("SourceWrite", "SourceChange"))))
row("session without a begin", "CC6.3-04", table("privilege/sessions-2025-11.csv", lambda i: i[0].update(started_at="", approved_by="", approved_at="")))
row("grant carried out without a time", "CC6.2-02", table("access/requests-2025-Q4.csv", lambda i: i[0].update(carried_out_at="", decided_by=i[0]["requested_by"])))
row("policy asked of nobody", "CC2.2-01", several(
    every("documents/data-policy-*Q4*.meta.yaml", lambda old: old + 'in_force_from: "2026-06-01"\n')))
row("anybody of an identity provider", "CC6.3-01", document(GRANTS, trust(OIDC)))
row("may take on every role", "CC6.3-01", policy_gets("LogRead", "sts:AssumeRole"))
row("role call without a name", "CC6.3-05", root_call(userIdentity={"type": "AssumedRole"}))
row("owner of risk terminated without a day", "CC3.2-01", every("hr/roster-2025-12*.csv", lambda old: re.sub("(E1032.*),Active,([^,]*),,", r"\1,Terminated,\2,,", old)))
row("same member twice", "CC1.2-01", table("board/attendance-2025-Q4.csv", lambda i: [x for x in i if x["role"] == "independent" and x["attendee"].startswith("Phil")] + [dict(x, attendee=x["attendee"].upper()) for x in i if x["attendee"].startswith("Phil")]))
row("checked without a result", "CC1.1-02", table("people/background-checks-2025-Q4.csv", lambda i: [x.update(result="") for x in i] and None))
row("minutes signed before the meeting", "CC1.2-01", table("board/meetings-2025-Q4.csv", lambda i: i[0].update(minutes_signed_at="2025-09-01")))
row("half of training", "CC1.4-01", table("people/training-2025-Q4.csv", lambda i: i[:len(i) // 2]))
row("sudo first week", "CC6.3-05", every("sudo/bastion-2025-11.log", lambda old: "".join(x for x in old.splitlines(True) if x < "2025-11-08")))
row("joiner pending", "CC1.1-01 CC2.2-01", several(
    every("hr/roster-*.csv", lambda old: re.sub("(E1042.*),Active,", r"\1,Pending,", old)),
    table("people/acknowledgements-2025-Q4.csv", lambda i: [x for x in i if x["person"] != "E1042"])))
row("key made after export", "CC6.1-03", every("aws/credential-report-*.csv", lambda old: re.sub(",true,20[^,]*,([^,]*,eu-west-1,s3)", r",true,2026-06-01T00:00:00+00:00,\1", old)))
run_rows()
