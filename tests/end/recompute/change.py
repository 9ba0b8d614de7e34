"""CC8.1: pull requests, commits, deployments, tickets and rehearsals."""
import re

from .raw import employed, logins_of, next_business_days, rosters, seconds
from .results import recomputes
from .words import listed


def all_pulls(quarter):
    return quarter.items("github/pulls-*.json")


def merged(quarter, parameters):
    """Changes that were merged to the branch in the period."""
    return [pull for pull in all_pulls(quarter)
            if pull["base"]["ref"] == parameters["branch"] and seconds(pull["merged_at"]) in quarter]


def name_of(pull):
    return f"{pull['base']['repo']['full_name']}#{pull['number']}"


def same(quarter, one, other):
    """Whether two logins are one person."""
    people = logins_of(quarter.programme)
    one, other = (one or "").lower(), (other or "").lower()
    return one == other or people.get(one, one) == people.get(other, other)


def approvals(quarter, pull):
    """Approvals by somebody who is not the author, before the merge, that nothing of the same reviewer took back since."""
    latest = {}
    for review in sorted(pull["reviews"], key=lambda item: seconds(item["submitted_at"])):
        if review["state"] in ("APPROVED", "CHANGES_REQUESTED", "DISMISSED") \
                and seconds(review["submitted_at"]) <= seconds(pull["merged_at"]):
            latest[review["user"]["login"].lower()] = review
    return [review for review in latest.values()
            if review["state"] == "APPROVED" and not same(quarter, review["user"]["login"], pull["user"]["login"])]


@recomputes("CC8.1-01.1")
def changes_were_approved(quarter, parameters, result):
    people, known = logins_of(quarter.programme), {person["id"]: person for _, roster in rosters(quarter) for person in roster}
    for pull in merged(quarter, parameters):
        given = [(known.get(people.get(review["user"]["login"].lower())), seconds(review["submitted_at"]))
                 for review in approvals(quarter, pull)]
        gone = [person is not None and not employed(person, at) for person, at in given]
        result.add(name_of(pull), not given or all(gone), all(person is None or left for (person, _), left in zip(given, gone)))


@recomputes("CC8.1-01.2")
def the_merged_commit_was_approved(quarter, parameters, result):
    """Of the changes that were approved at all: was it what was merged that was approved?"""
    for pull in merged(quarter, parameters):
        given = approvals(quarter, pull)
        if given:
            result.add(name_of(pull), all(review["commit_id"] != pull["head"]["sha"] for review in given))


def last_checks(pull):
    """The last run of each check on the merged commit that ended before the merge."""
    last = {}
    for check in sorted(pull["checks"], key=lambda item: seconds(item["completed_at"]) or 0):
        if check["head_sha"] == pull["head"]["sha"] and (seconds(check["completed_at"]) or 0) <= seconds(pull["merged_at"]):
            last[check["name"]] = check["conclusion"]
    return last


@recomputes("CC8.1-01.3")
def checks_had_passed(quarter, parameters, result):
    for pull in merged(quarter, parameters):
        last = last_checks(pull)
        first_after = {check["name"]: check["conclusion"] for check in pull["checks"]
                       if check["head_sha"] == pull["head"]["sha"] and check["name"] not in last}
        bad = [word for word in {**last, **first_after}.values() if word not in ("success", "neutral", "skipped")]
        result.add(name_of(pull), bad or not last)


@recomputes("CC8.1-07.1")
def tests_had_passed(quarter, parameters, result):
    for pull in merged(quarter, parameters):
        last = last_checks(pull)
        result.add(name_of(pull), all(last.get(name) != "success" for name in listed(parameters["test_checks"])))


@recomputes("CC8.1-07.2")
def a_scan_had_passed(quarter, parameters, result):
    for pull in merged(quarter, parameters):
        last = last_checks(pull)
        result.add(name_of(pull), all(last.get(name) != "success" for name in listed(parameters["scan_checks"])))


