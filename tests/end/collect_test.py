#!/usr/bin/env python3
"""`collect` and the commands it runs: they end when they must with all that they started, get nothing they were not
given, and what is kept of them is read back by `run`, which starts nothing itself."""
import contextlib
import datetime
import fcntl
import json
import os
import pathlib
import resource
import signal
import sqlite3
import subprocess
import time
import zipfile

from support import ENVIRONMENT, TICKMARK, Folder, main, small_programme, test, tickmark, tree

TODAY = datetime.datetime.now(datetime.timezone.utc).date()
YEAR_END = f"{TODAY.year + 1}-12-31"  # of a period that holds today
EVIDENCE = "inputs/evidence"


@contextlib.contextmanager
def programme(sources, scripts=None, period=("2025-10-01", YEAR_END)):
    """A folder whose sources are these lines, with executable scripts below bin/."""
    with Folder() as folder:
        small_programme(folder)
        path = folder / "inputs" / "programme.yaml"
        text = path.read_text(encoding="utf-8")
        head, tail = text.split("sources:\n")[0], "signing:\n" + text.split("signing:\n")[1]
        head = head.replace("{id: 2025-Q4, from: 2025-10-01, to: 2025-12-31}",
                            f"{{id: long, from: {period[0]}, to: {period[1]}}}")
        path.write_text(head + "sources:\n" + "".join(f"  - {source}\n" for source in sources) + tail, encoding="utf-8")
        for place in (folder / EVIDENCE).iterdir():
            for file in place.iterdir():
                file.unlink()
        for name, script in (scripts or {}).items():
            script_path = folder / "bin" / name
            script_path.parent.mkdir(exist_ok=True)
            script_path.write_text("#!/bin/sh\n" + script, encoding="utf-8")
            script_path.chmod(0o755)
        yield folder


def directory(command, name="directory", extra=""):
    return f'{{id: {name}, kind: directory-accounts, path: "{name}/accounts-{{date}}.csv", zone: UTC, {extra}command: {command}}}'


def changes(command, extra=""):
    return f'{{id: changes, kind: changes, path: "code/changes-{{date}}.json", zone: UTC, {extra}command: {command}}}'


LIST = "echo login,active,last_login\necho ann,true,2025-10-01T00:00:00Z\necho bob,false,\n"
MONTH = """echo "[{\\"number\\": 7, \\"author\\": {\\"name\\": \\"ann\\"}, \\"merged\\": \\"${1}T10:00:00Z\\","
echo "\\"approvals\\": [{\\"by\\": \\"bob\\", \\"when\\": \\"${1}T09:00:00Z\\"}]}]"
"""


def exports(folder, name="directory"):
    place = folder / EVIDENCE / name
    return sorted(path.name for path in place.iterdir()) if place.exists() else []


def assert_gone(path):
    """The processes whose numbers stand in a file are no more."""
    numbers = path.read_text(encoding="utf-8").split()
    assert numbers, f"{path.name} is empty"
    for number in numbers:
        deadline = time.monotonic() + 5
        while pathlib.Path(f"/proc/{number}").exists():
            # A zombie has ended; who collects it is the business of the system's first process.
            if pathlib.Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] == "Z":
                break
            assert time.monotonic() < deadline, f"process {number} of {path.name} is still there"
            time.sleep(0.05)


# A command that works with others: in its group, and in a session of its own.
FAMILY = """echo $$ > pids
sleep 300 & echo $! >> pids
setsid sh -c 'echo $$ >> pids; exec sleep 300' > /dev/null 2>&1 &
while [ "$(wc -l < pids)" -lt 3 ]; do sleep 0.05; done
"""


@test
def a_time_out_ends_the_whole_family():
    with programme([directory("{argv: [bin/slow.sh], timeout: 1 second}")], {"slow.sh": FAMILY + "sleep 300\n"}) as folder:
        began = time.monotonic()
        done = tickmark("collect", "-q", cwd=folder, status=1)
        assert "was not done after 1 second" in done.stderr, done.stderr
        assert time.monotonic() - began < 10
        assert exports(folder) == []
        assert_gone(folder / "pids")


