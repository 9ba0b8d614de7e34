"""CC6.7: what scans from outside found at the public endpoints, and the certificates."""
import re

from .raw import date_of, newest_before, seconds
from .results import recomputes
from .words import listed


def registered(quarter, at):
    return newest_before(quarter.tables("registers/endpoints-*.csv"), at)


# Scans.

def scans(quarter):
    """(time, host and address, port, findings by id) of every endpoint of every scan."""
    for at, findings in quarter.documents("tls/testssl-*.json"):
        by_endpoint = {}
        for item in findings:
            by_endpoint.setdefault((item["ip"], item["port"]), {})[item["id"]] = item
        for (target, port), found in by_endpoint.items():
            yield at, target, port, found


def told(found, name):
    return found[name]["finding"]


def words_of(target, at):
    return (*target.split("/"), date_of(at))


# The versions by testssl.sh's word, each with that of its list of suites, and by the name that the parameter gives it.
VERSIONS = {"SSLv2": "SSLv2", "SSLv3": "SSLv3", "TLS1": "TLSv1", "TLS1_1": "TLSv1_1", "TLS1_2": "TLSv1_2", "TLS1_3": "TLSv1_3"}
NAMES = {"SSLv2": "SSL 2", "SSLv3": "SSL 3", "TLS1": "TLS 1.0", "TLS1_1": "TLS 1.1", "TLS1_2": "TLS 1.2", "TLS1_3": "TLS 1.3"}


def spoken(found):
    return [version for version in VERSIONS if version in found and told(found, version).startswith("offered")]


# What testssl.sh looks for beside versions and suites, and about the certificate whether it can be trusted. Its last list of
# ciphers, OBSOLETED, is of suites that are old and not weak; how long a certificate lasts is the matter of CC6.7-02.
LOOKED_FOR = {"Heartbleed": "heartbleed", "CCS injection": "CCS", "ROBOT": "ROBOT",
              "certificate of no trusted issuer": "cert_chain_of_trust"}
CERTIFICATE = {"cert_trust", "cert_chain_of_trust", "cert_signatureAlgorithm", "cert_keySize"}
LISTS = {"cipherlist_NULL", "cipherlist_aNULL", "cipherlist_EXPORT", "cipherlist_LOW", "cipherlist_3DES_IDEA"}


def weaknesses(found):
    return [name for name, item in found.items()
            if "cve" in item or name in ("secure_renego", "fallback_SCSV") or name in CERTIFICATE or name in LISTS]


def whole(found):
    """A scan that came to its end: it names a version and weaknesses, and nothing that kept it."""
    return "scanProblem" not in found and spoken(found) and weaknesses(found)


@recomputes("CC6.7-01.1")
def endpoints_were_scanned_every_month(quarter, parameters, result):
    for first, after in quarter.months():
        for row in registered(quarter, after - 1):
            if row["reachable_from"] != "internet":
                continue
            of_endpoint = {}
            for at, target, port, found in scans(quarter):
                if first <= at < after and target.split("/")[0] == row["host"] and port == row["port"]:
                    of_endpoint.setdefault(at, []).append(found)
            complete = any(all(whole(found) for found in addresses) for addresses in of_endpoint.values())
            result.add((row["host"], row["port"], first), not of_endpoint, not complete, words=(row["host"], date_of(first)[:7]))


@recomputes("CC6.7-01.2")
def nothing_older_is_spoken(quarter, parameters, result):
    for at, target, port, found in scans(quarter):
        for version, name in NAMES.items():
            if version in found and name < parameters["oldest"]:
                result.add((target, port, version, at), version in spoken(found), words=(name, *words_of(target, at)))


@recomputes("CC6.7-01.3")
def no_weak_suites_are_accepted(quarter, parameters, result):
    for at, target, port, found in scans(quarter):
        for version in spoken(found):
            name = f"supportedciphers_{VERSIONS[version]}"
            suites = told(found, name).upper().split() if name in found else []
            weak = [suite for suite in suites if any(word in suite for word in listed(parameters["weak"]))]
            strange = [suite for suite in suites if not any(word in suite for word in listed(parameters["known"]))]
            result.add((target, port, version, at), weak, strange or not suites, words=words_of(target, at))


@recomputes("CC6.7-01.4")
def no_weakness_was_found(quarter, parameters, result):
    for at, target, port, found in scans(quarter):
        for name in weaknesses(found):
            if name not in listed(parameters["elsewhere"]):
                severity = found[name]["severity"].lower()
                result.add((target, port, name, at), severity in listed(parameters["counted"]), severity in ("warn", "fatal"),
                           words=words_of(target, at))
        for word in listed(parameters["looked_for"]):
            if spoken(found) and LOOKED_FOR.get(word) not in found:
                result.add((target, port, word, at), unknown=True)


# Certificates.

def certificates(quarter):
    """(time, certificate) of all that something uses."""
    for at, document in quarter.documents("aws/certificates-*.json"):
        for item in document["Certificates"]:
            if item["InUseBy"]:
                yield at, item


@recomputes("CC6.7-01.5")
def names_are_on_the_register(quarter, parameters, result):
    for at, item in certificates(quarter):
        hosts = {row["host"].lower() for row in registered(quarter, at)}
        for name in set(item.get("SubjectAlternativeNames") or [item["DomainName"]]):
            fits = {host for host in hosts if host == name.lower()
                    or (name.startswith("*.") and host.partition(".")[2] == name[2:].lower())}
            result.add((item["CertificateArn"], name, at), not fits, words=(name, date_of(at)))


@recomputes("CC6.7-02.1")
def certificates_are_valid(quarter, parameters, result):
    for at, item in certificates(quarter):
        good = item["Status"] == "ISSUED" and seconds(item["NotBefore"]) <= at \
            and seconds(item["NotAfter"]) - at >= parameters["renewed_before"]
        result.add((item["CertificateArn"], at), not good, words=(item["CertificateArn"], date_of(at)))


@recomputes("CC6.7-02.2")
def endpoints_show_valid_certificates(quarter, parameters, result):
    for at, target, port, found in scans(quarter):
        if "cert_notAfter" in found:
            until = seconds(re.sub(r"^(\S+) (\S+).*$", r"\1T\2:00Z", told(found, "cert_notAfter")))
            result.add((target, port, at), until - at < parameters["renewed_before"], words=words_of(target, at))
