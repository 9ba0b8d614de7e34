#!/usr/bin/env python3
"""A schedule of wrong inputs, applied one at a time to the sample company's fourth quarter.

The sample is clean_sample.py's, in which every control holds. A row alters one file of it and names controls that rest on
that file. None of them may still hold (be effective, or without occurrence) unless a diagnostic names the file; where an
alteration must not matter, verdict and population must be as before. What came out is compared with wrong_sample.tsv, one
line an alteration and control: alteration, file, control, verdict before, verdict after, and the diagnostics on the file.

  python3 tests/end/wrong_sample_test.py --table [WORD...]     prints the table as it is now, or the rows whose name holds a
                                                               word: read it, line by line, before it is kept
"""
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import spoiling
from clean_sample import HOLDS, clean_sample, edit_programme, without
from spoiling import archive, cut, holds, keep, lines, packed, raw, records, sidecar, table, text, values
from support import ENVIRONMENT, HERE, PERIOD, ROOT, TICKMARK, Folder, add_test, main

KEPT = HERE / "wrong_sample.tsv"
LEAST = 40
ORDER = "order"  # what may not matter but for the place of a record, and with it the digest of the population

OKTA = "okta/users-2025-11-14.json"
GOOGLE = "google/users-2025-11-14.json"
AWS = "aws/credential-report-2025-11-14.csv"
ROSTER = "hr/roster-2025-11-21.csv"
PULLS = "github/pulls-2025-11.json"
DEPLOYMENTS = "github/deployments-2025-11.json"
PAGES = "pagerduty/incidents-2025-11.json"
BACKUPS = "aws/backup-jobs-2025-11.json"
KEYS = "aws/kms-keys-2025-11-07.json"
RESTORES = "restore/restore-tests-2025-Q4.csv"
LEVELS = "grafana/service-levels-2025-11.csv"
RUNS = "processing/runs-2025-11.ndjson"
SIGN_INS = "okta/system-log-2025-11.ndjson"
SUDO = "sudo/bastion-2025-11.log"
RULES = "prometheus/rules-2025-11-30.yaml"
VENDORS = "vendors/register-2025-12-19.csv"
DEVICES = "devices/devices-2025-11-30.csv"
SCAN = "trivy/bookings-2025-11-14.json"
CHECKS = "prowler/findings-2025-11-30.csv"
REPORTS = "incidents/reports-2025-11.csv"
POLICY = "documents/access-policy-3.2-2025-Q4.md"
SHIPPED = ROOT / "inputs" / "evidence"
ROWS = []


def row(name, file, controls, alter, matters=True):
    ROWS.append((name, file, controls.split(), alter, matters))


def shipped(name):
    """A file of the sample's other quarters under this one's name."""
    return raw(lambda _: (SHIPPED / name).read_bytes())


def both(*alterations):
    def alter(path):
        for alteration in alterations:
            alteration(path)
    return alter


def own_approval(items):
    for item in items:
        for review in item["reviews"]:
            review["user"] = item["user"]


def reviews_gone(items):
    for item in items:
        item["reviews"] = []


def not_a_number(value):
    return 99999999999999999999999 if type(value) is int else value


def negative(value):
    return -value if type(value) is int else value


# Nothing in it.
row("an empty file", OKTA, "CC6.1-01 CC6.2-03", holds(""))
row("an empty file", ROSTER, "CC6.2-01 CC6.2-03", holds(""))
row("a line end alone", BACKUPS, "A1.2-01", holds("\n"))
row("header only", ROSTER, "CC6.2-01 CC6.2-03", spoiling.header_only)
row("an empty list", PULLS, "CC8.1-01", holds("[]\n"))
row("an envelope without records", PAGES, "CC7.3-01 CC7.4-01", spoiling.header_only)
row("an empty object", PAGES, "CC7.4-01", holds("{}\n"))
row("the file removed", ROSTER, "CC6.2-01 CC6.2-03", spoiling.gone)
row("the file removed", RESTORES, "A1.3-01", spoiling.gone)
# Other columns, other words.
row("other columns", VENDORS, "CC9.2-01", table(lambda rows: [[f"{name}_x" for name in rows[0]]] + rows[1:]))
row("the second factor's key renamed", GOOGLE, "CC6.1-01", text("isEnrolledIn2Sv", "isEnrolledInMfa"))
row("the second factor's column renamed", AWS, "CC6.1-01", text("mfa_active", "mfa", 1))
row("the second factor in another language", AWS, "CC6.1-01", lines(
    lambda all_lines: all_lines[:1] + [line.replace("true", "wahr").replace("false", "falsch") for line in all_lines[1:]]))
