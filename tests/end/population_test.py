#!/usr/bin/env python3
"""The populations of the sample company, against members that are counted here from the raw exports.

The counting below knows each export's own fields and nothing of tickmark's schema, kinds or SQL. It is made for every
quarter and the year: the members of each listing, one by one, the number in the statement, and the digests of the exports.
"""
import csv
import datetime
import hashlib
import json
import re

from support import Folder, add_test, main, sample_programme, test, tickmark

UTC = datetime.timezone.utc
QUARTERS = [f"2025-Q{i}" for i in (1, 2, 3, 4)]


def span(period):
    """From its first moment up to, not including, the moment after it."""
    if period == "2025":
        return datetime.datetime(2025, 1, 1, tzinfo=UTC), datetime.datetime(2026, 1, 1, tzinfo=UTC)
    quarter = int(period[-1])
    ends = (2025, 3 * quarter + 1) if quarter < 4 else (2026, 1)
    return datetime.datetime(2025, 3 * quarter - 2, 1, tzinfo=UTC), datetime.datetime(*ends, 1, tzinfo=UTC)


def moment(text):
    """An ISO date or time, UTC where it says no zone; None for nothing."""
    if not text:
        return None
    text = re.sub(r"\.\d+", "", text).replace("Z", "+00:00")
    text = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text)
    value = datetime.datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=UTC)


class Exports:
    """The raw exports of the sample's evidence, by what their names say."""

    def __init__(self, evidence, period):
        self.evidence = evidence
        self.first, self.until = span(period)

    def dated(self, pattern):
        """Daily exports within the period, oldest first: (day, path)."""
        found = []
        for path in self.evidence.glob(pattern):
            if path.name.endswith(".meta.yaml"):
                continue
            day = moment(re.search(r"\d{4}-\d\d-\d\d", path.name).group())
            if self.first <= day < self.until:
                found.append((day, path))
        return sorted(found)

    def spans(self, pattern):
        """Exports of a month or quarter that lies within the period."""
        found = []
        for path in self.evidence.glob(pattern):
            match = re.search(r"(\d{4})-(?:Q(\d)|(\d\d))\.", path.name)
            if path.name.endswith(".meta.yaml") or match is None:
                continue
            month = 3 * int(match.group(2)) - 2 if match.group(2) else int(match.group(3))
            if self.first <= datetime.datetime(int(match.group(1)), month, 1, tzinfo=UTC) < self.until:
                found.append(path)
        return sorted(found)

    def inside(self, text):
        at = moment(text)
        return at is not None and self.first <= at < self.until


