"""P6: who was given data on people, and breaches: what was entered, and who was told of it."""
from .data import consents, newest, uses, valid
from .raw import seconds
from .results import recomputes


def disclosures(quarter):
    return newest(quarter, "privacy/disclosures-*.csv")[1]


def given(quarter):
    return [row for row in disclosures(quarter) if seconds(row["disclosed_at"]) in quarter]


@recomputes("P6.1-01.1")
def disclosures_were_allowed(quarter, parameters, result):
    """Those made in the period, or entered in it; what was a breach is looked at as one."""
    known = {row["consent_id"]: row for row in consents(quarter)}
    for row in disclosures(quarter):
        at = seconds(row["disclosed_at"])
        if row["breach_id"] or (at not in quarter and seconds(row["recorded_at"]) not in quarter):
            continue
        allowed = row["authorised_by"] and row["authorised_at"] and seconds(row["authorised_at"]) <= at
        if row["legal_basis"] == "consent":
            item = known.get(row["consent_id"])
            ground = item and valid(item, row["activity"], row["subject_key"], at)
        else:
            ground = row["reference"]
        result.add(row["disclosure_id"], not allowed or not ground)


@recomputes("P6.2-01.1")
def transfers_are_in_the_register(quarter, parameters, result):
    for row in uses(quarter):
        if row["recipient"]:
            lines = [item for item in disclosures(quarter) if item["use_id"] == row["use_id"]
                     and item["recipient"] == row["recipient"]]
            result.add(row["use_id"], not lines)


@recomputes("P6.4-01.1")
def providers_protect_data(quarter, parameters, result):
    clause(quarter, result, "clause_data_protection")


@recomputes("P6.4-01.2")
def providers_report_breaches(quarter, parameters, result):
    clause(quarter, result, "clause_incident_notice")


def clause(quarter, result, name):
    for row in newest(quarter, "vendors/register-*.csv")[1]:
        if row["status"] == "active" and row["personal_data"] == "yes":
            result.add(row["vendor"], row[name] != "yes")


@recomputes("P6.4-01.3")
def recipients_are_vendors(quarter, parameters, result):
    vendors = {row["vendor"] for row in newest(quarter, "vendors/register-*.csv")[1] if row["personal_data"] == "yes"}
    for row in given(quarter):
        if row["legal_basis"] == "contract" and not row["breach_id"]:
            result.add(row["recipient"], row["recipient"] not in vendors)


@recomputes("P6.2-01.2")
def disclosures_were_entered_and_kept(quarter, parameters, result):
    """Those made or entered in the period; a line that an earlier export had must not be gone from a later one."""
    tables = quarter.tables("privacy/disclosures-*.csv")
    left = {row["disclosure_id"] for row in tables[-1][1]}
    lines = {row["disclosure_id"]: row for _, rows in tables for row in rows}
    for ident, row in lines.items():
        made, entered = seconds(row["disclosed_at"]), seconds(row["recorded_at"])
        if made in quarter or entered in quarter:
            result.add(ident, entered > made + parameters["entered_within"] or ident not in left)


# Breaches.

def breaches(quarter):
    return newest(quarter, "privacy/breaches-*.csv")[1]


@recomputes("P6.3-01.1")
def breaches_were_entered_and_assessed(quarter, parameters, result):
    for row in breaches(quarter):
        noticed, entered, assessed = (seconds(row[name]) for name in ("detected_at", "recorded_at", "assessed_at"))
        if noticed not in quarter and entered not in quarter:
            continue
        due = noticed + parameters["assessed_within"]
        unassessed = assessed is None or not row["risk"]
        late = (assessed is not None and assessed > due) or (unassessed and due < quarter.after)
        result.add(row["breach_id"], late or entered > noticed + parameters["recorded_within"], unassessed)


@recomputes("P6.3-01.2")
def what_nobody_allowed_is_a_breach(quarter, parameters, result):
    known = {row["breach_id"] for row in breaches(quarter)}
    for row in disclosures(quarter):
        made, allowed = seconds(row["disclosed_at"]), seconds(row["authorised_at"])
        if (made in quarter or seconds(row["recorded_at"]) in quarter) \
                and (not row["authorised_by"] or allowed is None or allowed > made):
            result.add(row["disclosure_id"], row["breach_id"] not in known)


def told_in_time(test, who, *risks):
    @recomputes(test)
    def were_told(quarter, parameters, result):
        """Breaches of the period, those entered in it, and those of which somebody had still to be told when it began."""
        for row in breaches(quarter):
            noticed, told = seconds(row["detected_at"]), seconds(row[f"{who}_told_at"])
            due = noticed + parameters[f"{who}_within"]
            settled = told if told is not None or row["risk"] != "none" else noticed
            if row["risk"] not in ("", *risks) or min(due, told or due) >= quarter.after:
                continue
            if settled is None or max(settled, seconds(row["recorded_at"])) >= quarter.start:
                if row["risk"] == "none":
                    result.add(row["breach_id"], told is None and not row["reason_not_told"])
                else:
                    result.add(row["breach_id"], row["risk"] and (told is None or told > due), not row["risk"])
    return were_told


# Where nobody has to be told, the reason stands in the register: it is what the authority would ask for.
told_in_time("P6.6-01.1", "authority", "none", "low", "high")
told_in_time("P6.6-01.2", "customers", "low", "high")
told_in_time("P6.6-01.3", "people", "high")
