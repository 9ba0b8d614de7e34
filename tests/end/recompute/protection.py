"""CC6.1-05 to -07, CC6.3-04, CC6.3-05, CC6.6 and CC7.1: encryption, sessions, the network's rules, weaknesses."""
import ipaddress
import json
import re

from .people import documents
from .raw import date_of, employed, logins_of, moment, roster_at, seconds
from .results import recomputes
from .words import listed


# Storage and keys. Instances of a cluster store nothing by themselves.

def storage(quarter):
    """(time, name, encrypted, key or None) of every database and bucket of every export."""
    for at, document in quarter.documents("aws/db-clusters-*.json"):
        for item in document["DBClusters"]:
            yield at, item["DBClusterArn"], item.get("StorageEncrypted"), item.get("KmsKeyId")
    for at, document in quarter.documents("aws/db-instances-*.json"):
        for item in document["DBInstances"]:
            if "DBClusterIdentifier" not in item:
                yield at, item["DBInstanceArn"], item.get("StorageEncrypted"), item.get("KmsKeyId")
    for at, document in quarter.documents("aws/s3-buckets-*.json"):
        for item in document["Buckets"]:
            rules = (item.get("ServerSideEncryptionConfiguration") or {}).get("Rules")
            default = [rule["ApplyServerSideEncryptionByDefault"] for rule in rules or []]
            key = next((rule["KMSMasterKeyID"] for rule in default if rule.get("KMSMasterKeyID")), None)
            yield at, item["Name"], None if rules is None else bool(default), key


def every_key(quarter):
    """(time, key) with its settings flat, the provider's own keys as well."""
    for at, document in quarter.documents("aws/kms-keys-*.json"):
        for item in document["Keys"]:
            yield at, {**item, **item["KeyMetadata"]}


def keys(quarter):
    return [(at, key) for at, key in every_key(quarter) if key["KeyManager"] == "CUSTOMER"]


@recomputes("CC6.1-05.1")
def storage_is_encrypted(quarter, parameters, result):
    for at, name, encrypted, _ in storage(quarter):
        result.add((name, at), encrypted is False, encrypted is None, (name, date_of(at)))


@recomputes("CC6.1-05.2")
def keys_of_storage_can_be_used(quarter, parameters, result):
    usable = {(at, word) for at, key in every_key(quarter) if key["Enabled"] and key["KeyState"] == "Enabled"
              for word in (key["Arn"], key["KeyId"])}
    for at, name, _, key in storage(quarter):
        if key:
            result.add((name, at), (at, key) not in usable, words=(name, date_of(at)))


def in_use(quarter):
    return [(at, key) for at, key in keys(quarter) if key["KeyState"] == "Enabled"]


@recomputes("CC6.1-06.1")
def renewal_is_switched_on(quarter, parameters, result):
    for at, key in in_use(quarter):
        if key["KeySpec"] == "SYMMETRIC_DEFAULT" and key["Origin"] == "AWS_KMS":
            days = key.get("RotationPeriodInDays") or parameters["default_days"]
            result.add((key["KeyId"], at), not key.get("KeyRotationEnabled") or days > parameters["rotation_days"],
                       words=(key["KeyId"], date_of(at)))


@recomputes("CC6.1-06.2")
def material_is_young_enough(quarter, parameters, result):
    for at, key in in_use(quarter):
        pair = key["KeySpec"] != "SYMMETRIC_DEFAULT" and not key["KeySpec"].startswith("HMAC")
        made = max([seconds(key["CreationDate"])] + [seconds(item["RotationDate"]) for item in key.get("Rotations") or []])
        result.add((key["KeyId"], at), at - made > parameters["pair_age" if pair else "key_age"],
                   words=(key["KeyId"], date_of(at)))


@recomputes("CC6.1-07.1")
def key_management_is_laid_down(quarter, parameters, result):
    for name in (parameters["procedure"], parameters["standard"]):
        good = [item for item in documents(quarter) if item["document"] == name and item.get("approved_by")
                and 0 <= quarter.after - 1 - seconds(item["approved_at"]) <= parameters["valid_for"]]
        result.add(name, not good)