row("the second factor turned round", GOOGLE, "CC6.1-01", text('"isEnrolledIn2Sv":true', '"isEnrolledIn2Sv":false'))
row("the second factor left out", GOOGLE, "CC6.1-01", text(',"isEnrolledIn2Sv":(true|false)', ""))
row("an unknown word", OKTA, "CC6.1-01", text('"status":"ACTIVE"', '"status":"ENGAGED"', 2))
row("an unknown word", BACKUPS, "A1.2-01", text('"State":"COMPLETED"', '"State":"DONE"', 1))
row("every value null", KEYS, "CC6.1-06", values(lambda _: None))
row("every value N/A", REPORTS, "CC7.4-01 CC7.5-01", values(lambda _: "N/A"))
row("the last column left out", DEVICES, "CC6.8-01", table(lambda rows: [line[:-1] for line in rows]))
row("values one column along", RESTORES, "A1.3-01", table(lambda rows: rows[:1] + [line[1:] + line[:1] for line in rows[1:]]))
row("integers of 23 digits", RUNS, "PI1.2-01 PI1.4-01", values(not_a_number))
row("negative numbers", RUNS, "PI1.2-01 PI1.4-01", values(negative))
row("decimal commas", LEVELS, "CC7.2-03", table(lambda rows: rows[:1] + [[cell.replace(".", ",") for cell in line] for line in rows[1:]]))
# Another time.
row("dates of the year before", OKTA, "CC6.1-01 CC6.2-01", text("2025-", "2024-"))
row("dates of the year before", PULLS, "CC8.1-01", text("2025-", "2024-"))
row("dates of the year before", SCAN, "CC7.1-01", text("2025-", "2024-"))
row("dates of the year before", CHECKS, "CC7.1-02", text("2025-", "2024-"))
row("dates of the year before", "privacy/disclosures-2025-Q4.csv", "P6.1-01 P6.2-01", text("2025-", "2024-"))
row("the export of the quarter before", AWS, "CC6.1-01 CC6.2-01", shipped("aws/credential-report-2025-08-29.csv"))
row("the export of the quarter before", SCAN, "CC7.1-01", shipped("trivy/bookings-2025-08-29.json"))
row("the bytes of the week before", OKTA, "CC6.1-01", spoiling.from_file("okta/users-2025-11-07.json"))
row("the bytes of the month before", PULLS, "CC8.1-01", spoiling.from_file("github/pulls-2025-10.json"))
row("times in 2052", PAGES, "CC7.4-01", text("2025-", "2052-"))
row("times in 2052", OKTA, "CC6.1-01", text("2025-", "2052-"))
row("times in 1970", RESTORES, "A1.3-01", text(r"\d{4}-\d\d-\d\d", "1970-01-01"))
row("day and month exchanged", ROSTER, "CC6.2-03", text(r"(\d{4})-(\d\d)-(\d\d)", r"\1-\3-\2"))
row("month, day and year", RESTORES, "A1.3-01", text(r"(\d{4})-(\d\d)-(\d\d)", r"\2/\3/\1"))
row("times eight hours late", PAGES, "CC7.3-02", spoiling.shifted(8))
row("times eight hours early", DEPLOYMENTS, "CC8.1-02", spoiling.shifted(-8))
# Somebody else's.
row("another company's accounts", OKTA, "CC6.1-01 CC6.1-02 CC6.2-01", text(r"@example\.com", "@example.org"))
row("another company's accounts", AWS, "CC6.1-01 CC6.1-03", lines(
    lambda all_lines: all_lines[:1] + [f"other-{line}" for line in all_lines[1:]]))
row("another account's keys", KEYS, "CC6.1-06", text("4669e846|arn:aws:kms:eu-west-1:", "11111111"))
row("people under other logins", PULLS, "CC8.1-01", text('"login":"', '"login":"x-'))
row("another source's export", OKTA, "CC6.1-01 CC6.2-03", spoiling.from_file(GOOGLE))
row("another image's report", SCAN, "CC7.1-01", spoiling.from_file("trivy/bookings-worker-2025-11-14.json"))
row("leavers taken off the roster", "hr/roster-2025-12-26.csv", "CC6.2-03", table(
    lambda rows: [line for line in rows if "Terminated" not in line]))
