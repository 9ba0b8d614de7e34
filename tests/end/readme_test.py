#!/usr/bin/env python3
"""The README does what it says: its commands run, its links lead somewhere, every key of summary.json is in it.

A block of commands that follows `<!-- checked: status N -->` is run by sh in a copy of what a clone holds, with tickmark on
the path; its last command ends with N, and no other fails.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess

from support import ENVIRONMENT, ROOT, TICKMARK, Folder, add_test, main, sample_programme, test, tickmark

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"<!-- checked: status (\d) -->\n```sh\n(.*?)```\n", re.DOTALL)
HOLDER = Folder()
FOLDER = sample_programme(HOLDER.path)
BIN = FOLDER / ".bin"
BIN.mkdir()
(BIN / "tickmark").symlink_to(TICKMARK)


def run_block(text, status):
    """Every command but the last must succeed: the last line runs in the same shell behind `set -e`."""
    for needed in ("unzip", "openssl", "sqlite3"):
        assert f"{needed} " not in text or shutil.which(needed), f"{needed} is not installed"
    done = subprocess.run(["sh", "-euc", text], cwd=FOLDER, capture_output=True, text=True, timeout=300, check=False,
                          env={**ENVIRONMENT, "PATH": f"{BIN}:{os.environ['PATH']}"})
    assert done.returncode == status, f"status {done.returncode}, not {status}\n{text}\n{done.stdout}{done.stderr}"
    return done.stdout


def blocks():
    found = BLOCK.findall(README)
    assert len(found) >= 6, "the README has hardly any checked commands"
    for number, (status, text) in enumerate(found, 1):
        first = next(line for line in text.splitlines() if line and not line.startswith("#"))
        add_test(f"block {number}, {first[:60]}", lambda text=text, status=int(status): run_block(text, status) and None)


blocks()


@test
def the_reference_of_the_worked_example_is_the_one_it_explains():
    ref = re.search(r"^tickmark show --period 2025-Q4 (E\d+\.\d+)$", README, re.MULTILINE).group(1)
    shown = run_block(f"tickmark show --period 2025-Q4 {ref}", 0)
    for words in ("inputs/evidence/okta/users-2025-11-07.json", "tomasz.wrenlow@example.com", "Record   9,", "NOT_SETUP"):
        assert words in shown, f"{words} is not in\n{shown}"
    summary = json.loads((FOLDER / "out" / "2025-Q4" / "summary.json").read_text(encoding="utf-8"))
    finding = next(item for item in summary["findings"] if item["ref"] == ref)
    assert finding["item"] in README and finding["text"] in README
    tested = next(item for control in summary["controls"] for item in control["tests"] if item["id"] == "CC6.1-01.1")
    assert f"{tested['population']} of them" in README, f"there are {tested['population']} of them"
    assert tested["exceptions"] == 3


def keys_of(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_of(inner)


@test
def every_key_of_summary_json_is_described():
    summary = json.loads((FOLDER / "out" / "2025-Q4" / "summary.json").read_text(encoding="utf-8"))
    described = re.search(r"## summary\.json\n(.*?)\n## ", README, re.DOTALL).group(1)
    known = set(re.findall(r"`(?:\w+\[\]\.)?(\w+)(?:\[\])?`", described))
    missing = sorted(set(keys_of(summary)) - known)
    assert not missing, f"not described: {missing}"
    return f"{len(set(keys_of(summary)))} keys"


@test
def the_control_schema_is_counted_rightly():
    controls = [item["control"] for item in json.loads(tickmark("show", "controls", "--format", "json", cwd=FOLDER).stdout)]
    table = re.findall(r"^\| ([A-Z][A-Z0-9, -]*) \| (\d+) \|", README, re.MULTILINE)
    assert len(table) == 7, table
    for names, number in table:
        found = [control for control in controls if any(
            covers(part, control.split("-")[0].split(".")[0]) for part in names.split(", "))]
        assert len(found) == int(number), f"{names}: {len(found)} controls, the README says {number}"
    assert sum(int(number) for _, number in table) == len(controls)
    tests = json.loads(tickmark("show", "tests", "--format", "json", cwd=FOLDER).stdout)
    said = tickmark("schema", "test", cwd=FOLDER).stdout
    _, count, types, kinds, _ = (int(word) for word in re.match(r"(\d+)\D+(\d+)\D+(\d+)\D+(\d+)\D+(\d+)", said).groups())
    assert f"{types} evidence types, {kinds} kinds" in README and f"{count} controls with {len(tests)} tests" in README, said
    return f"{count} controls, {len(tests)} tests"


def covers(part, series):
    """Whether CC1-CC5 or A1 covers a series such as CC3."""
    first, _, last = part.partition("-")
    word, number = re.match(r"([A-Z]+)(\d+)", series).groups()
    begin = re.match(r"([A-Z]+)(\d+)", first).groups()
    end = re.match(r"([A-Z]+)(\d+)", last or first).groups()
    return word == begin[0] and int(begin[1]) <= int(number) <= int(end[1])


@test
def links_lead_to_files():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert "://" in target or (ROOT / target).exists(), f"{target} is not there"
    picture = ROOT / "examples" / "portfolio-page.png"
    assert pathlib.Path(picture).stat().st_size < 200_000, "the picture is too large"


@test
def folders_and_targets_are_there():
    for folder in re.findall(r"^\| `(\w+)/` \|", README, re.MULTILINE):
        assert (ROOT / folder).is_dir(), f"{folder}/ is not there"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("run", "test", "unit", "regress", "end", "lint", "fuzz-smoke", "bench", "install", "format", "clean"):
        assert re.search(rf"^(?:[\w -]* )?{target}(?: [\w -]*)?:", makefile, re.MULTILINE), f"make {target} is not there"


main()
