#!/usr/bin/env python3
"""The sample's metrics of the fourth quarter, worked out again by other means: from the exports as they are, with python's
own readers of CSV and JSON, and from what each metric says it means; nothing of the program's SQL is looked at. And the
published table of examples/return-on-investment comes out as its head says."""
import csv
import datetime
import json
import math
import re
import sqlite3

from support import ROOT, Folder, main, quarter_of, sample_programme, test, tickmark

PERIOD = "2025-Q4"
EVIDENCE = ROOT / "inputs" / "evidence"
FROM = datetime.datetime(2025, 10, 1, tzinfo=datetime.timezone.utc)
UNTIL = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
DAY = 86400
_found = {}


def moment(text):
    """A time or a day of an export, or None where it has none."""
    if not text:
        return None
    when = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return when if when.tzinfo else when.replace(tzinfo=datetime.timezone.utc)


def within(when):
    return when is not None and FROM <= when < UNTIL


def seconds(first, last):
    return (last - first).total_seconds()


def files(pattern):
    """The quarter's exports of a pattern, in the order of their days."""
    names = [path for path in sorted(EVIDENCE.glob(pattern)) if re.search(r"2025-(1[0-2]|Q4)", path.name)]
    assert names, f"no file {pattern}"
    return [path for path in names if not path.name.endswith(".meta.yaml")]


def table(pattern):
    for path in files(pattern):
        with open(path, encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                yield path, row


def documents(pattern):
    for path in files(pattern):
        yield path, json.loads(path.read_text(encoding="utf-8"))


def nearest_rank(values, percent):
    """The smallest of the values such that at least `percent` per cent of them are at or below it."""
    for value in sorted(values):
        if 100 * sum(other <= value for other in values) >= percent * len(values):
            return value
    raise AssertionError("a percentile of nothing")


def found():
    """What tickmark found: {id: row} of one run."""
    if not _found:
        with Folder() as folder:
            sample_programme(folder, quarters=[PERIOD])
            done = tickmark("run", "-q", "--period", PERIOD, cwd=folder)
            assert done.returncode == 1, done.stderr
            store = sqlite3.connect(folder / "out" / PERIOD / "assessment.sqlite")
            store.row_factory = sqlite3.Row
            _found.update({row["id"]: dict(row) for row in store.execute("SELECT * FROM tm_metric")})
            for row in store.execute("SELECT metric, name, value FROM tm_metric_input ORDER BY metric, position"):
                _found[row["metric"]].setdefault("inputs", []).append(row["value"])
            store.close()
            summary = json.loads((folder / "out" / PERIOD / "summary.json").read_text(encoding="utf-8"))
            _found["summary"] = {row["id"]: row for row in summary["metrics"]}
    return _found


def same(name, expected, inputs=None):
    """That the metric has this value, and was worked out from these numbers."""
    metric = found()[name]
    assert metric["value"] is not None, f"{name} has no value: {metric['printed']} ({metric['note']})"
    assert math.isclose(metric["value"], expected, rel_tol=1e-9, abs_tol=1e-9), \
        f"{name} is {metric['value']}, and by hand {expected}"
    if inputs is not None:
        told = metric["inputs"]
        assert len(told) == len(inputs) and all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) for a, b in zip(told, inputs)), \
            f"{name} is worked out from {told}, and by hand from {inputs}"


def share(name, good, whole, open_rows=0):
    same(name, 100 * good / whole, [good, whole] + ([open_rows] if open_rows else []))


@test
def second_factors_of_every_account_at_every_export():
    good = whole = 0
    for _, users in documents("okta/users-*.json"):
        for user in users:
            if user["status"] in ("DEPROVISIONED", "SUSPENDED", "STAGED") or user["profile"]["userType"] != "person":
                continue
            whole += 1
            # A security question is no second factor.
            good += any(factor["status"] == "ACTIVE" for factor in user["factors"] if factor["factorType"] != "question")
    for _, users in documents("google/users-*.json"):
        for user in users["users"]:
            if user["suspended"] or user["archived"] or user["orgUnitPath"] == "/Service accounts":
                continue
            whole += 1
            good += user["isEnrolledIn2Sv"]
    for _, user in table("aws/credential-report-*.csv"):
        # Who has no password for the console is a program, and the root account is nobody's.
        if user["user"] == "<root_account>" or user["password_enabled"] != "true":
            continue
        whole += 1
        good += user["mfa_active"] == "true"
    share("mfa_coverage", good, whole)


