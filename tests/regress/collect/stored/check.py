"""The files are where they belong, hold what was printed, and their sidecars say how they were made."""
import datetime
import hashlib
import json
import pathlib
import re

EVIDENCE = pathlib.Path("inputs/evidence")
TODAY = datetime.datetime.now(datetime.timezone.utc).date()


def sidecar(path):
    """Its lines, each `key: JSON value`."""
    lines = path.with_name(path.name + ".meta.yaml").read_text(encoding="utf-8").splitlines()[1:]
    return {key: json.loads(value) for key, value in (line.split(": ", 1) for line in lines)}


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check(path, content, **expected):
    assert path.read_text(encoding="utf-8") == content, path
    assert path.stat().st_mode & 0o777 == 0o644, oct(path.stat().st_mode)
    said = sidecar(path)
    for key, value in expected.items():
        assert said[key] == value, f"{key}: {said[key]}"
    assert said["sha256"] == sha256(path) and said["bytes"] == len(content) and said["exit_status"] == 0
    for key in ("collected_at", "started_at", "ended_at"):
        assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", said[key]), said[key]
    assert said["collected_at"] == said["started_at"] <= said["ended_at"]
    # What these two keys say would be taken for the source's own word.
    assert "records" not in said and "effective_at" not in said
    assert said["stderr_bytes"] == 0 and said["stderr_sha256"] == hashlib.sha256(b"").hexdigest()


check(EVIDENCE / f"directory/accounts-{TODAY}.csv",
      f"login,active,last_login\nann,true,{TODAY}T00:00:00Z\nbob,false,\n",
      source="directory", collected_by="export job", command=["bin/list.sh", str(TODAY), "{other}"],
      program="bin/list.sh", program_sha256=sha256(pathlib.Path("bin/list.sh")),
      tool_version="list 1.4 for [DIRECTORY_TOKEN] | of the directory", environment=["DIRECTORY_TOKEN", "HOME"],
      read_records=2, read_rejected=0, rows=2, invalid_rows=0)
last = TODAY.replace(day=1) - datetime.timedelta(days=1)
first = last.replace(day=1)
check(EVIDENCE / f"code/changes-{first:%Y-%m}.json",
      f'[{{"number": 7, "author": {{"name": "ann"}}, "merged": "{first}T10:00:00Z",\n'
      f'  "approvals": [{{"by": "bob", "when": "{first}T09:00:00Z"}}]}}]\n',
      source="changes", collected_by="tickmark collect", covers_from=str(first), covers_to=str(last),
      command=["bin/changes.sh", str(first), str(last), str(TODAY.replace(day=1))],
      program="bin/changes.sh", tool_version=None, environment=[], read_records=1, rows=2)
assert pathlib.Path("span").read_text(encoding="utf-8") == f"from {first} to {last} until {TODAY.replace(day=1)}\n"
for path in EVIDENCE.rglob("*"):
    assert path.is_dir() or b"not-to-be-written" not in path.read_bytes(), path
