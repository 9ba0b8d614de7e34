#!/usr/bin/env python3
"""Real exports of many vendors: every record is accounted for, in the number that python3's own csv and json count.

The exports lie beside the project, in ../shared/evidence or in $TICKMARK_EVIDENCE, and are no part of it. Those of
vendors that schema/kinds knows are read by its kinds; for the others a kind is made here that takes one or two columns.
"""
import csv
import json
import os
import pathlib

from support import ROOT, Folder, Skip, add_test, main, small_programme, tickmark

EVIDENCE = pathlib.Path(os.environ.get("TICKMARK_EVIDENCE", ROOT.parent / "shared" / "evidence"))
TYPE = """types:
  - type: listing
    title: Listing
    meaning: Anything that an export lists.
    shape: snapshot
    key: [name, other]
    columns:
      name: {type: text, null: it has none, meaning: What it is called}
      other: {type: text, null: it has none, meaning: Something else of it}
"""


def kind(file_format, at, detect, name, other):
    """A kind that reads two values of each record."""
    what = "columns" if file_format == "csv" else "paths"
    where = "" if file_format == "csv" else f"\n    at: {json.dumps(at)}"
    return (f"kind: real\ntitle: Real export\nvendor: any\nproduced_by: the vendor\nformat: {file_format}\n"
            f"detect: {{{what}: {json.dumps(detect)}}}\nrows:\n  - type: listing{where}\n    may_be_empty: true\n"
            f"    map: {{name: {{from: {json.dumps(name)}, optional: true}}, other: {{from: {json.dumps(other)}, optional: true}}}}\n")


def csv_records(path, delimiter=","):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.reader(stream, delimiter=delimiter) if row]
    return len(rows) - 1


def json_records(*keys):
    def count(path):
        value = json.loads(path.read_text(encoding="utf-8-sig"))
        for key in keys:
            value = value[key]
        return len(value)
    return count


def ndjson_records(path):
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    for line in lines:
        json.loads(line)
    return len(lines)


def api_report_records(path):
    """The credential report is CSV in a JSON string."""
    content = json.loads(path.read_text(encoding="utf-8"))["data"]["Content"]
    return len(list(csv.reader(content.splitlines()))) - 1


def semicolons(path):
    return csv_records(path, ";")


