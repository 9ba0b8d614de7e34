"""The invented company that the sample evidence is about: its people, its systems, and the days of its year.

Every module of the sample reads this one model, so that a leaver is a leaver in every export. Whatever is random is drawn
from random.Random with a seed of text, never from hash(): the same bytes come out every time.
"""

import copy
import csv
import functools
import hashlib
import io
import random
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

SEED = 2025
ACCOUNT = "123456789012"
REGION = "eu-west-1"
YEAR = 2025
FRIDAYS = [date(2025, 1, 3) + timedelta(weeks=n) for n in range(52)]  # when the weekly exports are taken
MONTHS = [(2025, month) for month in range(1, 13)]
QUARTERS = ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
HOLIDAYS = {date(2025, month, day) for month, day in
            ((1, 1), (4, 18), (4, 21), (5, 5), (5, 26), (8, 25), (12, 25), (12, 26))}
HOLIDAYS |= {date(2024, 12, 25), date(2024, 12, 26)}
# How many times larger than usual the evidence becomes (make_sample.py --scale): so many times the accounts, and so many
# times the events of the large logs. Read it as company.SCALE when files are made, not when the module is imported.
SCALE = 1


# -- Time --

def days(first, last):
    """Every day from the first to the last, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def month_days(year, month):
    return days(date(year, month, 1), date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1))


def is_working_day(day):
    return day.weekday() < 5 and day not in HOLIDAYS


def working_days(year, month):
    return [day for day in month_days(year, month) if is_working_day(day)]


def quarter_of(day):
    return f"{day.year}-Q{(day.month + 2) // 3}"


def quarter_days(quarter):
    """Every day of a quarter such as 2025-Q3."""
    last = int(quarter[-1]) * 3
    return days(date(YEAR, last - 2, 1), month_days(YEAR, last)[-1])


def moment(day, hour=0, minute=0, second=0):
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=timezone.utc)


def iso(at, fraction=False):
    return at.isoformat()[:19] + (".000Z" if fraction else "Z")


# -- Content of files --
#
# files() of a module yields (path, content, sidecar or None). The content is a text, a list (a JSON list with one record a
# line), a dictionary (a JSON object whose lists are written so), or for large files a generator in place of a list, or
# Lines. Nothing but text is held in memory whole.

class Lines:
    """A text that is made piece by piece: CSV, logs, one JSON document a line."""

    def __init__(self, pieces):
        self.pieces = pieces


def sheet(header, rows):
    """The text of a CSV file."""
    return "".join(sheet_lines(header, rows).pieces)


def sheet_lines(header, rows):
    """The same, made line by line."""
    def pieces():
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow(row)
            yield out.getvalue()
            out.seek(0)
            out.truncate()
        yield out.getvalue()
    return Lines(pieces())


# -- People --

class Person:
    def __init__(self, number, name, department, title, hired, github=None, aws=None, ended=None, manager=1002,
                 worker="Employee", leave=None, aws_closed=None):
        self.number = f"E{number}"
        self.name = name
        self.department = department
        self.title = title
        self.hired = date.fromisoformat(hired)
        self.ended = date.fromisoformat(ended) if ended else None  # the last working day
        self.github = github
        self.aws = aws  # how AWS is signed in to: "console", "console+key", or not at all
        self.aws_closed = date.fromisoformat(aws_closed) if aws_closed else None  # when a review took the console away
        self.manager = f"E{manager}" if manager else ""  # on the roster
        self.worker = worker  # "Employee" or "Contractor"
        self.leave = date.fromisoformat(leave) if leave else None  # the first day of a long absence
        self.first, self.last = name.split(" ", 1)
        self.email = f"{self.first}.{self.last}@example.com".lower()
        self.holiday = date(2025, 1, 6) + timedelta(weeks=random.Random(f"{SEED}/holiday/{number}").randrange(4, 46))
        if self.holiday < self.hired + timedelta(days=60):
            self.holiday = date(2026, 1, 5)

    def created(self, source="okta"):
        """When the account in a source (okta, google-workspace, aws-iam) was made. Accounts are made on the morning three
        days ahead: joiners start on Mondays, so that is a Friday."""
        minutes = {"okta": 5, "google-workspace": 25, "aws-iam": 40}[source]
        return moment(self.hired - timedelta(days=3), 9) + timedelta(minutes=minutes + int(self.number[-2:]))

    def works(self, day):
        """Whether it is a day of the employment, the first and the last working day included."""
        return self.hired <= day and (self.ended is None or day <= self.ended)

    def away(self, day):
        """On holiday, a fortnight a year, or on long leave."""
        on_holiday = self.holiday <= day < self.holiday + timedelta(days=14)
        return on_holiday or (self.leave is not None and day >= self.leave)

    def present(self, day):
        return self.works(day) and is_working_day(day) and not self.away(day)

    def boss(self):
        """The manager as a Person, or None."""
        return BY_NUMBER.get(self.manager)


PEOPLE = [
    Person(1001, "Ottoline Varga", "Management", "Managing Director", "2017-03-06", manager=None),
    Person(1002, "Benedikt Szarvas", "Management", "Chief Operating Officer", "2017-03-06", manager=1001),
    Person(1003, "Imani Thorsby", "Engineering", "Head of Engineering", "2018-05-14", "imani-t", "console", manager=1001),
    Person(1004, "Callum Oyelaran", "Platform", "Head of Platform", "2018-09-03", "c-oyelaran", "console", manager=1001),
    Person(1005, "Noor Castellane", "Security", "Head of Security", "2020-01-13", "noorcast", "console", manager=1001),
    Person(1006, "Petra Lindqvale", "People", "Head of People", "2019-02-04", manager=1001),
    Person(1007, "Ruben Ashdowne", "Platform", "Platform Engineer", "2021-06-07", "rashdowne", "console+key", manager=1004),
    Person(1008, "Sunniva Achterberg", "Platform", "Platform Engineer", "2022-03-14", "sunniva-a", "console+key",
           manager=1004),
    Person(1009, "Tomasz Wrenlow", "Engineering", "Engineer", "2020-08-17", "twrenlow", "console", manager=1032),
    Person(1010, "Adaeze Holmroyd", "Engineering", "Engineer", "2021-01-11", "adaeze-h", manager=1032),
    Person(1011, "Felix Quennell", "Engineering", "Engineer", "2019-10-07", "fquennell", "console", manager=1032,
           aws_closed="2025-11-03"),
    Person(1012, "Marisol Fenwether", "Engineering", "Engineer", "2022-11-07", "mfenwether", manager=1032),
    Person(1013, "Jonas Ibbotsen", "Engineering", "Engineer", "2023-04-03", "jonas-ibb", manager=1033),
    Person(1014, "Keziah Palmgrave", "Engineering", "Engineer", "2021-09-06", "kpalmgrave", ended="2025-10-17",
           manager=1033),
    Person(1015, "Dmitri Sallowfield", "Engineering", "Engineer", "2024-02-05", "dsallow", ended="2025-11-14",
           manager=1033, worker="Contractor"),
    Person(1016, "Yuki Brandreth", "Engineering", "Test Engineer", "2022-05-09", "yuki-b", manager=1003),
    Person(1017, "Leonie Abernarth", "Product", "Product Manager", "2020-06-08", manager=1056),
    Person(1018, "Hamza Tollervey", "Product", "Designer", "2021-11-01", manager=1056),
    Person(1019, "Greta Nightwell", "Support", "Support Lead", "2018-02-05"),
    Person(1020, "Oluwaseun Pryke", "Support", "Support Agent", "2023-01-09", manager=1019),
    Person(1021, "Saoirse Mandevale", "Support", "Support Agent", "2019-02-25", manager=1019),
    Person(1022, "Viktor Eastmarch", "Sales", "Account Manager", "2022-08-01", manager=1050),
    Person(1023, "Anneke Dunwhistle", "Finance", "Accountant", "2019-07-15", manager=1029),
    Person(1024, "Rafael Corbishley", "Marketing", "Marketing Manager", "2021-03-15", leave="2025-09-29"),
    Person(1025, "Wilhelmina Oakstead", "Support", "Support Agent", "2022-10-10", ended="2025-12-12", manager=1019),
    Person(1026, "Idris Penhallow", "Engineering", "Engineer", "2025-10-20", "ipenhallow", manager=1033),
    Person(1027, "Zofia Merrowby", "Support", "Support Agent", "2025-11-10", manager=1019),
    Person(1028, "Theo Larkspire", "Engineering", "Engineer", "2025-12-01", "tlarkspire", manager=1032,
           worker="Contractor"),
    Person(1029, "Cosima Edgerley", "Finance", "Head of Finance", "2018-11-05", manager=1001),
    Person(1030, "Lorcan Whitmarsh", "Legal", "Data Protection Officer", "2020-09-07", manager=1001),
    Person(1031, "Ines Quarrington", "Legal", "Legal Counsel", "2022-02-07", manager=1002),
    Person(1032, "Bastian Fairwell", "Engineering", "Lead Engineer", "2019-04-01", "bfairwell", "console", manager=1003),
    Person(1033, "Delphine Marchbank", "Engineering", "Lead Engineer", "2020-03-02", "delphine-m", "console",
           manager=1003),
    Person(1034, "Emeka Ravensdale", "Engineering", "Engineer", "2022-06-06", "eravensdale", manager=1032),
    Person(1035, "Signe Thistlewood", "Engineering", "Engineer", "2025-08-04", "signe-t", manager=1033),
    Person(1036, "Mateus Harrowgate", "Engineering", "Engineer", "2021-05-10", "mharrowgate", "console",
           ended="2025-03-12", manager=1033),
    Person(1037, "Priya Wolverstone", "Engineering", "Engineer", "2025-02-03", "priya-w", manager=1033),
    Person(1038, "Anselm Birkwood", "Engineering", "Test Engineer", "2022-10-03", "abirkwood", manager=1003),
    Person(1039, "Nadia Stormont", "Platform", "Site Reliability Engineer", "2021-08-02", "nstormont", "console+key",
           manager=1004),
    Person(1040, "Hugo Pellingham", "Platform", "Database Engineer", "2020-10-05", "hpellingham", "console+key",
           manager=1004),
    Person(1041, "Tamsin Orchardson", "Platform", "IT Administrator", "2021-04-12", aws="console", manager=1004),
    Person(1042, "Ravi Underhay", "Platform", "Platform Engineer", "2025-07-07", "runderhay", "console+key",
           manager=1004),
    Person(1043, "Elske Moorcroft", "Security", "Security Engineer", "2022-01-10", "elske-m", "console", manager=1005),
    Person(1044, "Kofi Branscombe", "Security", "Security Analyst", "2023-06-05", aws="console", manager=1005),
    Person(1045, "Mirela Stanhoe", "Security", "Security Analyst", "2025-04-14", manager=1005),
    Person(1046, "Jasper Longbourne", "People", "People Partner", "2021-02-01", manager=1006),
    Person(1047, "Odette Harkaway", "People", "Recruiter", "2022-09-12", ended="2025-06-10", manager=1006,
           worker="Contractor"),
    Person(1048, "Fergus Dallimore", "Finance", "Payroll Specialist", "2020-06-15", manager=1029),
    Person(1049, "Bronwen Tallis", "Finance", "Financial Controller", "2025-05-12", manager=1029),
    Person(1050, "Casimir Loveridge", "Sales", "Head of Sales", "2019-01-14"),
    Person(1051, "Thandeka Aldous", "Sales", "Account Manager", "2023-02-06", manager=1050),
    Person(1052, "Quentin Stavely", "Sales", "Account Manager", "2021-10-04", ended="2025-05-28", manager=1050),
    Person(1053, "Liv Garraway", "Sales", "Account Manager", "2025-06-02", manager=1050),
    Person(1054, "Isolde Ferncastle", "Marketing", "Content Editor", "2022-04-04", ended="2025-08-27"),
    Person(1055, "Bram Kestleton", "Marketing", "Content Editor", "2025-09-01"),
    Person(1056, "Aurelio Wickstead", "Product", "Head of Product", "2018-10-01", manager=1001),
    Person(1057, "Sanne Hollowell", "Product", "Product Manager", "2025-01-13", manager=1056),
    Person(1058, "Kwame Larchfield", "Product", "Designer", "2023-03-06", ended="2025-07-15", manager=1056),
    Person(1059, "Mireille Astbury", "Support", "Support Agent", "2024-01-15", ended="2025-02-20", manager=1019),
    Person(1060, "Declan Wraysbury", "Support", "Support Agent", "2025-03-03", manager=1019),
]
BY_NAME = {person.name: person for person in PEOPLE}
BY_NUMBER = {person.number: person for person in PEOPLE}


def person(name):
    return BY_NAME[name]


def everyone():
    """PEOPLE, and when the sample is scaled as many times as many, with the same story and other names and numbers."""
    return crowd(SCALE)


@functools.cache
def crowd(times):
    return PEOPLE + list(copies(times))


def copies(times):
    for n in range(1, times):
        for someone in PEOPLE:
            another = copy.copy(someone)
            another.number = f"E{int(someone.number[1:]) + n * 100}"
            another.name, another.last = f"{someone.name}-{n}", f"{someone.last}-{n}"
            another.email = someone.email.replace("@", f"-{n}@")
            another.github = someone.github and f"{someone.github}-{n}"
            yield another


def holder(title):
    """Who holds a title that only one person has, such as Head of Security."""
    found = [someone for someone in PEOPLE if someone.title == title]
    assert len(found) == 1, title
    return found[0]


def employed(day):
    return [someone for someone in PEOPLE if someone.works(day)]


def joiners(quarter=None):
    """Who began in the year, or in one quarter of it."""
    return [someone for someone in PEOPLE
            if someone.hired.year == YEAR and quarter in (None, quarter_of(someone.hired))]


def leavers(quarter=None):
    return [someone for someone in PEOPLE if someone.ended and quarter in (None, quarter_of(someone.ended))]


def chances(text):
    """Four numbers that look random and always are the same for a text; much faster than random.Random."""
    digest = hashlib.blake2b(f"{SEED}/{text}".encode(), digest_size=8).digest()
    return [int.from_bytes(digest[n:n + 2], "big") for n in (0, 2, 4, 6)]


def signed_in(someone, day):
    """When a person signed in to Okta (and through it to Google Workspace) on a day, or None."""
    if not someone.present(day):
        return None
    chance = chances(f"okta/{someone.number}/{day}")
    if someone.worker == "Contractor" and chance[3] % 10 < 3:
        return None
    return moment(day, 7 + chance[0] % 3, chance[1] % 60, chance[2] % 60)


def signed_in_to_aws(someone, day):
    """When a person signed in to the AWS console on a day, or None: on one day in four, and on each Tuesday."""
    if not someone.aws or (someone.aws_closed and day >= someone.aws_closed) or signed_in(someone, day) is None:
        return None
    chance = chances(f"aws/{someone.number}/{day}")
    if day.weekday() != 1 and chance[3] % 4 != 0:
        return None
    return moment(day, 10 + chance[0] % 7, chance[1] % 60, chance[2] % 60)


class Director(NamedTuple):
    name: str
    role: str
    independent: bool  # neither employed here nor holding shares
    email: str


BOARD = [
    Director("Philippa Merewether", "Chair", True, "philippa.merewether@example.com"),
    Director("Joachim Tavistock", "Non-executive director", True, "joachim.tavistock@example.com"),
    Director("Ottoline Varga", "Managing Director", False, "ottoline.varga@example.com"),
    Director("Benedikt Szarvas", "Chief Operating Officer", False, "benedikt.szarvas@example.com"),
]


# -- Systems --

class ServiceAccount(NamedTuple):
    source: str  # the source of the programme that exports the account
    login: str
    owner: str  # the number on the roster
    purpose: str
    created: date


SERVICE_ACCOUNTS = [
    ServiceAccount("okta", "roster-sync@example.com", "E1041", "carries the roster into Okta", date(2021, 4, 12)),
    ServiceAccount("google-workspace", "meeting-rooms@example.com", "E1041", "books meeting rooms", date(2020, 2, 3)),
    ServiceAccount("aws-iam", "deploy-pipeline", "E1004", "deploys releases from GitHub", date(2020, 5, 11)),
    ServiceAccount("aws-iam", "backup-monitor", "E1008", "reads the state of backup jobs", date(2020, 5, 11)),
]


class Resource(NamedTuple):
    name: str
    arn: str
    kind: str  # as AWS Backup names it
    size: int  # bytes at the beginning of the year
    holds: str


RESOURCES = [
    Resource("bookings-main", f"arn:aws:rds:{REGION}:{ACCOUNT}:cluster:bookings-main", "Aurora", 48318382080,
             "appointments, owners of pets, invoices"),
    Resource("reporting", f"arn:aws:rds:{REGION}:{ACCOUNT}:db:reporting", "RDS", 12884901888, "figures by clinic and day"),
    Resource("marlowquay-documents", "arn:aws:s3:::marlowquay-documents", "S3", 7516192768, "invoices and letters as PDF"),
    Resource("marlowquay-evidence", "arn:aws:s3:::marlowquay-evidence", "S3", 1073741824, "the evidence of audits"),
]
EVIDENCE_STORE = RESOURCES[3]


class Service(NamedTuple):
    name: str
    repository: str
    owner: str  # the number on the roster
    purpose: str


SERVICES = [
    Service("bookings-web", "marlowquay/bookings", "E1032", "the site that clinics use"),
    Service("bookings-api", "marlowquay/bookings", "E1033", "the interface for practice software"),
    Service("reminders", "marlowquay/bookings", "E1032", "sends reminders by mail and text message"),
    Service("billing", "marlowquay/bookings", "E1033", "makes and sends invoices"),
    Service("platform", "marlowquay/platform", "E1004", "infrastructure as code"),
]


class Endpoint(NamedTuple):
    host: str
    port: int
    purpose: str


ENDPOINTS = [
    Endpoint("bookings.example.com", 443, "the site"),
    Endpoint("api.bookings.example.com", 443, "the interface"),
    Endpoint("status.example.com", 443, "the status page"),
]


class Vendor(NamedTuple):
    name: str
    service: str
    criticality: str  # critical, high, low
    personal_data: bool
    owner: str  # the number on the roster
    subservice: bool = False  # carved out of the report


# Where the evidence says something about a vendor (its report, its contract), that is invented as well.
VENDORS = [
    Vendor("Amazon Web Services", "hosting", "critical", True, "E1004", True),
    Vendor("Okta", "sign-in of staff", "critical", False, "E1005"),
    Vendor("Google Workspace", "mail and documents", "high", True, "E1041"),
    Vendor("GitHub", "code and pipelines", "critical", False, "E1003"),
    Vendor("PagerDuty", "on-call and incidents", "high", False, "E1004"),
    Vendor("Quillpost", "sending of mail and text messages", "high", True, "E1032"),
    Vendor("Tallowtree Payroll", "payroll", "high", True, "E1029"),
    Vendor("Pennyfold", "accounting", "low", False, "E1029"),
    Vendor("Lanternloft", "learning and training", "low", False, "E1006"),
    Vendor("Brambleworks", "office cleaning and reception", "low", False, "E1002"),
]
