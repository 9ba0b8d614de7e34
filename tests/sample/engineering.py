"""Exports of how code reached production: pull requests with reviews, checks and files, commits, deployments, the settings of
branches, GitHub's audit log, change tickets, the register of technical documents and the rehearsals of taking a release back."""

import hashlib
from datetime import date, timedelta

import placed
from company import (BY_NUMBER, MONTHS, PEOPLE, QUARTERS, YEAR, is_working_day, iso, moment, month_days, person,
                     quarter_days, quarter_of, sheet, working_days)

BOOKINGS, PLATFORM = "marlowquay/bookings", "marlowquay/platform"
REPOSITORIES = [BOOKINGS, PLATFORM]
CHECKS = ["build", "unit tests", "dependency scan"]
# Title, why, and the file that is changed.
FEATURES = [
    ("Show opening hours by clinic", "Clinics with several sites asked for it in the survey.", "app/clinics/hours.py"),
    ("Fix rounding in invoices", "Two clinics reported totals that were a penny off.", "app/invoices/totals.py"),
    ("Speed up the day view", "It took more than a second for large clinics.", "app/calendar/day.py"),
    ("Add reminder by text message", "Owners of pets read messages sooner than mail.", "app/reminders/message.py"),
    ("Handle double bookings", "Support hears of one every week.", "app/calendar/conflicts.py"),
    ("Tidy the calendar query", "The query was hard to follow and slow.", "app/calendar/query.py"),
    ("Log failed imports", "Support could not tell why an import had failed.", "app/imports/journal.py"),
    ("Rename the export columns", "Practice software expects other names.", "app/exports/columns.py"),
    ("Make the search forgiving", "Names of pets are spelled in many ways.", "app/search/match.py"),
    ("Correct the time zone of reports", "Reports began an hour late in summer.", "app/reports/zone.py"),
    ("Add an index on appointments", "The list of appointments was slow.", "app/calendar/list.py"),
    ("Retry the payment webhook", "A lost call left invoices open.", "app/invoices/webhook.py"),
    ("Show who changed a booking", "Clinics want to know whom to ask.", "app/calendar/history.py"),
    ("Trim the headers of replies", "They gave away version numbers.", "app/web/headers.py"),
    ("Move settings to a page", "They were spread over five dialogues.", "app/settings/page.py"),
]
PLATFORM_FEATURES = [
    ("Raise the database's disk", "It is four fifths full.", "terraform/database.tf"),
    ("Renew the load balancer's rules", "Two of them led nowhere.", "terraform/balancer.tf"),
    ("Pin the base image", "Builds should be repeatable.", "kubernetes/images.yaml"),
    ("Add an alarm on queue length", "The queue grew unseen in spring.", "terraform/alarms.tf"),
    ("Move logs to the new bucket", "The old one has no retention.", "terraform/logs.tf"),
    ("Rotate the deploy role", "It is due once a year.", "terraform/roles.tf"),
]
MIGRATION = ("Split the table of owners", "Contact data should be kept apart from names.")
SENSITIVE = ("Shorten the life of sessions", "The yearly penetration test asked for it.")
EMERGENCY = ("Stop the retries that fill the queue", "The service answered slowly or not at all.")
ENGINEERS = [someone for someone in PEOPLE if someone.github and someone.department in ("Engineering", "Platform")]
TESTERS = ["Yuki Brandreth", "Anselm Birkwood", "Nadia Stormont"]
# Who answers an approval, the deputies after the first.
APPROVERS = {
    "Tech lead": ["Bastian Fairwell", "Delphine Marchbank", "Nadia Stormont"],
    "System owner": ["Imani Thorsby", "Callum Oyelaran", "Benedikt Szarvas"],
    "Security": ["Elske Moorcroft", "Noor Castellane", "Kofi Branscombe"],
    "Database owner": ["Hugo Pellingham", "Nadia Stormont", "Callum Oyelaran"],
    "Infrastructure owner": ["Callum Oyelaran", "Nadia Stormont", "Hugo Pellingham"],
}
# Merged past the rule without review; approved after the merge; approved on an earlier commit. At a fixed time of day.
HASTY, AFTERWARDS, LATE_COMMIT = (BOOKINGS, 409), (PLATFORM, 94), (BOOKINGS, 437)
MERGED_AT = {HASTY: (15, 12, 40), AFTERWARDS: (14, 26, 11), LATE_COMMIT: (15, 48, 5),
             (BOOKINGS, 299): (21, 24, 10), (BOOKINGS, 381): (21, 18, 45), (BOOKINGS, 408): (14, 35, 20)}
