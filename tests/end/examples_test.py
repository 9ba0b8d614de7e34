#!/usr/bin/env python3
"""The scripts in examples/ do what they say: with stand-ins for the tools they call, `collect` takes what they print for
exports of the kinds that examples/live-checks/sources.yaml names, and what they cannot tell ends them."""
import contextlib
import csv
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess

from support import ENVIRONMENT, ROOT, Folder, Skip, main, test, tickmark

CHECKS = ROOT / "examples" / "live-checks"
TODAY = datetime.datetime.now(datetime.timezone.utc).date()
HEAD = """organisation: Kestrel Lane Ltd
system: Kestrel
report_type: 2
categories: [security, availability, confidentiality]
periods:
  - {id: long, from: FIRST, to: 2099-12-31}
"""
KEYS = {"AWS_ACCESS_KEY_ID": "not-a-key-id", "AWS_SECRET_ACCESS_KEY": "not-a-secret-at-all"}

# What the tools would say, as far as the scripts ask them.
TOOLS = {
    "testssl.sh": r"""
case $1 in --version) echo "testssl.sh 3.2"; exit 0 ;; esac
while [ $# -gt 0 ]; do
    case $1 in --jsonfile) json=$2 ;; --file) list=$2 ;; esac
    shift
done
{
    echo '['
    first=
    while read -r endpoint; do
        host=${endpoint%%:*}
        case $host in silent*) continue ;; esac
        for row in '"SSLv3", "OK", "not offered"' '"TLS1_2", "OK", "offered"' '"heartbleed", "OK", "not vulnerable, no heartbeat extension"'; do
            IFS=, read -r id severity finding <<END
$row
END
            printf '%s{"id": %s, "ip": "%s/192.0.2.1", "port": "443", "severity": %s, "finding": %s}\n' "$first" "$id" "$host" "$severity" "$finding"
            first=,
        done
    done < "$list"
    echo ']'
} > "$json"
exit "${TESTSSL_STATUS:-0}"
""",
    "aws": r"""
case "$*" in
--version) echo "aws-cli/2.17.0 Python/3.12" ;;
"s3api list-buckets"*) printf '{"Buckets": [{"Name": "documents", "CreationDate": "2023-05-02T08:00:00+00:00"}, {"Name": "old", "CreationDate": "2016-05-02T08:00:00+00:00"}]}\n' ;;
"s3api get-bucket-encryption --bucket documents"*) echo '{"ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}}' ;;
"s3api get-bucket-encryption --bucket old"*)
    if [ -e throttled ]; then echo "Could not connect to the endpoint URL" >&2; exit 255; fi
    echo "An error occurred (ServerSideEncryptionConfigurationNotFoundError) when calling the GetBucketEncryption operation: none" >&2
    exit 254 ;;
"s3api get-public-access-block"*) echo '{"PublicAccessBlockConfiguration": {"BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true, "RestrictPublicBuckets": true}}' ;;
"s3api get-bucket-policy-status"*)
    echo "An error occurred (NoSuchBucketPolicy) when calling the GetBucketPolicyStatus operation: none" >&2
    exit 254 ;;
"rds describe-db-instances"*) jq 'del(.DBInstances[2])' "$EXPORTS/aws-rds-instances/export.json" ;;
*) echo "aws was asked $*" >&2; exit 252 ;;
esac
""",
    "sslyze": 'jq "del(.server_scan_results[1])" "$EXPORTS/sslyze-json/export.json"\n',
    "pgbackrest": r"""
case "$*" in
*info) echo '[{"name": "main", "backup": [{"label": "20251101-020000F"}, {"label": "20251102-020000F"}]}]' ;;
*restore) for word in "$@"; do case $word in --pg1-path=*) echo 15 > "${word#*=}/PG_VERSION" ;; esac; done ;;
esac
""",
    "pg_ctl": 'case "$*" in *start) for word in "$@"; do case $word in --pgdata=*) echo 1 > "${word#*=}/postmaster.pid" ;; esac; done ;; *stop) echo stopped > "$STATE/stopped" ;; esac\n',
    "pg_amcheck": "exit 0\n",
    "psql": 'cat "$STATE/answers"\n',
    "restic": r"""
case $1 in
snapshots) echo '[{"id": "4bba301e", "time": "2025-11-02T02:00:00Z"}]' ;;
restore) mkdir -p "$4$BACKUP_PATH" && cp "$STATE"/backup/* "$4$BACKUP_PATH/" ;;
esac
""",
    "kubectl": r"""
case "$*" in
*"get deployment"*) printf 'app %s\n' "$(cat "$STATE/image")" ;;
*"set image"*) for word in "$@"; do case $word in app=*) echo "${word#*=}" > "$STATE/image" ;; esac; done ;;
*"rollout undo"*) [ -e "$STATE/stuck" ] || echo registry.example.com/app:1 > "$STATE/image" ;;
esac
""",
    "curl": "exit 0\n",
}


