"""CC6.1-01 to CC6.1-04, CC6.2 and CC6.3-03: accounts, and the people behind them."""
from .raw import DAY, accounts, date_of, employed, newest_before, roster_at, rosters, seconds
from .results import recomputes


def personal(quarter):
    return [account for account in accounts(quarter) if account["kind"] == "person" and account["active"]]


@recomputes("CC6.1-01.1")
def people_use_a_second_factor(quarter, parameters, result):
    for account in personal(quarter):
        known = account["second factor"] is not None
        result.add((account["source"], account["login"], account["at"]), known and not account["second factor"], not known,
                   (account["source"], account["login"], day(account)))


def day(account):
    return date_of(account["at"])


@recomputes("CC6.1-01.2")
def root_uses_a_second_factor(quarter, parameters, result):
    for account in accounts(quarter):
        if account["kind"] == "root" and account["active"]:
            result.add((account["source"], account["at"]), not account["second factor"])


@recomputes("CC6.2-01.1")
def accounts_belong_to_people(quarter, parameters, result):
    """By the addresses that any roster gave, so that nobody is lost who was renamed."""
    addresses = {person["email"] for _, people in rosters(quarter) for person in people}
    for account in personal(quarter):
        result.add((account["source"], account["login"], account["at"]), account["login"].lower() not in addresses)


def made_in(quarter, kinds=("person",)):
    """Accounts that were made in the period, as their systems say, each once."""
    made = {}
    for account in accounts(quarter):
        if account["kind"] in kinds and account["created"] in quarter:
            made.setdefault((account["source"], account["login"]), account["created"])
    return made


def holder(quarter, login):
    """The person of an address on the newest roster that has it."""
    for _, people in reversed(rosters(quarter)):
        for person in people:
            if person["email"] == login.lower():
                return person
    return None


@recomputes("CC6.2-01.2")
def accounts_wait_for_the_first_day(quarter, parameters, result):
    for (source, login), created in made_in(quarter).items():
        person = holder(quarter, login)
        result.add((source, login), person is not None and created < person["from"] - parameters["prepared_ahead"],
                   person is None)


def requests(quarter):
    return quarter.rows("access/requests-*.csv")


def grants(quarter):
    return [row for row in requests(quarter) if row["request_type"] == "grant" and seconds(row["carried_out_at"]) in quarter]


@recomputes("CC6.2-02.1")
def accounts_were_approved(quarter, parameters, result):
    for (source, login), created in made_in(quarter).items():
        fits = [row for row in requests(quarter)
                if row["request_type"] == "grant" and row["decision"] == "approved" and row["system"] == source
                and row["account"].lower() == login.lower() and seconds(row["decided_at"]) <= created
                and seconds(row["carried_out_at"]) is not None
                and seconds(row["carried_out_at"]) >= created - parameters["closed_ahead"]]
        result.add((source, login), not fits)


@recomputes("CC6.2-02.2")
def grants_were_approved_by_another(quarter, parameters, result):
    for row in grants(quarter):
        approver = row["decided_by"]
        wrong = (row["decision"] != "approved" or not approver or approver in (row["requested_by"], row["account"])
                 or seconds(row["decided_at"]) > seconds(row["carried_out_at"]))
        result.add(row["request_id"], wrong)


def permissions(quarter):
    """(time, {(account, permission)}) of each export of permissions: policies and groups of users."""
    for at, document in quarter.documents("aws/authorization-details-*.json"):
        held = set()
        for user in document["UserDetailList"]:
            held |= {(user["UserName"], group) for group in user.get("GroupList", [])}
            held |= {(user["UserName"], policy["PolicyArn"]) for policy in user.get("AttachedManagedPolicies", [])}
            held |= {(user["UserName"], policy["PolicyName"]) for policy in user.get("UserPolicyList", [])}
        yield at, held


@recomputes("CC6.2-02.3")
def permissions_were_approved(quarter, parameters, result):
    before = None
    for at, held in permissions(quarter):
        for account, permission in held - (before if before is not None else held):
            fits = [row for row in requests(quarter)
                    if row["request_type"] == "grant" and row["decision"] == "approved" and row["account"] == account
                    and row["permission"] == permission and seconds(row["decided_at"]) <= at]
            result.add((account, permission, at), not fits, words=(account, permission))
        before = held


@recomputes("CC6.2-02.4")
def access_lies_within_employment(quarter, parameters, result):
    for row in grants(quarter):
        person = holder(quarter, row["account"])
        given = seconds(row["carried_out_at"])
        wrong = person is not None and (given < person["from"] - parameters["prepared_ahead"]
                                        or (person["until"] is not None and given >= person["until"] + DAY))
        result.add(row["request_id"], wrong, person is None)


@recomputes("CC6.2-03.1")
def leavers_accounts_are_closed(quarter, parameters, result):
    """Each leaver in each system: was the account active at an export after the last working day and the day that is left?"""
    all_accounts = accounts(quarter)
    people = {}
    for _, roster in rosters(quarter):
        for person in roster:
            if person["until"] is not None and person["until"] < quarter.after:
                people[person["id"]] = person
    for person in people.values():
        for source in ("okta", "google-workspace", "aws-iam"):
            late = [account for account in all_accounts
                    if account["source"] == source and account["login"].lower() == person["email"] and account["active"]
                    and account["at"] > person["until"] + DAY]
            result.add((person["id"], source), late)


