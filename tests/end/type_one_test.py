#!/usr/bin/env python3
"""A Type I report: what was in place on a date, and nothing about how controls worked over a time."""
import re
import sqlite3

from support import ROOT, Folder, main, sample_programme, test, tickmark, tool

WORDING = "suitably designed and implemented as of"


def type_one(folder):
    sample_programme(folder)
    path = folder / "inputs" / "programme.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count("report_type: 2") == 1
    path.write_text(text.replace("report_type: 2", "report_type: 1"), encoding="utf-8")
    return folder


def run(folder, *words):
    done = tickmark("run", "--period", "2025-Q4", *words, cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    return done


def results(folder):
    database = sqlite3.connect(folder / "out" / "2025-Q4" / "assessment.sqlite")
    found = {row[0]: row[1:] for row in database.execute("SELECT test, verdict, printed, population FROM tm_test_result")}
    shapes = dict(database.execute("SELECT id, shape FROM tm_type"))
    items = {row[0] for row in database.execute("SELECT item FROM tm_exception WHERE state = 'exception'")}
    newest = dict(database.execute(
        "SELECT source, date(max(effective_at), 'unixepoch') FROM tm_snapshot WHERE type = 'account' GROUP BY source"))
    database.close()
    return found, shapes, items, newest


@test
def operation_is_not_tested_and_the_wording_is_that_of_a_date():
    with Folder() as folder:
        done = run(type_one(folder))
        out = folder / "out" / "2025-Q4"
        squeezed = " ".join(tool("pdftotext", "-layout", out / "portfolio.pdf", "-").split())
        html = " ".join(re.sub(r"<[^>]*>", "", (out / "portfolio.html").read_text(encoding="utf-8")).split())
        xml = (out / "portfolio.xml").read_text(encoding="utf-8")
        texts = {"terminal": done.stdout, "PDF": squeezed, "HTML": html, "XML": xml,
                 "summary": (out / "summary.json").read_text(encoding="utf-8")}
        for name, text in texts.items():
            assert re.search(r"operated\s+effectively|operating\s+effective", text, re.I) is None, name
            assert "not tested: Type I" in text, f"{name} does not say what was not tested"
            if name != "summary":
                assert WORDING in text, f"{name} does not say what is looked at"
        assert f"{WORDING} 2025-12-31" in done.stdout and f"{WORDING} 31 December 2025" in squeezed
        assert squeezed.split("Contents")[0].count("As of 31 December 2025") == 1, "the cover does not say of which date"
        assert 'reportType="I"' in xml
        tool("xmllint", "--noout", "--schema", ROOT / "schema" / "portfolio.xsd", out / "portfolio.xml")


@test
def what_became_known_after_the_period_moves_no_date():
    with Folder() as folder:
        type_one(folder)
        for as_of, day, words in (("2026-01-20", "2025-12-31", "31 December 2025"), ("2025-11-15", "2025-11-15", "15 November 2025")):
            done = run(folder, "--as-of", as_of)
            out = folder / "out" / "2025-Q4"
            squeezed = " ".join(tool("pdftotext", "-l", "8", "-layout", out / "portfolio.pdf", "-").split())
            assert f"{WORDING} {day}" in done.stdout and f"{WORDING} {day}" in (out / "portfolio.xml").read_text(encoding="utf-8")
            assert f"{WORDING} {words}" in squeezed and f"As of {words}" in squeezed, squeezed[:400]
            assert "Rollforward" not in squeezed and "none of them is final" not in squeezed


@test
def tests_of_events_are_left_out_and_tests_of_snapshots_are_not():
    with Folder() as folder:
        run(type_one(folder))
        found, _, _, _ = results(folder)
        # Changes, deployments, backups, incidents happen; second factors, rules and settings are in place.
        for name in ("CC8.1-01.1", "CC8.1-02.1", "A1.2-01.1", "CC7.4-01.1", "CC6.3-03.1"):
            assert found[name][1:] == ("not tested: Type I", 0), (name, found[name])
        for name in ("CC6.1-01.1", "CC6.1-05.1", "CC6.6-01.1", "CC7.2-01.1"):
            assert found[name][0] == "effective" and found[name][2] > 0, (name, found[name])
        # One export of three sources: the accounts of a day, not of thirteen weeks.
        assert 100 < found["CC6.1-01.1"][2] < 140, found["CC6.1-01.1"]
        left_out = sum(1 for row in found.values() if row[1] == "not tested: Type I")
        return f"{left_out} of {len(found)} tests are not tested"


@test
def the_date_decides_which_export_counts():
    # Tomasz had no second factor from 4 to 24 November: on 21 November it shows, on 31 December it does not.
    with Folder() as folder:
        type_one(folder)
        run(folder)
        _, _, items, newest = results(folder)
        assert not any("wrenlow" in item for item in items), items
        assert newest["okta"] == "2025-12-26", newest
        done = run(folder, "--as-of", "2025-11-21")
        _, _, items, _ = results(folder)
        assert {item for item in items if "wrenlow" in item} == {"okta/tomasz.wrenlow@example.com @ 2025-11-21"}, items
        assert f"{WORDING} 2025-11-21" in done.stdout, done.stdout[:400]


@test
def what_was_exported_after_the_date_says_nothing_of_it():
    # The register of the fourth quarter is of 31 December: on 15 November D-2025-09 was not due, and nobody had that register.
    register = "risk/deficiencies-2025-Q4.csv"
    with Folder() as folder:
        type_one(folder)
        done = run(folder, "--as-of", "2025-11-15")
        assert f"inputs/evidence/{register}: note: it is of 2025-12-31, after 2025-11-15" in done.stderr, done.stderr[:2000]
        _, _, items, _ = results(folder)
        assert "D-2025-09" not in items, items
        store = folder / "out" / "2025-Q4" / "assessment.sqlite"
        later = "SELECT e.path FROM tm_snapshot s JOIN tm_evidence e ON e.id = s.evidence JOIN tm_type t ON t.id = s.type " \
                "WHERE s.latest AND t.shape = 'snapshot' AND s.effective_at > unixepoch('2025-11-15') + 86399 " \
                "AND NOT EXISTS (SELECT 1 FROM tm_evidence_type y JOIN tm_type o ON o.id = y.type " \
                "WHERE y.evidence = e.id AND o.shape = 'event')"
        with sqlite3.connect(store) as database:
            assert database.execute(later).fetchall() == []
            assert database.execute("SELECT accepted, problem FROM tm_evidence WHERE path = ?", (register,)).fetchall() == [(0, "later")]
        # Its sidecar may say that it was made before.
        sidecar = folder / "inputs" / "evidence" / f"{register}.meta.yaml"
        sidecar.write_text(sidecar.read_text(encoding="utf-8") + "effective_at: 2025-11-14\n", encoding="utf-8")
        done = run(folder, "--as-of", "2025-11-15")
        assert register not in done.stderr, done.stderr[:2000]
        with sqlite3.connect(store) as database:
            assert database.execute("SELECT accepted FROM tm_evidence WHERE path = ?", (register,)).fetchall() == [(1,)]


@test
def an_export_that_is_too_old_for_the_date_is_missing():
    with Folder() as folder:
        type_one(folder)
        for path in (folder / "inputs" / "evidence" / "okta").glob("users-2025-12-*.json"):
            path.unlink()
        run(folder)
        found, _, _, _ = results(folder)
        assert found["CC6.1-01.1"][0] == "insufficient", found["CC6.1-01.1"]


main()
