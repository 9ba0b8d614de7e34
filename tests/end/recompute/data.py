"""C1.1, C1.2, P1.1, P2.1, P3, P4.1 and P4.2: data, where they are, how long they stay, and what they are used for."""
from .people import documents
from .protection import keys, storage
from .raw import DAY, date_of, employed, logins_of, roster_at, seconds
from .results import recomputes
from .words import listed


def stores(quarter):
    return [(at, row) for at, rows in quarter.tables("registers/data-inventory-*.csv") for row in rows]


@recomputes("C1.1-01.1")
def stores_are_classified(quarter, parameters, result):
    for at, row in stores(quarter):
        wrong = not row["classification"] or (row["personal_data"] == "yes"
                                              and row["classification"].lower() != parameters["personal_class"])
        result.add((row["store_id"], at), wrong)


@recomputes("C1.1-01.2")
def stores_have_owners(quarter, parameters, result):
    for at, row in stores(quarter):
        people = {person["email"]: person for person in roster_at(quarter, at)}
        owner = people.get(row["owner"].lower())
        result.add((row["store_id"], at), owner is None or not employed(owner, at))


def names_of(quarter):
    """The storages of the exports, each by the names that the inventory may use."""
    return {name for _, name, _, _ in storage(quarter)}


def called(resource):
    return resource.rpartition(":::")[2] or resource


@recomputes("C1.1-01.3")
def storage_is_in_the_inventory(quarter, parameters, result):
    known = {called(row["resource"]) for _, row in stores(quarter)}
    for name in names_of(quarter):
        result.add(name, called(name) not in known)


@recomputes("C1.1-01.4")
def stores_were_gone_through(quarter, parameters, result):
    for at, row in stores(quarter):
        reviewed = seconds(row["reviewed_on"])
        result.add((row["store_id"], at), reviewed is None or at - reviewed > parameters["reviewed_within"])


@recomputes("C1.1-01.5")
def the_inventory_names_what_there_is(quarter, parameters, result):
    there = {called(name) for name in names_of(quarter)}
    for at, row in stores(quarter):
        if row["resource"]:
            result.add(row["resource"], called(row["resource"]) not in there, words=(row["store_id"], at))


STRICT = ["public", "internal", "confidential"]


def classes(quarter):
    """The strictest class of each storage that the inventory names."""
    found = {}
    for _, row in stores(quarter):
        if row["resource"]:
            name, level = called(row["resource"]), row["classification"].lower()
            found[name] = max(found.get(name, level), level, key=STRICT.index)
    return found


def of_class(quarter, wanted):
    """(time, name, encrypted, key, whether its class is known) of what may have one of the wanted classes."""
    level = classes(quarter)
    for item in storage(quarter):
        name = called(item[1])
        if level.get(name, listed(wanted.lower())[0]) in listed(wanted.lower()):
            yield (*item, name in level)


@recomputes("C1.1-02.1")
def closed_classes_are_encrypted(quarter, parameters, result):
    for at, name, encrypted, _, known in of_class(quarter, parameters["encrypted"]):
        result.add((name, at), known and encrypted is False, not known or encrypted is None)


@recomputes("C1.1-02.2")
def confidential_data_have_a_key_of_ours(quarter, parameters, result):
    own = {(at, word) for at, key in keys(quarter) for word in (key["Arn"], key["KeyId"])}
    for at, name, _, key, known in of_class(quarter, parameters["own_key"]):
        result.add((name, at), known and (at, key) not in own, not known)


def reachable(quarter):
    """(time, name) of what can be reached from the internet; a cluster is reached by its instances."""
    for at, document in quarter.documents("aws/db-instances-*.json"):
        for item in document["DBInstances"]:
            if item["PubliclyAccessible"]:
                yield at, item.get("DBClusterIdentifier") or item["DBInstanceArn"]
    for at, document in quarter.documents("aws/s3-buckets-*.json"):
        for item in document["Buckets"]:
            block = item.get("PublicAccessBlockConfiguration") or {}
            if item.get("PolicyStatus", {}).get("IsPublic") and not block.get("RestrictPublicBuckets"):
                yield at, item["Name"]


