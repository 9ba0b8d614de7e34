#!/usr/bin/env python3
"""Evidence altered by mishap or malice, so that facts which a control needs are hidden or gone.

altering.py says how; unaltered, every control holds, which the first test requires.
"""
import copy
import re
import shutil

from altering import all_of, every, lines, records, row, run_rows, text
from clean_sample import HOLDS, clean_sample, edit, edit_programme, edit_text, find, load
from support import Folder, add_test, run_programme, verdicts

ACCOUNTS = "CC6.2-01 CC6.1-01 CC6.2-03 CC6.1-02 CC6.3-03"
OKTA = "okta/users-2025-11-14.json"
GOOGLE = "google/users-2025-11-14.json"
AWS = "aws/credential-report-2025-11-14.csv"
ROSTER = "hr/roster-2025-11-21.csv"
LAST_ROSTER = "hr/roster-2025-12-26.csv"
PULLS = "github/pulls-2025-10.json"
REVIEW = "access-review/review-2025-Q4.csv"
POLICY = "documents/access-policy-3.2-2025-Q4.md.meta.yaml"
LEAVER = "dmitri.sallowfield@example.com"
AUTHOR = "yuki-b"


def pull(function):
    """The first pull request of October, which is approved as it should be."""
    def alter(items):
        assert items[0]["user"]["login"] == AUTHOR and [item["state"] for item in items[0]["reviews"]] == ["APPROVED"]
        return function(items[0])
    return lambda evidence: edit(evidence / PULLS, alter)


def left_open(*alterations):
    """The leaver's mailbox stays open, and then something hides it."""
    def alter(evidence):
        for day in ("21", "28"):
            edit(evidence / f"google/users-2025-11-{day}.json",
                 lambda users: find(users, primaryEmail=LEAVER).update(suspended=False))
        all_of(*alterations)(evidence)
    return alter


def moved(old, new):
    def alter(evidence):
        (evidence / old).rename(evidence / new)
        sidecar = evidence / (old + ".meta.yaml")
        if sidecar.exists():
            sidecar.unlink()
    return alter


def month_again(folder, october, november):
    """November's export holds October's records and one of its own."""
    def alter(evidence):
        old = load(evidence / folder / october)
        old = old if isinstance(old, list) else next(value for value in old.values() if isinstance(value, list))
        edit(evidence / folder / november, lambda items: old + items[:1])
    return alter


def unenrolled_double(change):
    def alter(users):
        double = copy.deepcopy(users[8])
        double["id"] += "x"
        double["profile"]["login"] = change(double["profile"]["login"])
        for factor in double["factors"]:
            factor["status"] = "NOT_SETUP"
        users.append(double)
    return records(OKTA, alter)


def unenrolled_aws(flag):
    return every("aws/credential-report*", lambda old: re.sub("(imani[^,]*,[^,]*,[^,]*),true,(.*?),true,",
                                                              rf"\1,{flag},\2,false,", old, count=1))


def root_call(**fields):
    def alter(events):
        call = dict(events[1], eventID="root-1", userIdentity={"type": "Root"}, eventType="AwsApiCall")
        call.update(fields)
        events.append({key: value for key, value in call.items() if value is not None})
    return records("aws/cloudtrail-2025-10.json", alter)


def reversed_roster(old):
    return old.replace("hire_date,termination_date", "termination_date,hire_date", 1)


row("one source's file in place of another's", ACCOUNTS,
    lambda evidence: shutil.copy(evidence / "google/users-2025-11-07.json", evidence / "okta/users-2025-11-07.json"))
