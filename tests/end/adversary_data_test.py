#!/usr/bin/env python3
"""Evidence on data, privacy, availability, vendors and devices, altered so that facts which a control needs are hidden or gone."""
import re

from altering import all_of, every, records, row, run_rows
from clean_sample import edit_text, find, recount

BUCKETS = ("aws/s3-buckets-2025-10-03.json", "aws/s3-buckets-2025-11-07.json", "aws/s3-buckets-2025-12-05.json")
SCANS = ("tls/testssl-2025-10-03.json", "tls/testssl-2025-11-07.json", "tls/testssl-2025-12-05.json")
REQUESTS = "privacy/requests-2025-Q4.csv"
DISCLOSURES = "privacy/disclosures-2025-Q4.csv"
BREACHES = "privacy/breaches-2025-Q4.csv"
VENDORS = "vendors/register-2025-12-19.csv"
REVIEWS = "vendors/reviews-2025-Q4.csv"


def sheet(file, pattern, replacement):
    """A sheet with other lines, and a sidecar that counts them as they now are."""
    def alter(evidence):
        path = evidence / file
        edit_text(path, lambda old: re.sub(pattern, replacement, old))
        recount(path, len(path.read_text(encoding="utf-8").splitlines()) - 1)
    return alter


def line(file, content):
    """One more line at the end of a sheet."""
    return sheet(file, r"\Z", content + "\n")


def request(number, kind, outcome="", answered=""):
    return line(REQUESTS, f"PR-2025-{number},{kind},own-6990,mail,2025-10-13T09:00:00Z,2025-10-13T10:00:00Z,2025-10-14T10:00:00Z,,,,"
                          f"{answered},{outcome},,,none,,ines.quarrington@example.com,")


def disclosure(number, at, entered, rest):
    return line(DISCLOSURES, f"DI-2025-{number},{at}T09:00:00Z,{entered}T09:00:00Z,{rest}")


def breach(number, rest):
    return line(BREACHES, f"BR-2025-{number},loss,2025-09-02T09:00:00Z,2025-11-20T09:00:00Z,{rest},,,1,A stick was lost.,")


def without_bucket(buckets):
    return [bucket for bucket in buckets if bucket["Name"] != "marlowquay-evidence"]


def without_rules(buckets):
    find(buckets, Name="marlowquay-evidence")["ServerSideEncryptionConfiguration"] = {"Rules": []}


def hardly_looked(findings):
    missing = ("heartbleed", "CCS", "ticketbleed", "ROBOT", "cert_chain_of_trust")
    return [finding for finding in findings if finding["id"] not in missing]


def strange_cipher(findings):
    for finding in findings:
        if finding["id"] == "supportedciphers_TLSv1_2":
            finding["finding"] += " xc100"


def unwatched_memory(evidence):
    """CloudWatch's replies about two measures, and from the second month on about one."""
    path = evidence / "cloudwatch/bookings-main-2025-10.ndjson"
    edit_text(path, lambda old: old + re.sub(r'"p95":[0-9.]+', '"p95":40', old.replace("CPUUtilization", "mem_used_percent", 1)))
    recount(path, 2)


row("a bucket left out of every export", "C1.1-01", all_of(*(records(file, without_bucket) for file in BUCKETS)))
row("a bucket with an empty list of rules", "C1.1-01", all_of(*(records(file, without_rules) for file in BUCKETS)))
row("a word in place of a legal hold", "C1.2-01",
    sheet("registers/data-inventory-2025-12-12.csv", "(DS-02.*,)2022-12-15,,", r"\g<1>2021-12-15,none,"))
row("a cipher that nobody knows", "CC6.7-01", records(SCANS[1], strange_cipher))
row("a scan that looked for hardly anything", "CC6.7-01", records(SCANS[1], hardly_looked))
row("an objection that nobody answered", "P8.1-01", request(90, "objection"))
row("an erasure refused without a reason", "P5.1-01", request(91, "erasure", "refused", "2025-10-20T09:00:00Z"))
row("sensitive data used in the quarter before consent", "P3.2-01", line(
    "privacy/consents-2025-Q4.csv", "CN-9001,own-9001,access-needs,web,explicit,needs-1,2025-11-03T10:00:00Z,2025-09-01T10:00:00Z,,"))
