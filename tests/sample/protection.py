"""Exports of how data are protected: scans of the endpoints, certificates, keys, databases and buckets each month; the register
of endpoints, the inventory of data, the logs of disposals and the documents about keys each quarter."""

import hashlib
from datetime import date, timedelta
from typing import NamedTuple

import placed
from company import (ACCOUNT, BY_NUMBER, ENDPOINTS, EVIDENCE_STORE, FRIDAYS, QUARTERS, REGION, RESOURCES, SERVICES, holder, iso,
                     moment, person, quarter_days, quarter_of, sheet)

# The monthly exports are taken on the first Friday of the month; the register and the inventory on one Friday a quarter.
MONTHLY = [day for n, day in enumerate(FRIDAYS) if n == 0 or FRIDAYS[n - 1].month != day.month]
REGISTERED = MONTHLY[::3]
INVENTORIED = [date(2025, 3, 14), date(2025, 6, 13), date(2025, 9, 12), date(2025, 12, 12)]

OLD_TLS_DAY = date(2025, 5, 2)
OLD_TLS_HOST = "status.example.com"
UNREACHED, REPEATED = date(2025, 9, 5), date(2025, 9, 8)
UNREACHED_HOST = "api.bookings.example.com"
ROTATION_OFF = [date(2025, 8, 1), date(2025, 9, 5)]


def key_arn(ident):
    return f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{ident}"


