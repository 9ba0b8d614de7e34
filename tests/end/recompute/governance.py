"""CC1.2, CC2.3, CC3, CC4, CC5 and CC7.4-02: the board, documents, risks, assessments and deficiencies."""
from .people import documents, last_roster
from .raw import DAY, employed, next_business_days, read_table, roster_at, seconds
from .results import recomputes
from .words import listed


def meetings(quarter, parameters):
    return [row for row in quarter.rows("board/meetings-*.csv")
            if row["body"] == parameters["body"] and seconds(row["held_at"]) in quarter]


@recomputes("CC1.2-01.1")
def the_board_met(quarter, parameters, result):
    result.add(quarter.id, not meetings(quarter, parameters))


def attendance(quarter):
    return [row for row in quarter.rows("board/attendance-*.csv") if seconds(row["held_at"]) in quarter]


@recomputes("CC1.2-01.2")
def independent_members_were_there(quarter, parameters, result):
    for row in meetings(quarter, parameters):
        there = {item["attendee"].lower() for item in attendance(quarter)
                 if item["meeting"] == row["meeting"] and item["role"] == "independent" and item["present"] == "yes"}
        result.add(row["meeting"], len(there) < parameters["independent_members"])


@recomputes("CC1.2-01.3")
def meetings_dealt_with_internal_control(quarter, parameters, result):
    for row in meetings(quarter, parameters):
        due = seconds(row["held_at"]) + parameters["signed_within"]
        at = seconds(row["minutes_signed_at"])
        late = (at is None or not row["minutes_signed_by"]) and due < quarter.after or (at is not None and at > due)
        result.add(row["meeting"], row["internal_control"] != "yes" or late)


@recomputes("CC1.2-01.4")
def independent_members_do_not_work_here(quarter, parameters, result):
    names = set()
    for path in quarter.files("hr/roster-*.csv"):
        names |= {row["full_name"].lower() for row in read_table(path)}
    for row in attendance(quarter):
        if row["role"] == "independent":
            result.add(row["attendee"], row["attendee"].lower() in names)


# Documents.

def approved_at_the_end(quarter, name, valid_for):
    ends = quarter.after - 1
    return [item for item in documents(quarter) if item["document"] == name and item.get("approved_at")
            and item.get("approved_by") and 0 <= ends - seconds(item["approved_at"]) <= valid_for]


def approved_documents(test, *keys):
    @recomputes(test)
    def are_approved(quarter, parameters, result):
        for key in keys:
            for name in listed(parameters[key]):
                result.add(name, not approved_at_the_end(quarter, name, parameters["valid_for"]))
    return are_approved


approved_documents("CC2.3-01.1", "terms", "description")
approved_documents("CC3.1-01.1", "objectives")
approved_documents("CC5.2-01.1", "baseline")
approved_documents("CC7.4-02.1", "playbooks")


@recomputes("CC2.3-01.2")
def changed_terms_were_told_ahead(quarter, parameters, result):
    for item in documents(quarter):
        begun = seconds(item.get("in_force_from"))
        if item["document"] == parameters["terms"] and begun in quarter:
            result.add(item["version"], not item.get("approved_at")
                       or begun - seconds(item["approved_at"]) < parameters["told_ahead"])


@recomputes("CC3.1-01.2")
def nobody_approved_their_own_objectives(quarter, parameters, result):
    for item in documents(quarter):
        if item["document"] == parameters["objectives"] and item.get("approved_by"):
            result.add(item["version"], item["approved_by"] == item["owner"])


@recomputes("CC5.3-01.3")
def needed_documents_were_there(quarter, parameters, result):
    there = {item["document"] for item in documents(quarter)}
    for name in listed(parameters["needed"]):
        result.add(name, name not in there)


# Risks.

def open_risks(quarter):
    return [(at, row) for at, rows in quarter.tables("risk/risks-*.csv") for row in rows if row["status"] == "open"]


@recomputes("CC3.2-01.1")
def risks_are_owned_and_scored(quarter, parameters, result):
    for at, row in open_risks(quarter):
        people = {person["email"]: person for person in roster_at(quarter, at)}
        owner = people.get(row["owner"].lower())
        likelihood, impact = int(row["likelihood"]), int(row["impact"])
        sound = 1 <= likelihood <= parameters["scale"] and 1 <= impact <= parameters["scale"] \
            and int(row["score"]) == likelihood * impact
        result.add((row["risk"], at), owner is None or not employed(owner, at) or not sound or not row["treatment"])


