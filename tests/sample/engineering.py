"""Exports of how code reached production: pull requests with reviews and checks, deployments with statuses."""

import hashlib
from datetime import date, timedelta

from company import MONTHS, PEOPLE, iso, moment

BOOKINGS, PLATFORM = "marlowquay/bookings", "marlowquay/platform"
CHECKS = ["build", "unit tests", "dependency scan"]
TITLES = ["Show opening hours by clinic", "Fix rounding in invoices", "Speed up the day view",
          "Add reminder by text message", "Handle double bookings", "Tidy the calendar query",
          "Log failed imports", "Rename the export columns",
          "Make the search forgiving", "Correct the time zone of reports", "Add an index on appointments",
          "Retry the payment webhook", "Show who changed a booking", "Trim the session cookie",
          "Move settings to a page"]
PLATFORM_TITLES = ["Raise the database's disk", "Renew the load balancer's rules", "Pin the base image",
                   "Add an alarm on queue length", "Move logs to the new bucket", "Rotate the deploy role"]
ENGINEERS = [person for person in PEOPLE if person.github and person.department in ("Engineering", "Platform")]


def sha(*parts):
    return hashlib.sha1("/".join(str(part) for part in parts).encode()).hexdigest()


class Change:
    def __init__(self, repository, number, title, author, merged, merger):
        self.repository, self.number, self.title, self.author = repository, number, title, author
        self.merged, self.merger = merged, merger
        self.opened = merged - timedelta(hours=5)
        self.head = sha(repository, number, "head")
        self.merge_commit = sha(repository, number, "merge")
        self.reviews = []
        self.checks = []
        self.closed_unmerged = False

    def ident(self, base, made):
        """The next id of a review or check run: unique in the organisation, as GitHub's are."""
        return base + self.number * 1000 + len(made) + (500 if self.repository == PLATFORM else 0)

    def review(self, reviewer, state, at, commit=None):
        self.reviews.append({"id": self.ident(2400000000, self.reviews), "state": state,
                             "user": {"login": reviewer, "type": "User"},
                             "commit_id": commit or self.head, "submitted_at": iso(at)})

    def check(self, name, conclusion, at):
        self.checks.append({"id": self.ident(3100000000, self.checks), "name": name, "head_sha": self.head,
                            "status": "completed", "conclusion": conclusion,
                            "started_at": iso(at - timedelta(minutes=6)), "completed_at": iso(at)})

    def export(self):
        bot = self.author.endswith("[bot]")
        merged = not self.closed_unmerged
        return {"number": self.number, "title": self.title, "state": "closed", "draft": False,
                "user": {"login": self.author, "type": "Bot" if bot else "User"},
                "created_at": iso(self.opened), "updated_at": iso(self.merged), "closed_at": iso(self.merged),
                "merged_at": iso(self.merged) if merged else None, "merged": merged,
                "merged_by": {"login": self.merger, "type": "User"} if merged else None,
                "merge_commit_sha": self.merge_commit if merged else None,
                "base": {"ref": "main", "repo": {"full_name": self.repository}},
                "head": {"ref": f"work/{self.number}", "sha": self.head},
                "reviews": self.reviews, "checks": self.checks}


def working_days(year, month):
    day = date(year, month, 1)
    while day.month == month:
        if day.weekday() < 5 and (day.month, day.day) not in ((12, 25), (12, 26)):
            yield day
        day += timedelta(days=1)


def active(day):
    """Who may write and review: not in the first working days, and not on the last one."""
    return [p.github for p in ENGINEERS if p.hired + timedelta(days=3) <= day and (p.ended is None or day < p.ended)]


def ordinary(repository, number, title, day, draw):
    people = active(day)
    bot = draw.random() < 0.12
    author = "dependabot[bot]" if bot else draw.choice(people)
    reviewer = draw.choice([login for login in people if login != author])
    merged = moment(day, draw.randint(13, 16), draw.randint(0, 59), draw.randint(0, 59))
    change = Change(repository, number, "Update a dependency" if bot else title, author, merged,
                    reviewer if bot else author)
    for name in CHECKS:
        change.check(name, "success", merged - timedelta(minutes=draw.randint(90, 120)))
    if draw.random() < 0.2:
        change.review(reviewer, "CHANGES_REQUESTED", merged - timedelta(minutes=150), sha(repository, number, "first"))
    if draw.random() < 0.2 and not bot:
        change.review(author, "COMMENTED", merged - timedelta(minutes=80))
    change.review(reviewer, "APPROVED", merged - timedelta(minutes=draw.randint(5, 60)))
    return change


