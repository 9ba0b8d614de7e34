"""The vendors' exports as plain records, by what the vendors' formats mean. Times are seconds of UTC."""
import calendar
import csv
import datetime
import functools
import json
import re

DAY = 86400
HOUR = 3600
MINUTE = 60


@functools.lru_cache(200000)
def seconds(text):
    """A date or a time with any zone as seconds; None for what says nothing."""
    if text in (None, "", "N/A", "no_information", "not_supported"):
        return None
    if isinstance(text, (int, float)):
        return float(text)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return calendar.timegm(datetime.date.fromisoformat(text).timetuple())
    text = re.sub(r"Z$", "+00:00", text)
    text = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text)
    text = re.sub(r"\.(\d+)", lambda match: "." + match[1][:6].ljust(6, "0"), text)
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.timezone.utc)
    return moment.timestamp()


def date_of(at):
    return datetime.datetime.fromtimestamp(at, datetime.timezone.utc).date().isoformat()


def midnight(at):
    return at - at % DAY


def next_business_days(at, count):
    """The end of the day that lies `count` business days (Monday to Friday) after the day of `at`."""
    day = midnight(at)
    while count > 0:
        day += DAY
        if datetime.datetime.fromtimestamp(day, datetime.timezone.utc).weekday() < 5:
            count -= 1
    return day + DAY


