"""CC9.2: vendors, the reviews of them, their reports and what those expect of us."""
from .raw import DAY, employed, roster_at, seconds
from .results import recomputes
from .words import listed


def registers(quarter):
    return quarter.tables("vendors/register-*.csv")


def active(quarter):
    at, rows = registers(quarter)[-1]
    return at, [row for row in rows if row["status"] == "active"]


@recomputes("CC9.2-01.1")
def vendors_are_assessed(quarter, parameters, result):
    for at, rows in registers(quarter):
        for row in rows:
            if row["status"] == "active":
                whole = all(row[name] for name in ("access_level", "contract_type", "risks", "mitigation"))
                assessed = seconds(row["assessed_at"])
                result.add((row["vendor"], at), not whole or assessed is None or at - assessed > parameters["assessment_lasts"])


@recomputes("CC9.2-01.2")
def vendors_have_owners(quarter, parameters, result):
    for at, rows in registers(quarter):
        people = {person["email"]: person for person in roster_at(quarter, at)}
        for row in rows:
            if row["status"] == "active":
                owner = people.get(row["owner"].lower())
                result.add((row["vendor"], at), owner is None or not employed(owner, at))


@recomputes("CC9.2-01.3")
def vendors_named_elsewhere_are_registered(quarter, parameters, result):
    known = {row["vendor"].strip().lower() for _, rows in registers(quarter) for row in rows}
    named = {(row["vendor"].strip().lower(), "reviews") for row in quarter.rows("vendors/reviews-*.csv")
             if seconds(row["reviewed_at"]) in quarter}
    named |= {(row["vendor"].strip().lower(), "reports") for row in quarter.rows("vendors/reports-*.csv")}
    named |= {(row["vendor"].strip().lower(), "expect") for row in quarter.rows("vendors/user-controls-*.csv")}
    for name, where in named:
        result.add((name, where), name not in known)


def important(quarter, levels):
    at, rows = active(quarter)
    return at, [row for row in rows if row["criticality"].lower() in listed(levels)]


@recomputes("CC9.2-02.1")
def important_vendors_are_reviewed(quarter, parameters, result):
    reviewed = {row["vendor"] for row in quarter.rows("vendors/reviews-*.csv") if seconds(row["reviewed_at"]) in quarter}
    for row in important(quarter, parameters["reviewed"])[1]:
        signed = seconds(row["agreement_signed"])
        new = signed in quarter and seconds(row["assessed_at"]) is not None \
            and signed - parameters["assessed_before"] <= seconds(row["assessed_at"]) <= signed
        if not new:
            result.add(row["vendor"], row["vendor"] not in reviewed)


@recomputes("CC9.2-02.2")
def concerns_are_followed_up(quarter, parameters, result):
    for row in quarter.rows("vendors/reviews-*.csv"):
        if seconds(row["reviewed_at"]) in quarter:
            followed = row["follow_up"] and row["follow_up_owner"] and row["follow_up_due"]
            result.add(row["review_id"], row["result"] != "satisfactory" and not followed)


def kind_of(row):
    return row["kind"].lower().replace(" ", "").replace("soc2", "soc2-").replace("type", "type-")


def reports(quarter, kinds):
    """By vendor, in the order of their periods."""
    found = {}
    _, rows = quarter.tables("vendors/reports-*.csv")[-1]
    for row in sorted(rows, key=lambda item: item["period_from"]):
        if kind_of(row) in listed(kinds):
            found.setdefault(row["vendor"], []).append(row)
    return found


@recomputes("CC9.2-03.1")
def reports_reach_up_to_now(quarter, parameters, result):
    at, rows = important(quarter, parameters["report_from"])
    for row in rows:
        of_vendor = reports(quarter, parameters["report_kinds"]).get(row["vendor"], [])
        last = max((seconds(item["period_until"]) for item in of_vendor), default=0)
        letters = [min(seconds(item["gap_letter_until"]), seconds(item["period_until"]) + parameters["letter_reach"])
                   for item in of_vendor if item["gap_letter_until"]]
        bridged = max([last] + [min(letter, at + parameters["ahead"]) for letter in letters if letter > last])
        result.add(row["vendor"], at - last > parameters["report_age"] or at - bridged > parameters["unbridged"])


@recomputes("CC9.2-03.2")
def reports_join(quarter, parameters, result):
    _, rows = important(quarter, parameters["report_from"])
    for row in rows:
        before = None
        for item in reports(quarter, parameters["report_kinds"]).get(row["vendor"], []):
            begun = seconds(item["period_from"])
            hole = begun > quarter.start if before is None else begun > before + DAY
            result.add((row["vendor"], item["report"]), hole)
            before = max(before or 0, seconds(item["period_until"]))


@recomputes("CC9.2-03.3")
def reports_were_read(quarter, parameters, result):
    _, rows = important(quarter, parameters["report_from"])
    for row in rows:
        for item in reports(quarter, parameters["report_kinds"]).get(row["vendor"], []):
            got, read = seconds(item["received_at"]), seconds(item["read_at"])
            late = got is None or (read is None and quarter.after > got + parameters["read_within"] + DAY) \
                or (read is not None and read > got + parameters["read_within"])
            said = item["exceptions_weighed"].strip().lower()
            weighed = (said and said not in parameters["no_words"].split(",")) or (item["opinion"] == "unqualified" and int(item["exceptions"]) == 0)
            result.add((row["vendor"], item["report"]), late or (read is not None and not item["read_by"]) or not weighed
                       or item["auditor"].lower() == row["vendor"].lower(), not item["auditor"])


@recomputes("CC9.2-04.1")
def expectations_are_answered(quarter, parameters, result):
    at, rows = quarter.tables("vendors/user-controls-*.csv")[-1]
    for row in rows:
        confirmed = seconds(row["confirmed_at"])
        result.add((row["vendor"], row["reference"]), not (row["our_controls"] or row["not_needed_because"])
                   or confirmed is None or at - confirmed > parameters["mapping_lasts"])


@recomputes("CC9.2-04.2")
def no_expectation_is_left_out(quarter, parameters, result):
    _, rows = quarter.tables("vendors/user-controls-*.csv")[-1]
    for vendor, of_vendor in reports(quarter, parameters["report_kinds"]).items():
        newest = of_vendor[-1]
        held = [row for row in rows if row["vendor"] == vendor and row["report"] == newest["report"]]
        result.add(vendor, len(held) != int(newest["user_controls"]))


CLAUSES = {"clause_soc2_report": False, "clause_right_to_audit": False, "clause_data_protection": True,
           "clause_incident_notice": True}


@recomputes("CC9.2-05.1")
def agreements_hold_their_clauses(quarter, parameters, result):
    for row in active(quarter)[1]:
        for clause, for_personal_data in CLAUSES.items():
            bound = row["criticality"].lower() in listed(parameters["bound"])
            if bound or (for_personal_data and row["personal_data"] == "yes"):
                result.add((row["vendor"], clause), row[clause] != "yes",
                           words=(row["vendor"], clause.removeprefix("clause_").replace("_", " ")))
