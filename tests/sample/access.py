"""Exports of who may do what and who did: access requests, the role matrix, permissions and policies of AWS, the gate of
deployments, roles of the cluster, privileged sessions with sudo's log and CloudTrail, and the firewall rules."""

import hashlib
from datetime import date, timedelta

import company
import placed
from company import ACCOUNT, FRIDAYS, MONTHS, PEOPLE, QUARTERS, REGION, Lines, iso, moment, person, sheet

POLICY = f"arn:aws:iam::{ACCOUNT}:policy/"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/"
EXPORT_DAYS = [next(day for day in FRIDAYS if day.month == month) for _, month in MONTHS]  # the first Friday of each month
REGISTER_DAYS = [date(2025, 1, 6), date(2025, 4, 7), date(2025, 7, 7), date(2025, 10, 6)]
IT, NOOR, CALLUM = person("Tamsin Orchardson"), person("Noor Castellane"), person("Callum Oyelaran")
KOFI, FELIX = person("Kofi Branscombe"), person("Felix Quennell")
# Kofi may read production for an investigation; the review of April decides that reading the logs is enough.
LENT, LENT_FROM = POLICY + "ProductionRead", date(2025, 4, 8)
SELF_APPROVED = "PS-2025-0807"

PLACED = [
    placed.Placed(
        "excess-grant", "a permission that was lent for an investigation was not taken back when the review said so",
        [("2025-Q2", "CC6.3-01.1", f"aws-permissions/{KOFI.email}: {LENT}", "exception",
          "aws/authorization-details-2025-05-02.json")],
        f"`aws/authorization-details-2025-05-02.json` and `-06-06`, `{KOFI.email}`: `ProductionRead` is attached to the user "
        "himself; `access-review/review-2025-Q2.csv` decided to reduce"),
    placed.Placed(
        "unapproved-privilege", "a privileged session was approved by the one who used it",
        [("2025-Q3", "CC6.3-04.1", f"session {SELF_APPROVED}", "exception", "privilege/sessions-2025-08.csv")],
        f"`privilege/sessions-2025-08.csv`, `{SELF_APPROVED}`: `approved_by` is the `user`"),
]


# -- Access requests --

REQUESTS = ["request_id", "request_type", "system", "account", "account_type", "permission", "requested_by", "requested_at",
            "decision", "decided_by", "decided_at", "carried_out_by", "carried_out_at", "comment"]


def working_days_before(day, count):
    while count > 0:
        day -= timedelta(days=1)
        count -= company.is_working_day(day)
    return day


def request(wish, system, account, permission, requester, done, comment="", decision="approved", kind="person"):
    """One request: asked for four working days ahead, approved the day after by the Head of Security, or, where she asked
    herself, by the Head of Platform."""
    approver = CALLUM if requester is NOOR else NOOR
    asked = moment(working_days_before(done.date(), 4), 9, 10)
    decided = moment(working_days_before(done.date(), 3), 14, 20)
    carried_out = [IT.email, iso(done)] if decision == "approved" else ["", ""]
    return (done, [wish, system, account, kind, permission, requester.email, iso(asked), decision, approver.email, iso(decided),
                   *carried_out, comment])


def requests():
    """Every request that was closed in the year, as (when, line without its number)."""
    for someone in company.joiners():
        boss = someone.boss()
        yield request("grant", "okta", someone.email, "", boss, someone.created())
        yield request("grant", "google-workspace", someone.email, "", boss, someone.created("google-workspace"))
        if someone.aws:
            yield request("grant", "aws-iam", someone.email, "", boss, someone.created("aws-iam"))
            for group in groups_of(someone):
                yield request("grant", "aws-permissions", someone.email, group, boss, moment(someone.hired, 10, 5))
    for someone in company.leavers():
        if someone.ended.year != company.YEAR:
            continue
        at = moment(someone.ended, 17, 10)
        for system in ("okta", "google-workspace") + (("aws-iam",) if someone.aws else ()):
            yield request("revoke", system, someone.email, "", someone.boss(), at)
    yield request("grant", "aws-permissions", KOFI.email, LENT, NOOR, moment(LENT_FROM, 11, 30),
                  "looking into refused sign-ins, until May")
    back = moment(date(2025, 7, 1), 15, 40) if placed.on("excess-grant") else moment(date(2025, 4, 30), 15, 40)
    yield request("revoke", "aws-permissions", KOFI.email, LENT, NOOR, back)
    yield request("grant", "aws-permissions", person("Adaeze Holmroyd").email, "platform", person("Bastian Fairwell"),
                  moment(date(2025, 9, 17), 10), "deployments go through the pipeline", "refused")
    yield request("revoke", "aws-iam", FELIX.email, "", person("Bastian Fairwell"), moment(date(2025, 11, 3), 11, 31),
                  "access review of the fourth quarter")


