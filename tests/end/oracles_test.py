#!/usr/bin/env python3
"""The sample's outputs before tools that are not ours."""
import hashlib
import json
import sqlite3

from support import HERE, ROOT, Folder, add_test, main, package_of, run_programme, sample_programme, tool

HOLDER = Folder()
FOLDER = sample_programme(HOLDER.path)
OUT = FOLDER / "out" / "2025-Q4"


def assessed(function):
    """A test of the sample's outputs; the first one makes them."""
    def tested():
        if not (OUT / "summary.json").exists():
            run_programme(FOLDER, status=1)
        return function(json.loads((OUT / "summary.json").read_text(encoding="utf-8")))
    add_test(function.__name__.replace("_", " "), tested)


def squeezed(text):
    return "".join(text.split())


@assessed
def all_outputs_are_there(summary):
    names = sorted(path.name for path in OUT.iterdir())
    assert names == sorted(["portfolio.pdf", "portfolio.html", "portfolio.xml", "assessment.sqlite", "summary.json",
                            summary["package"]["path"]]), names


@assessed
def the_package_before_unzip_sha256sum_openssl_and_bagit_rules(summary):
    return tool("sh", HERE / "package_oracles.sh", package_of(FOLDER, summary), FOLDER / "keys" / "signing.crt").strip()


@assessed
def the_package_digest_is_what_sha256sum_says(summary):
    said = tool("sha256sum", package_of(FOLDER, summary)).split()[0]
    assert said == summary["package"]["sha256"], said
    assert package_of(FOLDER, summary).stat().st_size == summary["package"]["bytes"]


@assessed
def the_package_holds_every_evidence_file_as_it_is(summary):
    with Folder() as folder:
        tool("unzip", "-qq", package_of(FOLDER, summary), "-d", folder)
        listed = {item["path"]: item["sha256"] for item in summary["evidence"]}
        assert listed, "no evidence is listed"
        for path, digest in listed.items():
            inside = (folder / "data" / "evidence" / path).read_bytes()
            assert inside == (FOLDER / "inputs" / "evidence" / path).read_bytes(), f"{path} differs"
            assert hashlib.sha256(inside).hexdigest() == digest, f"{path} has another digest"
        return f"{len(listed)} files"


@assessed
def the_package_holds_the_reports_beside_it(summary):
    with Folder() as folder:
        tool("unzip", "-qq", package_of(FOLDER, summary), "-d", folder)
        for name in ("portfolio.pdf", "portfolio.html", "portfolio.xml"):
            assert (folder / "data" / "reports" / name).read_bytes() == (OUT / name).read_bytes(), f"{name} differs"
        store = folder / "data" / "store" / "assessment.sqlite"
        assert store.read_bytes() == (OUT / "assessment.sqlite").read_bytes(), "assessment.sqlite differs"


@assessed
def portfolio_xml_before_xmllint(_):
    tool("xmllint", "--nonet", "--noout", "--schema", ROOT / "schema" / "portfolio.xsd", OUT / "portfolio.xml")


@assessed
def portfolio_html_before_xmllint(_):
    tool("xmllint", "--nonet", "--html", "--noout", OUT / "portfolio.html")


@assessed
def portfolio_pdf_before_qpdf(_):
    said = tool("qpdf", "--check", OUT / "portfolio.pdf")
    assert "WARNING" not in said, said


@assessed
def portfolio_pdf_names_every_control_test_and_exception(summary):
    text = squeezed(tool("pdftotext", "-layout", OUT / "portfolio.pdf", "-"))
    # A table cell breaks its text between words, so a text is also looked for in reading order.
    text += squeezed(tool("pdftotext", "-raw", OUT / "portfolio.pdf", "-"))
    wanted = [control["id"] for control in summary["controls"]]
    wanted += [test["id"] for control in summary["controls"] for test in control["tests"]]
    wanted += [finding["item"] for finding in summary["findings"] if finding["item"]]
    assert len(summary["findings"]) > 3, "the sample has too few findings to tell"
    missing = sorted({word for word in wanted if squeezed(word) not in text})
    assert not missing, f"not in the PDF: {missing}"
    return f"{len(wanted)} names"