@recomputes("CC6.2-03.2")
def leavers_accounts_are_closed_within_a_day(quarter, parameters, result):
    people = {person["id"]: person for _, roster in rosters(quarter) for person in roster if person["until"] in quarter}
    for person in people.values():
        closed = []
        for account in accounts(quarter):
            if account["source"] != "okta" or account["login"].lower() != person["email"] or account["at"] < person["until"]:
                continue
            if not account["active"]:
                closed.append(account["changed"])
        if closed:
            result.add(person["id"], min(closed) > person["until"] + DAY + parameters["disabled_within"])


@recomputes("CC6.2-04.1")
def programs_have_owners(quarter, parameters, result):
    registers = quarter.tables("access/service-accounts-*.csv")
    for account in accounts(quarter):
        people = {person["email"]: person for person in roster_at(quarter, account["at"])}
        if account["kind"] != "service" or not account["active"]:
            continue
        owner = next((row["owner"] for row in newest_before(registers, account["at"]) if row["system"] == account["source"]
                      and row["service_account"] == account["login"]), None)
        known = owner in people
        result.add((account["source"], account["login"]), not owner or (known and not employed(people[owner], account["at"])),
                   owner and not known)


@recomputes("CC6.1-02.1")
def unused_accounts_are_closed(quarter, parameters, result):
    for account in personal(quarter):
        if account["used"] is not None:
            stale = account["at"] - account["used"] > parameters["unused_for"]
        else:
            stale = account["at"] - account["created"] > parameters["never_used_for"]
        item = (account["source"], account["login"])
        result.add(item, stale or item in result.exceptions)


@recomputes("CC6.1-03.1")
def keys_are_renewed(quarter, parameters, result):
    for account in accounts(quarter):
        for slot, made, _ in account.get("keys", ()):
            wrong = account["at"] - made > parameters["key_age"] or account["login"] in parameters["without_keys"].split(",")
            result.add((account["login"], slot, account["at"]), wrong,
                       words=(account["login"], day(account)))


def trail(quarter):
    return quarter.items("aws/cloudtrail-*.json", "Records")


@recomputes("CC6.1-04.1")
def root_is_not_used(quarter, parameters, result):
    """What the root identity did itself; what AWS did in its name, and what was refused, is no use."""
    for event in trail(quarter):
        refused = event.get("errorCode") or event.get("responseElements", {}).get("ConsoleLogin") == "Failure"
        if event["userIdentity"].get("type") == "Root" and not event["userIdentity"].get("invokedBy"):
            result.add(event["eventID"], not refused and event["eventType"] != "AwsServiceEvent")


@recomputes("CC6.1-04.2")
def console_sign_ins_need_a_second_factor(quarter, parameters, result):
    for event in trail(quarter):
        answer = (event.get("responseElements") or {}).get("ConsoleLogin")
        if event["eventName"] == "ConsoleLogin" and event["userIdentity"]["type"] == "IAMUser" and answer == "Success":
            used = (event.get("additionalEventData") or {}).get("MFAUsed")
            result.add(event["eventID"], used == "No", used not in ("Yes", "No"))


def reviews(quarter):
    return quarter.rows("access-review/review-*.csv")


def reviewed_accounts(quarter):
    """Active personal accounts of the newest exports before the review began."""
    begun = min(seconds(row["reviewed_at"]) for row in reviews(quarter))
    day_of = max(account["at"] for account in accounts(quarter) if account["at"] <= begun)
    return {(account["source"], account["login"]) for account in personal(quarter) if account["at"] == day_of}


@recomputes("CC6.3-03.1")
def all_accounts_were_reviewed(quarter, parameters, result):
    done = {(row["system"], row["account"]) for row in reviews(quarter)}
    for item in reviewed_accounts(quarter):
        result.add(item, item not in done)


@recomputes("CC6.3-03.2")
def removals_were_carried_out(quarter, parameters, result):
    for row in reviews(quarter):
        if row["decision"] != "remove":
            continue
        due = seconds(row["reviewed_at"]) + parameters["removed_within"]
        open_after = [account for account in accounts(quarter) if account["source"] == row["system"]
                      and account["login"] == row["account"] and account["active"] and account["at"] > due]
        result.add((row["system"], row["account"]), open_after)


@recomputes("CC6.3-03.3")
def managers_review_their_people(quarter, parameters, result):
    for row in reviews(quarter):
        people = roster_at(quarter, seconds(row["reviewed_at"]))
        by_id = {person["id"]: person for person in people}
        person = next((person for person in people if person["email"] == row["account"].lower()), None)
        if person is None:
            result.add((row["system"], row["account"]), unknown=True)
            continue
        manager = by_id.get(person["manager"])
        right = row["reviewer"] == manager["email"] if manager else row["reviewer"] != person["email"]
        result.add((row["system"], row["account"]), not right)