# Deployments.

def deployments(quarter, environment):
    return [item for item in quarter.items("github/deployments-*.json")
            if item["environment"].lower() == environment and seconds(item["created_at"]) in quarter]


def carried(quarter, parameters, deployment):
    """The changes whose merge made the commit that was deployed, and that were merged by then."""
    return [pull for pull in all_pulls(quarter)
            if pull["merged_at"] and pull["base"]["ref"] == parameters["branch"]
            and pull["merge_commit_sha"] == deployment["sha"]
            and pull["base"]["repo"]["full_name"] == deployment["repository"]
            and seconds(pull["merged_at"]) <= seconds(deployment["created_at"])]


def deployed_as(deployment):
    return f"{deployment['repository']} deployment {deployment['id']}"


@recomputes("CC8.1-02.1")
def deployments_carry_approved_changes(quarter, parameters, result):
    for deployment in deployments(quarter, parameters["environment"]):
        pulls = carried(quarter, parameters, deployment)
        result.add(deployed_as(deployment), not any(approvals(quarter, pull) for pull in pulls))


def outcome(deployment):
    states = [state["state"] for state in sorted(deployment["statuses"], key=lambda item: seconds(item["created_at"]))]
    final = [state for state in states if state in ("success", "failure", "error")]
    return final[-1] if final else None


@recomputes("CC8.1-02.2")
def failures_were_mended(quarter, parameters, result):
    all_of = deployments(quarter, parameters["environment"])
    for deployment in all_of:
        if outcome(deployment) not in ("failure", "error"):
            continue
        failed_at = max(seconds(state["created_at"]) for state in deployment["statuses"])
        later = [other for other in all_of if other["repository"] == deployment["repository"] and outcome(other) == "success"
                 and failed_at <= max(seconds(state["created_at"]) for state in other["statuses"])
                 <= failed_at + parameters["mended_within"]]
        result.add(deployed_as(deployment), not later)


@recomputes("CC8.1-02.3")
def environments_are_known(quarter, parameters, result):
    patterns = [parameters["environment"]] + listed(parameters["other_environments"])
    for deployment in quarter.items("github/deployments-*.json"):
        if seconds(deployment["created_at"]) not in quarter:
            continue
        name = deployment["environment"]
        known = any(name == word or (word.endswith("*") and name.startswith(word[:-1])) for word in patterns)
        result.add((deployment["repository"], name), not known and name.startswith(parameters["environment"]), not known)


# The main branch.

@recomputes("CC8.1-03.1")
def commits_came_with_changes(quarter, parameters, result):
    made = {pull["merge_commit_sha"] for pull in all_pulls(quarter) if pull["merged_at"]}
    for commit in quarter.items("github/commits-*.json"):
        if commit["branch"] == parameters["branch"] and seconds(commit["commit"]["committer"]["date"]) in quarter:
            result.add((commit["repository"], commit["sha"]), commit["sha"] not in made
                       and not any(pull["merged_at"] for pull in commit["pulls"]))


@recomputes("CC8.1-03.2")
def protection_held(quarter, parameters, result):
    families = listed(parameters["watched"])
    harmless = listed(parameters["harmless"])
    forbidden = listed(parameters["forbidden"])
    for event in quarter.items("github/audit-log-*.json"):
        if event["action"].split(".")[0] in families and event["created_at"] / 1000 in quarter:
            result.add(event["_document_id"], event["action"] in forbidden,
                       event["action"] not in harmless + forbidden, words=(event["_document_id"],))


