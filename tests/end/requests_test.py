#!/usr/bin/env python3
"""The answers to an auditor's list, read again with other tools: python's csv and json, the digests of what is handed over,
and what is left behind when something fails."""
import csv
import hashlib
import json
import re

from support import Folder, ROOT, main, sample_programme, small_programme, test, tickmark, tree

import shutil

PERIOD = "2025-Q4"
LIST = ROOT / "inputs" / f"requests-{PERIOD}.csv"


def rows(path):
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def prepare(folder):
    """The small programme with the populations and words that golden cases use."""
    small_programme(folder)
    shutil.copytree(ROOT / "tests" / "regress" / "requests" / "shared", folder, dirs_exist_ok=True)
    shutil.copy(ROOT / "schema" / "requests.yaml", folder / "schema" / "requests.yaml")
    return folder


@test
def the_samples_list_is_answered_request_by_request():
    with Folder() as folder:
        sample_programme(folder, quarters=[PERIOD])
        tickmark("requests", "-q", "--period", PERIOD, "--as-of", "2026-01-20", "--copy", cwd=folder, status=1)
        out = folder / "out" / f"{PERIOD}-requests"
        asked = rows(LIST)
        index = rows(out / "requests.csv")
        assert sorted(row["request"] for row in index) == sorted(row["PBC #"] for row in asked)
        due = [row["due"] for row in index]
        assert due == sorted(due), "the index is not in the order of the due days"
        answers = {row["request"]: row for row in json.loads((out / "requests.json").read_text(encoding="utf-8"))}
        assert len(answers) == len(asked)
        for row in index:
            waiting = row["state"] in ("open", "short")
            assert (row["late"] == "late") == (waiting and row["due"] < "2026-01-20"), row
            assert (row["missing"] != "") == waiting or row["state"] not in ("open", "short", "answered"), row
            check_folder(folder, out, row, answers[row["request"]])
        states = {row["request"]: row["state"] for row in index}
        assert {name for name, state in states.items() if state == "open"} == {"MQ-23", "MQ-24"}, states
        assert {name for name, state in states.items() if state == "short"} == {"MQ-08", "MQ-13", "MQ-16", "MQ-25"}, states
        assert states["MQ-15"] == "closed" and states["MQ-22"] == "not applicable", states
        assert answers["MQ-24"]["answered_by"][0]["proposed"] is True, answers["MQ-24"]
        page = (out / "requests.html").read_text(encoding="utf-8")
        assert page.count("no opinion or assurance") >= 1 and all(row["PBC #"] in page for row in asked)


def check_folder(folder, out, row, answer):
    own = out / "answers" / row["folder"]
    assert json.loads((own / "answer.json").read_text(encoding="utf-8")) == answer
    evidence = rows(own / "evidence.csv")
    assert len(evidence) == int(row["files"]) == len(answer["evidence"])
    copied = {str(path.relative_to(own / "evidence")): path.read_bytes() for path in sorted((own / "evidence").rglob("*"))
              if path.is_file()} if evidence else {}
    assert set(copied) == {one["evidence"] for one in evidence}, own
    for one in evidence:
        assert one["sha256"] == hashlib.sha256(copied[one["evidence"]]).hexdigest(), one
        assert copied[one["evidence"]] == (folder / "inputs" / "evidence" / one["evidence"]).read_bytes()
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one["effective"]), one
    for population in answer["populations"]:
        listed = (own / f"{population['population']}.csv").read_bytes()
        assert listed == (out / population["file"]).read_bytes()


@test
def the_same_list_gives_the_same_bytes():
    with Folder() as folder:
        sample_programme(folder, quarters=[PERIOD])
        found = []
        for _ in range(2):
            tickmark("requests", "-q", "--period", PERIOD, cwd=folder, status=1)
            found.append(tree(folder / "out" / f"{PERIOD}-requests"))
        assert found[0] == found[1]


@test
def a_list_that_fails_leaves_the_last_good_answers():
    with Folder() as folder:
        prepare(folder)
        listed = folder / "list.csv"
        listed.write_text("Request ID,Control\nR-1,AC-1\n", encoding="utf-8")
        tickmark("requests", "list.csv", cwd=folder, status=0)
        before = tree(folder / "out")
        listed.write_text("Request ID,Control\nR-1,AC-1\nR-1,AC-2\n", encoding="utf-8")
        tickmark("requests", "list.csv", cwd=folder, status=2)
        assert tree(folder / "out") == before
        template = folder / "templates" / "requests.md"
        template.write_text(template.read_text(encoding="utf-8").replace("{{#requests}}", "{{#request}}"), encoding="utf-8")
        listed.write_text("Request ID,Control\nR-1,AC-2\n", encoding="utf-8")
        tickmark("requests", "list.csv", cwd=folder, status=2)
        assert tree(folder / "out") == before


@test
def over_a_thousand_requests_are_answered():
    """With cells of every sort; python's csv reads the same ids and texts back."""
    with Folder() as folder:
        prepare(folder)
        texts = ['plain', 'with, comma', 'with "quotes"', "line\nend", "=1+1", "+1", "-1", "@x", "\u202etxet", "<b>&amp;",
                 "'quoted", "", "{{secret}}", "| a | b |", "CC6.1-01"]
        controls = ["AC-1", "AC-2", "CM-1", "IR-1", "GV-1", "CC6.1", "no such", ""]
        count = 1200
        with (folder / "list.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(["Request ID", "Control", "Description", "Due date"])
            for i in range(count):
                writer.writerow([f"R-{i}", controls[i % 8], texts[i % 15] + "" if i % 15 != 11 else "x",
                                 f"2026-0{1 + i % 9}-1{i % 10}"])
        done = tickmark("requests", "-q", "list.csv", cwd=folder, status=1)
        assert "error" not in done.stderr, done.stderr[:2000]
        index = rows(folder / "out" / f"{PERIOD}-requests" / "requests.csv")
        assert len(index) == count
        for row in index:
            i = int(row["request"][2:])
            text = "x" if i % 15 == 11 else " ".join(texts[i % 15].split())
            shown = row["description"]
            if "description" in row["defused"].split():
                assert shown.startswith("'"), row
                shown = shown[1:]
            assert shown == text, row
            assert text[:1] not in ("=", "+", "-", "@") or "description" in row["defused"], row
            assert row["control"] == controls[i % 8]


@test
def delimiters_marks_and_line_ends_make_no_difference():
    with Folder() as folder:
        prepare(folder)
        lines = [["Request ID", "Control", "Requested item"], ["R-1", "AC-1", "Second factors"], ["R-2", "CM-1", "Changes"]]
        found = []
        for delimiter in ",;\t|":
            for end in ("\n", "\r\n"):
                for mark in (b"", b"\xef\xbb\xbf"):
                    text = end.join(delimiter.join(line) for line in lines)
                    (folder / "list.csv").write_bytes(mark + text.encode())
                    tickmark("requests", "-q", "list.csv", cwd=folder, status=0)
                    found.append(rows(folder / "out" / f"{PERIOD}-requests" / "requests.csv"))
        assert all(one == found[0] for one in found), found


if __name__ == "__main__":
    main()