def rows(path):
    with path.open(newline="", encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def document(path):
    return json.loads(path.read_text(encoding="utf-8"))


def newest(exports, pattern, key):
    """The last line on every member of a list that is exported again and again."""
    last = {}
    for _, path in exports.dated(pattern):
        for row in rows(path):
            last[row[key]] = row
    return last


def hires(exports):
    people = newest(exports, "hr/roster-*.csv", "employee_id")
    return {name for name, row in people.items() if exports.inside(row["hire_date"])}


def leavers(exports):
    people = newest(exports, "hr/roster-*.csv", "employee_id")
    return {name for name, row in people.items() if exports.inside(row["termination_date"])}


def changes(exports):
    pulls = [pull for path in exports.spans("github/pulls-*.json") for pull in document(path)]
    return {f"{pull['base']['repo']['full_name']}#{pull['number']}" for pull in pulls if exports.inside(pull["merged_at"])}


def deployments(exports):
    made = [one for path in exports.spans("github/deployments-*.json") for one in document(path)]
    return {f"{one['repository']}/{one['id']}" for one in made
            if one["environment"].lower() == "production" and exports.inside(one["created_at"])}


def incidents(exports):
    found = [one for path in exports.spans("pagerduty/incidents-*.json") for one in document(path)["incidents"]]
    return {one["id"] for one in found if exports.inside(one["created_at"])}


def vendors(exports):
    return {name for name, row in newest(exports, "vendors/register-*.csv", "vendor").items() if row["status"] == "active"}


def accounts(exports):
    _, path = exports.dated("okta/users-*.json")[-1]
    found = {f"okta/{user['profile']['login']}" for user in document(path)}
    _, path = exports.dated("google/users-*.json")[-1]
    found |= {f"google-workspace/{user['primaryEmail']}" for user in document(path)["users"]}
    _, path = exports.dated("aws/credential-report-*.csv")[-1]
    return found | {f"aws-iam/{row['user']}" for row in rows(path)}


def assets(exports):
    _, path = exports.dated("assets/inventory-*.csv")[-1]
    return {row["asset_id"] for row in rows(path) if row["status"] == "in use"}


def access_requests(exports):
    asked = [row for path in exports.spans("access/requests-*.csv") for row in rows(path)]
    return {row["request_id"] for row in asked if exports.inside(row["carried_out_at"])}


def emergency_changes(exports):
    """A ticket counts as its newest export has it."""
    last = {}
    for path in exports.spans("jira/change-tickets-*.json"):
        for issue in document(path)["issues"]:
            last[issue["key"]] = issue["fields"]
    return {key for key, fields in last.items()
            if (fields.get("Change type") or {}).get("value") == "Emergency" and exports.inside(fields["created"])}


def data_breaches(exports):
    noticed = {}
    for path in exports.spans("privacy/breaches-*.csv"):
        for row in rows(path):
            noticed[row["breach_id"]] = min(noticed.get(row["breach_id"], row["detected_at"]), row["detected_at"])
    return {name for name, at in noticed.items() if exports.inside(at)}


def security_events(exports):
    seen = [row for path in exports.spans("siem/events-*.csv") for row in rows(path)]
    return {row["event_id"] for row in seen if exports.inside(row["occurred_at"])}


COUNTED = {"hires": hires, "leavers": leavers, "changes": changes, "deployments": deployments, "incidents": incidents,
           "vendors": vendors, "accounts": accounts, "assets": assets, "access-requests": access_requests,
           "emergency-changes": emergency_changes, "data-breaches": data_breaches, "security-events": security_events}


def listing(path):
    """What a listing holds: all its rows, and the items of those that are members."""
    listed = rows(path)
    return listed, [row["item"] for row in listed if not row.get("undetermined")]


def check(folder, period):
    done = tickmark("population", "-q", "--period", period, cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    out = folder / "out" / f"{period}-populations"
    index = {row["population"]: row for row in rows(out / "populations.csv")}
    assert set(index) == set(COUNTED), f"listed {sorted(index)}"
    exports = Exports(folder / "inputs" / "evidence", period)
    for name, count in COUNTED.items():
        expected = count(exports)
        listed, members = listing(out / f"{name}.csv")
        assert len(members) == len(set(members)), f"{period} {name}: an item stands twice"
        assert set(members) == expected, f"{period} {name}: here {sorted(expected)}\nlisted {sorted(members)}"
        assert int(index[name]["members"]) == len(expected), f"{period} {name}: {index[name]}"
        statement = index[name]["statement"]
        if expected:
            assert f": {len(expected)}" in statement, statement
        for row in listed:
            assert (folder / "inputs" / "evidence" / row["evidence"]).is_file(), row
            assert re.fullmatch(r"E\d+\.\d+", row["reference"]), row
    for row in rows(out / "exports.csv"):
        data = (folder / "inputs" / "evidence" / row["evidence"]).read_bytes()
        assert row["sha256"] == hashlib.sha256(data).hexdigest(), row
    total = {name: 0 for name in COUNTED}
    for row in rows(out / "exports.csv"):
        total[row["population"]] += int(row["members"])
    assert total == {name: int(row["members"]) for name, row in index.items()}, "members of exports do not add up"


def check_period(period):
    def run():
        with Folder() as folder:
            check(sample_programme(folder, quarters=None if period == "2025" else [period]), period)
    return run


for each in QUARTERS + ["2025"]:
    add_test(f"populations of {each} are those of the raw exports", check_period(each))


@test
def a_population_is_not_shown_to_be_complete_without_each_of_its_exports():
    """Each source in turn loses one export; all populations that read it say so, and no other one does."""
    lost = {"hr/roster-2025-11-14.csv": {"hires", "leavers"}, "github/pulls-2025-11.json": {"changes"},
            "github/deployments-2025-10.json": {"deployments"}, "pagerduty/incidents-2025-12.json": {"incidents"},
            "okta/users-2025-12-26.json": {"accounts"}, "privacy/breaches-2025-Q4.csv": {"data-breaches"}}
    with Folder() as folder:
        sample_programme(folder, quarters=["2025-Q4"])
        for path, populations in lost.items():
            kept = (folder / "inputs" / "evidence" / path).read_bytes()
            (folder / "inputs" / "evidence" / path).unlink()
            tickmark("population", "-q", "--period", "2025-Q4", *sorted(set(COUNTED) - {"vendors"}), cwd=folder, status=1)
            (folder / "inputs" / "evidence" / path).write_bytes(kept)
            index = rows(folder / "out" / "2025-Q4-populations" / "populations.csv")
            short = {row["population"] for row in index if row["complete"] == "no"}
            assert short == populations, f"without {path}: {sorted(short)}"
            for row in index:
                if row["population"] in short:
                    assert "could not be shown: " in row["statement"], row["statement"]


@test
def the_digest_of_a_population_does_not_depend_on_the_order_of_its_rows():
    with Folder() as folder:
        sample_programme(folder, quarters=["2025-Q4"])
        digests = []
        for order in ("a.at DESC, a.login", "a.source, a.login"):
            path = folder / "schema" / "populations" / "accounts.yaml"
            text = path.read_text(encoding="utf-8")
            text = re.sub(r"ORDER BY .*", "ORDER BY " + order, text)
            path.write_text(text, encoding="utf-8")
            done = tickmark("population", "-q", "--period", "2025-Q4", "accounts", cwd=folder)
            assert done.returncode in (0, 1), done.stderr
            index = rows(folder / "out" / "2025-Q4-populations" / "populations.csv")
            digests.append(index[0]["digest"])
        assert digests[0] == digests[1], digests


if __name__ == "__main__":
    main()