row("two exports in one week and none in the next", "CC6.2-01 CC6.2-03", moved(ROSTER, "hr/roster-2025-11-15.csv"))
row("half of an export in the middle", ACCOUNTS, records(OKTA, lambda users: users[:len(users) // 2]))
row("half of the last export", "CC6.2-01 CC6.1-01 CC6.2-03 CC6.1-02",
    records("okta/users-2025-12-26.json", lambda users: users[:len(users) // 2]))
row("half of the first export", "CC6.2-01 CC6.1-01 CC6.2-03 CC6.1-02",
    records("okta/users-2025-10-03.json", lambda users: users[:len(users) // 2]))
row("most of a credential report", ACCOUNTS + " CC6.1-03", lines(AWS, 5))
row("most of a roster", "CC6.2-01 CC6.2-03", lines(ROSTER, 12))
row("one account left out of one export", "CC6.1-01", records(OKTA, lambda users: users[:3] + users[4:]))
row("the root account left out of one export", "CC6.1-01", text(AWS, "<root_account>.*\n", ""))
row("the root account in another spelling, without MFA", "CC6.1-01",
    text(AWS, "<root_account>((?:,[^,]*){6}),true", r"<Root_account>\1,false"))
row("a page that another one follows", "CC6.1-01", text(GOOGLE, "^{", '{"nextPageToken": "x", '))
row("a page that another one follows, said at its end", "CC6.1-01", text(GOOGLE, r"}\s*\Z", ', "nextPageToken": "x"}'))
row("October's changes again, with one of November", "CC8.1-01",
    month_again("github", "pulls-2025-10.json", "pulls-2025-11.json"))
row("October's incidents again, with one of November", "CC7.4-01",
    month_again("pagerduty", "incidents-2025-10.json", "incidents-2025-11.json"))
row("October's trail again, with one event of November", "CC6.1-04",
    month_again("aws", "cloudtrail-2025-10.json", "cloudtrail-2025-11.json"))
row("two lists under one key", "CC7.3-01 CC7.4-01", text("pagerduty/incidents-2025-11.json", r"}\s*\Z", ', "incidents": []}'))
row("a second document after the first", "CC6.1-01", text(OKTA, r"\Z", '[{"id": "x"}]'))
row("an error in place of a record", "CC6.1-01", records(OKTA, lambda users: [{"errorCode": "E0000047"}] + users[1:]))
row("columns of one line shifted", "CC6.2-01 CC6.2-03", text(ROSTER, "Dmitri Sallowfield", "Dmitri, Sallowfield"))
row("two columns exchanged", "CC6.2-01 CC6.2-03", lambda evidence: edit_text(evidence / LAST_ROSTER, reversed_roster))
row("the last line lost", "CC6.2-01 CC6.2-03", text(LAST_ROSTER, r"[^\n]*\n\Z", ""))
row("an account twice, one of them not enrolled", "CC6.1-01", unenrolled_double(str))
row("an account in another case, not enrolled", "CC6.1-01", unenrolled_double(str.upper))
row("an account with a blank behind it, not enrolled", "CC6.1-01", unenrolled_double(lambda login: login + " "))
row("a flag in another spelling hides a person", "CC6.1-01", unenrolled_aws("True"))
row("a flag as a number hides a person", "CC6.1-01", unenrolled_aws("1"))
row("an active key without a date", "CC6.1-03",
    every("aws/credential-report*", lambda old: re.sub(",true,20[^,]*,([^,]*,eu-west-1,s3)", r",true,N/A,\1", old)))
row("a leaver's open account", "CC6.2-03", left_open())
for title, name in (("with a blank", LEAVER + " "), ("missing", ""), ("in look-alike letters", LEAVER.replace("o", "о"))):
    row(f"a leaver's address {title}", "CC6.2-03",
        left_open(lambda evidence, name=name: edit_text(evidence / LAST_ROSTER, lambda old: old.replace(LEAVER, name))))
for title, day in (("missing", ""), ("a word", "N/A"), ("in another format", "14/11/2025"), ("far ahead", "2052-11-14")):
    row(f"a leaver's last day {title}", "CC6.2-03", left_open(
        every("hr/*.csv", lambda old, day=day: re.sub("(E1015.*?),2025-11-14,", rf"\1,{day},", old))))
row("a leaver gone from the roster", "CC6.2-03", left_open(
    every("hr/*.csv", lambda old: re.sub("E1015.*Terminated.*\n", "", re.sub("(E1015.*?),2025-11-14,", r"\1,,", old)))))
row("approved by the author under another login", "CC8.1-01",
    pull(lambda item: item["reviews"][0]["user"].update(login="yuki.brandreth@example.com")))
row("approved by the author in look-alike letters", "CC8.1-01",
    pull(lambda item: item["reviews"][0]["user"].update(login=AUTHOR.replace("k", "к"))))
row("approved by the author with a blank", "CC8.1-01",
    pull(lambda item: item["reviews"][0]["user"].update(login=AUTHOR + " ")))
row("approved before it was proposed", "CC8.1-01",
    pull(lambda item: item["reviews"][0].update(submitted_at="1970-01-01T00:00:00Z")))
row("approved without a time", "CC8.1-01", pull(lambda item: item["reviews"][0].update(submitted_at=None)))
row("merged without a time", "CC8.1-01", pull(lambda item: item.update(merged_at=None, reviews=[])))
row("a number as a text", "CC8.1-01", pull(lambda item: item.update(number=str(item["number"]), reviews=[])))
row("production in another case", "CC8.1-02", records("github/deployments-2025-12.json", lambda items: find(
    items, environment="production").update(environment="Production", sha="0" * 40)))
row("acknowledged before it was raised", "CC7.3-01", records("pagerduty/incidents-2025-11.json", lambda items: find(find(
    items, id="Q22MQ7H2KD")["log_entries"], type="acknowledge_log_entry").update(created_at="2025-11-22T03:54:00Z")))
row("a restore that ended before it began", "A1.3-01",
    text("restore/restore-tests-2025-Q4.csv", "(T09:30:00Z),2025", r"\1,2024", 1))
row("a call of root", "CC6.1-04", root_call())
row("a call of root with a blank error", "CC6.1-04", root_call(errorCode=" "))
row("a call of root without a type", "CC6.1-04", root_call(eventType=None))
row("a removal of an account that nobody knows", "CC6.3-03", text(REVIEW, "felix.quennell(@.*remove)", r"felix.quennel\1"))
row("a review that began before any export", "CC6.3-03", text(REVIEW, "(okta,ottoline.*?)2025-10-27", r"\g<1>2025-10-01"))
row("a policy approved at the period's end", "CC5.3-01", text(POLICY, "2025-04-14", "2025-12-30"))
row("a policy approved by its owner under another login", "CC5.3-01", text(POLICY, "approved_by:.*", 'approved_by: "noorcast"'))
row("nobody's logins are declared", "CC8.1-01 CC8.1-02 CC5.3-01", lambda evidence: edit_programme(
    evidence.parent.parent, lambda old: re.sub("^people:\n(?:  .*\n)*", "", old, flags=re.MULTILINE)))
row("a declared source without a file", ACCOUNTS, lambda evidence: edit_programme(
    evidence.parent.parent, lambda old: old.replace("sources:\n", "sources:\n  - {id: okta-two, kind: okta-users, zone: UTC, "
                                                    'system: Okta, path: "okta-two/users-{date}.json"}\n', 1)))


def unaltered():
    with Folder() as folder:
        _, summary = run_programme(clean_sample(folder))
        found = verdicts(summary)
        wrong = {key: value for key, value in found.items() if value not in HOLDS}
        assert not wrong, wrong


add_test("unaltered, every control holds", unaltered)
run_rows()