row("reviews taken off the changes", PULLS, "CC8.1-01", records(reviews_gone))
row("changes approved by their authors", PULLS, "CC8.1-01", records(own_approval))
# Twice.
row("every record twice", ROSTER, "CC6.2-01 CC6.2-03", spoiling.twice)
row("every record twice", PULLS, "CC8.1-01", spoiling.twice)
row("every record twice", SIGN_INS, "CC7.2-02", spoiling.twice)
row("the export twice over", OKTA, "CC6.1-01", raw(lambda data: data * 2))
row("a second header in the middle", ROSTER, "CC6.2-01 CC6.2-03", spoiling.second_header)
row("a line with the total", ROSTER, "CC6.2-01 CC6.2-03", spoiling.total_line)
row("a title in place of the header", AWS, "CC6.1-01", raw(lambda data: b"Credential report\n\n" + data.split(b"\n", 1)[1]))
# Part of it.
row("cut at 90 %", AWS, "CC6.1-01 CC6.1-03", cut(0.9))
row("cut at 90 %", ROSTER, "CC6.2-01 CC6.2-03", cut(0.9))
row("cut at 90 %", OKTA, "CC6.1-01", cut(0.9))
row("cut at 90 %", SIGN_INS, "CC7.2-02", cut(0.9))
row("cut at 90 %", SUDO, "CC6.3-05", cut(0.9))
row("cut at 90 %", POLICY, "CC5.3-01", cut(0.9))
row("cut in a record", PULLS, "CC8.1-01", cut(0.37))
row("a record less than were counted", ROSTER, "CC6.2-01 CC6.2-03", lines(lambda all_lines: all_lines[:-1]))
row("half of the records", OKTA, "CC6.1-01 CC6.2-03", keep(0.5))
row("the first page alone", GOOGLE, "CC6.1-01", both(keep(0.9), text(r"^{", '{"nextPageToken": "x", ', 1)))
row("the first page alone", PAGES, "CC7.3-01 CC7.4-01", text('"more": false', '"more": true'))
# Not what its name says.
row("a sign-in page", OKTA, "CC6.1-01", holds("<!DOCTYPE html>\n<html><body><form action=\"/login\"></form></body></html>\n"))
row("a sign-in page", ROSTER, "CC6.2-03", holds("<!DOCTYPE html>\n<html><body><form action=\"/login\"></form></body></html>\n"))
row("a sign-in page", POLICY, "CC5.3-01", holds("<!DOCTYPE html>\n<html><body><form action=\"/login\"></form></body></html>\n"))
row("an error in JSON", PULLS, "CC8.1-01", holds('{"message": "Bad credentials", "status": "401"}\n'))
row("an error in JSON", RULES, "CC7.2-01", holds('{"status": "error", "error": "timeout"}\n'))
row("an answer 429", BACKUPS, "A1.2-01", holds("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 60\r\n\r\nSlow down.\n"))
row("an answer 429", POLICY, "CC5.3-01", holds("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 60\r\n\r\nSlow down.\n"))
row("a traceback behind it", AWS, "CC6.1-01", raw(lambda data: data + b"Traceback (most recent call last):\n"))
row("UTF-16 without a mark", ROSTER, "CC6.2-03", spoiling.rewritten_in("utf-16-le"))
row("a byte of Windows-1252", ROSTER, "CC6.2-01 CC6.2-03", raw(lambda data: data.replace(b"e", b"\xe9", 40)))
row("zeros in the middle", OKTA, "CC6.1-01", raw(lambda data: data[:len(data) // 2] + bytes(16) + data[len(data) // 2:]))
row("zeros at the end", ROSTER, "CC6.2-03", raw(lambda data: data[:len(data) * 9 // 10] + bytes(len(data) // 10)))
row("a symbolic link", OKTA, "CC6.1-01", spoiling.linked)
row("a folder", OKTA, "CC6.1-01", spoiling.folder)
row("gzip, cut", OKTA, "CC6.1-01", packed(0.9))
row("a ZIP without members", OKTA, "CC6.1-01", archive)
row("a tar without members", ROSTER, "CC6.2-03", spoiling.empty_tar)
row("a ZIP with it twice", ROSTER, "CC6.2-03", lambda path: archive(path, "a.csv", "b.csv"))
row("another digest in the sidecar", ROSTER, "CC6.2-03", sidecar("sha256", "0" * 64))
row("more records in the sidecar", ROSTER, "CC6.2-03", sidecar("records", 999))
row("no number in the sidecar", ROSTER, "CC6.2-03", sidecar("records", "many"))
row("a word changed after the approval", POLICY, "CC5.3-01", text("quarter", "decade"))
# What must not matter.
row("a byte order mark", ROSTER, "CC6.2-01 CC6.2-03", raw(lambda data: b"\xef\xbb\xbf" + data), False)
row("UTF-16 with a mark", ROSTER, "CC6.2-01 CC6.2-03", spoiling.rewritten_in("utf-16-le", b"\xff\xfe"), False)
row("semicolons", ROSTER, "CC6.2-01 CC6.2-03", spoiling.delimited_by(";"), False)
row("columns in another order", AWS, "CC6.1-01 CC6.1-03", spoiling.reversed_columns, False)
row("keys in another order", OKTA, "CC6.1-01 CC6.1-02", spoiling.reversed_columns, False)
row("records in another order", PULLS, "CC8.1-01", spoiling.shuffled, ORDER)
row("lines that end as on Windows", ROSTER, "CC6.2-01 CC6.2-03", raw(lambda data: data.replace(b"\n", b"\r\n")), False)
row("gzip", OKTA, "CC6.1-01", packed(), False)


class Programme:
    """The clean sample with a report of one page, to be altered in copies that share its files."""

    def __init__(self):
        self.holder = Folder()
        self.path = self.holder.path / "programme"
        self.path.mkdir()
        clean_sample(self.path)
        self.leave_out_controls()
        (self.path / "templates" / "portfolio.md").write_text(
            "---\ntitle: A report\norganisation: A company\nsystem: A system\nconfidentiality: Confidential\n"
            "statement: Prepared by management; not a SOC 2 examination report; no opinion or assurance\n---\n# A page\n",
            encoding="utf-8")
        self.before = self.run(self.path)[0]
        shutil.rmtree(self.path / "out")

    def leave_out_controls(self):
        """Files of controls that no row names, which halves the time of each run."""
        named = {control for _, _, controls, *_ in ROWS for control in controls}
        for path in (self.path / "schema" / "controls").iterdir():
            if not any(f"- id: {control}\n" in path.read_text(encoding="utf-8") for control in named):
                path.unlink()
        (self.path / "schema" / "checks.yaml").unlink()  # these name controls that are gone
        shutil.rmtree(self.path / "schema" / "metrics")
        shutil.rmtree(self.path / "schema" / "populations")
        edit_programme(self.path, lambda old: without(old, "overrides", "not_applicable"))

    def copy(self, name):
        folder = self.holder.path / name
        shutil.copytree(self.path, folder, copy_function=os.link)
        return folder

    @staticmethod
    def run(folder):
        """The controls by id, and the diagnostics."""
        done = subprocess.run([TICKMARK, "run", "-q", "--period", PERIOD, "--format", "json"], cwd=folder, env=ENVIRONMENT,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False)
        assert done.returncode in (0, 1), done.stderr.decode("utf-8", "replace")
        controls = {control["id"]: control for control in json.loads(done.stdout)["controls"]}
        return controls, json.loads(done.stderr or "[]")


def populations(control, matters):
    """What must be as before: all that was counted, and over which items at which places."""
    return [(test["id"], test["population"], test["exceptions"], test["undetermined"],
             None if matters == ORDER else test["population_digest"]) for test in control["tests"]]


def outcome(programme, number):
    """The lines of the table that one row makes, and what is wrong with them."""
    name, file, controls, alter, matters = ROWS[number]
    folder = programme.copy(str(number))
    alter(folder / "inputs" / "evidence" / file)
    after, diagnostics = programme.run(folder)
    shutil.rmtree(folder)
    ids = sorted({item["id"] for item in diagnostics if item["path"].startswith(f"inputs/evidence/{file}")})
    made = []
    wrong = []
    for control in controls:
        before = programme.before[control]
        now = after[control]
        made.append("\t".join([name, file, control, before["verdict"], now["verdict"], " ".join(ids) or "-"]))
        if before["verdict"] not in HOLDS:
            wrong.append(f"{control} did not hold before")
        if matters is True and now["verdict"] in HOLDS and not ids:
            wrong.append(f"{control} is {now['verdict']}, and nothing is said of {file}")
        if matters is not True:
            said, was = [(item["verdict"], populations(item, matters)) for item in (now, before)]
            if said != was:
                wrong.append(f"{control} is another: {said}, not {was}")
    return made, wrong


def check(results, kept, number):
    made, wrong = results[number].result()
    for line in made:
        if line not in kept:
            wrong.append(f"not in {KEPT.name}: {line}")
    assert not wrong, "\n".join(wrong)
    return ", ".join(line.split("\t")[2] + " " + line.split("\t")[4] for line in made)


def complete(results, kept):
    made = [line for result in results for line in result.result()[0]]
    assert len(ROWS) >= LEAST and len({name for name, *_ in ROWS}) >= LEAST, f"{len(ROWS)} alterations"
    assert made == kept, f"{KEPT.name} holds other lines than were made: {sorted(set(made) ^ set(kept))}"
    return f"{len(ROWS)} alterations, {len(made)} lines"


def start():
    programme = Programme()
    if sys.argv[2:]:
        ROWS[:] = [item for item in ROWS if any(word in item[0] for word in sys.argv[2:])]
    with ThreadPoolExecutor(2) as pool:
        results = [pool.submit(outcome, programme, number) for number in range(len(ROWS))]
        if sys.argv[1:2] == ["--table"]:
            for result in results:
                made, wrong = result.result()
                print("\n".join(made + [f"# {line}" for line in wrong]), flush=True)
            return
        kept = KEPT.read_text(encoding="utf-8").splitlines()
        for number, (name, file, *_) in enumerate(ROWS):
            add_test(f"{name} ({file})", lambda number=number: check(results, kept, number))
        add_test("the table of outcomes is the kept one", lambda: complete(results, kept))
        main()


start()