@test
def bursts_of_failed_sign_ins():
    failures = {}
    for path in files("okta/system-log-*.ndjson"):
        for line in path.read_text(encoding="utf-8").splitlines():
            event = json.loads(line)
            if event["eventType"] == "user.session.start" and event["outcome"]["result"] == "FAILURE":
                failures.setdefault(event["actor"]["alternateId"].lower(), []).append(moment(event["published"]))
    for path in files("bastion/sshd-*.log"):
        for line in path.read_text(encoding="utf-8").splitlines():
            refused = re.search(r"Failed \S+ for (?:invalid user )?(\S+) from", line)
            if refused:
                failures.setdefault(refused.group(1).lower(), []).append(moment(line.split(" ", 1)[0]))
    bursts = 0
    for times in failures.values():
        reached = [when for when in sorted(times)
                   if sum(0 <= seconds(other, when) <= 300 for other in times) > 5]
        bursts += sum(index == 0 or seconds(reached[index - 1], when) > 300 for index, when in enumerate(reached))
    same("failed_login_bursts", bursts)
    assert bursts > 0, "the sample has no burst, so that nothing was tried"


def incidents():
    for _, export in documents("pagerduty/incidents-*.json"):
        yield from export["incidents"]


def step(incident, kind):
    """When a step of an incident was first taken, or None."""
    return min((moment(entry["created_at"]) for entry in incident["log_entries"] if entry["type"] == kind), default=None)


@test
def answers_to_urgent_incidents():
    answered, escalated, resolved = [], [], []
    for incident in incidents():
        if incident["urgency"] != "high":
            continue
        raised = moment(incident["created_at"])
        over = moment(incident["resolved_at"])
        answered.append(seconds(raised, step(incident, "acknowledge_log_entry") or over))
        resolved.append(seconds(raised, over))
        if step(incident, "escalate_log_entry"):
            escalated.append(seconds(raised, step(incident, "escalate_log_entry")))
    for name, values in (("response", answered), ("escalation", escalated), ("resolution", resolved)):
        for percent in (50, 95, 99):
            same(f"incident_{name}_p{percent}", nearest_rank(values, percent), [len(values)])


@test
def uptime_and_error_budget():
    days = [(row["service"], row["day"], float(row["availability_percent"])) for _, row in table("grafana/service-levels-*.csv")]
    values = [value for _, _, value in days]
    same("uptime", math.fsum(values) / len(values), [len(values)])
    same("downtime", math.fsum((100 - value) * DAY / 100 for value in values))
    spent, budget = math.fsum(100 - value for value in values), len(values) * (100 - 99.9)
    same("error_budget_spent", 100 * spent / budget, [spent, budget])
    months = {}
    for service, day, value in days:
        months.setdefault((service, day[:7]), []).append(value)
    same("uptime_lowest", min(math.fsum(month) / len(month) for month in months.values()), [len(months)])
    assert found()["uptime_lowest"]["on_target"] == 0, "a month below its commitment meets its target"


@test
def backups_and_restores():
    results = {}
    for _, export in documents("aws/backup-jobs-*.json"):
        for job in export["BackupJobs"]:
            results[job["BackupJobId"]] = job["State"]
    good = sum(state == "COMPLETED" for state in results.values())
    known = sum(state in ("COMPLETED", "FAILED", "ABORTED", "EXPIRED", "PARTIAL") for state in results.values())
    unknown = len(results) - known
    ledger = {}
    for path in files("pgbackrest/*/*.json"):
        for stanza in json.loads(path.read_text(encoding="utf-8")):
            for backup in stanza["backup"]:
                started = datetime.datetime.fromtimestamp(backup["timestamp"]["start"], datetime.timezone.utc)
                if within(started):
                    ledger[(path.parent.name, backup["label"])] = not backup.get("error", False)
    good += sum(ledger.values())
    known += len(ledger)
    share("backup_success", good, known, unknown)
    assert found()["backup_success"]["state"] == "partial" and unknown == 1, "a state that nobody knows was taken for one"
    restores = [row for _, row in table("restore/restore-tests-*.csv")]
    share("restores_good", sum(row["integrity"] == row["functionality"] == "ok" for row in restores), len(restores))
    same("restore_time_longest", max(seconds(moment(row["started_at"]), moment(row["finished_at"])) for row in restores))