def uuid(text):
    digits = hashlib.sha1(text.encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


class Key(NamedTuple):
    name: str
    custodian: str  # "": the provider's own
    created: date
    spec: str = "SYMMETRIC_DEFAULT"
    usage: str = "ENCRYPT_DECRYPT"
    state: str = "Enabled"

    @property
    def ident(self):
        return uuid(f"key/{self.name}")

    @property
    def renewable(self):
        return self.spec == "SYMMETRIC_DEFAULT"


KEYS = [
    Key("bookings database", "Hugo Pellingham", date(2022, 3, 14)),
    Key("reporting database", "Hugo Pellingham", date(2021, 11, 22)),
    Key("documents", "Callum Oyelaran", date(2023, 9, 18)),
    Key("audit evidence", "Noor Castellane", date(2024, 5, 6)),
    Key("backup vault", "Sunniva Achterberg", date(2022, 7, 4)),
    Key("signatures of outgoing calls", "Delphine Marchbank", date(2024, 6, 3), "ECC_NIST_P256", "SIGN_VERIFY"),
    Key("bookings database until 2022", "Hugo Pellingham", date(2018, 9, 3), state="Disabled"),
    Key("Default key that protects my ACM private keys when no other key is defined", "", date(2018, 9, 3)),
]
KEY_OF = dict(zip((resource.name for resource in RESOURCES), KEYS))
REPORTING_KEY = KEYS[1]


def found_key(day):
    return f"{REPORTING_KEY.name} ({key_arn(REPORTING_KEY.ident)}) @ {day}"


PLACED = [
    placed.Placed(
        "old-tls", "the status page spoke TLS 1.0 for some days, after its provider's settings were copied from an old page",
        [("2025-Q2", "CC6.7-01.2", f"tls-scan/{OLD_TLS_HOST}:443 at 203.0.113.31 TLS 1.0 @ {OLD_TLS_DAY}", "exception",
          f"tls/testssl-{OLD_TLS_DAY}.json")],
        f"`tls/testssl-{OLD_TLS_DAY}.json`, {OLD_TLS_HOST}: `TLS1` is `offered (deprecated)`"),
    placed.Placed(
        "key-rotation-off", "the renewal of the reporting database's key was switched off when its template was rewritten",
        [("2025-Q3", "CC6.1-06.1", found_key(day), "exception", f"aws/kms-keys-{day}.json") for day in ROTATION_OFF],
        "`aws/kms-keys-2025-08-01.json` and `-09-05`, `reporting database`: `KeyRotationEnabled` is false"),
]


# -- Endpoints and their certificates --

class Certificate(NamedTuple):
    domain: str
    names: list
    ends: list  # of each issue, in order
    used_by: str
    renewable: bool = True

    @property
    def arn(self):
        return f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/{uuid(self.domain)}"

    def end(self, day):
        """The end of what is in use on a day: renewed some 59 days ahead, for 395 days."""
        return next(end for end in self.ends if day < end - timedelta(days=59) or end == self.ends[-1])


CERTIFICATES = [
    Certificate("bookings.example.com", ["bookings.example.com", "api.bookings.example.com"],
                [date(2025, 9, 10), date(2026, 8, 12)],
                f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/app/bookings/50dc6c495c0c9188"),
    Certificate("status.example.com", ["status.example.com"], [date(2025, 4, 21), date(2026, 3, 23)],
                f"arn:aws:cloudfront::{ACCOUNT}:distribution/E2STATUSPAGE"),
    # Of a trial that ended; nothing uses it.
    Certificate("trial.example.com", ["trial.example.com"], [date(2025, 2, 14)], "", False),
]
ADDRESSES = {"bookings.example.com": ["203.0.113.11", "203.0.113.12"], "api.bookings.example.com": ["203.0.113.21"],
             "status.example.com": ["203.0.113.31"]}
SOUND = [("heartbleed", "not vulnerable, no heartbeat extension", "CVE-2014-0160", "CWE-119"),
         ("CCS", "not vulnerable", "CVE-2014-0224", "CWE-310"),
         ("ticketbleed", "not vulnerable", "CVE-2016-9244", "CWE-200"),
         ("ROBOT", "not vulnerable, no RSA key transport cipher", "CVE-2017-17382 CVE-2017-17427", "CWE-203"),
         ("secure_renego", "supported", None, "CWE-310"),
         ("secure_client_renego", "not vulnerable", "CVE-2011-1473", "CWE-310"),
         ("CRIME_TLS", "not vulnerable", "CVE-2012-4929", "CWE-310"),
         ("BREACH", "not vulnerable, no gzip/deflate/compress/br HTTP compression  - only supplied '/' tested", "CVE-2013-3587",
          "CWE-310"),
         ("POODLE_SSL", "not vulnerable, no SSLv3", "CVE-2014-3566", "CWE-310"),
         ("SWEET32", "not vulnerable", "CVE-2016-2183 CVE-2016-6329", "CWE-327"),
         ("FREAK", "not vulnerable", "CVE-2015-0204", "CWE-310"),
         ("DROWN", "not vulnerable on this host and port", "CVE-2016-0800 CVE-2016-0703", "CWE-310"),
         ("LOGJAM", "not vulnerable, no DH EXPORT ciphers,", "CVE-2015-4000", "CWE-310"),
         ("LUCKY13", "not vulnerable", "CVE-2013-0169", "CWE-310"),
         ("winshock", "not vulnerable", "CVE-2014-6321", "CWE-94"),
         ("RC4", "not vulnerable", "CVE-2013-2566 CVE-2015-2808", "CWE-310")]
LISTS = [("NULL", "CWE-327", "OK"), ("aNULL", "CWE-327", "OK"), ("EXPORT", "CWE-327", "OK"), ("LOW", "CWE-327", "OK"),
         ("3DES_IDEA", "CWE-310", "INFO"), ("OBSOLETED", "CWE-310", "INFO")]


def certificate_of(host):
    return next(certificate for certificate in CERTIFICATES if host in certificate.names)


def scan(host, port, address, day):
    """What testssl.sh says of one address: the part of its some 160 findings that matters here."""
    old = host == OLD_TLS_HOST and day == OLD_TLS_DAY and placed.on("old-tls")

    def finding(ident, severity, text, cve=None, cwe=None):
        record = {"id": ident, "ip": f"{host}/{address}", "port": str(port), "severity": severity}
        record.update({key: value for key, value in (("cve", cve), ("cwe", cwe)) if value})
        record["finding"] = text
        return record

    if host == UNREACHED_HOST and day == UNREACHED:
        return [finding("scanProblem", "FATAL", f"Can't connect to '{address}:{port}' Make sure a firewall is not between you "
                                                "and your scanning target!, proceeding with next IP (if any)")]
    end = certificate_of(host).end(day)
    left = (end - day).days
    found = [finding("service", "INFO", "HTTP"), finding("SSLv2", "OK", "not offered"), finding("SSLv3", "OK", "not offered"),
             finding("TLS1", "LOW", "offered (deprecated)") if old else finding("TLS1", "INFO", "not offered"),
             finding("TLS1_1", "INFO", "not offered"), finding("TLS1_2", "OK", "offered"),
             finding("TLS1_3", "OK", "offered with final")]
    found += [finding(f"cipherlist_{name}", "LOW" if old and name == "OBSOLETED" else severity,
                      "offered" if old and name == "OBSOLETED" else "not offered", None, cwe)
              for name, cwe, severity in LISTS]
    if old:
        found.append(finding("supportedciphers_TLSv1", "INFO", "ECDHE-RSA-AES256-SHA ECDHE-RSA-AES128-SHA"))
    found += [finding("supportedciphers_TLSv1_2", "INFO", "ECDHE-RSA-AES256-GCM-SHA384 ECDHE-RSA-AES128-GCM-SHA256"),
              finding("supportedciphers_TLSv1_3", "INFO", "TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256 "
                                                          "TLS_AES_128_GCM_SHA256"),
              finding("cert_signatureAlgorithm", "OK", "SHA256 with RSA"),
              finding("cert_keySize", "INFO", "RSA 2048 bits (exponent is 65537)"),
              finding("cert_commonName", "OK", certificate_of(host).domain),
              finding("cert_trust", "OK", "Ok via SAN (same w/o SNI)"), finding("cert_chain_of_trust", "OK", "passed."),
              finding("cert_expirationStatus", "OK", f"{left} >= 60 days" if left >= 60 else f"expires < 60 days ({left})"),
              finding("cert_notAfter", "OK", f"{end} 23:59"),
              finding("HSTS", "OK", "730 days (=63072000 seconds) > 15552000 seconds")]
    found += [finding(ident, "OK", text, cve, cwe) for ident, text, cve, cwe in SOUND]
    found.append(finding("BEAST", "LOW", "VULNERABLE -- but also supports higher protocols  TLSv1.2 TLSv1.3 (likely mitigated)",
                         "CVE-2011-3389", "CWE-20") if old else
                 finding("BEAST", "OK", "not vulnerable, no SSL3 or TLS1", "CVE-2011-3389", "CWE-20"))
    found += [finding("fallback_SCSV", "OK", "supported" if old else "no protocol below TLS 1.2 offered"),
              finding("overall_grade", "MEDIUM" if old else "OK", "B" if old else "A+"), finding("scanTime", "INFO", "52")]
    return found


def scans(day):
    return [record for endpoint in ENDPOINTS for address in ADDRESSES[endpoint.host]
            for record in scan(endpoint.host, endpoint.port, address, day)]


def acm(day):
    certificates = []
    for certificate in CERTIFICATES:
        end = certificate.end(day)
        entry = {"CertificateArn": certificate.arn, "DomainName": certificate.domain,
                 "SubjectAlternativeNames": certificate.names, "Subject": f"CN={certificate.domain}", "Issuer": "Amazon",
                 "Status": "ISSUED" if end > day else "EXPIRED", "NotBefore": f"{end - timedelta(days=395)}T00:00:00+00:00",
                 "NotAfter": f"{end}T23:59:59+00:00", "KeyAlgorithm": "RSA-2048", "SignatureAlgorithm": "SHA256WITHRSA",
                 "InUseBy": [certificate.used_by] if certificate.used_by else [], "Type": "AMAZON_ISSUED",
                 "RenewalEligibility": "ELIGIBLE" if certificate.renewable else "INELIGIBLE",
                 "Options": {"CertificateTransparencyLoggingPreference": "ENABLED"}}
        certificates.append(entry)
    return {"Certificates": certificates}


def endpoints():
    owners = {"bookings.example.com": SERVICES[0].owner, "api.bookings.example.com": SERVICES[1].owner}
    rows = [[endpoint.host, endpoint.port, "internet", endpoint.purpose,
             (BY_NUMBER[owners[endpoint.host]] if endpoint.host in owners else holder("Head of Platform")).email, ""]
            for endpoint in ENDPOINTS]
    rows.append(["build.example.com", 8443, "office", "build machine", holder("Head of Platform").email,
                 "not scanned from outside"])
    return sheet(["host", "port", "reachable_from", "service", "owner", "note"], rows)


# -- Keys and storage --

def renewals(key, day):
    """Each year a day or so earlier, as the service does it."""
    at = key.created + timedelta(days=365)
    while at < day:
        yield at
        at += timedelta(days=365)


def kms(day):
    keys = []
    for key in KEYS:
        arn = key_arn(key.ident)
        entry = {"KeyMetadata": {
            "AWSAccountId": ACCOUNT, "KeyId": key.ident, "Arn": arn, "CreationDate": iso(moment(key.created, 9, 12)),
            "Enabled": key.state == "Enabled", "Description": key.name, "KeyUsage": key.usage, "KeyState": key.state,
            "Origin": "AWS_KMS", "KeyManager": "CUSTOMER" if key.custodian else "AWS", "CustomerMasterKeySpec": key.spec,
            "KeySpec": key.spec, "MultiRegion": False}}
        if key.renewable:
            off = key is REPORTING_KEY and day in ROTATION_OFF and placed.on("key-rotation-off")
            entry["KeyRotationEnabled"] = key.state == "Enabled" and not off
            if entry["KeyRotationEnabled"]:
                entry["RotationPeriodInDays"] = 365
            last = date(2022, 3, 21) if key.state == "Disabled" else day
            entry["Rotations"] = [{"KeyId": key.ident, "RotationDate": iso(moment(at, 10, 3)), "RotationType": "AUTOMATIC"}
                                  for at in renewals(key, last)]
        if key.custodian:
            entry["Tags"] = [{"TagKey": "custodian", "TagValue": person(key.custodian).email},
                             {"TagKey": "template", "TagValue": "marlowquay/platform"}]
        keys.append(entry)
    return {"Keys": keys, "Truncated": False}


def clusters():
    resource = RESOURCES[0]
    return {"DBClusters": [{
        "DBClusterIdentifier": resource.name, "DBClusterArn": resource.arn, "Engine": "aurora-postgresql",
        "EngineVersion": "16.4", "Status": "available", "ClusterCreateTime": "2022-03-14T10:20:31.402000+00:00",
        "MultiAZ": True, "StorageEncrypted": True,
        "KmsKeyId": key_arn(KEY_OF[resource.name].ident), "BackupRetentionPeriod": 7, "DeletionProtection": True}]}


def instances():
    def instance(name, kind, created, key, cluster=None):
        entry = {"DBInstanceIdentifier": name, "DBInstanceClass": kind,
                 "Engine": "aurora-postgresql" if cluster else "postgres",
                 "DBInstanceStatus": "available", "InstanceCreateTime": created, "StorageEncrypted": True,
                 "KmsKeyId": key_arn(key.ident), "PubliclyAccessible": False,
                 "DBInstanceArn": f"arn:aws:rds:{REGION}:{ACCOUNT}:db:{name}"}
        if cluster:
            entry["DBClusterIdentifier"] = cluster
        return entry

    main, reporting = RESOURCES[0], RESOURCES[1]
    return {"DBInstances": [
        instance(f"{main.name}-1", "db.r6g.large", "2022-03-14T10:31:07.118000+00:00", KEY_OF[main.name], main.name),
        instance(f"{main.name}-2", "db.r6g.large", "2022-03-14T10:32:44.870000+00:00", KEY_OF[main.name], main.name),
        instance(reporting.name, "db.m6g.large", "2021-11-22T13:05:52.035000+00:00", KEY_OF[reporting.name])]}


def buckets():
    def bucket(name, created, key=None, public=False):
        rule = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key_arn(key.ident)} if key else {"SSEAlgorithm": "AES256"}
        return {"Name": name, "CreationDate": created,
                "ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": rule,
                                                                 "BucketKeyEnabled": key is not None}]},
                "PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "IgnorePublicAcls": True,
                                                   "BlockPublicPolicy": not public, "RestrictPublicBuckets": not public},
                "PolicyStatus": {"IsPublic": public}}

    return {"Buckets": [
        bucket(RESOURCES[2].name, "2023-09-18T11:40:02+00:00", KEY_OF[RESOURCES[2].name]),
        bucket(EVIDENCE_STORE.name, "2024-05-06T09:15:40+00:00", KEY_OF[EVIDENCE_STORE.name]),
        bucket("marlowquay-logs", "2018-09-04T08:12:26+00:00"),
        bucket("marlowquay-site", "2019-02-11T15:51:13+00:00", public=True)]}