@recomputes("CC6.1-07.2")
def keys_have_custodians(quarter, parameters, result):
    for at, key in keys(quarter):
        tags = {tag["TagKey"]: tag["TagValue"] for tag in key.get("Tags") or []}
        people = {person["email"]: person for person in roster_at(quarter, at)}
        person = people.get(tags.get(parameters["custodian_tag"], "").lower())
        if key["KeyState"] == "Enabled":
            result.add((key["KeyId"], at), person is None or not employed(person, at), words=(key["KeyId"], date_of(at)))


# Sessions and what was done in them.

def sessions(quarter):
    return [row for row in quarter.rows("privilege/sessions-*.csv")]


def started(quarter):
    return [row for row in sessions(quarter) if seconds(row["started_at"]) in quarter]


@recomputes("CC6.3-04.1")
def sessions_were_approved(quarter, parameters, result):
    for row in started(quarter):
        good = row["approved_by"] and row["approved_by"] != row["user"] and row["reason"] and row["approved_at"] \
            and seconds(row["requested_at"]) <= seconds(row["approved_at"]) <= seconds(row["started_at"])
        result.add(row["session_id"], not good)


@recomputes("CC6.3-04.2")
def sessions_were_short(quarter, parameters, result):
    for row in started(quarter):
        end = seconds(row["ended_at"]) or quarter.after
        result.add(row["session_id"], not 0 <= end - seconds(row["started_at"]) <= parameters["longest"])


def covered(quarter, login, at, roles):
    people = logins_of(quarter.programme)
    who = people.get(login.lower(), login.lower())
    for row in sessions(quarter):
        if people.get(row["user"].lower(), row["user"].lower()) == who and row["role"] in roles and row["approved_at"] \
                and row["approved_by"] and seconds(row["approved_at"]) <= at \
                and seconds(row["started_at"]) <= at <= (seconds(row["ended_at"]) or quarter.after):
            return True
    return False


@recomputes("CC6.3-05.1")
def commands_were_run_in_a_session(quarter, parameters, result):
    for number, line in enumerate(quarter.lines("sudo/bastion-*.log")):
        match = re.match(r"(\S+) \S+ sudo\[\d+\]:\s+(\S+) : (.*?)TTY=.*COMMAND=", line)
        if not match:
            continue
        refused = match[3].strip() != ""
        if match[2] in listed(parameters["programs"]) or seconds(match[1]) not in quarter:
            continue
        bare = not refused and not covered(quarter, match[2], seconds(match[1]), listed(parameters["machine_roles"]))
        somebody = match[2].lower() in logins_of(quarter.programme) or match[2] == "root"
        result.add(number, bare and somebody, bare, words=(match[2],))


@recomputes("CC6.3-05.2")
def calls_were_made_in_a_session(quarter, parameters, result):
    for event in quarter.items("aws/cloudtrail-*.json", "Records"):
        match = re.search(r":assumed-role/([^/]+)/(.+)$", event["userIdentity"].get("arn", ""))
        if match and match[1] in listed(parameters["cloud_roles"]) and seconds(event["eventTime"]) in quarter:
            result.add(event["eventID"], not covered(quarter, match[2], seconds(event["eventTime"]), [match[1]]))


# The network.

def rules(quarter):
    """(time, group, protocol, first port, last port, source) of everything that is let in."""
    for at, document in quarter.documents("aws/security-groups-*.json"):
        for group in document["SecurityGroups"]:
            for rule in group["IpPermissions"]:
                sources = [item["CidrIp"] for item in rule["IpRanges"]] + [item["CidrIpv6"] for item in rule["Ipv6Ranges"]] \
                    + [item["GroupId"] for item in rule["UserIdGroupPairs"]] + [item["PrefixListId"] for item in rule["PrefixListIds"]]
                for source in sources:
                    yield at, group["GroupId"], rule["IpProtocol"], rule.get("FromPort"), rule.get("ToPort"), source


def network(source):
    return ipaddress.ip_network(source, strict=False) if "/" in source else None