@test
def vulnerabilities_and_how_long_they_stayed():
    shown = {}  # image: [(day, {(vulnerability, package)})], only what has a fix
    for path, report in documents("trivy/*.json"):
        day = moment(re.search(r"\d{4}-\d\d-\d\d", path.name).group())
        image = re.sub(r"-\d{4}-\d\d-\d\d$", "", path.stem)
        shown.setdefault(image, []).append((day, {(entry["VulnerabilityID"], entry["PkgName"])
                                                 for result in report["Results"] for entry in result.get("Vulnerabilities") or []
                                                 if entry.get("FixedVersion")}))
    open_ages, stayed = [], []
    for scans in shown.values():
        scans.sort(key=lambda scan: scan[0])
        for vulnerability in set().union(*(names for _, names in scans)):
            days = [day for day, names in scans if vulnerability in names]
            if days[-1] == scans[-1][0]:
                open_ages.append(seconds(days[0], days[-1]))
            else:
                assert days[0] != scans[0][0], "there since before the first scan: it cannot be told how long"
                stayed.append(seconds(days[0], next(day for day, _ in scans if day > days[-1])))
    same("vulnerabilities_open", len(open_ages))
    same("patch_age_oldest", max(open_ages))
    for percent in (50, 95):
        same(f"patch_time_p{percent}", nearest_rank(stayed, percent), [len(stayed)])


@test
def changes_and_deployments():
    waited, merged, approved = [], 0, 0
    for _, pulls in documents("github/pulls-*.json"):
        for pull in pulls:
            when = moment(pull["merged_at"])
            if pull["base"]["ref"] != "main" or not within(when):
                continue
            waited.append(seconds(moment(pull["created_at"]), when))
            merged += 1
            decisions = {}
            for review in sorted(pull["reviews"], key=lambda review: review["submitted_at"]):
                if review["state"] in ("APPROVED", "CHANGES_REQUESTED", "DISMISSED") and moment(review["submitted_at"]) <= when:
                    decisions[review["user"]["login"]] = review["state"]
            approved += any(state == "APPROVED" for login, state in decisions.items() if login != pull["user"]["login"])
    share("changes_approved", approved, merged)
    same("change_lead_time", nearest_rank(waited, 50), [merged])
    failed = whole = 0
    for _, deployments in documents("github/deployments-*.json"):
        for deployment in deployments:
            if deployment["environment"] != "production" or not within(moment(deployment["created_at"])):
                continue
            states = [status["state"] for status in sorted(deployment["statuses"], key=lambda status: status["created_at"])
                      if status["state"] in ("success", "failure", "error")]
            whole += 1
            failed += states[-1] != "success"
    share("deployment_failures", failed, whole)


@test
def deficiencies_and_requests():
    register = [row for _, row in table("risk/deficiencies-*.csv")]
    mended = [seconds(moment(row["found_at"]), moment(row["closed_at"])) for row in register if within(moment(row["closed_at"]))]
    for percent in (50, 95):
        same(f"deficiency_time_p{percent}", nearest_rank(mended, percent), [len(mended)])
    same("deficiencies_overdue", sum(not row["closed_at"] and seconds(moment(row["due_at"]), UNTIL) > DAY for row in register))
    answered = [seconds(moment(row["received_at"]), moment(row["answered_at"])) for _, row in table("privacy/requests-*.csv")
                if within(moment(row["answered_at"]))]
    same("privacy_answer_p95", nearest_rank(answered, 95), [len(answered)])


@test
def reviews_of_access():
    reviewed = {}
    for _, row in table("access-review/review-*.csv"):
        reviewed.setdefault(row["system"], {})[row["account"].lower()] = moment(row["reviewed_at"])
    # What was open at the last export before a system's review began.
    exports = {"okta": "okta/users-*.json", "google-workspace": "google/users-*.json", "aws-iam": "aws/credential-report-*.csv"}
    good = whole = 0
    for system, pattern in exports.items():
        began = min(reviewed[system].values())
        days = [(moment(re.search(r"\d{4}-\d\d-\d\d", path.name).group()), path) for path in files(pattern)]
        path = max((day, path) for day, path in days if day <= began)[1]
        if system == "aws-iam":
            with open(path, encoding="utf-8", newline="") as handle:
                logins = [row["user"] for row in csv.DictReader(handle) if row["password_enabled"] == "true"]
        else:
            users = json.loads(path.read_text(encoding="utf-8"))
            logins = [user["profile"]["login"] for user in users
                      if user["status"] not in ("DEPROVISIONED", "SUSPENDED", "STAGED") and user["profile"]["userType"] == "person"] \
                if system == "okta" else [user["primaryEmail"] for user in users["users"]
                                     if not user["suspended"] and user["orgUnitPath"] != "/Service accounts"]
        whole += len(logins)
        good += sum(login.lower() in reviewed[system] for login in logins)
    share("access_review_completion", good, whole)