@recomputes("C1.1-02.3")
def closed_classes_cannot_be_reached(quarter, parameters, result):
    opened = {(at, called(name)) for at, name in reachable(quarter)}
    for at, name, _, _, known in of_class(quarter, parameters["closed"]):
        names = {called(name), name.rpartition(":")[2]}
        result.add((name, at), known and any((at, word) in opened for word in names), not known)


@recomputes("C1.2-01.1")
def data_go_in_time(quarter, parameters, result):
    for at, row in stores(quarter):
        if not row["retention_days"]:
            continue
        oldest = seconds(row["oldest_record"])
        old = oldest is not None and at - oldest > int(row["retention_days"]) * DAY + parameters["deleted_within"]
        result.add((row["store_id"], at), old and not row["legal_hold"], oldest is None)


def disposals(quarter):
    return quarter.rows("disposal/disposals-*.csv")


@recomputes("C1.2-01.2")
def disposals_were_done_by_their_day(quarter, parameters, result):
    for row in disposals(quarter):
        due = seconds(row["due_on"])
        if due in quarter:
            at = seconds(row["disposed_at"])
            result.add(row["disposal_id"], at is None or at > due + DAY + parameters["disposed_within"])


@recomputes("C1.2-01.3")
def disposals_were_verified(quarter, parameters, result):
    """Those that fell due in the period and were done; until the time is over a verification may still come."""
    for row in disposals(quarter):
        at, seen = seconds(row["disposed_at"]), seconds(row["verified_at"])
        if seconds(row["due_on"]) not in quarter or at is None or row["done_by"] in listed(parameters["unverified"]):
            continue
        due = at + parameters["verified_within"]
        wrong = due < quarter.after if not row["verified_by"] else row["verified_by"] == row["done_by"] or (seen or 0) > due
        named = {row["verified_by"].lower(), row["done_by"].lower()} <= set(logins_of(quarter.programme))
        result.add(row["disposal_id"], wrong, not row["verified_by"] or seen is None or seen < at or not named)


# Purposes and consents.

def newest(quarter, pattern):
    return quarter.tables(pattern)[-1]


def activities(quarter):
    return {row["activity_id"]: row for row in newest(quarter, "privacy/activities-*.csv")[1]}


def consents(quarter):
    return newest(quarter, "privacy/consents-*.csv")[1]


def uses(quarter):
    return [row for row in quarter.rows("privacy/uses-*.csv") if seconds(row["used_at"]) in quarter]


def valid(row, activity, subject, at, leeway=0):
    ended = seconds(row["withdrawn_at"])
    return row["activity"] == activity and row["subject_key"] == subject and seconds(row["given_at"]) <= at \
        and (ended is None or at <= ended + leeway)


@recomputes("P2.1-01.1")
def uses_are_covered_by_consent(quarter, parameters, result):
    known = activities(quarter)
    for row in uses(quarter):
        if known.get(row["activity"], {}).get("legal_basis") == "consent":
            good = [item for item in consents(quarter)
                    if valid(item, row["activity"], row["subject_key"], seconds(row["used_at"]), parameters["stopped_within"])]
            result.add(row["use_id"], not good)


@recomputes("P2.1-01.2")
def use_stops_after_withdrawal(quarter, parameters, result):
    for row in consents(quarter):
        ended = seconds(row["withdrawn_at"])
        if ended in quarter:
            stopped = seconds(row["stopped_at"])
            result.add(row["consent_id"], stopped is None or stopped > ended + parameters["stopped_within"])


@recomputes("P4.1-01.1")
def uses_keep_to_their_purpose(quarter, parameters, result):
    known = activities(quarter)
    for row in uses(quarter):
        entry = known.get(row["activity"])
        at = seconds(row["used_at"])
        good = entry and entry["purpose"] == row["purpose"] and seconds(entry["registered_at"]) <= at \
            and (not entry["ended_at"] or at < seconds(entry["ended_at"]) + DAY)
        result.add(row["use_id"], not good)


@recomputes("P3.1-01.2")
def entries_were_gone_through(quarter, parameters, result):
    at, rows = newest(quarter, "privacy/activities-*.csv")
    for row in rows:
        if row["status"] == "active":
            reviewed = seconds(row["reviewed_at"]) or seconds(row["registered_at"])
            result.add(row["activity_id"], at - reviewed > parameters["reviewed_within"] + DAY)


def points(quarter):
    return newest(quarter, "privacy/collection-points-*.csv")[1]