def changes(draw):
    made = []
    bookings, platform = 401, 88
    for year, month in MONTHS:
        days = list(working_days(year, month))
        for n, day in enumerate(days):
            if n % 3 != 2:
                made.append(ordinary(BOOKINGS, bookings, TITLES[bookings % len(TITLES)], day, draw))
                bookings += 1
            if n % 5 == 2:
                made.append(ordinary(PLATFORM, platform, PLATFORM_TITLES[platform % len(PLATFORM_TITLES)], day, draw))
                platform += 1
    place_faults({(change.repository, change.number): change for change in made})
    return made


def place_faults(change):
    # Merged past the rule, without any review.
    hasty = change[BOOKINGS, 409]
    hasty.author, hasty.merger, hasty.reviews, hasty.title = "imani-t", "imani-t", [], "Hide the broken banner"
    # Approved twenty minutes after it was merged.
    afterwards = change[PLATFORM, 94]
    afterwards.author = afterwards.merger = "rashdowne"
    afterwards.reviews = []
    afterwards.review("sunniva-a", "APPROVED", afterwards.merged + timedelta(minutes=20))
    # Approved, and then another commit was pushed and merged.
    late_commit = change[BOOKINGS, 437]
    late_commit.author = late_commit.merger = "mfenwether"
    late_commit.reviews = []
    late_commit.review("jonas-ibb", "APPROVED", late_commit.merged - timedelta(minutes=70), sha(BOOKINGS, 437, "first"))
    # A check that failed at first and passed when it was run again.
    retried = change[BOOKINGS, 420]
    retried.checks = []
    retried.check("build", "success", retried.merged - timedelta(minutes=140))
    retried.check("unit tests", "failure", retried.merged - timedelta(minutes=130))
    retried.check("unit tests", "success", retried.merged - timedelta(minutes=60))
    retried.check("dependency scan", "success", retried.merged - timedelta(minutes=130))
    # Given up.
    for number in (414, 431):
        change[BOOKINGS, number].closed_unmerged = True


class Deployment:
    def __init__(self, number, repository, commit, environment, creator, at, states, description=None):
        self.at = at
        statuses = []
        for step, (state, minutes) in enumerate(states):
            statuses.append({"id": number * 10 + step, "state": state, "creator": {"login": creator},
                             "description": "", "environment": environment,
                             "created_at": iso(at + timedelta(minutes=minutes))})
        self.record = {"id": number, "repository": repository, "sha": commit, "ref": "main", "task": "deploy",
                       "environment": environment, "description": description, "creator": {"login": creator},
                       "created_at": iso(at), "updated_at": iso(at + timedelta(minutes=states[-1][1])),
                       "statuses": statuses}


GOOD = [("queued", 0), ("in_progress", 1), ("success", 7)]


def deployments(made):
    robot = "marlowquay-deploy"
    out = []
    number = 1880000100
    previous = None
    for change in sorted(made, key=lambda change: change.merged):
        if change.closed_unmerged:
            continue
        start = change.merged + timedelta(minutes=9)
        failed = (change.repository, change.number) == (BOOKINGS, 428)
        for environment, wait in (("staging", 0), ("production", 25)):
            number += 3
            states = GOOD
            if failed and environment == "production":
                states = [("queued", 0), ("in_progress", 1), ("failure", 9)]
            out.append(Deployment(number, change.repository, change.merge_commit, environment, robot,
                                  start + timedelta(minutes=wait), states))
        if failed:
            number += 3
            out.append(Deployment(number, BOOKINGS, previous.merge_commit, "production", robot,
                                  start + timedelta(minutes=60), GOOD, "roll back"))
        if change.repository == BOOKINGS and not failed:
            previous = change
    # By hand, from a laptop, on the evening of an incident; no pull request followed.
    out.append(Deployment(1880009001, BOOKINGS, sha(BOOKINGS, "by hand"), "production", "rashdowne",
                          moment(date(2025, 12, 3), 21, 47), GOOD, "hotfix for the import queue"))
    return out


def files(draw):
    made = changes(draw)
    sent = deployments(made)
    for year, month in MONTHS:
        name = f"{year}-{month:02}"
        pulls = [change.export() for change in made if change.merged.month == month]
        if month == 11:
            # Two pages of the export overlapped.
            at = next(i for i, pull in enumerate(pulls) if pull["number"] == 425)
            pulls.insert(at + 1, pulls[at])
        yield f"github/pulls-{name}.json", pulls, {"collected_by": "export job", "records": len(pulls)}
        yield f"github/deployments-{name}.json", [d.record for d in sent if d.at.month == month], None