@test
def the_programmes_own_shares_from_the_summary():
    with Folder() as folder:
        sample_programme(folder, quarters=[PERIOD])
        tickmark("run", "-q", "--period", PERIOD, cwd=folder)
        summary = json.loads((folder / "out" / PERIOD / "summary.json").read_text(encoding="utf-8"))
    verdicts = [control["verdict"] for control in summary["controls"]]
    apply = [verdict for verdict in verdicts if verdict != "not applicable"]
    metrics = {row["id"]: row for row in summary["metrics"]}
    assert math.isclose(metrics["compliance_score"]["value"],
                        100 * sum(verdict in ("effective", "no occurrence") for verdict in apply) / len(apply))
    scope = [criterion for criterion in summary["criteria"] if criterion["in_scope"]]
    assert math.isclose(metrics["control_coverage"]["value"], 100 * sum(row["controls"] > 0 for row in scope) / len(scope))
    assert math.isclose(metrics["evidence_coverage"]["value"], 100 * sum(row["met"] for row in summary["coverage"])
                        / sum(row["expected"] for row in summary["coverage"]))
    tests = [made for control in summary["controls"] for made in control["tests"]]
    assert metrics["items_tested"]["value"] == sum(made["population"] for made in tests)
    assert metrics["exceptions"]["value"] == sum(made["exceptions"] for made in tests)
    findings = [finding for finding in summary["findings"] if finding["state"] != "remediated"]
    assert metrics["findings"]["value"] == len(findings)
    assert metrics["findings_severe"]["value"] == sum(finding["severity"] in ("high", "critical") for finding in findings)


def automated_requirements():
    """(control, type, cadence) of what the controls' text says is made without a person."""
    for path in sorted((ROOT / "schema" / "controls").glob("*.yaml")):
        for block in re.split(r"^  - id: ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            part = re.search(r"^    requires:\n((?:      .*\n)+)", block, re.MULTILINE)
            for item in re.split(r"^      - ", part[1] if part else "", flags=re.MULTILINE)[1:]:
                if re.search(r"\bautomated: true\b", item):
                    yield block.split(None, 1)[0], re.search(r"\btype: (\w+)", item)[1], re.search(r"\bcadence: ([\w-]+)", item)[1]


@test
def the_programmes_own_counts_from_its_files():
    """From the files, the controls' text, the programme and the list of findings."""
    with Folder() as folder:
        sample_programme(folder, quarters=["2025-Q3", PERIOD])
        tickmark("run", "-q", "--period", "2025-Q3", cwd=folder)
        tickmark("run", "-q", "--period", PERIOD, "--prior", "out/2025-Q3/assessment.sqlite", cwd=folder)
        summary = json.loads((folder / "out" / PERIOD / "summary.json").read_text(encoding="utf-8"))
    metrics = {row["id"]: row["value"] for row in summary["metrics"]}

    def equal(name, expected):
        assert metrics[name] is not None and math.isclose(metrics[name], expected), f"{name} is {metrics[name]}, and by hand {expected}"

    verdicts = [control["verdict"] for control in summary["controls"]]
    equal("controls_tested", sum(verdict != "not applicable" for verdict in verdicts))
    equal("controls_effective", sum(verdict == "effective" for verdict in verdicts))
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "schema" / "controls").glob("*.yaml"))
    queries, people = (len(re.findall(rf"^        {key}:", text, re.MULTILINE)) for key in ("query", "manual"))
    assert queries + people == len(re.findall(r"^      - id: ", text, re.MULTILINE)) > 200
    equal("tests_automated", 100 * queries / (queries + people))
    automated = set(automated_requirements())
    of_them = sum(row["expected"] for row in summary["coverage"] if (row["control"], row["type"], row["cadence"]) in automated)
    equal("requirements_automated", 100 * of_them / sum(row["expected"] for row in summary["coverage"]))
    equal("exceptions_waived", sum(waiver["matched"] for waiver in summary["waivers"] if not waiver["expired"]))
    equal("undetermined", sum(made["undetermined"] for control in summary["controls"] for made in control["tests"]))
    left = [finding for finding in summary["findings"] if finding["state"] != "remediated"]
    equal("findings_answered", 100 * sum(finding["response"] is not None for finding in left) / len(left))
    as_of = summary["period"]["as_of"]
    equal("findings_overdue", sum(finding["due"] is not None and finding["due"] < as_of for finding in left))
    closed = [seconds(moment(finding["found"]), moment(finding["closed"])) for finding in summary["findings"]
              if finding["state"] == "remediated" and finding["closed_period"] == PERIOD]
    assert len(closed) > 2, closed
    for percent in (50, 95):
        equal(f"remediation_time_p{percent}", nearest_rank(closed, percent))
    # What a file's name says is of the quarter, or has no day at all.
    mine = [path for path in EVIDENCE.rglob("*") if path.is_file() and not path.name.endswith(".meta.yaml")
            and not path.name.startswith(".") and quarter_of(path.name) == PERIOD]
    equal("evidence_files", len(mine))
    # A table's lines, quoted ones counted once, and those of NDJSON; others as they are listed.
    by_path = {row["path"]: row["records"] for row in summary["evidence"]}
    counted = 0
    for path in mine:
        name = str(path.relative_to(EVIDENCE))
        if path.suffix == ".csv":
            with open(path, encoding="utf-8", newline="") as handle:
                assert by_path[name] == sum(1 for _ in csv.DictReader(handle)), name
        elif path.suffix == ".ndjson":
            assert by_path[name] == sum(bool(line.strip()) for line in path.read_text(encoding="utf-8").splitlines()), name
        else:
            counted -= 1
        counted += 1
    assert counted > 100
    equal("records", sum(by_path.values()))