RETRIED = {(BOOKINGS, 420), (BOOKINGS, 302)}  # a check that failed at first and passed when it was run again
FAILED = {(BOOKINGS, 428), (BOOKINGS, 285), (BOOKINGS, 333), (BOOKINGS, 367)}  # the deployment failed and was rolled back
GIVEN_UP = {(BOOKINGS, 414), (BOOKINGS, 431), (BOOKINGS, 318), (BOOKINGS, 372), (PLATFORM, 66)}
WITHOUT_PLAN = (BOOKINGS, 346)
# The incident that each emergency change answers.
EMERGENCIES = {(BOOKINGS, 299): "Q03MQ7H2KD", (BOOKINGS, 381): "Q12MQ7H2KD", (BOOKINGS, 408): "Q19MQ7H2KD"}
BY_HAND = 1880009001
UNPROTECTED = moment(date(YEAR, 2, 18), 17, 4, 31)  # for an hour
# Decision records: id, title, repository, accepted on (its change is merged later), who owns it.
DECISIONS = [
    ("ADR-0014", "Keep one database for all clinics", BOOKINGS, date(2023, 11, 6), "bastian.fairwell@example.com"),
    ("ADR-0019", "Send reminders from a queue", BOOKINGS, date(2025, 1, 9), "delphine.marchbank@example.com"),
    ("ADR-0020", "Read reports from a replica", BOOKINGS, date(2025, 3, 3), "bastian.fairwell@example.com"),
    ("ADR-0021", "Give each clinic a namespace in the cache", BOOKINGS, date(2025, 6, 16), "delphine.marchbank@example.com"),
    ("ADR-0022", "Take payments through one gateway", BOOKINGS, date(2025, 9, 8), "bastian.fairwell@example.com"),
    ("ADR-0023", "Keep sessions in the cache", BOOKINGS, date(2025, 11, 17), "delphine.marchbank@example.com"),
]
# Technical documents: id, category, title, repository, owner, when they were gone through.
DOCUMENTS = [
    ("DOC-0001", "architecture", "How Bookings is built", BOOKINGS, "bastian.fairwell@example.com",
     [date(2024, 9, 10), date(2025, 3, 11), date(2025, 9, 9)]),
    ("DOC-0002", "operation", "How Bookings is run", BOOKINGS, "nadia.stormont@example.com",
     [date(2024, 10, 2), date(2025, 7, 1)]),
    ("DOC-0003", "architecture", "How the platform is built", PLATFORM, "callum.oyelaran@example.com",
     [date(2024, 6, 12), date(2025, 5, 20)]),
    ("DOC-0004", "operation", "How the platform is run", PLATFORM, "sunniva.achterberg@example.com",
     [date(2024, 11, 26), date(2025, 10, 14)]),
    ("DOC-0005", "interface", "The interface for practice software", BOOKINGS, "delphine.marchbank@example.com",
     [date(2024, 8, 20), date(2025, 8, 5)]),
]


def sha(*parts):
    return hashlib.sha1("/".join(str(part) for part in parts).encode()).hexdigest()


def last_second(year, month):
    return moment(month_days(year, month)[-1], 23, 59, 59)


# -- The plan: which change is merged on which day. Nothing here is random, so that the placed faults know their items. --

def merge_days():
    """(repository, day) of every change, in order: bookings on two days of three, platform on one of five."""
    for year, month in MONTHS:
        for n, day in enumerate(working_days(year, month)):
            if n % 3 != 2:
                yield BOOKINGS, day
            if n % 5 == 2:
                yield PLATFORM, day


def planned():
    """(repository, number, day) of every change. The numbers lead up to 401 and 88 at the beginning of October."""
    found = list(merge_days())
    autumn = date(YEAR, 10, 1)
    number = {repository: first - sum(1 for other, day in found if other == repository and day < autumn)
              for repository, first in ((BOOKINGS, 401), (PLATFORM, 88))}
    for repository, day in found:
        yield repository, number[repository], day
        number[repository] += 1


PLAN = list(planned())
INDEX = {(repository, number): n for n, (repository, number, _) in enumerate(PLAN)}
DAY = {(repository, number): day for repository, number, day in PLAN}
SPECIAL = {HASTY, AFTERWARDS, LATE_COMMIT, WITHOUT_PLAN} | RETRIED | FAILED | GIVEN_UP | set(EMERGENCIES)


