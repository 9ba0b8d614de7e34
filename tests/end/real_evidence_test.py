#!/usr/bin/env python3
"""Real exports of many vendors: every record is accounted for, in the number that python3's own csv, json and re count.

The exports lie beside the project, in ../shared/evidence or in $TICKMARK_EVIDENCE, and are no part of it. Those of
vendors that schema/kinds knows are read by its kinds; for the others a kind is made here that takes one or two columns.
"""
import csv
import json
import os
import pathlib
import re

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


def in_lists(*keys):
    """The records of several lists of one document."""
    def count(path):
        value = json.loads(path.read_text(encoding="utf-8"))
        return sum(len(value[key]) for key in keys)
    return count


def policy_records(path):
    """The statements, and the document itself, which would be one if it held a statement outside a list."""
    return 1 + json_records("Statement")(path)


def one_record(path):
    assert isinstance(json.loads(path.read_text(encoding="utf-8")), dict)
    return 1


def matches(pattern):
    """Python has no reader of YAML or Cedar: what begins a record is counted by its look."""
    return lambda path: len(re.findall(pattern, path.read_text(encoding="utf-8"), re.MULTILINE))


def routing_records(path):
    """The trunk of the routing tree, its branches and the receivers."""
    route, receivers = re.search(r"^route:\n((?:[ ].*\n|\n)*)receivers:\n((?:[ ].*\n)*)", path.read_text(encoding="utf-8"),
                                 re.MULTILINE).groups()
    return 1 + len(re.findall(r"^    - ", route, re.MULTILINE)) + len(re.findall(r"^  - name:", receivers, re.MULTILINE))


def semicolons(path):
    return csv_records(path, ";")


# File, the kind that recognises it, who counts its records.
SHIPPED = (
    ("okta-users/getprobo__probo__okta.interaction0.json", "okta-users", json_records()),
    ("google-workspace-users/getprobo__probo__google_workspace.interaction0.json", "google-workspace-users",
     json_records("users")),
    ("aws-backup/aws__aws-cli__list-backup-jobs.json", "aws-backup-jobs", json_records("BackupJobs")),
    ("aws-cloudtrail/invictus-ir__aws_dataset__218007301253_CloudTrail_us-east-1_20230710T1235Z_Vp7r3boWJKtPb3wM.json",
     "aws-cloudtrail", json_records("Records")),
    ("aws-iam-credential-report/cloud-custodian__cloud-custodian__test_account_credential_report__iam.GetCredentialReport_1.json",
     "aws-iam-credential-report-api", api_report_records),
    ("aws-iam-credential-report/cloud-custodian__cloud-custodian__test_iam_user_credential_multi_delete__iam."
     "GetCredentialReport_1.json", "aws-iam-credential-report-api", api_report_records),
    ("aws-iam-account-authorization-details/salesforce__cloudsplaining__example-authz-details.json",
     "aws-iam-account-authorization-details", in_lists("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")),
    ("aws-iam-account-authorization-details/salesforce__cloudsplaining__example_authz_details_for_overrides_complete.json",
     "aws-iam-account-authorization-details", in_lists("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")),
    ("aws-iam-policy/salesforce__cloudsplaining__explicit-actions.json", "aws-iam-policy", policy_records),
    ("aws-iam-policy/salesforce__cloudsplaining__wildcards.json", "aws-iam-policy", policy_records),
    ("cedar-policy/cedar-policy__cedar-examples__sales_orgs_templated_policies.cedar", "cedar-policies",
     matches(r"^(?:permit|forbid)\b")),
    ("k8s-rbac/prometheus-operator__kube-prometheus__prometheus-roleSpecificNamespaces.yaml", "kubernetes-rbac",
     matches("^- apiVersion:")),
    ("prometheus-rules/prometheus-operator__kube-prometheus__kubernetesControlPlane-prometheusRule.yaml",
     "prometheus-operator-rules", matches("^    rules:$")),
    ("prometheus-rules/samber__awesome-prometheus-alerts__host-and-hardware_node-exporter.yml", "prometheus-rules",
     matches("^- name:")),
    ("prometheus-rules/samber__awesome-prometheus-alerts__postgresql_postgres-exporter.yml", "prometheus-rules",
     matches("^- name:")),
    ("alertmanager-config/prometheus__alertmanager__conf.routing.yml", "alertmanager-config", routing_records),
    ("okta-system-log/panther-labs__panther-analysis__okta-system-log.ndjson", "okta-system-log", ndjson_records),
    ("sudo-log/sudo-project__sudo__make.json", "sudo-iolog", one_record),
    ("pgbackrest/woblerr__pgbackrest_exporter__pgbackrest_info_1.json", "pgbackrest-info", json_records()),
    ("prowler-csv/prowler-cloud__prowler__example_output_aws.csv", "prowler-csv", semicolons),
    ("prowler-csv/prowler-cloud__prowler__example_output_gcp.csv", "prowler-csv", semicolons),
    ("testssl-csv/DefectDojo__django-DefectDojo__defectdojo_many_vuln.csv", "testssl-csv", csv_records),
    ("testssl-csv/DefectDojo__django-DefectDojo__references.csv", "testssl-csv", csv_records),
    ("testssl-csv/DefectDojo__django-DefectDojo__failed_target.csv", "testssl-csv", csv_records),
    ("testssl-json/elfranne__Grassland__testssl.json", "testssl-json", json_records()),
    ("sslyze-json/DefectDojo__django-DefectDojo__issue_9848.json", "sslyze-json", json_records("server_scan_results")),
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


def check(path, wanted, count, folder):
    done = tickmark("validate", "-C", folder, "--format", "json", path)
    assert done.returncode in (0, 1), done.stderr
    said = json.loads(done.stdout)[0]
    assert said["kind"] == wanted, f"recognised as {said['kind']}, not {wanted}\n{done.stderr}"
    assert said["records"] == count(path), f"{said['records']} records, python3 counts {count(path)}\n{done.stderr}"
    assert said["records"] == said["loaded"] + said["passed_over"] + said["rejected"], f"the records do not add up: {said}"
    assert said["rejected"] == 0 or "[" in done.stderr, "records were rejected without a reason"
    return f"{said['records']} records, {said['loaded']} loaded, {said['passed_over']} passed over, {said['rejected']} rejected"


def check_shipped(path, wanted, count):
    return check(path, wanted, count, ROOT)


def check_made(path, count, text):
    with Folder() as folder:
        small_programme(folder)
        for old in (*(folder / "schema" / "kinds").iterdir(), *(folder / "schema" / "controls").iterdir(),
                    *(folder / "schema" / "views").iterdir(), *(folder / "schema" / "types").iterdir()):
            old.unlink()
        (folder / "schema" / "types" / "item.yaml").write_text(TYPE, encoding="utf-8")
        (folder / "schema" / "kinds" / "real.yaml").write_text(text, encoding="utf-8")
        return check(path, "real", count, folder)


def absent():
    raise Skip(f"{EVIDENCE.name} is not beside the project; set TICKMARK_EVIDENCE to where it is")


if EVIDENCE.is_dir():
    for file, wanted_kind, counter in SHIPPED:
        add_test(file.split("/")[0] + " " + file[-30:],
                 lambda path=EVIDENCE / file, wanted=wanted_kind, counter=counter: check_shipped(path, wanted, counter))
    for file, counter, made in MADE:
        add_test(file.split("/")[0] + " " + file[-30:],
                 lambda path=EVIDENCE / file, counter=counter, made=made: check_made(path, counter, made))
else:
    add_test("real exports", absent)
main()
