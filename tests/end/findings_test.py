#!/usr/bin/env python3
"""The sample company's findings from quarter to quarter, against the faults that inputs/README.md lists, and what they may
not change: no verdict of a quarter depends on what the quarters before it found."""
import json
import re
import shutil
import sqlite3
import xml.etree.ElementTree

from support import Folder, main, sample_programme, test, tickmark, tool

QUARTERS = ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
# Each placed fault that is one thing of one test: the test, what the finding is about, the quarter that finds it, and what
# becomes of it. A thing that is listed again without exception is remediated, and so is one that cannot come again when
# programme.yaml says when the action was completed; of the others nobody knows.
FOLLOWED = {
    "protection-off": ("CC8.1-03.2", "73d2a2e548005e348b65d4", {"2025-Q1": "open", "2025-Q2": "open", "2025-Q3": "open",
                                                                "2025-Q4": "open"}),
    "late-training": ("CC1.4-01.1", "E1049", {"2025-Q2": "new", "2025-Q3": "remediated", "2025-Q4": "remediated"}),
    "excess-grant": ("CC6.3-01.1", "aws-permissions/kofi.branscombe@example.com: "
                     "arn:aws:iam::123456789012:policy/ProductionRead",
                     {"2025-Q2": "new", "2025-Q3": "remediated", "2025-Q4": "remediated"}),
    "old-tls": ("CC6.7-01.2", "tls-scan/status.example.com:443 at 203.0.113.31 TLS 1.0",
                {"2025-Q2": "new", "2025-Q3": "remediated", "2025-Q4": "remediated"}),
    "no-rollback-plan": ("CC8.1-04.2", "CHG-1097", {"2025-Q2": "new", "2025-Q3": "remediated", "2025-Q4": "remediated"}),
    "key-rotation-off": ("CC6.1-06.1", "reporting database (arn:aws:kms:eu-west-1:123456789012:key/"
                         "a320611f-9955-48ba-8559-f8f5ec3bde36)", {"2025-Q3": "new", "2025-Q4": "remediated"}),
    "unapproved-privilege": ("CC6.3-04.1", "session PS-2025-0807", {"2025-Q3": "new", "2025-Q4": "remediated"}),
    "breach-without-ticket": ("CC7.2-03.1", "bookings-api latency-p95", {"2025-Q3": "new", "2025-Q4": "remediated"}),
    "vendor-review-missed": ("CC9.2-02.1", "Quillpost", {"2025-Q3": "new", "2025-Q4": "remediated"}),
    "late-access-request": ("P5.1-01.1", "PR-2025-031", {"2025-Q3": "new", "2025-Q4": "open"}),
    "mfa-lost": ("CC6.1-01.1", "okta/tomasz.wrenlow@example.com", {"2025-Q4": "new"}),
    "leaver-mailbox": ("CC6.2-03.1", "E1015 in google-workspace", {"2025-Q4": "new"}),
    "stale-leave": ("CC6.1-02.1", "okta/rafael.corbishley@example.com", {"2025-Q4": "accepted"}),
    "overdue-deficiency": ("CC4.2-01.1", "D-2025-09", {"2025-Q4": "new"}),
}
# What the register of deficiencies says at the end of the year.
REGISTER = {"D-2025-03": ("2025-Q2", "remediated", "2025-07-17"), "D-2025-07": ("2025-Q3", "remediated", "2025-12-09"),
            "D-2025-09": ("2025-Q3", "open", None), "D-2025-10": ("2025-Q4", "new", None)}
VERDICTS = ("SELECT test, verdict, population, exceptions, undetermined, population_digest FROM tm_test_result ORDER BY test",
            "SELECT * FROM tm_control_result ORDER BY control", "SELECT test, item, state, text, waiver FROM tm_exception "
            "ORDER BY id")


def rows(folder, period, *queries):
    with sqlite3.connect(folder / "out" / period / "assessment.sqlite") as database:
        return [database.execute(query).fetchall() for query in queries]