def ticket_key(key):
    """Now and then a second change is made on the ticket of the change before it."""
    n = INDEX[key]
    return f"CHG-{1001 + (n - 1 if shares(n) else n)}"


def shares(n):
    if n % 40 != 21 or n == 0:
        return False
    (one, first, began), (other, second, ended) = PLAN[n - 1], PLAN[n]
    plain = not ({(one, first), (other, second)} & SPECIAL) and nature(one, first, began) == nature(other, second, ended) == {}
    return plain and one == other and began.month == ended.month


def nature(repository, number, day):
    """What sets a change apart from an ordinary one."""
    if (repository, number) in SPECIAL:
        return {}
    found = {}
    if repository == BOOKINGS and number % 17 == 3:
        found["migration"] = True
    if repository == BOOKINGS and number % 19 == 5:
        found["sensitive"] = True
    if repository == BOOKINGS and number % 36 == 0:
        found["architecture"] = True
    risky = number % 34 == 3 or number % 36 == 0 if repository == BOOKINGS else number % 9 == 4
    if risky and day + timedelta(days=13) <= quarter_days(quarter_of(day))[-1]:
        found["high"] = True
    return found


def deployment_number(key, step=3):
    """The step 0 goes to staging, 3 to production, 6 back to what was there before."""
    return 1880000100 + INDEX[key] * 10 + step


def in_production(key):
    return f"{key[0]} deployment {deployment_number(key)}"


def merge_moment(key):
    return moment(DAY[key], *MERGED_AT[key])


def override_event(key):
    return sha("override", *key)[:22]


DESTROYED = sha("destroyed", PLATFORM, iso(UNPROTECTED))[:22]


def month_file(stem, day, ending="json"):
    return f"{stem}-{day.year}-{day.month:02}.{ending}"


def at_deployments(key):
    return month_file("github/deployments", DAY[key])


PLACED = [
    placed.Placed(
        "unreviewed-merges", "one change was merged without review, one before its review, one with a commit after it",
        [("2025-Q4", "CC8.1-01.1", "marlowquay/bookings#409", "exception", month_file("github/pulls", DAY[HASTY])),
         ("2025-Q4", "CC8.1-01.1", "marlowquay/platform#94", "exception", month_file("github/pulls", DAY[AFTERWARDS])),
         ("2025-Q4", "CC8.1-01.2", "marlowquay/bookings#437", "exception", month_file("github/pulls", DAY[LATE_COMMIT]))]
        + [("2025-Q4", test, in_production(key), "exception", at_deployments(key))
           for test in ("CC8.1-02.1", "CC8.1-08.1") for key in (HASTY, AFTERWARDS)]
        + [("2025-Q4", "CC8.1-03.2", f"{override_event(key)} @ {iso(merge_moment(key))}", "exception",
            month_file("github/audit-log", DAY[key])) for key in (HASTY, AFTERWARDS)],
        "`github/pulls-2025-10.json`, number 409; `-11`, number 94 of platform; `-12`, number 437. Two of them went past the "
        "rule (`protected_branch.policy_override` in `github/audit-log-2025-10.json` and `-11`), and their deployments carry "
        "what nobody had approved"),
    placed.Placed(
        "hand-deployment", "in the night of an incident a commit of no pull request was deployed by hand",
        [("2025-Q4", test, f"{BOOKINGS} deployment {BY_HAND}", "exception", "github/deployments-2025-12.json")
         for test in ("CC8.1-02.1", "CC8.1-08.1", "CC8.1-08.2")],
        f"`github/deployments-2025-12.json`, id {BY_HAND}: its `sha` is in no other export, and it was never on staging"),
    placed.Placed(
        "protection-off", "the protection of a main branch was switched off for an hour on 18 February",
        [("2025-Q1", "CC8.1-03.2", f"{DESTROYED} @ {iso(UNPROTECTED)}", "exception", "github/audit-log-2025-02.json")],
        "`github/audit-log-2025-02.json`: `protected_branch.destroy`; the settings at the end of the month look as always"),
    placed.Placed(
        "no-rollback-plan", "a change was made on a ticket without a rollback plan",
        [("2025-Q2", "CC8.1-04.2", ticket_key(WITHOUT_PLAN), "exception",
          month_file("jira/change-tickets", DAY[WITHOUT_PLAN]))],
        f"`{month_file('jira/change-tickets', DAY[WITHOUT_PLAN])}`, {ticket_key(WITHOUT_PLAN)} has no `Backout plan`"),
]


# -- Changes --