@functools.lru_cache(20000)
def span_of(name):
    """What a file's name says it covers, as (first moment, first moment after it)."""
    match = re.search(r"(\d{4})-(?:Q(\d)|(0\d|1[0-2])(?:-(\d\d))?)(?!\d)", name)
    year, quarter, month, day = match.groups()
    if quarter:
        first = datetime.date(int(year), 3 * int(quarter) - 2, 1)
        months = 3
    elif day:
        first = datetime.date(int(year), int(month), int(day))
        return seconds(first.isoformat()), seconds(first.isoformat()) + DAY
    else:
        first = datetime.date(int(year), int(month), 1)
        months = 1
    after = first.month - 1 + months
    last = datetime.date(first.year + after // 12, after % 12 + 1, 1)
    return seconds(first.isoformat()), seconds(last.isoformat())


class Quarter:
    """A period and the evidence that belongs to it."""

    def __init__(self, folder, ident):
        self.folder = folder
        self.id = ident
        self.start, self.after = span_of(ident)

    def __contains__(self, at):
        return at is not None and self.start <= at < self.after

    def days(self):
        """The beginning of every day."""
        return [self.start + number * DAY for number in range(round((self.after - self.start) / DAY))]

    def months(self):
        """(first moment, first moment after it) of every month."""
        year, number = self.id.split("-Q")
        return [span_of(f"{year}-{3 * int(number) - 2 + month:02d}") for month in range(3)]

    def weeks(self, length=7 * DAY):
        """The beginning of every span of some days, counted from Monday, 5 January 1970, that lies in the period whole."""
        first = -(-(self.start - 4 * DAY) // length) * length + 4 * DAY
        return list(range(round(first), round(self.after - length) + 1, round(length)))

    @functools.lru_cache(256)
    def files(self, pattern):
        """The files of a pattern whose names say that they cover some of the period, in order."""
        found = []
        for path in sorted(self.folder.glob(pattern)):
            if path.name.endswith(".meta.yaml"):
                continue
            first, after = span_of(path.name)
            if first < self.after and after > self.start:
                found.append(path)
        return found

    @functools.lru_cache(256)
    def tables(self, pattern):
        """(date of the file, rows) of CSV files; a snapshot stands for the day in its name, or the end of its span."""
        return [(moment(path), read_table(path)) for path in self.files(pattern)]

    @functools.lru_cache(256)
    def documents(self, pattern):
        return [(moment(path), json.loads(path.read_text(encoding="utf-8"))) for path in self.files(pattern)]

    @functools.lru_cache(256)
    def texts(self, pattern):
        return [(moment(path), path.read_text(encoding="utf-8")) for path in self.files(pattern)]

    def rows(self, pattern):
        """The rows of all of them together, for logs and registers that each hold another span."""
        return [row for _, rows in self.tables(pattern) for row in rows]

    def items(self, pattern, key=None):
        """The records of JSON files together."""
        return [item for _, document in self.documents(pattern) for item in (document[key] if key else document)]

    @functools.lru_cache(256)
    def lines(self, pattern):
        return [line for path in self.files(pattern) for line in path.read_text(encoding="utf-8").splitlines()]


def moment(path):
    first, after = span_of(path.name)
    return first if after - first == DAY else after - 1


def read_table(path):
    text = path.read_text(encoding="utf-8")
    delimiter = ";" if text.partition("\n")[0].count(";") > 5 else ","
    return list(csv.DictReader(text.splitlines(), delimiter=delimiter))


def newest_before(tables, at):
    """The rows of the newest export that was there at a time, or of the first there is."""
    before = [rows for day, rows in tables if day <= at]
    return before[-1] if before else tables[0][1]


# People and accounts.

@functools.lru_cache(8)
def rosters(quarter):
    """(day, people by address) of every roster; a person has id, email, title, manager, from, until, status, contractor."""
    made = []
    for at, rows in quarter.tables("hr/roster-*.csv"):
        people = [{"id": row["employee_id"], "email": row["work_email"].lower(), "title": row["job_title"],
                   "manager": row["manager_id"], "from": seconds(row["hire_date"]), "until": seconds(row["termination_date"]),
                   "status": row["employment_status"], "contractor": row["worker_type"] == "Contractor"} for row in rows]
        made.append((at, people))
    return made


def roster_at(quarter, at):
    return newest_before(rosters(quarter), at)


def employed(person, at):
    """Works here on the day of `at`; the last working day still counts."""
    return person["from"] <= at and (person["until"] is None or at < person["until"] + DAY)


@functools.lru_cache(8)
def logins_of(programme):
    """Who is behind a login: the roster's number by login in lower case, from the programme's map of identities."""
    people = {}
    for match in re.finditer(r"^  - \{id: (\w+), logins: \[([^\]]*)\]\}", programme, re.MULTILINE):
        for login in match[2].split(","):
            people[login.strip().lower()] = match[1]
    return people


OKTA_CAN_SIGN_IN = {"ACTIVE", "PROVISIONED", "RECOVERY", "PASSWORD_EXPIRED", "LOCKED_OUT"}


def okta(quarter):
    for at, users in quarter.documents("okta/users-*.json"):
        for user in users:
            factors = [factor["status"] == "ACTIVE" for factor in user["factors"] if factor["factorType"] != "question"]
            yield {"at": at, "source": "okta", "login": user["profile"]["login"],
                   "kind": "service" if user["profile"]["userType"] == "service" else "person",
                   "active": user["status"] in OKTA_CAN_SIGN_IN, "created": seconds(user["created"]),
                   "used": seconds(user["lastLogin"]), "changed": seconds(user["statusChanged"]),
                   "second factor": any(factors) if factors else None, "administrator": None}


def google(quarter):
    for at, document in quarter.documents("google/users-*.json"):
        for user in document["users"]:
            yield {"at": at, "source": "google-workspace", "login": user["primaryEmail"],
                   "kind": "service" if "service" in user["orgUnitPath"].lower() else "person",
                   "active": not user["suspended"] and not user["archived"], "created": seconds(user["creationTime"]),
                   # Google writes 1970 for somebody who never signed in.
                   "used": seconds(user["lastLoginTime"]) or None, "changed": None,
                   "second factor": user["isEnrolledIn2Sv"], "administrator": user["isAdmin"]}


def aws_keys(row):
    for slot in "12":
        if row[f"access_key_{slot}_active"] == "true":
            yield (slot, seconds(row[f"access_key_{slot}_last_rotated"]), seconds(row[f"access_key_{slot}_last_used_date"]))


def aws(quarter):
    """A user without a password is a program's; the root account is neither."""
    for path in quarter.files("aws/credential-report-*.csv"):
        at = moment(path)
        rows = read_table(path)
        people = {row["user"] for row in rows if "@" in row["user"]}
        for row in rows:
            root = row["user"] == "<root_account>"
            keys = list(aws_keys(row))
            used = [used for _, _, used in keys if used] + [seconds(row["password_last_used"]) or 0]
            yield {"at": at, "source": "aws-iam", "login": row["user"],
                   "kind": "root" if root else "person" if row["user"] in people else "service",
                   "active": root or row["password_enabled"] == "true" or bool(keys),
                   "created": seconds(row["user_creation_time"]), "used": max(used) or None, "changed": None,
                   "second factor": row["mfa_active"] == "true", "administrator": None, "keys": keys}


@functools.lru_cache(8)
def accounts(quarter):
    return [account for read in (okta, google, aws) for account in read(quarter)]