def run_period(folder, period):
    """The summary of a run of one period."""
    tickmark("run", "--period", period, "-q", cwd=folder, status=1)
    return json.loads((folder / "out" / period / "summary.json").read_text(encoding="utf-8"))


def package_of(folder, summary):
    return folder / "out" / summary["period"]["id"] / summary["package"]["path"]


@test
def placed_faults_are_followed_from_quarter_to_quarter():
    with Folder() as folder:
        sample_programme(folder)
        summaries = {period: run_period(folder, period) for period in QUARTERS}
        for period, summary in summaries.items():
            states = {(finding["test"], finding["item"]): finding["state"] for finding in summary["findings"]}
            for name, (test_id, item, expected) in FOLLOWED.items():
                assert states.get((test_id, item)) == expected.get(period), \
                    f"{period}, {name}: {states.get((test_id, item))}, not {expected.get(period)}"
            xsd = folder / "schema" / "portfolio.xsd"
            tool("xmllint", "--noout", "--schema", xsd, folder / "out" / period / "portfolio.xml")
        last = {finding["item"]: finding for finding in summaries["2025-Q4"]["findings"]}
        assert last["okta/tomasz.wrenlow@example.com"]["occurrences"] == 3
        assert last["73d2a2e548005e348b65d4"]["age_days"] == 275, "31 March to 31 December"
        late = last["PR-2025-031"]
        assert late["overdue"] and late["due"] == "2025-10-31" and late["age_days"] == 92
        assert last["E1049"]["closed"] == "2025-07-04" and last["E1049"]["age_days"] == 4
        register = {finding["item"]: finding for finding in summaries["2025-Q4"]["findings"] if finding["origin"] == "register"}
        for item, (first, state, closed) in REGISTER.items():
            found = register[item]
            assert (found["first_period"], found["state"], found["closed"]) == (first, state, closed), f"{item}: {found}"
        assert [prior["period"] for prior in summaries["2025-Q4"]["prior"]] == QUARTERS[:3]
        digest = tool("sha256sum", package_of(folder, summaries["2025-Q3"])).split()[0]
        assert summaries["2025-Q4"]["prior"][2]["sha256"] == digest
        assert [step["state"] for step in summaries["2025-Q4"]["continuity"]] == ["contiguous"] * 3
        return f"{len(summaries['2025-Q4']['findings'])} findings in the last quarter"


@test
def what_was_found_before_changes_no_verdict():
    with Folder() as folder:
        sample_programme(folder, quarters=["2025-Q3", "2025-Q4"])
        run_period(folder, "2025-Q4")
        alone = rows(folder, "2025-Q4", *VERDICTS)
        assert rows(folder, "2025-Q4", "SELECT count(*) FROM tm_prior") == [[(0,)]]
        run_period(folder, "2025-Q3")
        run_period(folder, "2025-Q4")
        assert rows(folder, "2025-Q4", "SELECT period FROM tm_prior") == [[("2025-Q3",)]]
        assert rows(folder, "2025-Q4", *VERDICTS) == alone


@test
def missing_evidence_remediates_nothing():
    with Folder() as folder:
        sample_programme(folder, quarters=["2025-Q3", "2025-Q4"])
        run_period(folder, "2025-Q3")
        for name in ("aws", "grafana", "vendors", "privilege", "risk"):
            for path in (folder / "inputs" / "evidence" / name).glob("*"):
                if "2025-1" in path.name or "2025-Q4" in path.name:
                    path.unlink()
        summary = run_period(folder, "2025-Q4")
        carried = [finding for finding in summary["findings"] if finding["prior_state"] in ("new", "open")]
        assert len(carried) == 8, [finding["item"] for finding in carried]
        kept = {finding["item"]: finding["state"] for finding in carried}
        assert set(kept.values()) == {"open"}, kept