class Change:
    def __init__(self, repository, number, day):
        self.repository, self.number, self.day = repository, number, day
        self.key = (repository, number)
        self.nature = nature(repository, number, day)
        self.ticket = ticket_key(self.key)
        self.head = sha(repository, number, "head")
        self.merge_commit = sha(repository, number, "merge")
        self.emergency = self.key in EMERGENCIES
        self.closed_unmerged = self.key in GIVEN_UP
        self.reviews = []
        self.checks = []

    def ident(self, base, made):
        """The next id of a review or check run: unique in the organisation, as GitHub's are."""
        return base + self.number * 1000 + len(made) + (500 if self.repository == PLATFORM else 0)

    def review(self, reviewer, state, at, commit=None):
        self.reviews.append({"id": self.ident(2400000000, self.reviews), "state": state,
                             "user": {"login": reviewer, "type": "User"},
                             "commit_id": commit or self.head, "submitted_at": iso(at)})

    def check(self, name, conclusion, at):
        self.checks.append({"id": self.ident(3100000000, self.checks), "name": name, "head_sha": self.head,
                            "conclusion": conclusion, "completed_at": iso(at)})

    @property
    def bot(self):
        return self.author.endswith("[bot]")

    def people(self):
        """Numbers of whoever may not approve the change's ticket."""
        return {found.number for found in PEOPLE if found.github == self.author} | {self.requester.number}

    def export(self):
        merged = not self.closed_unmerged
        return {"number": self.number, "title": f"{self.ticket} {self.title}", "state": "closed",
                "user": {"login": self.author, "type": "Bot" if self.bot else "User"},
                "created_at": iso(self.opened), "closed_at": iso(self.merged),
                "merged_at": iso(self.merged) if merged else None,
                "merged_by": {"login": self.merger, "type": "User"} if merged else None,
                "merge_commit_sha": self.merge_commit if merged else None,
                "base": {"ref": "main", "repo": {"full_name": self.repository}},
                "head": {"ref": f"work/{self.number}", "sha": self.head},
                "reviews": self.reviews, "checks": self.checks,
                "files": [{"filename": name, "status": "modified"} for name in self.files]}

    def commit(self):
        return {"repository": self.repository, "branch": "main", "sha": self.merge_commit,
                "commit": {"author": {"name": self.author, "date": iso(self.merged)},
                           "committer": {"name": "GitHub", "date": iso(self.merged)},
                           "message": f"{self.ticket} {self.title} (#{self.number})"},
                "author": {"login": self.author}, "committer": {"login": "web-flow"},
                "parents": [{"sha": self.parent}],
                "pulls": [{"number": self.number, "state": "closed", "merged_at": iso(self.merged)}]}


def active(day):
    """Who may write and review: not in the first working days, and not on the last one."""
    return [p.github for p in ENGINEERS
            if p.present(day) and p.hired + timedelta(days=3) <= day and (p.ended is None or day < p.ended)]


def by_login(login):
    return next(someone for someone in PEOPLE if someone.github == login)


def describe(change, draw):
    """Title, reason, files and risk."""
    bookings = change.repository == BOOKINGS
    features = FEATURES if bookings else PLATFORM_FEATURES
    change.title, change.why, main_file = features[change.number % len(features)]
    change.files = [main_file, "tests/" + main_file.replace("/", "_").replace(".py", "_test.py")] if bookings else [main_file]
    change.risk = "High" if change.nature.get("high") else draw.choice(["Low", "Low", "Low", "Medium"])
    if "migration" in change.nature:
        change.title, change.why = MIGRATION
        change.files = [f"db/migrations/{change.number:04}_owners.sql", "app/owners/table.py"]
    if "sensitive" in change.nature:
        change.title, change.why = SENSITIVE
        change.files = change.files + ["app/auth/session.py"]
    if "architecture" in change.nature:
        accepted = [decision for decision in DECISIONS if decision[2] == BOOKINGS and decision[3] < change.day]
        change.decision, change.title = accepted[-1][0], accepted[-1][1]
        change.why = "It carries out what was decided."
        change.files = change.files + ["docs/architecture.md"]
    else:
        change.decision = None
    if change.emergency:
        change.title, change.why = EMERGENCY
        change.risk = "High"
        change.files = ["app/reminders/queue.py"]


