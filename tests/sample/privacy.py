"""Registers of personal data (consents, requests, disclosures, breaches), the record of processing, and the log of nightly jobs.

Registers are exported as they stood at the end of each quarter, logs by the month.
"""

import json
from datetime import date, timedelta

import placed
from company import (MONTHS, QUARTERS, YEAR, holder, is_working_day, iso, moment, month_days, person, quarter_days, sheet,
                     working_days)
from placed import Placed

DPO = holder("Data Protection Officer").email
COO = holder("Chief Operating Officer").email
DIRECTOR = holder("Managing Director").email
COUNSEL = holder("Legal Counsel").email
SUPPORT = holder("Support Lead").email
ENGINEERING = holder("Head of Engineering").email
SECURITY = holder("Head of Security").email
PRODUCT = holder("Head of Product").email
FINANCE = holder("Head of Finance").email
DATABASES = holder("Database Engineer").email
AGENT = person("Saoirse Mandevale").email

PLACED = [
    Placed("late-access-request", "a request for access was answered after 46 days",
           [("2025-Q3", "P5.1-01.1", "PR-2025-031 of 2025-07-21", "exception", "privacy/requests-2025-Q3.csv")],
           "`privacy/requests-2025-Q3.csv`, PR-2025-031: received on 21 July, answered on 5 September, no extension told",
           year=[("2025", "P5.1-01.1", "PR-2025-031 of 2025-07-21", "exception", "privacy/requests-2025-Q4.csv")]),
]


def day_of(text):
    return date.fromisoformat(f"{YEAR}-{text}" if len(text) == 5 else text)


def at_hour(day, draw):
    return moment(day, draw.randint(8, 16), draw.randint(0, 59))


def next_working(day):
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def quarter_end(quarter):
    return moment(quarter_days(quarter)[-1], 23, 59, 59)


def known(at, end):
    """A time as a register of that day has it: empty while it lies ahead."""
    return iso(at) if at is not None and at <= end else ""


# -- What data are processed for --

ACTIVITIES = [
    # activity, purpose, basis, categories, sensitive, days, recipients, systems, owner, registered, ended, assessed
    ("bookings", "appointments of clinics", "contract", "contact, visits", "no", 1095, "", "bookings-main", PRODUCT,
     "2023-01-09", "", ""),
    ("reminders", "reminders of appointments", "contract", "contact, visits", "no", 180, "Quillpost", "bookings-main", PRODUCT,
     "2023-01-09", "", ""),
    ("invoices", "invoices of clinics to owners", "legal obligation", "contact, payment", "no", 2190, "",
     "bookings-main, marlowquay-documents", FINANCE, "2023-01-09", "", ""),
    ("support", "questions to the help desk", "contract", "contact, messages", "no", 730, "", "help-desk", SUPPORT,
     "2023-01-09", "", ""),
    ("newsletter", "news for clinics and owners", "consent", "contact", "no", 730, "Quillpost", "mailer", PRODUCT,
     "2023-03-06", "", ""),
    ("access-needs", "help with access to clinics", "consent", "access-needs", "yes", 365, "", "bookings-main", PRODUCT,
     "2024-05-13", "", "2024-05-06"),
    ("transfer", "handing records to another clinic", "consent", "contact, visits", "no", 1095, "clinics", "bookings-main",
     SUPPORT, "2023-01-09", "", ""),
    ("figures", "figures of use for clinics", "legitimate interest", "contact, visits", "no", 1095, "", "reporting", PRODUCT,
     "2023-06-12", "", "2023-06-05"),
    ("security", "finding misuse of accounts", "legitimate interest", "contact, logs", "no", 365, "", "logs", SECURITY,
     "2023-01-09", "", "2023-01-02"),
    ("survey", "opinions on the service", "consent", "contact", "no", 365, "", "mailer", PRODUCT, "2025-04-07", "2025-11-14",
     ""),
]
PURPOSES = {row[0]: row[1] for row in ACTIVITIES}
REVIEWED = date(2025, 2, 17)
FIELDS = [
    # form, field, category, activity, sensitive, consent, mandatory
    ("sign-up", "name", "contact", "bookings", "no", "none", "yes"),
    ("sign-up", "email", "contact", "bookings", "no", "none", "yes"),
    ("sign-up", "telephone", "contact", "reminders", "no", "none", "no"),
    ("booking-form", "pet", "visits", "bookings", "no", "none", "yes"),
    ("booking-form", "visit_reason", "visits", "bookings", "no", "none", "yes"),
    ("booking-form", "access_needs", "access-needs", "access-needs", "yes", "explicit", "no"),
    ("booking-form", "other_clinic", "visits", "transfer", "no", "explicit", "no"),
    ("newsletter-form", "email", "contact", "newsletter", "no", "opt-in", "yes"),
    ("help-desk-form", "email", "contact", "support", "no", "none", "yes"),
    ("help-desk-form", "message", "messages", "support", "no", "none", "yes"),
    ("survey-form", "email", "contact", "survey", "no", "opt-in", "no"),
    ("interface", "owner_name", "contact", "bookings", "no", "none", "yes"),
    ("interface", "owner_telephone", "contact", "reminders", "no", "none", "no"),
    ("interface", "visit", "visits", "bookings", "no", "none", "yes"),
]