@recomputes("CC8.1-03.3")
def settings_protected(quarter, parameters, result):
    for at, branches in quarter.documents("github/branch-protection-*.json"):
        for branch in branches:
            if branch["branch"] != parameters["branch"]:
                continue
            reviews = branch.get("required_pull_request_reviews") or {}
            asked = (branch.get("required_status_checks") or {}).get("contexts", [])
            good = (reviews.get("required_approving_review_count", 0) >= parameters["approvals"]
                    and reviews.get("dismiss_stale_reviews") and set(listed(parameters["checks"])) <= set(asked)
                    and not branch["allow_force_pushes"]["enabled"] and not branch["allow_deletions"]["enabled"]
                    and (branch["enforce_admins"]["enabled"] or not parameters["bind_administrators"]))
            result.add((branch["repository"], at), not good)


# Tickets.

def tickets(quarter):
    """The newest state of every ticket by its key."""
    newest = {}
    for item in quarter.items("jira/change-tickets-*.json", "issues"):
        newest[item["key"]] = item["fields"]
    return newest


def chosen(fields, name):
    return (fields.get(name) or {}).get("value")


def ticket_of(quarter, pull):
    match = re.match(r"\W*([A-Z]+-\d+)\b", pull["title"])
    key = match[1] if match else None
    return key, tickets(quarter).get(key)


def given_up(parameters, fields):
    return (fields.get("resolution") or {}).get("name") in listed(parameters["given_up"])


@recomputes("CC8.1-04.1")
def changes_have_tickets(quarter, parameters, result):
    for pull in merged(quarter, parameters):
        key, fields = ticket_of(quarter, pull)
        good = fields and not given_up(parameters, fields) and seconds(fields["created"]) <= seconds(pull["merged_at"])
        result.add(name_of(pull), not key or (fields and not good), not fields)


@recomputes("CC8.1-04.2")
def tickets_say_what_and_why(quarter, parameters, result):
    done = {ticket_of(quarter, pull)[0] for pull in merged(quarter, parameters)}
    for key, fields in tickets(quarter).items():
        if key not in done and (given_up(parameters, fields) or seconds(fields.get("resolutiondate")) not in quarter):
            continue
        empty = [name for name in ("description", "Justification", "Backout plan")
                 if len((fields.get(name) or "").strip()) < parameters["least_length"]]
        result.add(key, empty)


@recomputes("CC8.1-04.3")
def tickets_say_how_it_was_tried(quarter, parameters, result):
    for pull in merged(quarter, parameters):
        _, fields = ticket_of(quarter, pull)
        if fields:
            result.add(name_of(pull), len((fields.get("Test evidence") or "").strip()) < parameters["least_length"])


def approved_by(fields, name, before=None):
    """Who said yes to one approval of a ticket, and when; nobody where it was declined."""
    for approval in fields.get("Approvals") or []:
        if approval["name"].lower() == name.lower() and approval["finalDecision"] == "approved":
            at = seconds(approval["completedDate"]["iso8601"])
            if before is None or at <= before:
                return {one["approver"]["emailAddress"] for one in approval["approvers"]
                        if one["approverDecision"] == "approved"}
    return set()


def two_others(quarter, pull, fields, before):
    """Tech lead and system owner, two persons, neither the author nor who asked."""
    out = {pull["user"]["login"], fields["reporter"]["emailAddress"]}
    leads, owners = ({who for who in approved_by(fields, name, before) if not any(same(quarter, who, other) for other in out)}
                     for name in ("Tech lead", "System owner"))
    return any(lead != owner for lead in leads for owner in owners)


@recomputes("CC8.1-05.1")
def risky_changes_have_two_approvals(quarter, parameters, result):
    for pull in merged(quarter, parameters):
        _, fields = ticket_of(quarter, pull)
        if not fields:
            result.add(name_of(pull), unknown=True)
        elif chosen(fields, "Change risk") == "High" and chosen(fields, "Change type") != "Emergency":
            result.add(name_of(pull), not two_others(quarter, pull, fields, seconds(pull["merged_at"])))


def in_folders(pull, folders):
    names = [name for file in pull["files"] for name in (file["filename"], file.get("previous_filename"))
             if name and file["status"] != "unchanged"]
    return any(part in folders for name in names for part in name.split("/")[:-1])