row("a disclosure that nobody allowed, entered after the quarter's end", "P6.1-01 P6.3-01", disclosure(
    900, "2025-09-29", "2025-10-02", "own-9002,Quillpost,reminders,contact,contract,,AG-2023-04,,,,,"))
row("a disclosure on a consent to something else", "P6.1-01", disclosure(
    901, "2025-10-07", "2025-10-07", "own-1021,Three Elms Clinic,transfer,contact,consent,CN-0001,,saoirse.mandevale@example.com,"
                                "2025-10-07T08:00:00Z,,,"))
row("a disclosure entered after the quarter's end, too late", "P6.2-01", disclosure(
    902, "2025-09-02", "2025-11-20", "own-9002,Quillpost,reminders,contact,contract,,AG-2023-04,benedikt.szarvas@example.com,2023-04-03,,,"))
row("a breach entered after the quarter's end, too late", "P6.3-01", breach(90, "none,2025-09-03T09:00:00Z,,,,no data were on it"))
row("a breach entered after the quarter's end, of which nobody was told", "P6.6-01", breach(91, "high,2025-11-20T10:00:00Z,,,,"))
row("a renewed agreement in place of a review", "CC9.2-02",
    all_of(sheet(VENDORS, "2020-02-17,2025-05-13", "2025-10-20,2025-05-13"), sheet(REVIEWS, ".*Okta.*\n", "")))
row("a letter that speaks for years to come", "CC9.2-03",
    sheet("vendors/reports-2025-12-19.csv", "(GH-2025.*)2025-09-30", r"\g<1>2031-09-30"))
row("a good restore, and a later one that failed", "A1.3-01", line(
    "restore/restore-tests-2025-Q4.csv", "RT-2025-99,billing-ledger,2025-12-21T09:30:00Z,2025-12-21T10:19:00Z,failed,ok,yes,"
    "hugo.pellingham@example.com,billing-ledger repository 1 20251116-013000F_20251121-013000I,"))
row("knowledge of malware from the future", "CC6.8-01",
    sheet("devices/devices-2025-12-31.csv", "(1F2F4E98CE.*?),2025-12-31T04", r"\1,2053-12-31T04"))
row("a detection in another spelling of its category", "CC6.8-02", records(
    "defender/alerts-2025-10.json", lambda alerts: alerts[0].update(category="malware", status="New")))
row("invoices without their sums", "PI1.4-01", every(
    "processing/runs-2025-11*", lambda old: re.sub(r',"amounts":\{[^}]*\}', "", old, count=1)))
row("a measure of capacity that stopped", "A1.1-01", unwatched_memory)
row("one system left out of a month's look at retention", "P4.2-01", sheet(
    "privacy/retention-2025-11.csv", "invoices,marlowquay-documents.*\n", ""))
row("a backup that ended before it began", "A1.2-01", records("aws/backup-jobs-2025-11.json", lambda jobs: jobs[0].update(
    CompletionDate=jobs[0]["CreationDate"] - 5000)))
row("a backup that saved nothing", "A1.2-01", records("aws/backup-jobs-2025-11.json", lambda jobs: jobs[0].update(
    BackupSizeInBytes=0)))
REPORTS = "vendors/reports-2025-12-19.csv"
row("a report that nobody signed", "CC9.2-03", sheet(REPORTS, "(AWS-2025,SOC 2 type 2,)[^,]*,", r"\1,"))
row("a report that the vendor signed itself", "CC9.2-03", sheet(
    REPORTS, "(AWS-2025,SOC 2 type 2,)[^,]*,", r"\1Amazon Web Services,"))
row("exceptions that are weighed with a dash", "CC9.2-03", sheet(
    REPORTS, "(AWS-2025,.*,unqualified,1,)[^,]*,", r"\1-,"))

run_rows()
