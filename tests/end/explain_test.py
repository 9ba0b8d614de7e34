#!/usr/bin/env python3
"""What `explain` prints leads to the evidence: digests, bytes and populations are recomputed here, without tickmark."""
import hashlib
import json

from support import Folder, add_test, main, run_programme, sample_programme, tickmark

HOLDER = Folder()
FOLDER = sample_programme(HOLDER.path)
OUT = FOLDER / "out" / "2025-Q4"
EVIDENCE = FOLDER / "inputs" / "evidence"


def explained(function):
    """A test of explanations of the sample's run, which the first one makes."""
    def tested():
        if not (OUT / "summary.json").exists():
            run_programme(FOLDER, status=1)
        return function(json.loads((OUT / "summary.json").read_text(encoding="utf-8")))
    add_test(function.__name__.replace("_", " "), tested)


def explain(name):
    done = tickmark("explain", "--period", "2025-Q4", "--format", "json", name, cwd=FOLDER, status=0)
    return json.loads(done.stdout, object_pairs_hook=once)


def once(pairs):
    """An object in which no key stands twice."""
    assert len(dict(pairs)) == len(pairs), [key for key, _ in pairs]
    return dict(pairs)


def check_record(record):
    """The record stands in the file where it is said to stand, and the file has the digest."""
    content = (EVIDENCE / record["path"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == record["sha256"], f"{record['path']} has another digest"
    if record["member"] is None and not record["path"].endswith((".gz", ".zip", ".zst", ".xlsx")):
        there = content[record["offset"]:record["offset"] + record["length"]].decode("utf-8")
        assert there.strip() == record["excerpt"].strip(), f"{record['ref']} reads {record['excerpt']!r}, not {there!r}"


@explained
def every_exception_leads_to_its_bytes(summary):
    tests = [test["id"] for control in summary["controls"] for test in control["tests"]
             if test["exceptions"] + test["undetermined"] > 0]
    records = 0
    for name in tests:
        items = explain(name)["exceptions"]
        told = {test["id"]: test for control in summary["controls"] for test in control["tests"]}[name]
        assert len(items) == told["exceptions"] + told["undetermined"], f"{name} lists {len(items)} items"
        for item in items:
            for record in [item["record"], *(beside["record"] for beside in item["beside"])]:
                if isinstance(record, dict):
                    check_record(record)
                    records += 1
    assert records > 20, records
    return f"{records} records of {len(tests)} tests"


@explained
def the_items_of_a_population_give_its_digest(summary):
    tests = [(test["population"], test) for control in summary["controls"] for test in control["tests"]
             if 0 < test["population"] < 400]
    chosen = [test for _, test in sorted(tests, key=lambda pair: pair[1]["id"])[::9]]
    for test in chosen:
        result = explain(test["id"] + ":population")["result"]
        if result["run_again"].startswith("no:"):
            continue  # rows of high volume are in the evidence alone
        total = 0
        for item in result["items"]:
            member = item["item"].encode("utf-8") + b"\0"
            if item["ref"] is not None:
                evidence, row = item["ref"][1:].split(".")
                member += str(int(evidence) << 32 | int(row)).encode()
            total = (total + int.from_bytes(hashlib.sha256(member).digest(), "big")) % (1 << 256)
        assert len(result["items"]) == test["population"], test["id"]
        assert f"{total:064x}" == test["population_digest"], f"{test['id']}: {total:064x}"
    assert len(chosen) > 10, len(chosen)
    return f"{len(chosen)} populations"


@explained
def every_occurrence_of_a_control_names_a_file_with_its_digest(summary):
    files = 0
    for control in summary["controls"][::12]:
        for requirement in explain(control["id"])["requirements"]:
            for source in requirement["coverage"]:
                assert len(source["occurrences"]) >= source["expected"]
                for occurrence in source["occurrences"]:
                    if occurrence["status"] == "met":
                        content = (EVIDENCE / occurrence["path"]).read_bytes()
                        assert hashlib.sha256(content).hexdigest() == occurrence["sha256"], occurrence["path"]
                        files += 1
    assert files > 40, files
    return f"{files} occurrences"


@explained
def every_figure_of_the_return_on_investment_is_explained(summary):
    assert summary["roi"]
    for figure in summary["roi"]:
        told = explain(figure["id"])
        assert told["figure"]["title"] == figure["title"] and told["figure"]["formula"] == figure["formula"], told["figure"]
        inputs = {row["id"]: row for row in told["inputs"]}
        assert inputs["audit_cost_before"]["declared"] == "32000..38000 GBP", inputs["audit_cost_before"]
    hours = explain("engineering_hours")
    low, high = ({row["id"]: row[end] for row in hours["inputs"]} for end in ("low", "high"))
    least = low["engineering_hours_before"] - high["engineering_hours_after"]
    assert hours["figure"]["low"].split("\u00a0")[0] == f"{least:.0f}", hours["figure"]
    return f"{len(summary['roi'])} figures"


@explained
def every_finding_figure_and_criterion_is_explained(summary):
    for finding in summary["findings"]:
        told = explain(finding["id"])
        assert told["finding"]["item"] == finding["item"] and told["finding"]["text"] == finding["text"]
        assert len(told["exceptions"]) == finding["occurrences"], finding
        for exception in told["exceptions"]:
            check_record(exception["record"])
    for metric in summary["metrics"]:
        told = explain(metric["id"])
        assert told["figure"]["printed"] == metric["printed"], metric["id"]
    for criterion in summary["criteria"][::10]:
        mapped = [control for control in explain(criterion["id"])["controls"] if control["verdict"] != "not applicable"]
        assert len(mapped) == criterion["controls"], criterion["id"]


@explained
def text_stands_in_a_hundred_columns(summary):
    for control in summary["controls"][::10]:
        for name in [control["id"], *(test["id"] for test in control["tests"][:1])]:
            done = tickmark("explain", "--period", "2025-Q4", name, cwd=FOLDER, status=0)
            # A single word, such as a path or a list without blanks, is never broken.
            wide = [line for line in done.stdout.splitlines() if len(line) > 100 and len(line.split()) > 2
                    and max(map(len, line.split())) < 60]
            assert not wide, f"{name}: {wide[0]}"


main()