@recomputes("CC8.1-05.2")
def sensitive_changes_were_reviewed(quarter, parameters, result):
    folders = listed(parameters["sensitive_folders"])
    for pull in merged(quarter, parameters):
        _, fields = ticket_of(quarter, pull)
        if not fields:
            result.add(name_of(pull), unknown=True)
        elif chosen(fields, "Security sensitive") == "Yes" or in_folders(pull, folders):
            result.add(name_of(pull), not fields or not approved_by(fields, "Security", seconds(pull["merged_at"])))


@recomputes("CC8.1-06.1")
def migrations_were_approved(quarter, parameters, result):
    for pull in merged(quarter, parameters):
        if in_folders(pull, listed(parameters["migration_folders"])):
            _, fields = ticket_of(quarter, pull)
            result.add(name_of(pull), not fields or not approved_by(fields, "Database owner", seconds(pull["merged_at"])))


@recomputes("CC8.1-06.2")
def infrastructure_was_approved(quarter, parameters, result):
    for pull in merged(quarter, parameters):
        if in_folders(pull, listed(parameters["infrastructure_folders"])):
            _, fields = ticket_of(quarter, pull)
            result.add(name_of(pull), not fields or not approved_by(fields, "Infrastructure owner", seconds(pull["merged_at"])))


# Releases.

@recomputes("CC8.1-08.1")
def deployments_are_on_record(quarter, parameters, result):
    for deployment in deployments(quarter, parameters["environment"]):
        pulls = [pull for pull in carried(quarter, parameters, deployment)
                 if approvals(quarter, pull) and ticket_of(quarter, pull)[0]]
        result.add(deployed_as(deployment), not pulls or outcome(deployment) is None)


@recomputes("CC8.1-08.2")
def commits_were_on_staging(quarter, parameters, result):
    tried = deployments(quarter, parameters["staging"])
    for deployment in deployments(quarter, parameters["environment"]):
        good = [other for other in tried if other["sha"] == deployment["sha"] and outcome(other) == "success"
                and other["repository"] == deployment["repository"]
                and seconds(other["created_at"]) <= seconds(deployment["created_at"])]
        before = [other for other in deployments(quarter, parameters["environment"])
                  if other["sha"] == deployment["sha"] and seconds(other["created_at"]) < seconds(deployment["created_at"])]
        result.add(deployed_as(deployment), not good and not before)


def first_deployments(quarter, parameters):
    """For each merged change its deployments to production, in order of time."""
    found = {}
    for deployment in deployments(quarter, parameters["environment"]):
        for pull in carried(quarter, parameters, deployment):
            found.setdefault(name_of(pull), (pull, []))[1].append(deployment)
    return found


@recomputes("CC8.1-08.3")
def risky_changes_kept_to_their_window(quarter, parameters, result):
    for name, (pull, made) in first_deployments(quarter, parameters).items():
        key, fields = ticket_of(quarter, pull)
        if key and not fields:
            result.add(name, unknown=True)
        if not fields or chosen(fields, "Change risk") != "High" or chosen(fields, "Change type") == "Emergency":
            continue
        start, end = (seconds(fields.get(key)) for key in ("Planned start", "Planned end"))
        first = min(made, key=lambda item: item["created_at"])
        result.add(name, start is None or not start <= seconds(first["created_at"]) <= end, words=(deployed_as(first),))


@recomputes("CC8.1-08.4")
def changes_were_verified(quarter, parameters, result):
    """A ticket may have several changes; its verification may wait for the last one's first deployment."""
    last = {}
    done = {}
    for name, (pull, made) in first_deployments(quarter, parameters).items():
        good = [item for item in made if outcome(item) == "success"]
        if good:
            key, fields = ticket_of(quarter, pull)
            if not key:
                continue
            first = min(good, key=lambda item: seconds(item["created_at"]))
            done[name] = (key, fields, first)
            last[key] = max(last.get(key, 0), seconds(first["created_at"]))
    for name, (key, fields, first) in done.items():
        at = seconds(fields.get("Verified at")) if fields else None
        late = at is None or at < last[key] or at > last[key] + parameters["verified_within"]
        result.add(name, late and quarter.after > last[key] + parameters["verified_within"], words=(deployed_as(first),))