# -- The inventory and what goes --

class Store(NamedTuple):
    ident: str
    system: str
    resource: str
    data: str
    classification: str
    personal: bool
    owner: object  # a name, or a function of the day
    purpose: str
    retention: int  # days
    oldest: object  # days over or under the retention at which its oldest data stand, or a date
    hold: str = ""


def site_owner(day):
    return "Isolde Ferncastle" if day <= date(2025, 8, 27) else "Bram Kestleton"


STORES = [
    Store("DS-01", "Bookings", RESOURCES[0].arn, RESOURCES[0].holds, "CONFIDENTIAL", True, "Imani Thorsby",
          "running the service for clinics", 1095, -3),
    Store("DS-02", "Reporting", RESOURCES[1].arn, RESOURCES[1].holds, "CONFIDENTIAL", False, "Aurelio Wickstead",
          "figures for clinics and for planning", 1095, -2),
    Store("DS-03", "Documents", RESOURCES[2].arn, RESOURCES[2].holds, "CONFIDENTIAL", True, "Imani Thorsby",
          "invoices that clinics and the law want kept", 2557, date(2019, 3, 1)),
    Store("DS-04", "Audit evidence", EVIDENCE_STORE.arn, EVIDENCE_STORE.holds, "CONFIDENTIAL", True, "Noor Castellane",
          "showing auditors what was done", 1095, date(2024, 5, 6)),
    Store("DS-05", "Web site", "arn:aws:s3:::marlowquay-site", "pages and pictures", "PUBLIC", False, site_owner,
          "telling the world who we are", 3650, date(2019, 2, 11)),
    Store("DS-06", "Logs", "arn:aws:s3:::marlowquay-logs", "logs of load balancers and of the trail", "INTERNAL", False,
          "Callum Oyelaran", "finding faults and intruders", 1095, 2),
    Store("DS-07", "Google Workspace", "", "mail and documents of staff", "CONFIDENTIAL", True, "Tamsin Orchardson",
          "working together", 1095, -1),
    Store("DS-08", "HR system", "", "personnel records", "CONFIDENTIAL", True, "Petra Lindqvale", "employing people", 2190,
          -21),
    Store("DS-09", "Tallowtree Payroll", "", "pay slips and bank accounts", "CONFIDENTIAL", True, "Fergus Dallimore",
          "paying people", 2557, -30),
    # The dispute keeps the tickets of one clinic: older than their retention, and rightly so.
    Store("DS-10", "Support desk", "", "tickets of clinics", "CONFIDENTIAL", True, "Greta Nightwell", "helping clinics", 730,
          date(2022, 11, 14), "LH-2024-02"),
    Store("DS-11", "GitHub", "", "code and its history", "INTERNAL", False, "Imani Thorsby", "building the service", 3650,
          date(2017, 4, 10)),
    Store("DS-12", "Safe in the office", "", "signed contracts on paper", "CONFIDENTIAL", True, "Lorcan Whitmarsh",
          "proof of what was agreed", 3650, date(2017, 3, 20)),
]
INVENTORY = ["store_id", "system", "resource", "data", "classification", "personal_data", "owner", "purpose", "retention_days",
             "oldest_record", "legal_hold", "reviewed_on", "note"]


