#!/usr/bin/env python3
"""What `tickmark kind infer` proposes, by the words that ship with it, for reports of tools that no kind reads."""
import json

from support import ROOT, Folder, add_test, main, test, tickmark

COMMIT = "0123456789abcdef0123456789abcdef01234567"
PERSON = {"author": "Ann Example", "email": "ann@example.com"}
GITLEAKS_8 = [{"Description": "AWS key", "StartLine": line, "EndLine": line, "StartColumn": 4, "EndColumn": 24, "Match": "REDACTED",
               "Secret": "REDACTED", "File": "conf/aws.tf", "SymlinkFile": "", "Commit": COMMIT, "Entropy": 3.1, "Tags": [],
               "Author": "Ann Example", "Email": "ann@example.com", "Date": "2025-10-03T05:00:00Z", "Message": "Add the bucket",
               "RuleID": rule, "Fingerprint": f"{COMMIT}:conf/aws.tf:{rule}:{line}"}
              for line, rule in ((2, "aws-access-token"), (9, "private-key"))]
GITLEAKS_7 = [{"line": "key = REDACTED", "lineNumber": line, "offender": "REDACTED", "offenderEntropy": -1, "commit": COMMIT,
               "repo": "app", "repoURL": "", "leakURL": "", "rule": rule, "commitMessage": "Add the bucket", **PERSON,
               "file": "conf/aws.tf", "date": "2025-10-03T05:00:00Z", "tags": "key, AWS"}
              for line, rule in ((2, "AWS Access Key"), (9, "Private Key"))]
BANDIT = {"errors": [], "generated_at": "2025-10-03T05:00:00Z", "metrics": {"_totals": {"loc": 10, "nosec": 0}}, "results": [
    {"code": "2 try:\n", "col_offset": 4, "filename": "app/views.py", "issue_confidence": "HIGH", "issue_severity": severity,
     "issue_text": "Try, Except, Pass detected.", "line_number": line, "line_range": [line], "test_id": test_id,
     "more_info": "https://docs.example.com/b110", "test_name": "try_except_pass"}
    for line, severity, test_id in ((2, "LOW", "B110"), (9, "HIGH", "B602"), (12, "MEDIUM", "B110"))]}


def draft(report, *words):
    with Folder() as folder:
        path = folder / "report.json"
        path.write_text(json.dumps(report), encoding="utf-8")
        return tickmark("kind", "infer", "-C", ROOT, *words, path, status=0).stdout


def propose(report, wanted):
    """The type, and what is mapped where."""
    drafted = draft(report)
    assert "  - type: configuration_check\n" in drafted, drafted
    lines = [line.split(" #")[0].strip() for line in drafted.splitlines()]
    for column, field in wanted.items():
        assert f"{column}: {field}" in lines or (f"{column}:" in lines and f"from: {field}" in lines), f"{column}\n{drafted}"
    assert "no type fits well" not in drafted, drafted


add_test("a report of Gitleaks 8", lambda: propose(
    GITLEAKS_8, {"check_name": "RuleID", "resource": "File", "finding": "Fingerprint", "title": "Description"}))
add_test("a report of Gitleaks 7", lambda: propose(
    GITLEAKS_7, {"check_name": "rule", "resource": "file", "region": "repo", "finding": "lineNumber"}))
add_test("a report of Bandit", lambda: propose(
    BANDIT, {"check_name": "test_id", "resource": "filename", "severity": "issue_severity", "title": "issue_text"}))


@test
def the_number_of_a_line_is_no_number_of_a_change():
    drafted = draft(GITLEAKS_7, "--type", "change")
    assert "head_sha: commit" in drafted and "number: {from:" in drafted and "number: lineNumber" not in drafted, drafted


main()