@recomputes("CC8.1-08.5")
def risky_changes_were_looked_back_on(quarter, parameters, result):
    for pull in merged(quarter, parameters):
        key, fields = ticket_of(quarter, pull)
        if not fields or (chosen(fields, "Change risk") != "High" and chosen(fields, "Change type") != "Emergency"):
            continue
        due = seconds(pull["merged_at"]) + parameters["review_within"]
        at = seconds(fields.get("Reviewed at"))
        result.add(key, (at is None or at > due) and due < quarter.after)


def emergencies(quarter, parameters):
    for pull in merged(quarter, parameters):
        key, fields = ticket_of(quarter, pull)
        if fields and chosen(fields, "Change type") == "Emergency":
            yield pull, key, fields


@recomputes("CC8.1-09.1")
def emergencies_were_approved_afterwards(quarter, parameters, result):
    """Two approvals for each emergency: one item each."""
    for pull, key, fields in emergencies(quarter, parameters):
        due = next_business_days(seconds(pull["merged_at"]), int(parameters["approved_within"]))
        for name in ("Tech lead", "System owner"):
            others = {who for who in approved_by(fields, name, due) if not same(quarter, who, pull["user"]["login"])
                      and not same(quarter, who, fields["reporter"]["emailAddress"])}
            result.add((key, name), not others and due < quarter.after, words=(name_of(pull), name.lower().replace(" ", "-")))


@recomputes("CC8.1-09.2")
def emergencies_name_their_incident(quarter, parameters, result):
    for pull, key, fields in emergencies(quarter, parameters):
        result.add(key, not (fields.get("Incident") or fields.get("Incident reference")), words=(name_of(pull),))


# Architecture and rehearsals.

def repositories(quarter, parameters):
    return {commit["repository"] for commit in quarter.items("github/commits-*.json") if commit["branch"] == parameters["branch"]}


@recomputes("CC8.1-10.1")
def architecture_was_decided(quarter, parameters, result):
    register = {row["document"]: row for row in quarter.rows("engineering/technical-documents-*.csv")}
    for pull in merged(quarter, parameters):
        _, fields = ticket_of(quarter, pull)
        if not fields:
            result.add(name_of(pull), unknown=True)
        elif chosen(fields, "Architecture change") == "Yes":
            record = register.get(fields.get("Decision record"))
            good = record and record["status"] == "accepted" and seconds(record["decided_on"]) <= seconds(pull["merged_at"]) \
                and fields.get("Documentation")
            result.add(name_of(pull), not good)


@recomputes("CC8.1-10.2")
def repositories_are_described(quarter, parameters, result):
    for at, rows in quarter.tables("engineering/technical-documents-*.csv"):
        for repository in repositories(quarter, parameters):
            for kind in listed(parameters["needed"]):
                good = [row for row in rows if row["repository"] == repository and row["category"] == kind
                        and seconds(row["reviewed_on"]) and 0 <= at - seconds(row["reviewed_on"]) <= parameters["valid_for"]]
                result.add((repository, kind, at), not good)


@recomputes("CC8.1-11.1")
def releases_were_taken_back(quarter, parameters, result):
    held = quarter.rows("exercises/rollback-rehearsals-*.csv") + quarter.rows("exercises/exercises-*.csv")
    for repository in repositories(quarter, parameters):
        good = [row for row in held if row["kind"] == "rollback" and row["scope"] == repository and row["result"] == "passed"
                and seconds(row["held_at"]) in quarter]
        result.add(repository, not good)