def activity_rows(quarter):
    end = quarter_days(quarter)[-1]
    for activity, purpose, basis, data, sensitive, kept, to, systems, owner, registered, ended, assessed in ACTIVITIES:
        if date.fromisoformat(registered) > end:
            continue
        over = ended != "" and date.fromisoformat(ended) <= end
        reviewed = max(REVIEWED.isoformat(), registered)
        yield [activity, purpose, basis, data, sensitive, kept, to, systems, owner, "ended" if over else "active", registered,
               ended if over else "", reviewed, assessed, ""]


def on_record(activity, day):
    """Whether an activity is on record on a day, and has not ended."""
    registered, ended = next((row[9], row[10]) for row in ACTIVITIES if row[0] == activity)
    return registered <= day.isoformat() and (ended == "" or day.isoformat() < ended)


def fields(day):
    return [row for row in FIELDS if on_record(row[3], day)]


def retention_rows(year, month, draw):
    day = date(year, month, 5)
    for activity, systems, kept in ((row[0], row[7], row[5]) for row in ACTIVITIES if on_record(row[0], day)):
        for n, system in enumerate(systems.split(", ")):
            at = moment(day, 4, 10 + draw.randint(0, 40))
            oldest = (day - timedelta(days=kept - draw.randint(0, min(40, kept // 4)))).isoformat()
            if activity == "survey":
                oldest = max(oldest, "2025-04-22") if day > date(2025, 4, 22) else ""
            yield [activity, system, iso(at), oldest, 0, 2 if activity == "bookings" and n == 0 else 0]


# -- The privacy notice --

NOTICES = [
    # version, approved, in force from, first quarter at whose end it is in force
    ("5.0", "2024-07-08", "2024-07-29", "2025-Q1"),
    ("6.0", "2025-06-12", "2025-07-01", "2025-Q3"),
]
NOTICE = """# Privacy notice

Marlowquay keeps names, addresses, telephone numbers and appointments of owners of pets for the clinics that they visit.

* What for: appointments, reminders, invoices, questions to the help desk; news and surveys for those who asked for them.
* On what ground: the contract with the clinic, the law on invoices, our interest in finding misuse, and consent.
* How long: appointments three years, invoices six years, messages to the help desk two years, logs one year.
* Who else gets data: Quillpost, which sends mail and text messages for us, and clinics that you ask us to hand records to.
* What you can ask for: to see, correct, take with you or erase data on you, and to be told who was given them.

Write to privacy@example.com. Who is not content with our answer can turn to the data protection authority.
"""


def notice_in_force(day):
    return max((row for row in NOTICES if row[2] <= day.isoformat()), key=lambda row: row[2])


def notice_rows(year, month, draw):
    day = date(year, month, 20)
    for form in sorted({row[0] for row in fields(day)}):
        address = f"https://bookings.example.com/{form}" if form != "interface" else "https://api.bookings.example.com/docs"
        yield [form, address, iso(moment(day, 5, draw.randint(0, 9), draw.randint(0, 59))), "yes", notice_in_force(day)[0]]


REPORTS = {
    # approved, what was reported
    "2025-Q1": ("2025-03-28", "One refusal, because somebody could not be shown to be the person; they were told where to "
                              "complain."),
    "2025-Q2": ("2025-06-27", "One breach (BR-2025-01): a list went to the wrong clinic. Lists are now sent through the "
                              "clinic's own account only. A new notice was approved."),
    "2025-Q3": ("2025-09-26", "A lost laptop (BR-2025-02) was encrypted; nobody had to be told. Open requests are looked at "
                              "every Monday."),
    "2025-Q4": ("2025-12-19", "The survey has ended, its answers are deleted after a year. No breach."),
}


# -- Consents --

class Consent:
    def __init__(self, subject, activity, form, wording, given, withdrawn=None, stopped=None, used=None):
        self.subject = subject
        self.activity = activity
        self.form = form
        self.wording = wording
        self.given = given
        self.withdrawn = withdrawn
        self.stopped = stopped
        self.used = used  # first use


WITHDRAWN = ["01-22", "02-18", "05-06", "06-03", "07-29", "08-20", "10-21", "11-25"]
TRANSFERS = [(month, n) for _, month in MONTHS for n in range(2)]
CLINICS = ["Harbour Lane Clinic", "Oldbridge Veterinary Practice", "Fernhill Animal Hospital", "Three Elms Clinic"]


def mailing_day(year, month):
    """The newsletter goes out on the second Tuesday of a month."""
    return [day for day in month_days(year, month) if day.weekday() == 1][1]


SURVEY_DAY = date(2025, 5, 20)


def consents(draw):
    found = []
    for n in range(36):  # readers of the newsletter from before the year, and three new ones every month
        given = at_hour(date(2024, 1, 8) + timedelta(days=draw.randint(0, 330)), draw)
        found.append(Consent(f"own-{1001 + n}", "newsletter", "opt-in", "news-2", given))
    for _, month in MONTHS:
        for n in range(3):
            given = at_hour(draw.choice(month_days(YEAR, month)[:20]), draw)
            found.append(Consent(f"own-{1040 + month * 3 + n}", "newsletter", "opt-in", "news-3", given))
    for n, text in enumerate(WITHDRAWN):
        one = found[n * 4 + 1]
        one.withdrawn = at_hour(day_of(text), draw)
        one.stopped = one.withdrawn + timedelta(minutes=draw.randint(1, 40))
    for _, month in MONTHS:
        given = at_hour(date(YEAR, month, draw.randint(2, 24)), draw)
        used = given + timedelta(seconds=draw.randint(5, 50))
        found.append(Consent(f"own-{2000 + month}", "access-needs", "explicit", "access-2", given, used=used))
    for n in range(24):
        given = at_hour(date(2025, 4, 22) + timedelta(days=draw.randint(0, 24)), draw)
        found.append(Consent(f"own-{1002 + n * 3}", "survey", "opt-in", "survey-1", given))
    for month, n in TRANSFERS:
        given = at_hour(working_days(YEAR, month)[3 + n * 7], draw)
        found.append(Consent(f"own-{3000 + month * 2 + n}", "transfer", "explicit", "transfer-1", given))
    for one in found:
        one.used = one.used or first_use(one)
    found.sort(key=lambda one: (one.given, one.subject))
    return [(f"CN-{n + 1:04}", one) for n, one in enumerate(found)]


def first_use(one):
    if one.activity == "transfer":
        return one.given + timedelta(hours=20)
    if one.activity == "survey":
        return moment(SURVEY_DAY, 9)
    sent = (moment(mailing_day(year, month), 9) for year, month in MONTHS)
    if one.given.year < YEAR:
        return moment(one.given.date() + timedelta(days=21), 9)
    return next((at for at in sent if at > one.given), None)


def consent_rows(register, end):
    for ident, one in register:
        if one.given <= end:
            yield [ident, one.subject, one.activity, "web", one.form, one.wording, iso(one.given), known(one.used, end),
                   known(one.withdrawn, end), known(one.stopped, end)]


# -- Uses and disclosures --

class Use:
    def __init__(self, at, activity, system, subject, actor, recipient="", records=1, consent=""):
        self.at = at
        self.activity = activity
        self.system = system
        self.subject = subject
        self.actor = actor
        self.recipient = recipient
        self.records = records
        self.consent = consent


def uses(register, draw):
    found = []
    for year, month in MONTHS:
        sent = moment(mailing_day(year, month), 9)
        readers = [one for _, one in register if one.activity == "newsletter" and one.given < sent
                   and (one.withdrawn is None or one.withdrawn > sent)]
        for n, one in enumerate(readers):
            found.append(Use(sent + timedelta(seconds=n * 2), "newsletter", "mailer", one.subject, "mailer"))
        day = working_days(year, month)[1]
        found.append(Use(at_hour(day, draw), "figures", "reporting", "", PRODUCT, records=draw.randint(4000, 5200)))
        for n in range(2):  # letters to owners whom neither mail nor text reaches
            day = working_days(year, month)[5 + n * 8]
            owner = f"own-{4000 + month * 2 + n}"
            found.append(Use(at_hour(day, draw), "reminders", "bookings", owner, "reminders", "Quillpost"))
    for _, one in register:
        if one.activity == "survey":
            found.append(Use(moment(SURVEY_DAY, 9, draw.randint(0, 20)), "survey", "mailer", one.subject, "mailer"))
    for ident, one in register:
        if one.activity == "transfer":
            clinic = CLINICS[draw.randrange(len(CLINICS))]
            found.append(Use(one.used, "transfer", "bookings", one.subject, AGENT, clinic, consent=ident))
    found.sort(key=lambda use: (use.at, use.subject))
    return [(f"US-{n + 1:05}", use) for n, use in enumerate(found)]


def use_rows(log, month):
    for ident, use in log:
        if use.at.month == month:
            yield [ident, iso(use.at), use.activity, PURPOSES[use.activity], use.system, use.subject, use.actor, use.recipient,
                   use.records]


ORDERS = [
    # day, whose data, who asked, reference
    ("2024-09-18", "own-1007", "Bristol County Court", "order BS-24-0417"),
    ("02-12", "own-1019", "Bristol County Court", "order BS-25-0033"),
    ("05-22", "own-1024", "HM Revenue and Customs", "notice under the tax acts of 19 May 2025"),
    ("08-13", "own-1007", "Bristol County Court", "order BS-25-0388"),
    ("11-05", "own-1031", "Bristol County Court", "order BS-25-0502"),
]


def disclosures(log, draw):
    """(disclosed at, row of the register)."""
    found = []
    for ident, use in log:
        if use.recipient:
            recorded = iso(use.at + timedelta(minutes=draw.randint(0, 200)))
            if use.activity == "transfer":
                ground = ["consent", use.consent, "", AGENT, iso(use.at - timedelta(minutes=12))]
            else:
                ground = ["contract", "", "AG-2023-04", COO, "2023-04-03"]
            row = [use.subject, use.recipient, use.activity, "contact, visits", *ground, ident, "", ""]
            found.append((use.at, row, recorded))
    for text, subject, court, reference in ORDERS:
        at = at_hour(day_of(text), draw)
        found.append((at, [subject, court, "bookings", "contact, visits", "legal obligation", "", reference, DPO,
                           iso(at - timedelta(hours=3)), "", "", ""], iso(at + timedelta(minutes=25))))
    for n in range(14):  # the list that went to the wrong clinic
        at = moment(date(2025, 5, 14), 9, 20)
        found.append((at, [f"own-{2001 + n % 5}" if n < 5 else f"own-{5000 + n}", "Three Elms Clinic", "bookings",
                           "contact, access-needs", "contract", "", "", "", "", "", "BR-2025-01",
                           "sent to the wrong clinic; it has deleted the list"], iso(at + timedelta(hours=3))))
    found.sort(key=lambda one: (one[0], one[1][0]))
    return [(at, [f"DI-{at.year}-{n + 1:03}", iso(at), recorded, *row]) for n, (at, row, recorded) in enumerate(found)]


# -- Breaches --

def breaches(end):
    found = [
        ("BR-2024-01", "disclosure", moment(date(2024, 10, 9), 10, 5), 1, "none", 4, None, None, None,
         "an internal list, seen by a colleague for a minute", 30, "", 3, "A list lay on the printer.", "follow-me printing"),
        ("BR-2025-01", "disclosure", moment(date(2025, 5, 14), 11, 40), 1, "high", 20, 44, 26, 70, "", 900, "", 14,
         "A list of appointments with needs for access went to the wrong clinic.",
         "recalled and deletion confirmed; lists go through the clinic's own account"),
        ("BR-2025-02", "loss", moment(date(2025, 8, 6), 17, 15), 2, "none", 18, None, None, None,
         "the disk was encrypted, and the laptop was locked and wiped from afar", 240, "", 0,
         "A laptop of a support agent was left on a train.", "wiped the same evening"),
    ]
    for (ident, what, noticed, entered, risk, assessed, authority, customers, people, reason, closed, incident, count,
         text, measures) in found:
        if noticed > end:
            continue

        def after(hours, noticed=noticed):
            return known(noticed + timedelta(hours=hours), end) if hours is not None else ""
        yield [ident, what, iso(noticed), after(entered), risk, after(assessed), after(authority), after(customers),
               after(people), reason, after(closed), incident, count, text, measures]


# -- Requests of people --

class Request:
    def __init__(self, received, kind, subject, answered, outcome="fulfilled", **more):
        self.received = received
        self.kind = kind
        self.subject = subject
        self.answered = answered
        self.outcome = outcome
        self.more = more


ROUTINE = [
    # kind, day of the quarter on which it comes in, days until it is answered
    ("access", 6, 16), ("correction", 11, 8), ("inquiry", 15, 4), ("erasure", 19, 21), ("access", 27, 24), ("complaint", 31, 18),
    ("correction", 40, 6), ("account of disclosures", 44, 12), ("inquiry", 49, 3), ("portability", 52, 19), ("erasure", 58, 13),
]
SPECIAL = [
    # received, kind, subject, answered, outcome, what else the register says
    ("02-26", "access", "own-6901", "03-12", "refused",
     {"reason": "could not be shown to be the person", "told": "yes", "verified": False}),
    ("03-18", "access", "own-6902", "04-10", "fulfilled", {}),
    ("05-12", "access", "own-6903", "07-04", "fulfilled",
     {"extended": "07-15", "extension_told": "06-02", "why": "eight years of records of three clinics"}),
    ("06-24", "correction", "own-6904", "07-02", "fulfilled", {}),
    ("07-21", "access", "own-6905", "08-15", "fulfilled", {}),
    ("08-06", "dispute", "own-6906", "09-01", "partly fulfilled",
     {"reason": "the invoice was right, the reminder was not", "told": "yes"}),
    ("10-13", "erasure", "own-6907", "10-31", "partly fulfilled",
     {"reason": "invoices are kept six years by law", "told": "yes"}),
    ("12-15", "access", "own-6908", "2026-01-09", "fulfilled", {}),
]


def requests(draw):
    found = []
    for quarter, name in enumerate(QUARTERS):
        first = quarter_days(name)[0]
        for n, (kind, day, wait) in enumerate(ROUTINE):
            received = next_working(first + timedelta(days=day))
            subject = f"own-{6000 + quarter * 20 + n}"
            if kind == "account of disclosures":
                subject = ["own-1019", "own-1024", "own-1007", "own-3006"][quarter]
            found.append(Request(received, kind, subject, next_working(received + timedelta(days=wait))))
    for received, kind, subject, answered, outcome, more in SPECIAL:
        found.append(Request(day_of(received), kind, subject, day_of(answered), outcome, **more))
    found.sort(key=lambda one: (one.received, one.subject))
    for n, one in enumerate(found):
        one.ident = f"PR-{YEAR}-{n + 1:03}"
        one.received = at_hour(one.received, draw)
        one.answered = at_hour(one.answered, draw)
        one.acknowledged = one.received + timedelta(minutes=draw.randint(5, 90))
        one.verified = at_hour(next_working(one.received.date() + timedelta(days=draw.randint(1, 3))), draw)
        if one.subject == "own-6905" and placed.on("late-access-request"):
            one.answered = moment(date(2025, 9, 5), 15, 42)
    return found


NEEDS_IDENTITY = {"access", "portability", "erasure", "correction", "account of disclosures"}


def request_rows(asked, register, end):
    for one in asked:
        if one.received > end:
            continue
        done = one.answered <= end
        listed, parties = "", ""
        if done and one.kind == "account of disclosures":
            listed = sum(row[3] == one.subject and at <= one.answered for at, row in register)
        if done and one.kind == "correction":
            parties = "told" if int(one.subject[-1]) % 2 else "none"
        verified = ""
        if one.kind in NEEDS_IDENTITY and one.more.get("verified", True):
            verified = known(one.verified, end)
        extended = moment(day_of(one.more["extended"])) if "extended" in one.more else None
        extension_told = moment(day_of(one.more["extension_told"]), 10) if "extended" in one.more else None
        later = extension_told is not None and extension_told <= end
        handler = SUPPORT if one.kind in ("inquiry", "complaint", "correction") else COUNSEL
        yield [one.ident, one.kind, one.subject, "mail", iso(one.received), known(one.acknowledged, end), verified,
               iso(extended) if later else "", known(extension_told, end), one.more.get("why", "") if later else "",
               known(one.answered, end), one.outcome if done else "", one.more.get("reason", "") if done else "",
               one.more.get("told", "") if done else "", parties, listed, handler, ""]


SYSTEMS = ["bookings-main", "reporting", "mailer", "help-desk"]


def erasure_rows(asked, end):
    for one in asked:
        if one.kind != "erasure" or one.outcome == "refused":
            continue
        for n, system in enumerate(SYSTEMS):
            at = one.answered - timedelta(hours=26 - n * 3)
            kept = one.outcome == "partly fulfilled" and system == "bookings-main"
            result = "kept" if kept else ["erased", "anonymised", "erased", "nothing held"][n]
            if at <= end:
                yield [one.ident, system, iso(at), result, one.more["reason"] if kept else "", DATABASES]


# -- Jobs and their runs --

JOBS = [
    # job, purpose, inputs, checks, outputs, schedule, due, owner, begins at, inputs of a run, money
    ("imports", "Clinics' own systems and ours hold the same appointments", "appointments of practice software, by the interface",
     "fields, dates, known owner and clinic, no double", "appointments, and a list of what was turned away", "daily", "05:00",
     "Delphine Marchbank", (1, 30), (1100, 1700), False),
    ("invoices", "Owners get the right invoice for every visit", "closed visits of the day before",
     "price list, tax rate, owner's address", "one invoice a visit, as PDF and by mail", "daily", "06:00", "Delphine Marchbank",
     (2, 40), (320, 540), True),
    ("reminders", "Owners come when they have an appointment", "appointments of tomorrow",
     "time in the future, a way to reach the owner", "one mail or text message an appointment", "daily", "07:00",
     "Bastian Fairwell", (4, 0), (380, 620), False),
    ("statements", "Clinics can close their books", "invoices of the month before", "every invoice has a visit",
     "one statement a clinic", "monthly", "09:00", "Delphine Marchbank", (7, 0), (118, 131), True),
]
FAILED = {  # day, job: what went wrong; the run is repeated the same morning
    ("01-16", "imports"): "the practice software did not answer",
    ("02-27", "reminders"): "Quillpost refused the connection",
    ("04-08", "invoices"): "control totals do not agree: one visit was changed during the run",
    ("05-19", "imports"): "out of memory",
    ("07-03", "reminders"): "Quillpost refused the connection",
    ("08-28", "imports"): "the practice software did not answer",
    ("10-09", "invoices"): "no connection to the database",
    ("12-04", "imports"): "the import queue stood still",
}
TWICE = {("03-11", "reminders"), ("06-17", "invoices"), ("09-09", "reminders"), ("11-18", "imports")}  # started again by hand
REASONS = ["a date that does not exist", "an owner whom nobody knows", "a clinic that has left", "the same appointment twice",
           "no time of day", "a telephone number with letters"]
JOB_REVIEWED = date(2025, 2, 10)


def job_rows():
    for job, purpose, inputs, checks, outputs, schedule, due, owner, *_ in JOBS:
        yield [job, purpose, inputs, checks, outputs, schedule, due, person(owner).email, ENGINEERING,
               JOB_REVIEWED.isoformat() if job != "statements" else "2025-03-24", "2023-01-09", ""]


class Night:
    """All runs of a month, and what they turned away."""

    def __init__(self, year, month, draw):
        self.runs = []
        self.rejected = []
        for day in month_days(year, month):
            for job, *_, schedule, _due, _owner, begins, size, money in JOBS:
                if schedule == "daily" or day.day == 1:
                    self.one(job, day, begins, size, money, draw)
        self.runs.sort(key=lambda run: run["started_at"])

    def one(self, job, day, begins, size, money, draw):
        at = moment(day, *begins, draw.randint(0, 40))
        text = f"{day.month:02}-{day.day:02}"
        if (text, job) in FAILED:
            self.add(job, day, at, 95, "failed", 1, {"error": FAILED[text, job]})
            at += timedelta(minutes=draw.randint(35, 70))
            attempt = 2
        else:
            attempt = 1
        inputs = draw.randint(*size)
        turned_away = draw.randint(1, 3) if job == "imports" and draw.random() < 0.2 else 0
        taken = inputs - turned_away
        more = {"counts": {"inputs": inputs, "processed": taken, "rejected": turned_away, "outputs": taken, "expected": taken}}
        if money:
            pence = sum(draw.randint(1800, 21000) for _ in range(9)) * taken // 9
            more["amounts"] = {"in_pence": pence, "out_pence": pence}
        run = self.add(job, day, at, draw.randint(150, 900), "succeeded", attempt, more)
        for n in range(turned_away):
            self.reject(run, at + timedelta(seconds=10 + n), draw)
        if (text, job) in TWICE:
            nothing = {"counts": {"inputs": 0, "processed": 0, "rejected": 0, "outputs": 0, "expected": 0}}
            self.add(job, day, at + timedelta(minutes=48), 2, "skipped", attempt + 1, nothing)

    def add(self, job, day, at, seconds, status, attempt, more):
        run = f"{job[:3]}-{day:%m%d}-{attempt}"
        self.runs.append({"run_id": run, "job": job, "business_date": day.isoformat(), "started_at": iso(at),
                          "finished_at": iso(at + timedelta(seconds=seconds)), "status": status, **more})
        return run

    def reject(self, run, at, draw):
        handled = moment(next_working(at.date()), draw.randint(9, 15), draw.randint(0, 59))
        resolution = draw.choice(["corrected", "corrected", "sent again", "discarded"])
        note = {"corrected": "with the clinic", "sent again": "", "discarded": "double of one that was taken"}[resolution]
        self.rejected.append([f"RJ-{at:%m%d}-{run[:3]}-{at.second:02}", run, iso(at), f"clinic {draw.randint(101, 231)}",
                              draw.choice(REASONS), resolution, iso(handled), AGENT, note])


# -- Checks of stored data --

RULES = [
    # rule, aim, data set, records, hour
    ("clinic-has-address", "quality", "clinics", 128, 3),
    ("owner-has-clinic", "quality", "owners", 41200, 3),
    ("owner-not-twice", "quality", "owners", 41200, 3),
    ("mail-can-be-delivered", "quality", "contacts", 39850, 4),
    ("appointment-in-calendar", "integrity", "appointments", 228400, 3),
    ("invoice-sum-of-lines", "integrity", "invoices", 161300, 3),
    ("document-checksum", "integrity", "documents", 160900, 4),
]
WRONG = {  # day, rule: records, days until they were right, what was done
    ("01-19", "owner-not-twice"): (3, 4, "merged with the clinics' consent"),
    ("02-16", "invoice-sum-of-lines"): (1, 1, "a rounding of tax; the invoice was made anew"),
    ("04-20", "mail-can-be-delivered"): (12, 8, "asked the clinics; nine corrected, three addresses removed"),
    ("05-11", "document-checksum"): (1, 2, "restored from the backup of 10 May"),
    ("07-20", "owner-has-clinic"): (5, 3, "owners of a clinic that left were deleted"),
    ("09-14", "appointment-in-calendar"): (2, 1, "calendar of one clinic rebuilt"),
    ("10-19", "mail-can-be-delivered"): (7, 9, "asked the clinics; all corrected"),
    ("11-16", "owner-not-twice"): (2, 2, "merged"),
}
ENDED_EARLY = {("06-15", "mail-can-be-delivered"), ("08-10", "document-checksum")}  # run again on the next day


def check_rows(year, month, draw):
    """Integrity every Sunday, quality on the third Sunday of a month."""
    sundays = [day for day in month_days(year, month) if day.weekday() == 6]
    for n, day in enumerate(sundays):
        for rule, aim, dataset, records, hour in RULES:
            if aim == "quality" and n != 2:
                continue
            text = f"{day.month:02}-{day.day:02}"
            at = moment(day, hour, draw.randint(5, 50))
            examined = records + (month - 1) * records // 120 + draw.randint(0, 40)
            if (text, rule) in ENDED_EARLY:
                yield [rule, aim, dataset, iso(at), "error", "", "", "", "ran out of time"]
                at += timedelta(hours=27)
            wrong, wait, note = WRONG.get((text, rule), (0, 0, ""))
            corrected = iso(at + timedelta(days=wait, hours=7)) if wrong else ""
            yield [rule, aim, dataset, iso(at), "fail" if wrong else "pass", examined, wrong, corrected, note]


# -- Files --

REQUESTS = ["request_id", "request_type", "subject_key", "channel", "received_at", "acknowledged_at", "identity_verified_at",
            "extended_to", "extension_told_at", "extension_reason", "answered_at", "outcome", "refusal_reason", "redress_told",
            "third_parties", "disclosures_listed", "handler", "note"]
CONSENTS = ["consent_id", "subject_key", "activity", "channel", "form", "wording", "given_at", "first_used_at", "withdrawn_at",
            "stopped_at"]
RECORD = ["activity_id", "purpose", "legal_basis", "data_categories", "sensitive", "retention_days", "recipients", "systems",
          "owner", "status", "registered_at", "ended_at", "reviewed_at", "assessed_at", "note"]
POINTS = ["point", "field", "data_category", "activity", "sensitive", "consent", "notice_link", "mandatory"]
USES = ["use_id", "used_at", "activity", "purpose", "system", "subject_key", "actor", "recipient", "records"]
DISCLOSURES = ["disclosure_id", "disclosed_at", "recorded_at", "subject_key", "recipient", "activity", "data_categories",
               "legal_basis", "consent_id", "reference", "authorised_by", "authorised_at", "use_id", "breach_id", "note"]
BREACHES = ["breach_id", "what", "detected_at", "recorded_at", "risk", "assessed_at", "authority_told_at", "customers_told_at",
            "people_told_at", "reason_not_told", "closed_at", "incident_id", "people", "description", "measures"]
ERASURES = ["request_id", "system", "erased_at", "result", "reason", "checked_by"]
RETENTION = ["activity", "system", "checked_at", "oldest_record", "overdue", "held"]
NOTICE_CHECKS = ["page", "address", "checked_at", "notice_found", "notice_version"]
CHECKS = ["rule", "aim", "dataset", "checked_at", "result", "examined", "failed", "corrected_at", "note"]
REGISTER_OF_JOBS = ["job", "purpose", "inputs", "input_checks", "outputs", "schedule", "due_time", "owner", "approved_by",
                    "reviewed_at", "active_from", "active_until"]
REJECTED = ["rejection_id", "run_id", "rejected_at", "sender", "reason", "resolution", "handled_at", "handled_by", "note"]


def register(path, header, rows, by, quarter):
    rows = list(rows)
    collected = next_working(quarter_days(quarter)[-1] + timedelta(days=1))
    return path, sheet(header, rows), {"collected_by": by, "collected_at": iso(moment(collected, 8, 30)), "records": len(rows)}


def documents(quarter):
    version, approved, in_force, _ = max(row for row in NOTICES if row[3] <= quarter)
    yield f"documents/privacy-notice-{quarter}.md", NOTICE, {
        "document": "privacy-notice", "title": "Privacy notice", "category": "record", "version": version, "owner": DPO,
        "approved_by": DIRECTOR, "approved_at": approved, "in_force_from": in_force}
    approved, text = REPORTS[quarter]
    body = f"# Privacy report, {quarter}\n\nTo the Managing Director. Requests and their times stand in the register.\n\n{text}\n"
    yield f"documents/privacy-report-{quarter}.md", body, {
        "document": "privacy-report", "title": f"Privacy report, {quarter}", "category": "record", "version": quarter,
        "owner": DPO, "approved_by": DIRECTOR, "approved_at": approved}


def files(draw):
    """Every file of this part: path, content, and what its sidecar says (or None)."""
    agreed = consents(draw)
    log = uses(agreed, draw)
    given = disclosures(log, draw)
    asked = requests(draw)
    for year, month in MONTHS:
        name = f"{year}-{month:02}"
        night = Night(year, month, draw)
        lines = "".join(json.dumps(run, separators=(",", ":")) + "\n" for run in night.runs)
        yield f"privacy/uses-{name}.csv", sheet(USES, use_rows(log, month)), None
        yield f"privacy/notice-checks-{name}.csv", sheet(NOTICE_CHECKS, notice_rows(year, month, draw)), None
        yield f"privacy/retention-{name}.csv", sheet(RETENTION, retention_rows(year, month, draw)), None
        yield f"processing/runs-{name}.ndjson", lines, None
        yield f"processing/rejected-{name}.csv", sheet(REJECTED, night.rejected), None
        yield f"processing/checks-{name}.csv", sheet(CHECKS, check_rows(year, month, draw)), None
    for quarter in QUARTERS:
        end = quarter_end(quarter)
        points = ([*row[:6], "yes", row[6]] for row in fields(end.date()))
        made = (row for at, row in given if at <= end)
        yield register(f"privacy/requests-{quarter}.csv", REQUESTS, request_rows(asked, given, end), "Ines Quarrington", quarter)
        yield register(f"privacy/erasures-{quarter}.csv", ERASURES, erasure_rows(asked, end), "Ines Quarrington", quarter)
        yield register(f"privacy/consents-{quarter}.csv", CONSENTS, consent_rows(agreed, end), "export job", quarter)
        yield register(f"privacy/activities-{quarter}.csv", RECORD, activity_rows(quarter), "Lorcan Whitmarsh", quarter)
        yield register(f"privacy/collection-points-{quarter}.csv", POINTS, points, "export job", quarter)
        yield register(f"privacy/disclosures-{quarter}.csv", DISCLOSURES, made, "Ines Quarrington", quarter)
        yield register(f"privacy/breaches-{quarter}.csv", BREACHES, breaches(end), "Lorcan Whitmarsh", quarter)
        yield register(f"processing/jobs-{quarter}.csv", REGISTER_OF_JOBS, job_rows(), "Imani Thorsby", quarter)
        yield from documents(quarter)