def make_change(repository, number, day, draw):
    change = Change(repository, number, day)
    describe(change, draw)
    people = active(day)
    bot = draw.random() < 0.12 and not change.nature and change.key not in SPECIAL
    author = "dependabot[bot]" if bot else draw.choice(people)
    reviewer, second = draw.sample([login for login in people if login != author], 2)
    clock = (draw.randint(13, 16), draw.randint(0, 59), draw.randint(0, 59))
    if change.nature.get("high"):
        clock = (20, clock[1] // 4, clock[2])  # in the maintenance window
    change.merged = moment(day, *MERGED_AT.get(change.key, clock))
    change.author, change.merger = author, reviewer if bot else author
    change.requester = by_login(reviewer if bot else author)
    if bot:
        change.title, change.why = "Update a dependency", "Updates are taken in every week."
        change.files, change.risk = ["requirements.txt" if repository == BOOKINGS else "terraform/versions.tf"], "Low"
    elif repository == BOOKINGS and not change.emergency and draw.random() < 0.3:
        change.requester = person("Leonie Abernarth")
    # Minutes before the merge: opened, checked, reviewed.
    pace = (40, 22, 12) if change.emergency else (300, draw.randint(90, 120), draw.randint(5, 60))
    change.opened = change.merged - timedelta(minutes=pace[0])
    for name in CHECKS:
        change.check(name, "success", change.merged - timedelta(minutes=pace[1]))
    if draw.random() < 0.2 and not change.emergency:
        change.review(reviewer, "CHANGES_REQUESTED", change.merged - timedelta(minutes=150), sha(repository, number, "first"))
    if draw.random() < 0.2 and not bot:
        change.review(author, "COMMENTED", change.merged - timedelta(minutes=min(80, pace[0] - 5)))
    change.review(reviewer, "APPROVED", change.merged - timedelta(minutes=pace[2]))
    if change.nature.get("high"):
        change.review(second, "APPROVED", change.merged - timedelta(minutes=pace[2] + 20))
    return change


def changes(draw):
    made = [make_change(*planning, draw) for planning in PLAN]
    place_faults({change.key: change for change in made})
    parent = {repository: sha(repository, "2024") for repository in REPOSITORIES}
    for change in sorted(made, key=lambda change: change.merged):
        change.parent = parent[change.repository]
        if not change.closed_unmerged:
            parent[change.repository] = change.merge_commit
    return made


def place_faults(change):
    # Merged past the rule, without any review.
    hasty = change[HASTY]
    hasty.author = hasty.merger = "imani-t"
    hasty.requester, hasty.title = by_login("imani-t"), "Hide the broken banner"
    hasty.why, hasty.files = "It covered the button during a demonstration.", ["app/web/banner.html"]
    # Approved twenty minutes after it was merged.
    afterwards = change[AFTERWARDS]
    afterwards.author = afterwards.merger = "rashdowne"
    afterwards.requester = by_login("rashdowne")
    # Approved, and then another commit was pushed and merged.
    late_commit = change[LATE_COMMIT]
    late_commit.author = late_commit.merger = "mfenwether"
    late_commit.requester = by_login("mfenwether")
    placed_now = placed.on("unreviewed-merges")
    hasty.reviews, afterwards.reviews, late_commit.reviews = [], [], []
    if not placed_now:
        hasty.review("adaeze-h", "APPROVED", hasty.merged - timedelta(minutes=12))
    afterwards.review("sunniva-a", "APPROVED", afterwards.merged + timedelta(minutes=20 if placed_now else -20))
    late_commit.review("jonas-ibb", "APPROVED", late_commit.merged - timedelta(minutes=70),
                       sha(*LATE_COMMIT, "first") if placed_now else None)
    for key in RETRIED:
        retried = change[key]
        retried.checks = []
        retried.check("build", "success", retried.merged - timedelta(minutes=140))
        retried.check("unit tests", "failure", retried.merged - timedelta(minutes=130))
        retried.check("unit tests", "success", retried.merged - timedelta(minutes=60))
        retried.check("dependency scan", "success", retried.merged - timedelta(minutes=130))


# -- Deployments --

class Deployment:
    def __init__(self, number, repository, commit, environment, creator, at, states, description=None):
        self.at = at
        statuses = [{"id": number * 10 + step, "state": state, "created_at": iso(at + timedelta(minutes=minutes))}
                    for step, (state, minutes) in enumerate(states)]
        self.record = {"id": number, "repository": repository, "sha": commit, "ref": "main", "task": "deploy",
                       "environment": environment, "description": description, "creator": {"login": creator},
                       "created_at": iso(at), "statuses": statuses}


BRIEF = [("success", 7)]
GOOD = [("queued", 0), ("in_progress", 1), ("success", 7)]
BAD = [("queued", 0), ("in_progress", 1), ("failure", 9)]


def deployments(made):
    robot = "marlowquay-deploy"
    previous = {}
    for change in sorted(made, key=lambda change: change.merged):
        if change.closed_unmerged:
            continue
        start = change.merged + timedelta(minutes=9)
        failed = change.key in FAILED
        for environment, step, wait in (("staging", 0, 0), ("production", 3, 25)):
            yield Deployment(deployment_number(change.key, step), change.repository, change.merge_commit, environment, robot,
                             start + timedelta(minutes=wait), BRIEF if step == 0 else BAD if failed else GOOD)
        if failed:
            yield Deployment(deployment_number(change.key, 6), change.repository, previous[change.repository], "production",
                             robot, start + timedelta(minutes=60), GOOD, "roll back")
        else:
            previous[change.repository] = change.merge_commit
    if placed.on("hand-deployment"):
        # From a laptop, on the evening of an incident; no pull request followed.
        yield Deployment(BY_HAND, BOOKINGS, sha(BOOKINGS, "by hand"), "production", "rashdowne",
                         moment(date(YEAR, 12, 3), 21, 47), GOOD, "hotfix for the import queue")


# -- Change tickets --

def working_day(day, steps):
    """So many working days later, or earlier."""
    while steps:
        day += timedelta(days=1 if steps > 0 else -1)
        if is_working_day(day):
            steps -= 1 if steps > 0 else -1
    return day


def user(someone):
    return {"emailAddress": someone.email}


def stamp(at):
    """As Jira writes times."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


class Ticket:
    def __init__(self, change, draw):
        self.changes = [change]
        self.key = change.ticket
        self.created = moment(working_day(change.day, -draw.randint(2, 6)), draw.randint(8, 16), draw.randint(0, 59))
        self.approvals = []  # (role, who, at)
        change_of = change
        if change.emergency:
            self.created = change.merged - timedelta(minutes=50)
            asked = moment(working_day(change.day, 1), 9, 30)
        else:
            asked = moment(working_day(change.day, -1), 10, 15)
        for role in self.roles(change):
            self.approvals.append((role, self.approver(role, change_of, asked), asked))
            asked += timedelta(minutes=35)
        self.tester = next(person(name) for name in TESTERS if person(name).present(change.day))
        self.verified = self.reviewed = None
        self.finish(draw)

    @staticmethod
    def roles(change):
        if change.nature.get("high") or change.emergency:
            yield "Tech lead"
            yield "System owner"
        if "sensitive" in change.nature:
            yield "Security"
        if "migration" in change.nature:
            yield "Database owner"
        if change.repository == PLATFORM:
            yield "Infrastructure owner"

    def approver(self, role, change, at):
        taken = change.people() | {who.number for other, who, _ in self.approvals
                                   if {other, role} == {"Tech lead", "System owner"}}
        return next(person(name) for name in APPROVERS[role]
                    if person(name).number not in taken and person(name).present(at.date()))

    def finish(self, draw):
        last = max(self.changes, key=lambda change: change.merged)
        if last.closed_unmerged:
            self.closed = last.merged + timedelta(minutes=30)
            return
        self.closed = moment(working_day(last.day, 1), 9, draw.randint(0, 59))
        if last.key not in FAILED:
            self.verified = last.merged + timedelta(minutes=60 + draw.randint(0, 50))
        if last.nature.get("high") or last.emergency:
            self.reviewed = moment(working_day(last.day, 4), 14, draw.randint(0, 59))
            self.closed = self.reviewed + timedelta(minutes=30)

    def touched(self):
        times = [self.created, self.closed, self.verified, self.reviewed] + [at for _, _, at in self.approvals]
        return [at for at in times if at] + [change.opened for change in self.changes] + \
            [change.merged for change in self.changes]

    def export(self, until):
        """The ticket as it stood at a moment."""
        first = self.changes[0]

        def then(at, value):
            return value if at and at <= until else None
        given_up = first.closed_unmerged
        planned_fields = {} if given_up else self.plans(first)
        outcome = "Won't Do" if given_up else "Rolled back" if first.key in FAILED else "Done"
        window = first.nature.get("high")
        fields = {
            "summary": first.title, "issuetype": {"name": "[System] Change"},
            "status": {"name": "Closed" if self.closed <= until else
                       "Verifying" if self.changes[-1].merged <= until else "Implementing"},
            "resolution": then(self.closed, {"name": outcome}), "reporter": user(first.requester),
            "created": stamp(self.created), "resolutiondate": then(self.closed, stamp(self.closed)),
            "description": f"{first.title}. Changes {', '.join(first.files)}.",
            "Change type": {"value": "Emergency" if first.emergency else "Standard" if first.bot else "Normal"},
            "Change risk": {"value": first.risk}, "Justification": first.why, **planned_fields,
            "Test evidence": then(first.opened, None if given_up else self.evidence(first)),
            "Security sensitive": {"value": "Yes" if "sensitive" in first.nature else "No"},
            "Architecture change": {"value": "Yes" if first.decision else "No"},
            "Decision record": first.decision, "Documentation": "DOC-0001" if first.decision else None,
            "Incident": EMERGENCIES.get(first.key),
            "Planned start": stamp(moment(first.day, 20)) if window else None,
            "Planned end": stamp(moment(first.day, 22)) if window else None,
            "Verified by": then(self.verified, user(self.tester)),
            "Verified at": then(self.verified, self.verified and stamp(self.verified)),
            "Post-implementation review": then(self.reviewed, "Went as planned; nothing to follow up." if not first.emergency
                                               else "The retries now end after five; a test was added."),
            "Reviewed at": then(self.reviewed, self.reviewed and stamp(self.reviewed)),
        }
        approvals = [self.approval(n, *given, until) for n, given in enumerate(self.approvals, 1)]
        if approvals:
            fields["Approvals"] = approvals
        return {"id": str(20000 + int(self.key[4:])), "key": self.key,
                "fields": {name: value for name, value in fields.items() if value is not None}}

    def plans(self, change):
        if change.key == WITHOUT_PLAN and placed.on("no-rollback-plan"):
            return {"Backout plan": None}
        if "migration" in change.nature:
            return {"Backout plan": f"Run the down migration {change.number:04}, then deploy the commit before."}
        if change.repository == PLATFORM:
            return {"Backout plan": "Apply the plan of the commit before."}
        return {"Backout plan": "Deploy the commit before; no data are changed."}

    @staticmethod
    def evidence(change):
        return f"Unit tests of #{change.number}; " + ("plan applied to staging." if change.repository == PLATFORM
                                                      else "tried on staging in the browser.")

    def approval(self, number, role, who, at, until):
        decided = at <= until
        record = {"id": f"{self.key[4:]}{number}", "name": role, "finalDecision": "approved" if decided else "pending",
                  "approvers": [{"approver": user(who), "approverDecision": "approved" if decided else "pending"}]}
        if decided:
            record["completedDate"] = {"iso8601": stamp(at)}
        return record


def tickets(made, draw):
    found = {}
    for change in made:
        if change.ticket in found:
            found[change.ticket].changes.append(change)
            found[change.ticket].finish(draw)
        else:
            found[change.ticket] = Ticket(change, draw)
    return list(found.values())


# -- Settings and the audit log --

def protection(repository):
    return {"repository": repository, "branch": "main",
            "enforce_admins": {"url": f"https://api.github.com/repos/{repository}/branches/main/protection/enforce_admins",
                               "enabled": False},
            "required_status_checks": {"strict": True, "contexts": CHECKS},
            "required_pull_request_reviews": {"dismiss_stale_reviews": True, "require_code_owner_reviews": False,
                                              "required_approving_review_count": 1},
            "required_linear_history": {"enabled": True}, "allow_force_pushes": {"enabled": False},
            "allow_deletions": {"enabled": False}}


def event(action, actor, at, ident=None, **more):
    ms = int(at.timestamp()) * 1000
    return {"@timestamp": ms, "_document_id": ident or sha(action, actor, iso(at))[:22], "action": action, "actor": actor,
            "created_at": ms, "org": "marlowquay", **more}


def audit_events(draw):
    """What happens in an organisation: people come and go, a push is turned away, and what was placed."""
    for someone in ENGINEERS:
        if someone.hired.year == YEAR:
            yield event("org.add_member", "c-oyelaran", moment(someone.hired, 9, 40), user=someone.github)
            yield event("team.add_member", "c-oyelaran", moment(someone.hired, 9, 42), user=someone.github,
                        team="marlowquay/engineers")
        if someone.ended:
            yield event("org.remove_member", "c-oyelaran", moment(someone.ended, 17, 5), user=someone.github)
    for year, month in MONTHS:
        for day in draw.sample(working_days(year, month), 2):
            yield event("protected_branch.rejected_ref_update", draw.choice(active(day)),
                        moment(day, draw.randint(9, 17), draw.randint(0, 59), draw.randint(0, 59)),
                        repo=draw.choice(REPOSITORIES), name="main")
        day = draw.choice(working_days(year, month))
        yield event("repo.update_actions_secret", "rashdowne", moment(day, 11, draw.randint(0, 59)), repo=PLATFORM)
    if placed.on("protection-off"):
        yield event("protected_branch.destroy", "c-oyelaran", UNPROTECTED, DESTROYED, repo=PLATFORM, name="main")
        yield event("protected_branch.create", "c-oyelaran", UNPROTECTED + timedelta(minutes=61), repo=PLATFORM, name="main")
    if placed.on("unreviewed-merges"):
        for key, actor in ((HASTY, "imani-t"), (AFTERWARDS, "rashdowne")):
            yield event("protected_branch.policy_override", actor, merge_moment(key), override_event(key), repo=key[0],
                        name="main")


# -- Documents and rehearsals --

def register(day):
    for ident, title, repository, accepted, owner in DECISIONS:
        begun = accepted - timedelta(days=20)
        if begun <= day:
            done = accepted <= day
            yield [ident, "decision record", title, repository, "accepted" if done else "draft", owner,
                   accepted if done else "", accepted if done else ""]
    for ident, category, title, repository, owner, gone_through in DOCUMENTS:
        yield [ident, category, title, repository, "accepted", owner, "", max(on for on in gone_through if on <= day)]


def rehearsals(quarter):
    """Once a quarter for each repository, in its second month; one had to be repeated."""
    middle = quarter_days(quarter)[45]
    for n, repository in enumerate(REPOSITORIES):
        lead = person("Sunniva Achterberg" if n == 0 else "Nadia Stormont")
        day = next(day for day in (middle + timedelta(days=more + 4 * n) for more in range(40)) if lead.present(day))
        results = [(day, "passed", "")]
        if (quarter, repository) == ("2025-Q2", PLATFORM):
            results = [(day, "failed", "The state file was locked; the plan now says how to free it."),
                       (working_day(day, 4), "passed", "")]
        for attempt, (on, result, note) in enumerate(results, 1):
            yield [f"RB-{quarter}-{n + 1}{'' if attempt == 1 else '-again'}", "rollback", repository, lead.email,
                   iso(moment(on, 10)), iso(moment(on, 11, 20)), result, f"handbook/rehearsals/{quarter}-{n + 1}.md", note]


# -- Files --

def within(at, year, month):
    return (at.year, at.month) == (year, month)


def files(draw):
    made = changes(draw)
    merged = [change for change in made if not change.closed_unmerged]
    sent = list(deployments(made))
    asked = tickets(made, draw)
    events = sorted(audit_events(draw), key=lambda record: record["created_at"])
    for year, month in MONTHS:
        name = f"{year}-{month:02}"
        until = last_second(year, month)
        pulls = [change.export() for change in made if within(change.merged, year, month)]
        yield f"github/pulls-{name}.json", pulls, {"collected_by": "export job", "records": len(pulls)}
        yield f"github/commits-{name}.json", [change.commit() for change in sorted(
            merged, key=lambda change: change.merged, reverse=True) if within(change.merged, year, month)], None
        yield f"github/deployments-{name}.json", [d.record for d in sent if within(d.at, year, month)], None
        taken = {"collected_by": "export job", "collected_at": iso(until)}
        yield f"github/branch-protection-{name}.json", [protection(repository) for repository in REPOSITORIES], taken
        yield f"github/audit-log-{name}.json", [
            record for record in events if iso(last_second(year, month))[:7] == iso(moment(
                date(1970, 1, 1)) + timedelta(milliseconds=record["created_at"]))[:7]], None
        issues = [ticket.export(until) for ticket in asked
                  if ticket.created <= until and any(within(at, year, month) for at in ticket.touched())]
        yield f"jira/change-tickets-{name}.json", {"expand": "names,schema", "total": len(issues), "issues": issues}, \
            {"collected_by": "export job", "records": len(issues)}
        yield f"engineering/technical-documents-{name}.csv", sheet(
            ["document", "category", "title", "repository", "status", "owner", "decided_on", "reviewed_on"],
            register(until.date())), {**taken, "collected_by": "Imani Thorsby"}
    for quarter in QUARTERS:
        yield f"exercises/rollback-rehearsals-{quarter}.csv", sheet(
            ["exercise_id", "kind", "scope", "lead", "held_at", "finished_at", "result", "report", "note"],
            rehearsals(quarter)), None