@recomputes("CC3.2-01.2")
def risks_were_gone_through(quarter, parameters, result):
    for at, row in open_risks(quarter):
        reviewed = seconds(row["reviewed_at"]) or seconds(row["raised_at"])
        result.add((row["risk"], at), reviewed is None or at - reviewed > parameters["reviewed_within"])


@recomputes("CC3.2-01.3")
def high_risks_were_accepted(quarter, parameters, result):
    for at, row in open_risks(quarter):
        if int(row["score"]) >= parameters["high_from"] or row["treatment"] == "accept":
            result.add((row["risk"], at), not row["accepted_by"] or row["accepted_by"] == row["owner"])


# Assessments and deficiencies.

def assessments(quarter):
    return [(at, row) for at, rows in quarter.tables("risk/assessments-*.csv") for row in rows]


@recomputes("CC4.1-01.1")
def both_were_reported(quarter, parameters, result):
    for at, rows in quarter.tables("risk/assessments-*.csv"):
        for kind in (parameters["attack"], parameters["audit"]):
            good = [row for row in rows if row["kind"] == kind and row["reported_at"]
                    and 0 <= at - seconds(row["reported_at"]) <= parameters["valid_for"]]
            result.add((kind, at), not good)


@recomputes("CC4.1-01.2")
def assessors_were_independent(quarter, parameters, result):
    for _, row in assessments(quarter):
        if row["kind"] not in (parameters["attack"], parameters["audit"]) or not row["reported_at"]:
            continue
        inside = row["kind"] == parameters["attack"] and row["assessor_kind"] != "external"
        result.add(row["assessment"], inside or row["assessor"] == row["answerable"])


def deficiencies(quarter):
    return quarter.rows("risk/deficiencies-*.csv")


@recomputes("CC4.2-01.1")
def deficiencies_were_mended(quarter, parameters, result):
    """All lines; one that is late counts in the quarter in which its date fell, and as long as it is open."""
    for row in deficiencies(quarter):
        due, closed = seconds(row["due_at"]), seconds(row["closed_at"])
        late = due is None or (closed is None and due + DAY <= quarter.after) or (closed is not None and closed > due + DAY)
        fell = due in quarter
        still = closed is None or closed in quarter
        result.add(row["deficiency"], late and (fell or still))


@recomputes("CC4.2-01.2")
def deficiencies_were_reported(quarter, parameters, result):
    for row in deficiencies(quarter):
        closed = seconds(row["closed_at"])
        if closed is None or closed >= quarter.start:
            due = next_business_days(seconds(row["found_at"]), int(parameters["reported_within"]))
            told = seconds(row["reported_at"])
            moved = row["first_due_at"] != row["due_at"] and not row["extended_by"]
            late = told is None and due < quarter.after or (told is not None and told >= due)
            result.add(row["deficiency"], late or not row["owner"] or moved or row["extended_by"] == row["owner"] != "")


@recomputes("CC4.2-01.3")
def somebody_else_saw_it_mended(quarter, parameters, result):
    for row in deficiencies(quarter):
        if seconds(row["closed_at"]) in quarter:
            result.add(row["deficiency"], not row["verified_by"] or row["verified_by"] == row["owner"])


@recomputes("CC4.2-01.4")
def findings_are_on_the_register(quarter, parameters, result):
    for _, row in assessments(quarter):
        if seconds(row["reported_at"]) in quarter:
            lines = [item for item in deficiencies(quarter) if item["found_by"] == row["assessment"]]
            result.add(row["assessment"], len(lines) < int(row["findings"]))


# The list of controls.

def controls_now(quarter):
    return quarter.tables("risk/controls-*.csv")


@recomputes("CC5.1-01.1")
def risks_have_controls(quarter, parameters, result):
    for (at, rows), (_, known) in zip(quarter.tables("risk/risk-controls-*.csv"), controls_now(quarter)):
        operating = {row["control"] for row in known if row["status"] == "operating"}
        for when, risk in open_risks(quarter):
            if when == at and risk["treatment"] == "mitigate":
                mapped = [row for row in rows if row["risk"] == risk["risk"] and row["control"] in operating]
                result.add((risk["risk"], at), not mapped)


@recomputes("CC5.1-01.2")
def named_controls_are_on_the_list(quarter, parameters, result):
    for (at, rows), (_, known) in zip(quarter.tables("risk/risk-controls-*.csv"), controls_now(quarter)):
        status = {row["control"]: row["status"] for row in known}
        open_now = {risk["risk"] for when, risk in open_risks(quarter) if when == at}
        for row in rows:
            if row["risk"] in open_now:
                result.add((row["risk"], row["control"], at), status.get(row["control"], "retired") == "retired")