@test
def nothing_outlives_a_command_that_succeeded():
    with programme([directory("[bin/list.sh]")], {"list.sh": FAMILY.replace("sleep 300 &", "sleep 300 > /dev/null 2>&1 &") + LIST}) as folder:
        tickmark("collect", "-q", cwd=folder, status=0)
        assert exports(folder) == [f"accounts-{TODAY}.csv", f"accounts-{TODAY}.csv.meta.yaml"]
        pids = (folder / "pids").read_text(encoding="utf-8").split()
        assert len(pids) == 3
        assert_gone(folder / "pids")


@test
def a_daemon_that_holds_the_output_makes_it_no_evidence():
    script = LIST + "setsid sh -c 'echo $$ > pids; sleep 300; echo eve,true,' &\nwhile ! [ -s pids ]; do sleep 0.05; done\n"
    with programme([directory("[bin/list.sh]")], {"list.sh": script}) as folder:
        began = time.monotonic()
        done = tickmark("collect", "-q", cwd=folder, status=1)
        assert "left a process behind" in done.stderr, done.stderr
        assert time.monotonic() - began < 10
        assert exports(folder) == []
        assert_gone(folder / "pids")


def interrupt(folder, number):
    """Runs collect, sends it a signal once its command is at work, and returns how it ended."""
    with subprocess.Popen([TICKMARK, "collect"], cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 20
        while not (folder / "ready").exists():
            assert time.monotonic() < deadline and process.poll() is None, "the command does not come up"
            time.sleep(0.05)
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
    return process.returncode, said


@test
def a_signal_to_collect_ends_the_command_too():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        with programme([directory("[bin/slow.sh]"), directory("[bin/list.sh]", "after")],
                       {"slow.sh": FAMILY + LIST + "touch ready\nsleep 300\n", "list.sh": LIST}) as folder:
            status, said = interrupt(folder, number)
            assert status == 3 and f"a signal ({int(number)})" in said, f"{status}\n{said}"
            assert exports(folder) == [] and exports(folder, "after") == []
            assert_gone(folder / "pids")


@test
def the_command_of_a_killed_collect_dies_and_the_next_one_works():
    with programme([directory("[bin/slow.sh]")], {"slow.sh": LIST + "echo $$ > pids\ntouch ready\nexec sleep 300\n"}) as folder:
        status, _ = interrupt(folder, signal.SIGKILL)
        assert status == -signal.SIGKILL
        assert_gone(folder / "pids")
        assert exports(folder) == []
        # What the dead one left waits where no source looks, and is replaced.
        done = tickmark("validate", "--format", "json", cwd=folder, status=0)
        assert json.loads(done.stdout) == [], done.stdout
        (folder / "bin" / "slow.sh").write_text("#!/bin/sh\n" + LIST, encoding="utf-8")
        tickmark("collect", "-q", cwd=folder, status=0)
        assert exports(folder) == [f"accounts-{TODAY}.csv", f"accounts-{TODAY}.csv.meta.yaml"]
        assert [path.name for path in (folder / EVIDENCE / ".collect").iterdir()] == [".gitignore"]


@test
def two_collections_do_not_meet():
    with programme([directory("[bin/list.sh]")], {"list.sh": LIST}) as folder:
        waiting = folder / EVIDENCE / ".collect"
        waiting.mkdir()
        descriptor = os.open(waiting, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        done = tickmark("collect", "-q", cwd=folder, status=3)
        assert "another collection is at work" in done.stderr, done.stderr
        os.close(descriptor)
        tickmark("collect", "-q", cwd=folder, status=0)


@test
def what_is_there_is_never_overwritten():
    name = f"accounts-{TODAY}.csv"
    with programme([directory("[bin/list.sh]")], {"list.sh": "touch ran\n" + LIST}) as folder:
        place = folder / EVIDENCE / "directory"
        for file, content, status in ((name, "mine", 0), (f"{name}.meta.yaml", "approved_by: me\n", 1)):
            (place / file).write_text(content, encoding="utf-8")
            tickmark("collect", "-q", cwd=folder, status=status)
            assert exports(folder) == [file] and (place / file).read_text(encoding="utf-8") == content
            (place / file).unlink()
        assert not (folder / "ran").exists(), "the command ran for nothing"
        # A link that leads nowhere, and later out of the folder, is not followed.
        (place / name).symlink_to(folder / "elsewhere")
        tickmark("collect", "-q", cwd=folder, status=1)
        assert (place / name).is_symlink() and not (folder / "elsewhere").exists()
        assert exports(folder) == [name]
        (folder / "elsewhere").write_text("theirs", encoding="utf-8")
        tickmark("collect", "-q", cwd=folder, status=0)
        assert (folder / "elsewhere").read_text(encoding="utf-8") == "theirs"


@test
def the_clock_dates_a_snapshot_and_nothing_else_does():
    with programme([directory("[bin/list.sh]")], {"list.sh": LIST}) as folder:
        yesterday = TODAY - datetime.timedelta(days=1)
        for wrong in (yesterday, TODAY + datetime.timedelta(days=1)):
            tickmark("collect", "-q", "--date", wrong, cwd=folder, status=2)
        assert exports(folder) == []
        tickmark("collect", "-q", "--date", TODAY, cwd=folder, status=0, environment={"SOURCE_DATE_EPOCH": "1700000000"})
        assert exports(folder) == [f"accounts-{TODAY}.csv", f"accounts-{TODAY}.csv.meta.yaml"]
        sidecar = (folder / EVIDENCE / "directory" / f"accounts-{TODAY}.csv.meta.yaml").read_text(encoding="utf-8")
        assert f'collected_at: "{TODAY}T' in sidecar, sidecar


def month_before(day, count):
    for _ in range(count):
        day = day.replace(day=1) - datetime.timedelta(days=1)
    return day.replace(day=1)


@test
def months_that_are_over_are_due_and_no_others():
    first = month_before(TODAY, 3)
    months = [month_before(TODAY, count).strftime("%Y-%m") for count in (3, 2, 1)]
    with programme([changes('{argv: [bin/month.sh, "{from}"], covers: month}'), directory("[bin/list.sh]")],
                   {"month.sh": MONTH, "list.sh": LIST}, period=(first, YEAR_END)) as folder:
        (folder / EVIDENCE / "code" / f"changes-{months[1]}.json").write_text("[]", encoding="utf-8")
        done = json.loads(tickmark("collect", "--due", "--format", "json", cwd=folder, status=0).stdout)
        stored = [item["path"].rsplit("/", 1)[1] for item in done if item["state"] == "stored"]
        assert stored == [f"changes-{months[0]}.json", f"changes-{months[2]}.json", f"accounts-{TODAY}.csv"], done
        done = json.loads(tickmark("collect", "--due", "--format", "json", cwd=folder, status=0).stdout)
        assert [item["state"] for item in done] == ["not due", "not due"], done


@test
def memory_does_not_grow_with_the_output():
    line = '{"page":"P1","urgency":"HIGH","opened":"%sT08:00:00Z","answered":"%sT08:10:00Z"}'
    last = TODAY.replace(day=1) - datetime.timedelta(days=1)
    script = f"yes '{line % (last, last)}' | head -n 600000\n"
    source = '{id: pager, kind: pages, path: "pages/pages-{date}.ndjson", zone: UTC, command: {argv: [bin/many.sh], covers: month}}'
    with programme([source], {"many.sh": script}) as folder:
        with subprocess.Popen([TICKMARK, "collect", "--format", "json"], cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            done = json.loads(process.stdout.read())
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0 and done[0]["rows"] == 600000, done
        size = (folder / EVIDENCE / "pages" / f"pages-{last:%Y-%m}.ndjson").stat().st_size
        assert usage.ru_maxrss * 1024 < size, f"{usage.ru_maxrss} KiB for {size} bytes"


@test
def a_full_disk_leaves_nothing_behind():
    with programme([directory("[bin/many.sh]")], {"many.sh": LIST + "yes carol,true, | head -n 100000\n"}) as folder:
        done = tickmark("collect", "-q", cwd=folder, status=3,
                        limits=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000)))
        assert "[file-write]" in done.stderr, done.stderr
        assert exports(folder) == []


@test
def only_collect_starts_a_command():
    with programme([directory("{argv: [bin/list.sh], version: [bin/list.sh]}")], {"list.sh": "touch ran\n" + LIST}) as folder:
        for words in (("validate",), ("run", "--period", "long", "--as-of", str(TODAY)), ("schema", "test"), ("show", "controls")):
            tickmark(*words, cwd=folder)
            assert not (folder / "ran").exists(), f"{words[0]} ran it"


@test
def run_reads_back_what_was_collected():
    secret = "hunter-2-and-more"
    with programme([directory("{argv: [bin/list.sh], environment: [API_TOKEN], version: [bin/version.sh]}",
                              extra="collected_by: export job, ")],
                   {"list.sh": LIST + 'echo "as $API_TOKEN" >&2\n', "version.sh": 'echo "1.0 $API_TOKEN"\n'}) as folder:
        done = tickmark("collect", cwd=folder, status=0, environment={"API_TOKEN": secret})
        assert secret not in done.stdout + done.stderr and "as [API_TOKEN]" in done.stderr, done.stderr
        for name, content in tree(folder / EVIDENCE).items():
            assert secret.encode() not in content, name
        tickmark("run", "-q", "--period", "long", "--as-of", TODAY, cwd=folder, status=1)
        out = folder / "out" / "long"
        summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
        evidence = {item["path"]: item for item in summary["evidence"]}
        path = f"directory/accounts-{TODAY}.csv"
        assert list(evidence) == [path] and evidence[path]["accepted"] and evidence[path]["records"] == 2, evidence
        with contextlib.closing(sqlite3.connect(out / "assessment.sqlite")) as store:
            row = store.execute("SELECT e.collected_by, e.collected_at, e.claimed_records, e.effective_by, e.effective_at, s.query "
                                "FROM tm_evidence e JOIN tm_source s ON s.id = e.source").fetchone()
        midnight = int(datetime.datetime.combine(TODAY, datetime.time(), datetime.timezone.utc).timestamp())
        assert row[0] == "export job" and midnight <= row[1] < midnight + 86400, row
        assert row[2] is None and row[3:] == ("name", midnight, "bin/list.sh"), row
        with zipfile.ZipFile(out / summary["package"]["path"]) as package:
            names = package.namelist()
        assert [name for name in names if name.startswith("data/evidence/")] == \
            [f"data/evidence/{path}", f"data/evidence/{path}.meta.yaml"], names
        # Whoever mends an export afterwards is seen.
        file = folder / EVIDENCE / path
        file.write_text(file.read_text(encoding="utf-8").replace("bob,false", "bob,true"), encoding="utf-8")
        assert "[evidence-altered]" in tickmark("validate", cwd=folder, status=1).stderr
        done = tickmark("run", "-q", "--period", "long", "--as-of", TODAY, "--out", "second", cwd=folder, status=1)
        assert "[evidence-altered]" in done.stderr, done.stderr
        summary_of_altered = json.loads((folder / "second" / "long" / "summary.json").read_text(encoding="utf-8"))
        assert [item["problem"] for item in summary_of_altered["evidence"]] == ["altered"], summary_of_altered["evidence"]
        tickmark("verify", "-q", "--anchor", folder / "keys" / "signing.crt", out / summary["package"]["path"], cwd=folder, status=0)


@test
def an_old_export_printed_again_does_not_count_by_itself():
    old = "accounts-2025-10-31.csv"
    with programme([directory(f"[cat, {EVIDENCE}/directory/{old}]")]) as folder:
        place = folder / EVIDENCE / "directory"
        (place / old).write_text("login,active,last_login\nann,true,2025-10-01T00:00:00Z\n", encoding="utf-8")
        done = tickmark("collect", cwd=folder, status=0)
        assert "[collect-copy]" in done.stderr, done.stderr

        def problem():
            tickmark("run", "-q", "--period", "long", "--as-of", TODAY, cwd=folder, status=1)
            summary = json.loads((folder / "out" / "long" / "summary.json").read_text(encoding="utf-8"))
            return {item["path"]: item["problem"] for item in summary["evidence"]}[f"directory/accounts-{TODAY}.csv"]

        assert problem() == "copied"
        sidecar = place / f"accounts-{TODAY}.csv.meta.yaml"
        lines = sidecar.read_text(encoding="utf-8").splitlines()
        started = next(line for line in lines if line.startswith("started_at: "))
        sidecar.write_text("\n".join([*lines, started.replace("started_at", "collected_at")]) + "\n", encoding="utf-8")
        assert problem() is None


main()