def charts_of(page):
    """Of each panel of the figure over the periods: title, [(label, value as printed, height of its bar)], the words for it."""
    tree = xml.etree.ElementTree.fromstring("<main>" + re.search(
        r"<figure class=\"chart across-.\">\n<figcaption>Some of the metrics.*?</figure>", page, re.S).group() + "</main>")
    for panel in tree.iter("div"):
        if panel.get("class") == "panel":
            picture = panel.find("svg")
            words = {kind: [text.text for text in picture.iter("text") if text.get("class") == kind] for kind in ("label", "value")}
            middles = [float(text.get("x")) for text in picture.iter("text") if text.get("class") == "label"]
            bars = {middle: bar for bar in picture.iter("rect") for middle in middles
                    if abs(float(bar.get("x")) + float(bar.get("width")) / 2 - middle) < 0.2}
            heights = [float(bars[middle].get("height")) if middle in bars else 0 for middle in middles]
            yield picture.find("title").text, list(zip(words["label"], words["value"], heights)), picture.find("desc").text


@test
def charts_show_the_figures_of_the_tables():
    with Folder() as folder:
        sample_programme(folder, quarters=["2025-Q3", "2025-Q4"])
        run_period(folder, "2025-Q3")
        page = (folder / "out" / "2025-Q3" / "portfolio.html").read_text(encoding="utf-8")
        assert "Some of the metrics over the periods" not in page, "a chart of one period"
        run_period(folder, "2025-Q4")
        page = (folder / "out" / "2025-Q4" / "portfolio.html").read_text(encoding="utf-8")
        trend, = rows(folder, "2025-Q4", "SELECT m.title, t.period, t.printed, t.value FROM tm_metric m "
                      "JOIN tm_metric_trend t ON t.metric = m.id WHERE m.chart IS NOT NULL ORDER BY m.chart, t.position")
        wanted = {}
        for title, period, printed, value in trend:
            wanted.setdefault(title, []).append((period, printed, value))
        drawn = {title: (points, text) for title, points, text in charts_of(page)}
        whole = [title for title, points in wanted.items() if sum(value is not None for _, _, value in points) > 1]
        assert list(drawn) == whole and len(whole) > 8, f"drawn: {list(drawn)}, of {whole}"
        for title, (points, text) in drawn.items():
            values = [value or 0 for _, _, value in wanted[title]]
            assert [point[:2] for point in points] == [point[:2] for point in wanted[title]], f"{title}: {points}"
            assert text.startswith("; ".join(f"{period}: {printed}" for period, printed, _ in wanted[title])), text
            # From zero: bars are to each other as the values are, up to the tenth of a point that heights are written in.
            for value, (_, _, height) in zip(values, points):
                tallest = max(point[2] for point in points)
                assert abs(height - tallest * value / max(max(values), 1e-9)) < 0.2, f"{title}: {points}, values {values}"
        other = json.loads((folder / "out" / "2025-Q4" / "summary.json").read_text(encoding="utf-8"))
        score = next(metric for metric in other["metrics"] if metric["id"] == "compliance_score")
        assert drawn["Compliance score"][0][-1][1] == score["printed"]
        pdf = tool("pdftotext", "-layout", folder / "out" / "2025-Q4" / "portfolio.pdf", "-")
        assert "Some of the metrics over the periods" in pdf


@test
def a_prior_is_named_by_its_file_alone_outside_the_programme():
    with Folder() as folder, Folder() as elsewhere:
        sample_programme(folder, quarters=["2025-Q3", "2025-Q4"])
        third = run_period(folder, "2025-Q3")
        shutil.move(package_of(folder, third), elsewhere / "third.zip")
        tickmark("run", "--period", "2025-Q4", "--prior", elsewhere / "third.zip", "-q", cwd=folder, status=1)
        summary = json.loads((folder / "out" / "2025-Q4" / "summary.json").read_text(encoding="utf-8"))
        prior = summary["prior"][0]
        assert (prior["path"], prior["signature"]) == ("third.zip", "verified"), prior
        store = (folder / "out" / "2025-Q4" / "assessment.sqlite").read_bytes()
        assert str(elsewhere).encode() not in store, "the store tells where the prior assessment was"


main()