@assessed
def portfolio_pdf_has_bookmarks_and_a_running_head(_):
    pages = int(next(line.split()[1] for line in tool("pdfinfo", OUT / "portfolio.pdf").splitlines()
                     if line.startswith("Pages:")))
    last = tool("pdftotext", "-f", pages, "-l", pages, OUT / "portfolio.pdf", "-")
    assert f"{pages} of {pages}" in " ".join(last.split()), last
    assert "/Outlines" in tool("qpdf", "--qdf", "--object-streams=disable", OUT / "portfolio.pdf", "-")
    return f"{pages} pages"


@assessed
def portfolio_says_that_it_is_no_opinion(_):
    words = squeezed("Prepared by management; not a SOC 2 examination report; no opinion or assurance")
    for name, text in (("portfolio.pdf", tool("pdftotext", "-raw", OUT / "portfolio.pdf", "-")),
                       ("portfolio.html", (OUT / "portfolio.html").read_text(encoding="utf-8")),
                       ("portfolio.xml", (OUT / "portfolio.xml").read_text(encoding="utf-8"))):
        assert words in squeezed(text), f"{name} does not say it"


def rows(query, *values):
    store = sqlite3.connect(f"file:{OUT / 'assessment.sqlite'}?mode=ro", uri=True)
    try:
        return store.execute(query, values).fetchall()
    finally:
        store.close()


@assessed
def assessment_sqlite_is_whole(_):
    said = tool("sqlite3", "-readonly", OUT / "assessment.sqlite", "PRAGMA integrity_check; PRAGMA foreign_key_check")
    assert said.strip() == "ok", said


@assessed
def summary_counts_are_those_of_the_database(summary):
    for control in summary["controls"]:
        for test in control["tests"]:
            exceptions = rows("SELECT count(*) FROM tm_exception WHERE test = ?", test["id"])[0][0]
            assert exceptions >= test["exceptions"] and (exceptions > 0) == (test["exceptions"] + test["undetermined"] > 0), \
                f"{test['id']}: {exceptions} rows, {test['exceptions']} exceptions, {test['undetermined']} undetermined"
    loaded = rows("SELECT count(*), sum(records), sum(loaded), sum(passed_over), sum(rejected) FROM tm_evidence")[0]
    assert loaded[0] == len(summary["evidence"]) > 0
    assert loaded[1] == sum(item["records"] for item in summary["evidence"])
    assert loaded[1] == loaded[2] + loaded[3] + loaded[4], "the records do not add up"
    for item in summary["evidence"]:
        assert item["records"] == item["loaded"] + item["passed_over"] + item["rejected"], item["path"]


@assessed
def an_mfa_exception_is_recomputed_from_the_vendors_export(summary):
    """Who was without a second factor, straight from Okta's JSON by python3, is what the test of MFA found."""
    findings = {finding["item"]: finding["occurrences"] for finding in summary["findings"] if finding["test"] == "CC6.1-01.1"}
    expected = set()
    for path in sorted((FOLDER / "inputs" / "evidence" / "okta").glob("users-*.json")):
        day = path.stem.removeprefix("users-")
        for user in json.loads(path.read_text(encoding="utf-8")):
            second = [factor for factor in user.get("factors", [])
                      if factor.get("factorType") != "question" and factor.get("status") == "ACTIVE"]
            usable = user["status"] in ("ACTIVE", "PROVISIONED", "RECOVERY", "PASSWORD_EXPIRED", "LOCKED_OUT")
            if usable and user["profile"].get("userType") not in ("service", "Service") and not second:
                expected.add((user["profile"]["login"], day))
    assert expected, "the sample has nobody without a second factor"
    for login in {login for login, _ in expected}:
        days = sum(who == login for who, _ in expected)
        assert findings.get(f"okta/{login}") == days, f"{login} at {days} exports is no finding of {findings}"
    return f"{len(expected)} exports without a factor"


main()