@test
def the_example_of_a_published_table():
    with Folder() as folder:
        sample_programme(folder, quarters=[PERIOD])
        programme = folder / "inputs" / "programme.yaml"
        text = programme.read_text(encoding="utf-8")
        example = (ROOT / "examples" / "return-on-investment" / "roi.yaml").read_text(encoding="utf-8")
        own = text[text.index("\nroi:\n") + 1:text.index("# One source for each system instance")]
        programme.write_text(text.replace(own, example[example.index("roi:\n"):] + "\n"), encoding="utf-8")
        tickmark("run", "-q", "--period", PERIOD, cwd=folder)
        summary = json.loads((folder / "out" / PERIOD / "summary.json").read_text(encoding="utf-8"))
        page = (folder / "out" / PERIOD / "portfolio.html").read_text(encoding="utf-8")
    figures = {row["id"]: row for row in summary["roi"]}
    ranges = {name: (round(figures[name]["like_low"]), round(figures[name]["like_high"])) for name in figures if name.endswith("share")}
    assert ranges == {"time_to_certification_share": (50, 67), "engineering_hours_share": (60, 60),
                      "audit_cost_share": (22, 31), "audit_preparation_share": (85, 85)}, ranges
    assert (round(figures["audit_cost_share"]["low"]), round(figures["audit_cost_share"]["high"])) == (0, 46)
    notes = {name: row["published_note"] for name, row in figures.items() if row["published"] is not None}
    assert [name for name, note in notes.items() if note.startswith("differs")] == ["audit_preparation_share"], notes
    assert "low end" in notes["time_to_certification_share"], notes
    assert "differs: the inputs give 85.0 %" in page


@test
def nothing_is_said_of_a_return_where_nothing_is_declared():
    with Folder() as folder:
        sample_programme(folder, quarters=[PERIOD])
        programme = folder / "inputs" / "programme.yaml"
        text = programme.read_text(encoding="utf-8")
        start, end = text.index("\nroi:\n") + 1, text.index("# One source for each system instance")
        programme.write_text(text[:start] + text[end:], encoding="utf-8")
        tickmark("run", "-q", "--period", PERIOD, cwd=folder)
        summary = json.loads((folder / "out" / PERIOD / "summary.json").read_text(encoding="utf-8"))
        page = (folder / "out" / PERIOD / "portfolio.html").read_text(encoding="utf-8")
    assert summary["roi"] == [] and "Return on investment" not in page


if __name__ == "__main__":
    main()