@recomputes("CC6.6-01.1")
def everybody_reaches_the_listed_ports_alone(quarter, parameters, result):
    for _, group, protocol, first, last, source in rules(quarter):
        net = network(source)
        wide = net is not None and net.prefixlen < parameters["wide_prefix" if net.version == 4 else "wide_prefix_v6"]
        good = first == last and f"{protocol}:{first}" in listed(parameters["open_ports"])
        result.add((group, protocol, first, last, source), wide and not good, words=(group, source))


@recomputes("CC6.6-01.2")
def guarded_ports_are_closed(quarter, parameters, result):
    inside = [ipaddress.ip_network(item) for item in listed(parameters["inside"])]
    guarded = [int(port) for port in listed(parameters["guarded_ports"])]
    for _, group, protocol, first, last, source in rules(quarter):
        net = network(source)
        outside = net is not None and not any(net.version == 4 and net.subnet_of(own) for own in inside)
        opened = protocol == "-1" or any((first or 0) <= port <= (last or 65535) for port in guarded)
        result.add((group, protocol, first, last, source), outside and opened, words=(group, source))


# Vulnerabilities and configuration.

def images(quarter):
    """(time, image without its tag, vulnerabilities) of every report."""
    for path in quarter.files("trivy/*.json"):
        report = json.loads(path.read_text(encoding="utf-8"))
        yield moment(path), re.sub(r":[^:/]+$", "", report["ArtifactName"]), \
            [item for part in report.get("Results") or [] for item in part.get("Vulnerabilities") or []]


@recomputes("CC7.1-01.1")
def every_scan_was_followed(quarter, parameters, result):
    by_image = {}
    for at, image, _ in images(quarter):
        by_image.setdefault(image, []).append(at)
    for image, times in by_image.items():
        for at, after in zip(times, times[1:] + [quarter.after]):
            result.add((image, at), after - at > parameters["scanned_every"], words=(image, date_of(at)))


@recomputes("CC7.1-01.2")
def vulnerabilities_were_gone_in_time(quarter, parameters, result):
    by_image = {}
    for at, image, found in sorted(images(quarter), key=lambda item: item[:2]):
        by_image.setdefault(image, []).append((at, found))
    for image, reports in by_image.items():
        seen = {}
        for number, (at, found) in enumerate(reports):
            for item in found:
                if item.get("FixedVersion"):
                    limit = parameters[f"{item['Severity'].lower()}_within"]
                    seen.setdefault((item["VulnerabilityID"], item["PkgName"]), []).append((number, at, limit))
        for (ident, package), times in seen.items():
            begun, late, before = times[0][1], False, None
            for number, at, limit in times:
                if before is not None and number - before > 1 + parameters["scans_missed"]:
                    begun = at
                late = late or at - begun > limit
                before = number
            result.add((image, ident, package), late)


def checks(quarter):
    return [(at, row) for at, rows in quarter.tables("prowler/findings-*.csv") for row in rows]


@recomputes("CC7.1-02.1")
def failures_were_mended(quarter, parameters, result):
    history = {}
    for at, row in checks(quarter):
        if row["STATUS"] != "MANUAL":
            history.setdefault((row["CHECK_ID"], row["RESOURCE_UID"], row["REGION"]), []).append((at, row))
    for item, of_check in history.items():
        begun, late = None, False
        for at, row in of_check:
            if row["STATUS"] == "FAIL" and row["MUTED"] != "True":
                begun = at if begun is None else begun
                severe = row["SEVERITY"] in ("critical", "high")
                late = late or at - begun > parameters["severe_within" if severe else "other_within"]
            else:
                begun = None
        result.add(item, late, words=item[:1])


@recomputes("CC7.1-02.2")
def nothing_severe_was_accepted(quarter, parameters, result):
    for at, row in checks(quarter):
        wrong = row["STATUS"] == "FAIL" and row["MUTED"] == "True" and row["SEVERITY"] in ("critical", "high")
        result.add((row["FINDING_UID"], at), wrong, words=(row["CHECK_ID"],))
