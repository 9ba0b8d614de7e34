"""CC6.4, CC6.5, CC6.8 and CC2.1: laptops, malware, what was retired, visitors of machine rooms, and the inventory."""
from .backup import runs
from .raw import DAY, employed, roster_at, seconds
from .results import recomputes
from .words import listed


def reports(quarter):
    return quarter.tables("devices/devices-*.csv")


def in_use(quarter):
    return [(at, row) for at, rows in reports(quarter) for row in rows if row["status"] == "in use"]


@recomputes("CC6.8-01.1")
def laptops_are_protected(quarter, parameters, result):
    for at, row in in_use(quarter):
        seen, known = seconds(row["last_check_in"]), seconds(row["av_signatures"])
        good = row["av_running"] == "yes" and seen and known and at - seen <= parameters["reported_within"] \
            and seen - known <= parameters["signatures_age"]
        result.add((row["serial_number"], at), not good)


@recomputes("CC6.8-01.2")
def everybody_has_a_laptop(quarter, parameters, result):
    for at, rows in reports(quarter):
        holders = {row["assigned_user"].lower() for row in rows if row["status"] == "in use"}
        for person in roster_at(quarter, at):
            if employed(person, at) and person["status"] != "Leave" and at - person["from"] > parameters["equipped_within"]:
                result.add((person["id"], at), person["email"] not in holders)


@recomputes("CC6.8-03.1")
def disks_are_encrypted(quarter, parameters, result):
    for at, rows in reports(quarter):
        for row in rows:
            if row["status"] in ("in use", "in stock", "lost"):
                result.add((row["serial_number"], at), row["disk_encryption"] != "yes")


@recomputes("CC6.8-03.2")
def systems_are_supported(quarter, parameters, result):
    for at, row in in_use(quarter):
        result.add((row["serial_number"], at), row["os_supported"] != "yes")


@recomputes("CC6.8-03.3")
def laptops_are_held_by_staff(quarter, parameters, result):
    for at, row in in_use(quarter):
        people = {person["email"]: person for person in roster_at(quarter, at)}
        person = people.get(row["assigned_user"].lower())
        until = person and (None if person["until"] is None else person["until"] + DAY + parameters["returned_within"])
        result.add((row["serial_number"], at), person is None or (until is not None and at > until))


@recomputes("CC6.8-03.4")
def laptops_do_not_vanish(quarter, parameters, result):
    all_of = reports(quarter)
    for (at, rows), (later, after) in zip(all_of, all_of[1:]):
        known = {row["serial_number"] for row in after}
        for row in rows:
            if row["status"] == "in use":
                result.add((row["serial_number"], at), row["serial_number"] not in known, words=(row["serial_number"], later))


def detections(quarter):
    return [item for item in quarter.items("defender/alerts-*.json", "value")
            if item["category"].lower() in ("malware", "unwantedsoftware", "ransomware")
            and seconds(item["alertCreationTime"]) in quarter]


@recomputes("CC6.8-02.1")
def detections_were_resolved(quarter, parameters, result):
    for item in detections(quarter):
        limit = parameters["urgent_within" if item["severity"] in ("High", "Medium") else "other_within"]
        due = seconds(item["alertCreationTime"]) + limit
        at = seconds(item.get("resolvedTime")) if item["status"] == "Resolved" else None
        result.add(item["id"], (at is None and due < quarter.after) or (at is not None and at > due))


@recomputes("CC6.8-02.2")
def detections_were_judged(quarter, parameters, result):
    for item in detections(quarter):
        if item["status"] == "Resolved":
            judged = item.get("classification") not in (None, "", "Unknown") and item.get("assignedTo")
            result.add(item["id"], not judged)


# The log says what was done; the parameter names the ways of doing it.
WIPED = {"shredded": "shredding", "destroyed": "destruction", "overwritten": "overwriting", "degaussed": "degaussing",
         "key destroyed": "cryptographic-erasure"}


def retired(quarter):
    return [row for row in quarter.rows("disposal/media-*.csv") if seconds(row["retired_on"]) in quarter]


@recomputes("CC6.5-01.1")
def media_were_wiped(quarter, parameters, result):
    for row in retired(quarter):
        at = seconds(row["wiped_at"])
        due = seconds(row["retired_on"]) + DAY + parameters["wiped_within"]
        result.add(row["record_id"], (at is None and due < quarter.after) or (at is not None and at > due))


@recomputes("CC6.5-01.2")
def media_are_unreadable(quarter, parameters, result):
    for row in retired(quarter):
        if row["wiped_at"]:
            method = WIPED.get(row["method"], row["method"]).replace(" ", "-")
            unreadable = method in listed(parameters["methods"]) \
                or (method == "factory-reset" and row["medium"].replace(" ", "-") in listed(parameters["reset_kinds"]))
            result.add(row["record_id"], (method and not unreadable) or not row["certificate"], not method)


def assets(quarter):
    return [(at, row) for at, rows in quarter.tables("assets/inventory-*.csv") for row in rows if row["status"] == "in use"]


@recomputes("CC2.1-01.1")
def assets_are_classified(quarter, parameters, result):
    for at, row in assets(quarter):
        confirmed = seconds(row["reviewed_at"])
        result.add((row["asset_id"], at), not row["classification"] or confirmed is None
                   or at - confirmed > parameters["confirmed_within"])


@recomputes("CC2.1-01.2")
def assets_have_owners(quarter, parameters, result):
    for at, row in assets(quarter):
        people = {person["email"]: person for person in roster_at(quarter, at)}
        owner = people.get(row["owner"].lower())
        result.add((row["asset_id"], at), owner is None or not employed(owner, at))


@recomputes("CC2.1-01.3")
def what_is_backed_up_is_in_the_inventory(quarter, parameters, result):
    known = {row["backed_up_as"] for _, row in assets(quarter)}
    for resource in {run["resource"] for run in runs(quarter) if run["begun"] in quarter}:
        result.add(resource, resource not in known)


@recomputes("CC6.4-01.1")
def visitors_were_accompanied(quarter, parameters, result):
    """The sample has no machine rooms, and no book of their visitors."""
    for row in quarter.rows("visitors/*.csv"):
        arrived, left = seconds(row["arrived_at"]), seconds(row["left_at"])
        if arrived in quarter:
            stayed = (left if left is not None else quarter.after) - arrived
            result.add(row["visit"], not row["host"] or row["accompanied"] != "yes" or not 0 <= stayed <= parameters["longest"])