def inventory(day):
    rows = []
    for n, store in enumerate(STORES):
        owner = store.owner(day) if callable(store.owner) else store.owner
        oldest = store.oldest
        if not isinstance(oldest, date):
            oldest = day - timedelta(days=store.retention + oldest)
        rows.append([store.ident, store.system, store.resource, store.data, store.classification,
                     "yes" if store.personal else "no", person(owner).email, store.purpose, store.retention, oldest, store.hold,
                     day - timedelta(days=n % 4), ""])
    return sheet(INVENTORY, rows)


DISPOSALS = ["disposal_id", "store_id", "data", "reason", "due_on", "disposed_at", "method", "records", "done_by",
             "verified_by", "verified_at", "note"]
# Store, data, reason, due, days before it that it was done, how, records, by whom, verified by whom and how many days later.
DISPOSED = [
    ("DS-01", "clinic 2207", "end of contract", "2025-01-31", 3, "deleted", 48113, "Hugo Pellingham", "Bastian Fairwell", 1),
    ("DS-12", "contracts of clinics that left before 2015", "retention", "2025-02-28", 10, "destroyed", 31, "Ines Quarrington",
     "Lorcan Whitmarsh", 0),
    ("DS-03", "letters of clinic 2207", "end of contract", "2025-01-31", 3, "deleted", 9120, "Hugo Pellingham",
     "Bastian Fairwell", 1),
    ("DS-06", "logs of 2021", "retention", "2025-03-31", 5, "deleted", None, "job", None, None),
    ("DS-01", "clinic 1180", "end of contract", "2025-05-15", 1, "deleted", 20554, "Hugo Pellingham", "Delphine Marchbank", 2),
    ("DS-07", "mailbox of M. Astbury", "retention", "2025-05-21", 2, "deleted", 1, "Tamsin Orchardson", "Elske Moorcroft", 5),
    ("DS-01", "backup set of the cluster before 2022", "replacement", "2025-06-30", 12, "key destroyed", None,
     "Sunniva Achterberg", "Callum Oyelaran", 1),
    ("DS-08", "application papers of the first half of 2024", "retention", "2025-07-31", 4, "deleted", 212, "Jasper Longbourne",
     "Petra Lindqvale", 3),
    ("DS-01", "clinic 3015", "end of contract", "2025-08-29", 0, "deleted", 77290, "Hugo Pellingham", "Bastian Fairwell", 4),
    ("DS-03", "letters of clinic 3015", "end of contract", "2025-08-29", 0, "deleted", 15233, "Hugo Pellingham",
     "Bastian Fairwell", 4),
    ("DS-02", "figures of a clinic that asked for it", "request", "2025-10-24", 6, "deleted", 1460, "Hugo Pellingham",
     "Sanne Hollowell", 1),
    ("DS-10", "tickets of clinics that left in 2023", "retention", "2025-11-28", 8, "deleted", 804, "Oluwaseun Pryke",
     "Greta Nightwell", 3),
    ("DS-07", "mailbox of O. Harkaway", "retention", "2025-12-10", 1, "deleted", 1, "Tamsin Orchardson", "Elske Moorcroft", 1),
]
MEDIA = ["record_id", "asset", "medium", "retired_on", "wiped_at", "method", "certificate", "done_by", "note"]
# Asset, medium, retired, days until it was wiped, how, certificate. Nothing was retired in the second quarter.
RETIRED = [
    ("LT-0117", "laptop", "2025-01-20", 2, "key destroyed", "WC-25-004", "battery swollen"),
    ("LT-0121", "laptop", "2025-02-24", 1, "key destroyed", "WC-25-009", "returned by a leaver, too old to be given out again"),
    ("DK-0031", "disk", "2025-02-24", 11, "destroyed", "SH-2025-118", "could not be read any more; fetched by the contractor"),
    ("PH-0042", "telephone", "2025-07-16", 1, "factory reset", "WC-25-031", "returned by a leaver"),
    ("LT-0130", "laptop", "2025-09-08", 4, "key destroyed", "WC-25-037", "screen broken"),
    ("PA-2025-1", "paper", "2025-11-17", 9, "shredded", "SH-2025-701", "drafts of contracts, in a sealed bin"),
    ("PH-0051", "telephone", "2025-11-05", 12, "destroyed", "SH-2025-688", "Tomasz Wrenlow's, lost and found again broken"),
]