def request_logs():
    closed = sorted(requests(), key=lambda found: (found[0], found[1]))
    for quarter in QUARTERS:
        rows = [[f"AQ-{2201 + n}", *row] for n, (at, row) in enumerate(closed) if company.quarter_of(at) == quarter]
        yield f"access/requests-{quarter}.csv", sheet(REQUESTS, rows), {
            "collected_by": IT.name, "collected_at": iso(moment(company.quarter_days(quarter)[-1], 16)), "records": len(rows)}


# -- AWS --

GROUPS = {  # group: its policies
    "staff": ["OwnCredentials"],
    "engineers": ["SourceWrite", "StagingAccess"],
    "platform": ["ProductionDeploy", "ProductionRead", "StagingAccess"],
    "security": ["LogRead", "ProductionRead"],
    "analysts": ["LogRead"],
    "it": ["UserAdministration"],
}
GROUP_BY_TITLE = {
    "Head of Engineering": "engineers", "Lead Engineer": "engineers", "Engineer": "engineers",
    "Head of Platform": "platform", "Platform Engineer": "platform", "Site Reliability Engineer": "platform",
    "Database Engineer": "platform", "Head of Security": "security", "Security Engineer": "security",
    "Security Analyst": "analysts", "IT Administrator": "it",
}
OWN = "arn:aws:iam::*:user/${aws:username}"
CLUSTER = f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/"
POLICIES = {  # policy: its statements
    "OwnCredentials": [("AllowOwn", ["iam:ChangePassword", "iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:UpdateAccessKey",
                                     "iam:EnableMFADevice", "iam:ListAccessKeys"], OWN),
                       ("AllowLook", "iam:GetAccountPasswordPolicy", "*")],
    "SourceWrite": [("AllowImages", ["ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart"],
                     f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/bookings-*")],
    "StagingAccess": [("AllowStaging", ["ecs:*", "logs:FilterLogEvents", "logs:GetLogEvents"], CLUSTER + "staging/*")],
    "ProductionDeploy": [("AllowDeploy", ["ecs:UpdateService", "ecs:DescribeServices"], CLUSTER + "production/*"),
                         ("AllowTaskRole", "iam:PassRole", ROLE + "bookings-task")],
    "ProductionRead": [("AllowRead", ["ecs:Describe*", "rds:Describe*", "cloudwatch:GetMetricData", "logs:FilterLogEvents"],
                        "*")],
    "LogRead": [("AllowLogs", ["cloudtrail:LookupEvents", "logs:FilterLogEvents", "iam:Get*", "iam:List*"], "*")],
    "UserAdministration": [("AllowUsers", ["iam:CreateUser", "iam:DeleteUser", "iam:CreateLoginProfile",
                                           "iam:DeleteLoginProfile", "iam:AddUserToGroup", "iam:RemoveUserFromGroup"],
                            f"arn:aws:iam::{ACCOUNT}:user/*")],
    "PipelineDeploy": [("AllowPipeline", "sts:AssumeRole", ROLE + "pipeline")],
    "PipelineRole": [("AllowDeploy", ["ecs:UpdateService", "ecs:RegisterTaskDefinition", "ecs:DescribeServices"], "*"),
                     ("AllowTaskRole", "iam:PassRole", ROLE + "bookings-task")],
    "BackupRead": [("AllowBackups", ["backup:ListBackupJobs", "backup:DescribeBackupJob"], "*")],
    "TaskAccess": [("AllowDocuments", ["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::marlowquay-documents/*")],
}
SERVICE_POLICIES = {"deploy-pipeline": ["PipelineDeploy"], "backup-monitor": ["BackupRead"]}
ROLES = {  # role: who may take it on, on what condition, its policies
    "administrator": ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
                      ["arn:aws:iam::aws:policy/AdministratorAccess"]),
    "bookings-task": ({"Service": "ecs-tasks.amazonaws.com"}, None, [POLICY + "TaskAccess"]),
    "pipeline": ({"AWS": f"arn:aws:iam::{ACCOUNT}:user/deploy-pipeline"}, None, [POLICY + "PipelineRole"]),
}
MADE = "2021-02-08T10:00:00+00:00"


def groups_of(someone):
    return ["staff", GROUP_BY_TITLE[someone.title]]


def attached(arns):
    return [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in arns]


def user(name, created, groups, arns):
    return {"UserName": name, "Arn": f"arn:aws:iam::{ACCOUNT}:user/{name}", "CreateDate": created, "GroupList": groups,
            "AttachedManagedPolicies": attached(arns)}


def users(day):
    for someone in PEOPLE:
        if not someone.aws or not someone.works(day):
            continue
        taken_back = date(2025, 7, 1) if placed.on("excess-grant") else date(2025, 4, 30)
        lent = someone is KOFI and LENT_FROM <= day <= taken_back
        yield user(someone.email, someone.created("aws-iam").strftime("%Y-%m-%dT%H:%M:%S+00:00"), groups_of(someone),
                   [LENT] if lent else [])
    for account in company.SERVICE_ACCOUNTS:
        if account.source == "aws-iam":
            yield user(account.login, f"{account.created}T09:00:00+00:00", [],
                       [POLICY + name for name in SERVICE_POLICIES[account.login]])


def document(statements):
    return {"Version": "2012-10-17", "Statement": [{"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource}
                                                   for sid, actions, resource in statements]}


def policy(arn, statements):
    return {"PolicyName": arn.rpartition("/")[2], "Arn": arn, "DefaultVersionId": "v1",
            "PolicyVersionList": [{"Document": document(statements), "VersionId": "v1", "IsDefaultVersion": True}]}


def trust(principal, condition):
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [{**statement, "Condition": condition} if condition else statement]}


def authorization_details(day):
    groups = [{"GroupName": name, "Arn": f"arn:aws:iam::{ACCOUNT}:group/{name}", "CreateDate": MADE, "GroupPolicyList": [],
               "AttachedManagedPolicies": attached(POLICY + policy for policy in policies)}
              for name, policies in GROUPS.items()]
    roles = [{"RoleName": name, "Arn": ROLE + name, "CreateDate": MADE,
              "AssumeRolePolicyDocument": trust(principal, condition), "RolePolicyList": [],
              "AttachedManagedPolicies": attached(arns)} for name, (principal, condition, arns) in ROLES.items()]
    policies = [policy(POLICY + name, statements) for name, statements in POLICIES.items()]
    policies.append(policy("arn:aws:iam::aws:policy/AdministratorAccess", [("All", "*", "*")]))
    return {"UserDetailList": list(users(day)), "GroupDetailList": groups, "RoleDetailList": roles, "Policies": policies}


# -- Registers --

def role_matrix():
    """What each job title needs; what is in no group of AWS needs its place in Okta alone."""
    rows = []
    for title in sorted({someone.title for someone in PEOPLE}):
        rows.append([title, "okta", "staff", "sign-in to mail, documents and the handbook"])
        if title in GROUP_BY_TITLE:
            names = sorted(set(GROUPS["staff"] + GROUPS[GROUP_BY_TITLE[title]]))
            rows += [[title, "aws-permissions", POLICY + name, "own password and keys" if name == "OwnCredentials" else
                      f"work of the {GROUP_BY_TITLE[title]}"] for name in names]
    for login, names in SERVICE_POLICIES.items():
        rows += [[f"service account {login}", "aws-permissions", POLICY + name, "see the register"] for name in names]
    return sheet(["role", "system", "permission", "needed_for"], rows)


def service_accounts():
    owners = company.BY_NUMBER
    return sheet(["system", "service_account", "owner", "purpose"],
                 [[account.source, account.login, owners[account.owner].email, account.purpose]
                  for account in company.SERVICE_ACCOUNTS])


# -- The gate of deployments, and the cluster --

GATE = '''// Policies of the deployment gate, as it has loaded them.

@id("engineers-staging")
permit (
  principal in Role::"engineer",
  action in [Action::"deploy", Action::"plan"],
  resource == Environment::"staging"
);

@id("platform-production")
permit (
  principal in Role::"platform",
  action == Action::"deploy",
  resource == Environment::"production"
)
when { context.change.approved && context.change.approver != principal };

// Both teams may look at every plan.
@id("plans")
permit (
  principal,
  action in [Action::"view", Action::"plan"],
  resource
);

@id("freeze")
forbid (principal, action == Action::"deploy", resource == Environment::"production")
when { context.frozen };
'''
HOT_FIX = '''
// Since August: a fix for an incident may be deployed by whoever is on call, and still needs an approval.
@id("on-call-production")
permit (
  principal in Role::"on-call",
  action == Action::"deploy",
  resource == Environment::"production"
)
when {
  context.change.approved &&
  context.change.approver != principal
};
'''


def gate(day):
    return GATE + (HOT_FIX if day >= date(2025, 8, 1) else "")


def kubernetes_object(kind, name, namespace, body):
    where = f"name: {name}" + (f", namespace: {namespace}" if namespace else "")
    return f"- apiVersion: rbac.authorization.k8s.io/v1\n  kind: {kind}\n  metadata: {{{where}}}\n{body}"


def rules(*found):
    return "  rules:\n" + "".join(f"  - {{apiGroups: [{groups}], resources: [{resources}], verbs: [{verbs}]}}\n"
                                  for groups, resources, verbs in found)


def binding(role, *subjects):
    head = f"  roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {role.partition('/')[0]}, name: {role.partition('/')[2]}}}\n"
    return head + "  subjects:\n" + "".join(f"  - {{{subject}}}\n" for subject in subjects)


def group(name):
    return f'apiGroup: rbac.authorization.k8s.io, kind: Group, name: "{name}"'


def cluster():
    machine = 'apiGroup: rbac.authorization.k8s.io, kind: User, name: "system:kube-proxy"'
    objects = [
        ("Role", "reader", "production", rules(('""', "pods, pods/log, services, events", "get, list, watch"),
                                               ("apps", "deployments, replicasets", "get, list, watch"))),
        ("Role", "developer", "staging", rules(('""', "pods, pods/log, pods/exec, services, configmaps", '"*"'),
                                               ("apps", "deployments", '"*"'))),
        ("ClusterRole", "cluster-admin", None, rules(('"*"', '"*"', '"*"'))),
        ("ClusterRole", "deployer", None, rules(("apps", "deployments", "get, list, patch, update"),
                                                ('""', "configmaps, services", "get, create, update"))),
        ("ClusterRole", "system:node-proxier", None, rules(('""', "endpoints, services, nodes", "get, list, watch"),
                                                           ('""', "events", "create, patch"))),
        ("RoleBinding", "engineers", "production", binding("Role/reader", group("engineers"), group("platform"))),
        ("RoleBinding", "pipeline", "production", binding("ClusterRole/deployer",
                                                          "kind: ServiceAccount, name: pipeline, namespace: delivery")),
        ("RoleBinding", "engineers", "staging", binding("Role/developer", group("engineers"))),
        ("RoleBinding", "pipeline", "staging", binding("ClusterRole/deployer",
                                                       "kind: ServiceAccount, name: pipeline, namespace: delivery")),
        ("ClusterRoleBinding", "cluster-admin", None, binding("ClusterRole/cluster-admin", group("system:masters"))),
        ("ClusterRoleBinding", "system:node-proxier", None, binding("ClusterRole/system:node-proxier", machine)),
    ]
    return "apiVersion: v1\nkind: List\nitems:\n" + "".join(
        kubernetes_object(kind, f'"{name}"' if ":" in name else name, namespace, body)
        for kind, name, namespace, body in objects)


# -- Privileged sessions, and what was done in them --

SESSIONS = ["session_id", "user", "role", "reason", "requested_at", "approved_by", "approved_at", "started_at", "ended_at"]
PURPOSES = {
    "machine-administrator": [("restart the reminder worker", "/usr/bin/systemctl restart reminders"),
                              ("look into a full disk", "/usr/bin/du -xh --max-depth=2 /var"),
                              ("install security updates", "/usr/bin/apt-get upgrade -y"),
                              ("read the log of the import", "/usr/bin/journalctl -u import --since today")],
    "administrator": [("widen the storage of the reporting database", "rds.amazonaws.com", "ModifyDBInstance"),
                      ("renew a parameter of the cluster", "rds.amazonaws.com", "ModifyDBClusterParameterGroup"),
                      ("change an alarm", "monitoring.amazonaws.com", "PutMetricAlarm"),
                      ("set the life cycle of old images", "ecr.amazonaws.com", "PutLifecyclePolicy")],
}


def sessions():
    """All sessions of the year: (id, who, role, purpose, approver, start, end), one to three on most working days' week."""
    number = 0
    for year, month in MONTHS:
        for n, day in enumerate(company.working_days(year, month)):
            if n % 2 == 1:
                continue
            chance = company.chances(f"session/{day}")
            able = [someone for someone in PEOPLE if someone.department == "Platform" and someone.github and someone.present(day)]
            approvers = [someone for someone in (CALLUM, NOOR, person("Ruben Ashdowne"), person("Elske Moorcroft"))
                         if someone.present(day)]
            who = able[chance[0] % len(able)]
            approver = next(someone for someone in approvers if someone is not who)
            number += 1
            ident = f"PS-2025-{month:02}{number % 100:02}"
            role = "administrator" if chance[1] % 3 == 0 else "machine-administrator"
            start = moment(day, 9 + chance[2] % 6, chance[3] % 60)
            end = start + timedelta(minutes=30 + 10 * (chance[3] % 24))
            if month == 8 and n == 12:
                ident = SELF_APPROVED
                approver = who if placed.on("unapproved-privilege") else approver
            yield ident, who, role, PURPOSES[role][chance[1] % 4], approver, start, end
        number = 0


def session_rows(month):
    for ident, who, role, purpose, approver, start, end in sessions():
        if start.month == month:
            yield [ident, who.email, role, purpose[0], iso(start - timedelta(minutes=25)), approver.email,
                   iso(start - timedelta(minutes=9)), iso(start), iso(end)]
    if month == 3:  # asked for and not given
        yield ["PS-2025-0390", FELIX.email, "administrator", "try out a larger database", "2025-03-18T10:02:00Z", "", "", "", ""]


def sudo_lines(year, month):
    """What sudo wrote on the machine that the others are reached from, in the order of time."""
    lines = []

    def ran(at, login, command, process, reason="", run_as="root", home=None):
        lines.append((at, f"bastion sudo[{process}]: {login} : {reason}TTY={'unknown' if login == 'backup' else 'pts/0'} ; "
                          f"PWD=/home/{home or login} ; USER={run_as} ; COMMAND={command}"))

    for ident, who, role, purpose, _, start, end in sessions():
        if start.month != month or role != "machine-administrator":
            continue
        process = 2000 + int(ident[-4:])
        at = start + timedelta(minutes=4)
        ran(at, who.github, purpose[1], process)
        lines.append((at, f"bastion sudo[{process}]: pam_unix(sudo:session): session opened for user root(uid=0) by "
                          f"{who.github}(uid={who.number[1:]})"))
        lines.append((at + timedelta(seconds=40), f"bastion sudo[{process}]: pam_unix(sudo:session): session closed for user "
                                                  "root"))
        ran(end - timedelta(minutes=3), who.github, "/usr/bin/systemctl status", process + 5000)
    for day in company.month_days(year, month)[::7]:
        ran(moment(day, 2, 30), "backup", "/usr/local/bin/check-backups", 900 + day.day)
    if month in (2, 6, 10):  # somebody tries what is not theirs; refused
        ran(moment(company.working_days(year, month)[6], 16, 12), "twrenlow", "/usr/bin/tail /var/log/auth.log", 1700,
            "user NOT in sudoers ; ")
    if month in (5, 11):
        ran(moment(company.working_days(year, month)[3], 9, 2), "sunniva-a", "/usr/bin/systemctl status", 1710,
            "3 incorrect password attempts ; ")
    for at, text in sorted(lines):
        yield f"{at:%Y-%m-%dT%H:%M:%S}+00:00 {text}\n"


# -- CloudTrail --

def trail_event(at, identity, source, name, kind, address="198.51.100.24", **more):
    seed = f"{at}{identity}{source}{name}{more}".encode()
    text = hashlib.sha1(seed).hexdigest()
    ident = f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:32]}"
    return {"eventTime": iso(at), "eventSource": source, "eventName": name, "userIdentity": identity,
            "sourceIPAddress": address, "eventID": ident, "eventType": kind, **more}