@recomputes("CC5.1-01.3")
def controls_have_owners(quarter, parameters, result):
    for at, rows in controls_now(quarter):
        people = {person["email"]: person for person in roster_at(quarter, at)}
        for row in rows:
            if row["status"] == "operating":
                owner = people.get(row["owner"].lower())
                result.add((row["control"], at), not row["owner"] or (owner and not employed(owner, at)), owner is None)


@recomputes("CC5.2-01.2")
def areas_have_controls(quarter, parameters, result):
    for at, rows in controls_now(quarter):
        for area in listed(parameters["areas"]):
            result.add((area, at), not any(row["area"] == area and row["status"] == "operating" for row in rows))


del last_roster


# Approvals of policies and plans.

def policies(quarter):
    return [item for item in documents(quarter) if item["category"] in ("policy", "plan")]


def versions(quarter):
    """(version, when it came into force, when another one did) of what was in force at some time of the period."""
    begun = {}
    for item in policies(quarter):
        since = seconds(item.get("in_force_from") or item.get("approved_at"))
        begun.setdefault(item["document"], []).append((since if since is not None else quarter.start, item))
    for of_document in begun.values():
        of_document.sort(key=lambda pair: pair[0])
        ends = [since for since, _ in of_document[1:]] + [quarter.after]
        for (since, item), until in zip(of_document, ends):
            if until > quarter.start:
                yield item, since, min(until, quarter.after), of_document[0][1] is item


@recomputes("CC5.3-01.1")
def policies_were_under_approval_throughout(quarter, parameters, result):
    """Also before the first version that was kept: then its sidecar says of what was in force before, or that it is new."""
    for item, since, until, first in versions(quarter):
        approved, before = seconds(item.get("approved_at")), seconds(item.get("replaces_approved_at"))
        bare = approved is None or since < approved > quarter.start or until - approved > parameters["valid_for"]
        opened = first and since > quarter.start and item.get("replaces") != "none"
        result.add((item["document"], item["version"]),
                   bare or (opened and before is not None and since - before > parameters["valid_for"]), opened and before is None)


@recomputes("CC5.3-01.2")
def nobody_approved_their_own_policy(quarter, parameters, result):
    for item in policies(quarter):
        result.add((item["document"], item["version"]), item.get("approved_by") == item["owner"])


# What people attest.

@recomputes("CC3.2-02.1")
def the_risk_review_was_attested(quarter, parameters, result):
    """Attested in the quarter, by the head of security, with a conclusion. Without an attestation nothing is known."""
    given = []
    for item in documents(quarter):
        at = seconds(item.get("attested_at"))
        if item.get("attests") == "CC3.2-02.1" and at in quarter:
            people = {person["email"]: person for person in roster_at(quarter, at)}
            who = people.get(item["attested_by"].lower())
            if who is not None and who["title"] == "Head of Security":
                given.append(item["conclusion"])
    result.add(quarter.start, "exceptions" in given, not given)


# Fraud, changes around the system, and the scope.

@recomputes("CC3.3-01.1")
def fraud_was_weighed(quarter, parameters, result):
    for at, rows in quarter.tables("risk/risks-*.csv"):
        for sort in listed(parameters["sorts"]):
            weighed = [row for row in rows if row["fraud"] == sort and row["reviewed_at"]
                       and 0 <= at - seconds(row["reviewed_at"]) <= parameters["weighed_within"]]
            result.add((sort, at), not weighed)


@recomputes("CC3.4-01.1")
def changes_were_assessed_before(quarter, parameters, result):
    """On the day itself where the list names no time of it."""
    for row in quarter.rows("risk/significant-changes-*.csv"):
        effective, assessed = seconds(row["effective_at"]), seconds(row["assessed_at"])
        if effective in quarter:
            latest = effective + DAY - 1 if effective % DAY == 0 else effective
            result.add(row["change"], assessed is None or assessed > latest, not row["assessed_by"] or not row["outcome"])


@recomputes("CC3.4-01.2")
def the_scope_was_gone_through(quarter, parameters, result):
    reported = [row for _, row in assessments(quarter) if row["kind"] == parameters["scope_review"]
                and seconds(row["reported_at"]) in quarter]
    result.add(quarter.id, not reported)