@contextlib.contextmanager
def place():
    """A folder with stand-ins first on the path: (folder, environment)."""
    if shutil.which("jq") is None:
        raise Skip("jq is not installed")
    with Folder() as folder:
        bin_folder = folder / "bin"
        bin_folder.mkdir()
        for name, script in TOOLS.items():
            body = script.replace("$EXPORTS", str(ROOT / "tests" / "kinds")).replace("$STATE", str(folder))
            (bin_folder / name).write_text("#!/bin/sh\n" + body, encoding="utf-8")
            (bin_folder / name).chmod(0o755)
        yield folder, {**ENVIRONMENT, "PATH": f"{bin_folder}:{os.environ['PATH']}"}


def run(words, cwd, environment, status):
    done = subprocess.run([str(word) for word in words], cwd=cwd, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=120, check=False)
    assert done.returncode == status, f"{words}: status {done.returncode}, not {status}\n{done.stdout}{done.stderr}"
    return done


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def last_quarter():
    """A day of the last quarter that is over, and the quarter's name."""
    day = TODAY.replace(month=(TODAY.month - 1) // 3 * 3 + 1, day=1) - datetime.timedelta(days=1)
    return day, f"{day.year}-Q{(day.month + 2) // 3}"


def a_programme(folder):
    shutil.copytree(ROOT / "schema", folder / "schema")
    shutil.copytree(ROOT / "templates", folder / "templates")
    shutil.copytree(CHECKS, folder / "live-checks")
    (folder / "inputs" / "evidence").mkdir(parents=True)
    day, _ = last_quarter()
    sources = (CHECKS / "sources.yaml").read_text(encoding="utf-8")
    (folder / "inputs" / "programme.yaml").write_text(HEAD.replace("FIRST", str(day.replace(day=1) - datetime.timedelta(days=40))) + sources, encoding="utf-8")
    (folder / "inputs" / "endpoints.txt").write_text("# ours\nwww.example.com:443\napi.example.com # and this\n", encoding="utf-8")
    (folder / "logs").mkdir()
    (folder / "logs" / "restore-tests.csv").write_text(
        "test_id,resource,started_at,finished_at,integrity,functionality,isolated,tester,backup_job_id,note\n"
        "RT-1,bookings,2020-01-06T08:00:00Z,2020-01-06T09:00:00Z,ok,ok,yes,hugo@example.com,b1,old\n"
        f'RT-2,bookings,{day}T23:59:59Z,{day}T23:59:59Z,ok,ok,yes,hugo@example.com,b2,"the last, at night"\n'
        f"RT-3,bookings,{day + datetime.timedelta(days=1)}T00:00:00Z,,failed,not checked,yes,hugo@example.com,b3,new\n", encoding="utf-8")
    (folder / "logs" / "exercises.csv").write_text(
        "exercise_id,kind,scope,lead,held_at,finished_at,result,report,note\n"
        f"EX-1,rollback,acme/app,ann@example.com,{day}T10:00:00Z,{day}T10:30:00Z,passed,reports/EX-1.md,\n", encoding="utf-8")


@test
def every_source_of_the_examples_is_collected():
    with place() as (folder, environment):
        a_programme(folder)
        done = json.loads(tickmark("collect", "--due", "--format", "json", cwd=folder, status=0, environment={**KEYS, **environment}).stdout)
        newest = {item["source"]: item for item in done}
        assert len(newest) == 6 and {item["state"] for item in newest.values()} == {"stored"}, done
        assert newest["tls-scan"]["rows"] == 6 and newest["s3-buckets"]["rows"] == 2, done
        day, quarter = last_quarter()
        evidence = folder / "inputs" / "evidence"
        assert [row["test_id"] for row in rows_of(evidence / f"restore/restore-tests-{quarter}.csv")] == ["RT-2"]
        assert [row["exercise_id"] for row in rows_of(evidence / f"exercises/rollbacks-{quarter}.csv")] == ["EX-1"]
        said = (evidence / f"aws/s3-{TODAY}.json.meta.yaml").read_text(encoding="utf-8")
        assert 'tool_version: "aws-cli/2.17.0 Python/3.12"' in said and KEYS["AWS_SECRET_ACCESS_KEY"] not in said, said
        buckets = {bucket["Name"]: bucket for bucket in json.loads((evidence / f"aws/s3-{TODAY}.json").read_text(encoding="utf-8"))["Buckets"]}
        assert buckets["old"]["EncryptionError"] == {"Code": "ServerSideEncryptionConfigurationNotFoundError"}, buckets
        assert "EncryptionError" not in buckets["documents"], buckets


@test
def half_an_answer_is_none():
    with place() as (folder, environment):
        (folder / "throttled").touch()
        done = run([CHECKS / "s3-encryption.sh"], folder, environment, 1)
        assert done.stdout == "" and "bucket old failed" in done.stderr and "Could not connect" in done.stderr, done
        endpoints = folder / "endpoints"
        endpoints.write_text("www.example.com\nsilent.example.com:8443\n", encoding="utf-8")
        done = run([CHECKS / "tls.sh", endpoints], folder, environment, 1)
        assert done.stdout == "" and "silent.example.com:8443" in done.stderr, done
        endpoints.write_text("www.example.com\n", encoding="utf-8")
        run([CHECKS / "tls.sh", endpoints], folder, environment, 0)
        run([CHECKS / "tls.sh", endpoints], folder, {**environment, "TESTSSL_STATUS": "3"}, 0)
        done = run([CHECKS / "tls.sh", endpoints], folder, {**environment, "TESTSSL_STATUS": "246"}, 1)
        assert done.stdout == "" and "246" in done.stderr, done
        endpoints.write_text("# nothing\n", encoding="utf-8")
        run([CHECKS / "tls.sh", endpoints], folder, environment, 1)


@test
def a_log_that_cannot_be_read_is_no_empty_quarter():
    with place() as (folder, environment):
        log = folder / "log.csv"
        words = [CHECKS / "log-of-span.sh", log, "held_at", "2025-10-01", "2026-01-01"]
        run(words, folder, environment, 2)
        for text in ("", "a,b\n1,2\n", "id,held_at\nEX-1,yesterday\n", 'id,held_at\n"a,b",2025-10-01T00:00:00Z\n'):
            log.write_text(text, encoding="utf-8")
            run(words, folder, environment, 1)
        log.write_text("id,held_at\nEX-1,2025-09-30T23:59:59Z\nEX-2,2025-10-01T00:00:00Z\nEX-3,2026-01-01T00:00:00Z\n", encoding="utf-8")
        assert run(words, folder, environment, 0).stdout == "id,held_at\nEX-2,2025-10-01T00:00:00Z\n"


def as_kind(path, kind):
    """tickmark knows the log for what it is and finds nothing wrong with it."""
    said = json.loads(tickmark("validate", "-C", ROOT, "--format", "json", path, status=0).stdout)
    assert (said[0]["kind"], said[0]["state"]) == (kind, "in order"), said
    return rows_of(path)


@test
def a_restore_writes_its_line_whatever_comes_of_it():
    with place() as (folder, environment):
        log = folder / "restore-tests.csv"
        check = folder / "check"
        check.write_text('#!/bin/sh\n[ -e "$PGHOST/data/PG_VERSION" ] && [ ! -e broken ]\n', encoding="utf-8")
        check.chmod(0o755)
        (folder / "answers").write_text("t\nt\n", encoding="utf-8")
        words = [CHECKS / "restore-test.sh", "bookings-main", log, CHECKS / "pgbackrest"]
        environment = {**environment, "TESTER": "hugo@example.com", "ISOLATED": "yes", "STANZA": "main", "DATABASE": "bookings",
                       "INTEGRITY_SQL": "checks.sql", "APPLICATION_CHECK": str(check), "TMPDIR": str(folder)}
        run(words, folder, environment, 0)
        (folder / "broken").touch()
        run(words, folder, environment, 1)
        (folder / "answers").write_text("t\nf\n", encoding="utf-8")
        run(words, folder, environment, 1)
        (folder / "bin" / "pgbackrest").write_text("#!/bin/sh\necho 'unable to find repository \"a\", \"b\"' >&2\nexit 55\n", encoding="utf-8")
        done = run(words, folder, environment, 1)
        assert "unable to find repository" in done.stderr, done.stderr
        rows = as_kind(log, "restore-test-log")
        assert [(row["integrity"], row["functionality"], row["isolated"], row["backup_job_id"]) for row in rows] == [
            ("ok", "ok", "yes", "main 20251102-020000F"), ("ok", "failed", "yes", "main 20251102-020000F"),
            ("failed", "not checked", "yes", "main 20251102-020000F"), ("failed", "not checked", "yes", "")], rows
        assert [row["finished_at"] != "" for row in rows] == [True, True, False, False], rows
        assert len({row["test_id"] for row in rows}) == 4
        assert (folder / "stopped").exists(), "the restored server was left running"
        left = [path.name for path in folder.iterdir() if path.name.startswith("tmp.")]
        assert left == [], left
        run(words, folder, {key: value for key, value in environment.items() if key != "TESTER"}, 2)


@test
def restic_restores_what_its_list_says():
    with place() as (folder, environment):
        log = folder / "restore-tests.csv"
        backup = folder / "backup"
        backup.mkdir()
        (backup / "data").write_text("kept\n", encoding="utf-8")
        (backup / "SHA256SUMS").write_text("f3a45ca3cba1b4efd1d0d1ab4e2f1ba0d1d7e5b2ac8d3ba8f2e1b8d9d8b7a6c5  data\n", encoding="utf-8")
        check = folder / "check"
        check.write_text('#!/bin/sh\ngrep -q kept "$1/data"\n', encoding="utf-8")
        check.chmod(0o755)
        words = [CHECKS / "restore-test.sh", "files", log, CHECKS / "restic"]
        environment = {**environment, "TESTER": "hugo@example.com", "BACKUP_PATH": "/srv/files", "APPLICATION_CHECK": str(check)}
        run(words, folder, environment, 1)
        subprocess.run("sha256sum data > SHA256SUMS", shell=True, cwd=backup, check=True)
        run(words, folder, environment, 0)
        rows = as_kind(log, "restore-test-log")
        assert [(row["integrity"], row["functionality"], row["isolated"]) for row in rows] == [("failed", "not checked", ""), ("ok", "ok", "")], rows


@test
def a_rollback_passes_when_the_state_is_what_it_was():
    with place() as (folder, environment):
        log = folder / "exercises.csv"
        state = folder / "check"
        state.write_text("#!/bin/sh\necho schema 42\n", encoding="utf-8")
        state.chmod(0o755)
        words = [CHECKS / "rollback-test.sh", "acme/app", log, "reports", CHECKS / "kubernetes"]
        environment = {**environment, "LEAD": "ann@example.com", "NAMESPACE": "staging", "DEPLOYMENT": "app", "CONTAINER": "app",
                       "NEW_IMAGE": "registry.example.com/app:2", "STATE_CHECK": str(state), "HEALTH_URL": "https://staging.example.com/"}
        (folder / "image").write_text("registry.example.com/app:1\n", encoding="utf-8")
        run(words, folder, environment, 0)
        run(words, folder, {**environment, "NEW_IMAGE": "registry.example.com/app:1"}, 1)
        (folder / "stuck").touch()
        run(words, folder, environment, 1)
        (folder / "bin" / "curl").write_text("#!/bin/sh\nexit 22\n", encoding="utf-8")
        run(words, folder, environment, 1)
        rows = as_kind(log, "exercise-log")
        assert [(row["kind"], row["scope"], row["result"], row["note"]) for row in rows] == [
            ("rollback", "acme/app", "passed", "the service works in the state before"),
            ("rollback", "acme/app", "failed", "the deployment changed nothing so nothing was taken back"),
            ("rollback", "acme/app", "failed", "the state after the rollback is not the one before"),
            ("rollback", "acme/app", "failed", "staging did not work before the rehearsal")], rows
        report = (folder / rows[0]["report"]).read_text(encoding="utf-8")
        assert "registry.example.com/app:2" in report and "Result: passed" in report, report


@test
def the_schedules_call_commands_and_options_that_exist():
    helps = {}
    for path in sorted((ROOT / "examples" / "schedule").iterdir()):
        text = path.read_text(encoding="utf-8")
        calls = re.findall(r"(?:^|[ /])tickmark ((?:collect|run|validate)\b[^\n;&|]*)", text, re.MULTILINE)
        assert any(call.startswith("collect --due") for call in calls) or path.suffix == ".timer", path.name
        for call in calls:
            command = call.split()[0]
            helps.setdefault(command, tickmark(command, "--help", status=0).stdout)
            for option in re.findall(r"(?<= )(?:--[a-z-]+|-q)", call):
                assert re.search(rf"^  {option}\b", helps[command], re.MULTILINE), f"{path.name}: {call}"
    assert pathlib.Path(ROOT / "examples" / "README.md").exists()


main()
