"""The invented company that the sample evidence is about: its people, and when its exports were taken."""

from datetime import date, datetime, timedelta, timezone

ACCOUNT = "123456789012"
REGION = "eu-west-1"
FRIDAYS = [date(2025, 10, 3) + timedelta(weeks=n) for n in range(13)]
MONTHS = [(2025, 10), (2025, 11), (2025, 12)]

# Placed on purpose; inputs/README.md lists what each one does.
WITHOUT_FACTOR = {date(2025, 11, 7), date(2025, 11, 14), date(2025, 11, 21)}  # Tomasz Wrenlow, in Okta
FORGOTTEN_UNTIL = date(2025, 12, 2)  # Dmitri Sallowfield's account in Google Workspace
ROSTER_MISSING = date(2025, 11, 14)
ROSTER_LATE = {date(2025, 11, 28): date(2025, 12, 4)}
ROSTER_BAD_DATE = date(2025, 10, 17)


def moment(day, hour=0, minute=0, second=0):
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=timezone.utc)


def iso(at, fraction=False):
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z" if fraction else "%Y-%m-%dT%H:%M:%SZ")


class Person:
    def __init__(self, number, name, department, title, hired, github=None, aws=None, ended=None, manager="E1002",
                 worker="Employee", status="Active"):
        self.number = f"E{number}"
        self.name = name
        self.department = department
        self.title = title
        self.hired = date.fromisoformat(hired)
        self.ended = date.fromisoformat(ended) if ended else None
        self.github = github
        self.aws = aws  # how AWS is signed in to: "console", "console+key", or not at all
        self.manager = manager
        self.worker = worker
        self.status = status
        first, _, last = name.lower().partition(" ")
        self.email = f"{first}.{last}@example.com"
        self.first, self.last = name.split(" ", 1)

    def created(self):
        """Accounts are made in the morning three days ahead: joiners start on Mondays, so that is a Friday."""
        return moment(self.hired - timedelta(days=3), 9, 5 + int(self.number[-2:]))

    def works(self, day):
        return self.hired <= day and (self.ended is None or day <= self.ended)


PEOPLE = [
    Person(1001, "Ottoline Varga", "Management", "Managing Director", "2017-03-06", manager=""),
    Person(1002, "Benedikt Szarvas", "Management", "Chief Operating Officer", "2017-03-06", manager="E1001"),
    Person(1003, "Imani Thorsby", "Engineering", "Head of Engineering", "2018-05-14", "imani-t", "console",
           manager="E1001"),
    Person(1004, "Callum Oyelaran", "Platform", "Head of Platform", "2018-09-03", "c-oyelaran", "console",
           manager="E1001"),
    Person(1005, "Noor Castellane", "Security", "Head of Security", "2020-01-13", "noorcast", "console",
           manager="E1001"),
    Person(1006, "Petra Lindqvale", "People", "Head of People", "2019-02-04", manager="E1001"),
    Person(1007, "Ruben Ashdowne", "Platform", "Platform Engineer", "2021-06-07", "rashdowne", "console+key",
           manager="E1004"),
    Person(1008, "Sunniva Achterberg", "Platform", "Platform Engineer", "2022-03-14", "sunniva-a", "console+key",
           manager="E1004"),
    Person(1009, "Tomasz Wrenlow", "Engineering", "Engineer", "2020-08-17", "twrenlow", "console", manager="E1003"),
    Person(1010, "Adaeze Holmroyd", "Engineering", "Engineer", "2021-01-11", "adaeze-h", manager="E1003"),
    Person(1011, "Felix Quennell", "Engineering", "Engineer", "2019-10-07", "fquennell", "console", manager="E1003"),
    Person(1012, "Marisol Fenwether", "Engineering", "Engineer", "2022-11-07", "mfenwether", manager="E1003"),
    Person(1013, "Jonas Ibbotsen", "Engineering", "Engineer", "2023-04-03", "jonas-ibb", manager="E1003"),
    Person(1014, "Keziah Palmgrave", "Engineering", "Engineer", "2021-09-06", "kpalmgrave", ended="2025-10-17",
           manager="E1003"),
    Person(1015, "Dmitri Sallowfield", "Engineering", "Engineer", "2024-02-05", "dsallow", ended="2025-11-14",
           manager="E1003", worker="Contractor"),
    Person(1016, "Yuki Brandreth", "Engineering", "Test Engineer", "2022-05-09", "yuki-b", manager="E1003"),
    Person(1017, "Leonie Abernarth", "Product", "Product Manager", "2020-06-08"),
    Person(1018, "Hamza Tollervey", "Product", "Designer", "2021-11-01"),
    Person(1019, "Greta Nightwell", "Support", "Support Lead", "2018-02-05"),
    Person(1020, "Oluwaseun Pryke", "Support", "Support Agent", "2023-01-09", manager="E1019"),
    Person(1021, "Saoirse Mandevale", "Support", "Support Agent", "2019-02-25", manager="E1019"),
    Person(1022, "Viktor Eastmarch", "Sales", "Account Manager", "2022-08-01"),
    Person(1023, "Anneke Dunwhistle", "Finance", "Accountant", "2019-07-15"),
    Person(1024, "Rafael Corbishley", "Marketing", "Marketing Manager", "2021-03-15", status="Leave"),
    Person(1025, "Wilhelmina Oakstead", "Support", "Support Agent", "2022-10-10", ended="2025-12-12", manager="E1019"),
    Person(1026, "Idris Penhallow", "Engineering", "Engineer", "2025-10-20", "ipenhallow", manager="E1003"),
    Person(1027, "Zofia Merrowby", "Support", "Support Agent", "2025-11-10", manager="E1019"),
    Person(1028, "Theo Larkspire", "Engineering", "Engineer", "2025-12-01", "tlarkspire", manager="E1003",
           worker="Contractor"),
]
BY_NAME = {person.name: person for person in PEOPLE}
TOMASZ = BY_NAME["Tomasz Wrenlow"]
DMITRI = BY_NAME["Dmitri Sallowfield"]
RAFAEL = BY_NAME["Rafael Corbishley"]
FELIX = BY_NAME["Felix Quennell"]
SAOIRSE = BY_NAME["Saoirse Mandevale"]