def disposals(quarter):
    rows = []
    for n, (store, data, reason, due, ahead, method, records, by, verifier, later) in enumerate(DISPOSED):
        day = date.fromisoformat(due)
        if quarter_of(day) != quarter:
            continue
        done = day - timedelta(days=ahead)
        rows.append([f"D-2025-{n + 1:02}", store, data, reason, due, iso(moment(done, 9 + n % 6, 7 * n % 60)), method, records,
                     by if by == "job" else person(by).email, person(verifier).email if verifier else "",
                     iso(moment(done + timedelta(days=later), 16, 5 * n % 60)) if verifier else "", ""])
    return rows


def media(quarter):
    rows = []
    for n, (asset, medium, retired, wait, method, certificate, note) in enumerate(RETIRED):
        day = date.fromisoformat(retired)
        if quarter_of(day) == quarter:
            rows.append([f"M-2025-{n + 1:02}", asset, medium, retired, iso(moment(day + timedelta(days=wait), 14, 11 * n % 60)),
                         method, certificate, person("Tamsin Orchardson").email, note])
    return rows


# -- Documents --

DOCUMENTS = {
    "key-management": (
        "Key management procedure", "3", date(2024, 6, 11), date(2025, 6, 3),
        "Keys are made by the platform's templates and never leave the key management service. Whoever administers a key "
        "cannot use it. Each key has a custodian, named in a tag. Keys are renewed every year; a key that may have become known is "
        "replaced on the same day, and what it protected is encrypted anew. Keys are disabled for ninety days before they are "
        "deleted."),
    "cryptography-standard": (
        "Cryptography standard", "2", date(2024, 6, 11), date(2025, 6, 3),
        "On the way: TLS 1.2 or newer, with the ciphers of the load balancers' current policy. At rest: AES with 256 bits. "
        "Signatures: P-256 or RSA with 2048 bits and more. Nothing is invented at home."),
}