def assumed(role, session):
    return {"type": "AssumedRole", "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}"}


def last_of_week(someone, day):
    """The sign-in to the console of a day, if it is the one that the next Friday's credential report shows, else None. The
    others of the week are left out, which keeps the trail small."""
    later = company.days(day, day + timedelta(days=(3 - day.weekday()) % 7))[1:]
    if any(company.signed_in_to_aws(someone, at) for at in later):
        return None
    return company.signed_in_to_aws(someone, day)


def trail_of_day(day, taken):
    """One day's events in the order of time. For scaled evidence each repeats under other names and numbers."""
    events = []
    for someone in company.everyone():
        at = last_of_week(someone, day)
        if at is not None:
            events.append(trail_event(
                at, {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/{someone.email}"}, "signin.amazonaws.com",
                "ConsoleLogin", "AwsConsoleSignIn", responseElements={"ConsoleLogin": "Success"},
                additionalEventData={"MFAUsed": "Yes"}))
    for n in range(company.SCALE):
        if company.is_working_day(day) and day.weekday() in (1, 3):
            events.append(trail_event(moment(day, 14, company.chances(f"trail/{day}")[0] % 60), assumed("pipeline", f"run-{n}"),
                                      "ecs.amazonaws.com", "UpdateService", "AwsApiCall"))
        if day.weekday() == 6:
            events.append(trail_event(moment(day, 2, 5), {"type": "AWSService", "invokedBy": "backup.amazonaws.com"},
                                      "backup.amazonaws.com", "BackupJobCompleted", "AwsServiceEvent",
                                      address="backup.amazonaws.com", sharedEventID=str(n)))
    for who, purpose, start, end in taken:
        refused = company.chances(f"refused/{start}")[0] % 8 == 0
        more = {"errorCode": "AccessDenied"} if refused else {}
        events.append(trail_event(start + timedelta(minutes=6), assumed("administrator", who.email), *purpose[1:], "AwsApiCall",
                                  **more))
        events.append(trail_event(end - timedelta(minutes=2), assumed("administrator", who.email), purpose[1],
                                  "DescribeEvents" if purpose[1].startswith("rds") else "DescribeAlarms", "AwsApiCall"))
    if day == FELIX.aws_closed:
        events.append(trail_event(moment(day, 11, 31), {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/{IT.email}"},
                                  "iam.amazonaws.com", "DeleteLoginProfile", "AwsApiCall",
                                  requestParameters={"userName": FELIX.email}))
    return sorted(events, key=lambda event: (event["eventTime"], event["eventID"]))


def trail(year, month):
    taken = {}
    for _, who, role, purpose, _, start, end in sessions():
        if role == "administrator":
            taken.setdefault(start.date(), []).append((who, purpose, start, end))
    for day in company.month_days(year, month):
        yield from trail_of_day(day, taken.get(day, []))


# -- The firewall --

SECURITY_GROUPS = [  # id, name, what it lets in: protocol, from, to, addresses, groups
    ("sg-0a11c0ffee000001", "load-balancer", [("tcp", 443, 443, ["0.0.0.0/0", "::/0"], []), ("tcp", 80, 80, ["0.0.0.0/0"], [])]),
    ("sg-0a11c0ffee000002", "bookings-web", [("tcp", 8080, 8080, [], ["sg-0a11c0ffee000001"])]),
    ("sg-0a11c0ffee000003", "bookings-main", [("tcp", 5432, 5432, [], ["sg-0a11c0ffee000002", "sg-0a11c0ffee000005"])]),
    ("sg-0a11c0ffee000004", "reporting", [("tcp", 5432, 5432, [], ["sg-0a11c0ffee000002"])]),
    ("sg-0a11c0ffee000005", "bastion", []),  # reached by the session manager, which needs no open port
    ("sg-0a11c0ffee000006", "staging-web", [("tcp", 443, 443, ["198.51.100.0/24"], [])]),
    ("sg-0a11c0ffee000007", "staging-database", [("tcp", 5432, 5432, [], ["sg-0a11c0ffee000006"])]),
    ("sg-0a11c0ffee000008", "cluster-nodes", [("-1", None, None, [], ["sg-0a11c0ffee000008"])]),
]


def permission(protocol, low, high, addresses, groups):
    ports = {} if low is None else {"FromPort": low, "ToPort": high}
    return {"IpProtocol": protocol, **ports, "IpRanges": [{"CidrIp": found} for found in addresses if ":" not in found],
            "Ipv6Ranges": [{"CidrIpv6": found} for found in addresses if ":" in found],
            "UserIdGroupPairs": [{"GroupId": found, "UserId": ACCOUNT} for found in groups], "PrefixListIds": []}


def security_groups():
    anywhere = permission("-1", None, None, ["0.0.0.0/0"], [])
    return {"SecurityGroups": [
        {"GroupId": ident, "GroupName": name, "Description": name, "OwnerId": ACCOUNT, "VpcId": "vpc-0b00c1ng5",
         "IpPermissions": [permission(*found) for found in allowed], "IpPermissionsEgress": [anywhere]}
        for ident, name, allowed in SECURITY_GROUPS]}


def files(draw):
    """Every file of this part: path, content, and what its sidecar says (or None)."""
    yield from request_logs()
    for day in REGISTER_DAYS:
        for name, text, keeper in (("role-matrix", role_matrix(), NOOR), ("service-accounts", service_accounts(), CALLUM)):
            yield f"access/{name}-{day}.csv", text, {
                "collected_by": keeper.name, "collected_at": iso(moment(day, 9, 30)), "records": text.count("\n") - 1}
    for day in EXPORT_DAYS:
        exported = {"collected_by": "export job", "collected_at": iso(moment(day, 6, 5))}
        yield f"aws/authorization-details-{day}.json", authorization_details(day), exported
        yield f"aws/security-groups-{day}.json", security_groups(), exported
        yield f"gate/policies-{day}.cedar", gate(day), exported
        yield f"kubernetes/rbac-{day}.yaml", cluster(), exported
    for year, month in MONTHS:
        name = f"{year}-{month:02}"
        yield f"privilege/sessions-{name}.csv", sheet(SESSIONS, session_rows(month)), None
        yield f"sudo/bastion-{name}.log", Lines(sudo_lines(year, month)), None
        yield f"aws/cloudtrail-{name}.json", {"Records": trail(year, month)}, None