@recomputes("P3.1-01.1")
def fields_belong_to_a_purpose(quarter, parameters, result):
    known = activities(quarter)
    for row in points(quarter):
        entry = known.get(row["activity"])
        good = entry and row["data_category"] in [word.strip() for word in entry["data_categories"].split(",")]
        result.add((row["point"], row["field"]), not good)


@recomputes("P3.2-01.1")
def sensitive_fields_ask_first(quarter, parameters, result):
    for row in points(quarter):
        if row["sensitive"] == "yes":
            result.add((row["point"], row["field"]), row["consent"] != "explicit")


@recomputes("P3.2-01.2")
def sensitive_consents_come_first(quarter, parameters, result):
    known = activities(quarter)
    for row in consents(quarter):
        if known.get(row["activity"], {}).get("sensitive") == "yes" and seconds(row["given_at"]) in quarter:
            used = seconds(row["first_used_at"])
            result.add(row["consent_id"], row["form"] != "explicit" or (used is not None and used < seconds(row["given_at"])))


# The notice.

@recomputes("P1.1-01.3")
def places_were_looked_at(quarter, parameters, result):
    done = {(row["page"], row["checked_at"][:7]) for row in quarter.rows("privacy/notice-checks-*.csv")}
    for page in {row["point"] for row in points(quarter)}:
        for month, _ in quarter.months():
            result.add((page, month), (page, date_of(month)[:7]) not in done, words=(page, date_of(month)[:7]))


@recomputes("P1.1-01.1")
def the_notice_is_approved(quarter, parameters, result):
    good = [item for item in documents(quarter) if item["document"] == parameters["notice"] and item.get("approved_by")
            and 0 <= quarter.after - 1 - seconds(item["approved_at"]) <= parameters["valid_for"]
            and (not item.get("in_force_from")
                 or seconds(item["in_force_from"]) - seconds(item["approved_at"]) >= parameters["announced_ahead"])]
    result.add(quarter.id, not good)


@recomputes("P1.1-01.2")
def places_showed_the_notice_in_force(quarter, parameters, result):
    versions = {item["version"]: seconds(item.get("in_force_from") or item["approved_at"]) for item in documents(quarter)
                if item["document"] == parameters["notice"] and item.get("approved_at")}
    for row in quarter.rows("privacy/notice-checks-*.csv"):
        at = seconds(row["checked_at"])
        if at in quarter:
            begun = {version: since for version, since in versions.items() if since <= at}
            right = max(begun, key=begun.get) if begun else None
            result.add((row["page"], at), row["notice_found"] != "yes" or (right and row["notice_version"] != right), not right)


@recomputes("P2.1-01.3")
def consents_were_chosen_and_kept(quarter, parameters, result):
    """Those given in the period; what an earlier export had must not be gone from a later one."""
    tables = quarter.tables("privacy/consents-*.csv")
    left = {row["consent_id"] for row in tables[-1][1]}
    lines = {row["consent_id"]: row for _, rows in tables for row in rows}
    for ident, row in lines.items():
        if seconds(row["given_at"]) in quarter:
            result.add(ident, row["form"] not in ("explicit", "opt-in") or ident not in left)


@recomputes("P4.2-01.1")
def nothing_was_overdue_in_any_month(quarter, parameters, result):
    """Each activity that went on for the whole month, in each system that was looked into for it in this month or one before."""
    rows = quarter.rows("privacy/retention-*.csv")
    for ident, entry in activities(quarter).items():
        of_activity = [(seconds(row["checked_at"]), row) for row in rows if row["activity"] == ident]
        limit = int(entry["retention_days"]) * DAY + parameters["leeway"]
        for first, after in quarter.months():
            ended = seconds(entry["ended_at"])
            if seconds(entry["registered_at"]) >= first or (ended is not None and ended < after):
                continue
            looks = [(at, row) for at, row in of_activity if first <= at < after]
            systems = {row["system"] for at, row in of_activity if at < after}
            old = [row for at, row in looks if int(row["overdue"]) > 0
                   or (row["oldest_record"] and at - seconds(row["oldest_record"]) > limit)]
            result.add((ident, first), not looks or old or systems != {row["system"] for _, row in looks},
                       words=(ident, date_of(first)[:7]))