SHIPPED = (
    ("okta-users/getprobo__probo__okta.interaction0.json", json_records()),
    ("google-workspace-users/getprobo__probo__google_workspace.interaction0.json", json_records("users")),
    ("aws-backup/aws__aws-cli__list-backup-jobs.json", json_records("BackupJobs")),
    ("aws-cloudtrail/invictus-ir__aws_dataset__218007301253_CloudTrail_us-east-1_20230710T1235Z_Vp7r3boWJKtPb3wM.json",
     json_records("Records")),
    ("aws-iam-credential-report/cloud-custodian__cloud-custodian__test_account_credential_report__iam.GetCredentialReport_1.json",
     api_report_records),
    ("aws-iam-credential-report/cloud-custodian__cloud-custodian__test_iam_user_credential_multi_delete__iam."
     "GetCredentialReport_1.json", api_report_records),
)
MADE = (
    ("testssl-csv/DefectDojo__django-DefectDojo__defectdojo_many_vuln.csv", csv_records,
     kind("csv", None, ["fqdn/ip", "finding"], "id", "severity")),
    ("testssl-csv/DefectDojo__django-DefectDojo__references.csv", csv_records,
     kind("csv", None, ["fqdn/ip", "finding"], "id", "severity")),
    ("azure-defender-csv/DefectDojo__django-DefectDojo__many_vulns.csv", csv_records,
     kind("csv", None, ["exportedTimestamp", "subscriptionId"], "exportedTimestamp", "resourceName")),
    ("bom-crlf-csv/DefectDojo__django-DefectDojo__many_vulns.csv", csv_records,
     kind("csv", None, ["Vulnerability", "CVSS Score"], "Vulnerability", "Asset Name")),
    ("prowler-csv/prowler-cloud__prowler__example_output_aws.csv", semicolons,
     kind("csv", None, ["AUTH_METHOD", "FINDING_UID"], "FINDING_UID", "PROVIDER")),
    ("prowler-csv/prowler-cloud__prowler__example_output_gcp.csv", semicolons,
     kind("csv", None, ["AUTH_METHOD", "FINDING_UID"], "FINDING_UID", "PROVIDER")),
    ("prowler-csv/DefectDojo__django-DefectDojo__v2_issue4450.csv", csv_records,
     kind("csv", None, ["PROFILE", "TITLE_ID"], "TITLE_ID", "REGION")),
    ("entra-users-mfa/Azure__Azure-Sentinel__AADUSerInfo_first3.csv", csv_records,
     kind("csv", None, ["UserPrincipalName_s", "TenantId"], "UserPrincipalName_s", "TenantId")),
    ("aws-cloudtrail/OTRF__Security-Datasets__AWS_S3_HoneyBucketLogs.csv", csv_records,
     kind("csv", None, ["Event Type", "Event Name"], "Request ID", "Event Name")),
    ("testssl-json/elfranne__Grassland__testssl.json", json_records(),
     kind("json", "[*]", ["ip", "finding"], "id", "severity")),
    ("uptime/upptime__upptime__summary.json", json_records(), kind("json", "[*]", ["name", "uptime"], "name", "status")),
    ("vendor-register/getprobo__probo__data.json", json_records(),
     kind("json", "[*]", ["name", "websiteUrl"], "name", "websiteUrl")),
    ("cloudsploit/DefectDojo__django-DefectDojo__cloudsploit_many_vul.json", json_records(),
     kind("json", "[*]", ["plugin", "category"], "plugin", "resource")),
    ("saas-users/getprobo__probo__slack.interaction0.json", json_records("members"),
     kind("json", "members[*]", ["id", "team_id"], "id", "profile.email")),
    ("gitlab-access-tokens/xanzy__go-gitlab__list_project_access_tokens.json", json_records(),
     kind("json", "[*]", ["id", "revoked"], "name", "expires_at")),
    ("aws-asff/mitre__heimdall2__asff_sample.json", json_records("Findings"),
     kind("json", "Findings[*]", ["Id", "ProductArn"], "Id", "Compliance.Status")),
    ("prowler-asff/DefectDojo__django-DefectDojo__prowler-output.asff.json", json_records(),
     kind("json", "[*]", ["Id", "ProductArn"], "Id", "Severity.Label")),
    ("okta-system-log/panther-labs__panther-analysis__okta-system-log.ndjson", ndjson_records,
     kind("ndjson", ".", ["published", "eventType"], "uuid", "eventType")),
    ("k8s-audit-log/panther-labs__panther-analysis__k8s-audit-log.ndjson", ndjson_records,
     kind("ndjson", ".", ["verb", "user.username"], "auditID", "verb")),
    ("entra-signin-log/panther-labs__panther-analysis__entra-signin-log.ndjson", ndjson_records,
     kind("ndjson", ".", ["operationName", "category"], "operationName", "time")),
    ("google-workspace-activity/panther-labs__panther-analysis__google-workspace-activity.ndjson", ndjson_records,
     kind("ndjson", ".", ["actor", "id.applicationName"], "actor.email", "id.time")),
)


def check(path, count, folder):
    done = tickmark("validate", "-C", folder, "--format", "json", path)
    assert done.returncode in (0, 1), done.stderr
    said = json.loads(done.stdout)[0]
    assert said["kind"] is not None, f"no kind recognises it\n{done.stderr}"
    assert said["records"] == count(path), f"{said['records']} records, python3 counts {count(path)}\n{done.stderr}"
    assert said["records"] == said["loaded"] + said["passed_over"] + said["rejected"], f"the records do not add up: {said}"
    assert said["rejected"] == 0 or "[" in done.stderr, "records were rejected without a reason"
    return f"{said['records']} records, {said['loaded']} loaded, {said['passed_over']} passed over, {said['rejected']} rejected"


def check_shipped(path, count):
    return check(path, count, ROOT)


def check_made(path, count, text):
    with Folder() as folder:
        small_programme(folder)
        for old in (*(folder / "schema" / "kinds").iterdir(), *(folder / "schema" / "controls").iterdir(),
                    *(folder / "schema" / "views").iterdir(), *(folder / "schema" / "types").iterdir()):
            old.unlink()
        (folder / "schema" / "types" / "item.yaml").write_text(TYPE, encoding="utf-8")
        (folder / "schema" / "kinds" / "real.yaml").write_text(text, encoding="utf-8")
        return check(path, count, folder)


def absent():
    raise Skip(f"{EVIDENCE.name} is not beside the project; set TICKMARK_EVIDENCE to where it is")


if EVIDENCE.is_dir():
    for file, counter in SHIPPED:
        add_test(file.split("/")[0] + " " + file[-30:],
                 lambda path=EVIDENCE / file, counter=counter: check_shipped(path, counter))
    for file, counter, made in MADE:
        add_test(file.split("/")[0] + " " + file[-30:],
                 lambda path=EVIDENCE / file, counter=counter, made=made: check_made(path, counter, made))
else:
    add_test("real exports", absent)
main()