def documents(quarter):
    end = quarter_days(quarter)[-1]
    for name, (title, version, before, renewed, text) in DOCUMENTS.items():
        approved, minor = (renewed, 1) if renewed <= end else (before, 0)
        replaced = {"replaces": f"{version}.0", "replaces_approved_at": str(before)} if minor else {}
        version = f"{version}.{minor}"
        yield (f"documents/{name}-{quarter}.md",
               f"# {title}\n\nVersion {version}, Marlowquay Ltd (an invented company)\n\n{text}\n",
               {"document": name, "title": title, "category": "policy", "version": version,
                "owner": holder("Head of Security").email, "approved_by": person("Ottoline Varga").email,
                "approved_at": str(approved), **replaced})


def files(draw):
    del draw
    for day in MONTHLY:
        yield f"tls/testssl-{day}.json", scans(day), None
        if day == UNREACHED:  # the job was run again
            yield f"tls/testssl-{REPEATED}.json", scans(REPEATED), None
        yield f"aws/certificates-{day}.json", acm(day), None
        yield f"aws/kms-keys-{day}.json", kms(day), None
        yield f"aws/db-clusters-{day}.json", clusters(), None
        yield f"aws/db-instances-{day}.json", instances(), None
        yield f"aws/s3-buckets-{day}.json", buckets(), None
    for day in REGISTERED:
        yield f"registers/endpoints-{day}.csv", endpoints(), {"collected_by": "Callum Oyelaran",
                                                                "records": len(ENDPOINTS) + 1}
    for day in INVENTORIED:
        yield f"registers/data-inventory-{day}.csv", inventory(day), {"collected_by": "Lorcan Whitmarsh",
                                                                     "records": len(STORES)}
    for quarter in QUARTERS:
        for name, header, rows in (("disposals", DISPOSALS, disposals(quarter)), ("media", MEDIA, media(quarter))):
            collector = "Lorcan Whitmarsh" if name == "disposals" else "Tamsin Orchardson"
            yield f"disposal/{name}-{quarter}.csv", sheet(header, rows), {"collected_by": collector, "records": len(rows)}
        yield from documents(quarter)
