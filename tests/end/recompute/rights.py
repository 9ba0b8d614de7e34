"""CC6.3-01 and CC6.3-02: rights in AWS, at the gate of deployments and in the cluster, and whether work needs them."""
import fnmatch
import json
import re

from . import blocks
from .raw import accounts, employed, logins_of, newest_before, roster_at, rosters
from .results import recomputes
from .words import listed

SYSTEM = "aws-permissions"


def exports(quarter):
    return quarter.documents("aws/authorization-details-*.json")


def described(document):
    return {user["UserName"]: user for user in document["UserDetailList"]}


def attached(holder):
    """What is attached to a holder itself: policies by their full name, and the ones written for it alone."""
    own = next((holder[key] for key in ("UserPolicyList", "GroupPolicyList", "RolePolicyList") if key in holder), [])
    return [policy["PolicyArn"] for policy in holder["AttachedManagedPolicies"]] + [policy["PolicyName"] for policy in own]


def holdings(document):
    """(login, permission, group or nothing) of everything that a user holds, itself or through a group."""
    groups = {group["GroupName"]: attached(group) for group in document["GroupDetailList"]}
    for login, user in described(document).items():
        yield from ((login, permission, "") for permission in attached(user))
        yield from ((login, permission, group) for group in user["GroupList"] for permission in groups[group])


def matrix(quarter, at):
    rows = newest_before(quarter.tables("access/role-matrix-*.csv"), at)
    return {row["role"] for row in rows}, {(row["role"], row["permission"]) for row in rows if row["system"] == SYSTEM}


def role_of(quarter, login, at):
    """The title that the roster gave a login's holder then, or that of a registered service account; None for nobody."""
    number = logins_of(quarter.programme).get(login.lower())
    for person in roster_at(quarter, at):
        if number is not None and person["id"] == number:
            return person["title"] if employed(person, at) else None
    register = newest_before(quarter.tables("access/service-accounts-*.csv"), at)
    return f"service account {login}" if any(row["service_account"] == login for row in register) else None


@recomputes("CC6.3-01.1")
def permissions_are_needed(quarter, parameters, result):
    wrong, unknown, every = set(), set(), set()
    for at, document in exports(quarter):
        _, needed = matrix(quarter, at)
        for item in holdings(document):
            every.add(item)
            role = role_of(quarter, item[0], at)
            if role is None:
                unknown.add(item)
            elif (role, item[1]) not in needed:
                wrong.add(item)
    for item in every:
        result.add(item, item in wrong, item in unknown)


@recomputes("CC6.3-01.2")
def titles_are_in_the_matrix(quarter, parameters, result):
    missing, every = set(), set()
    for at, people in rosters(quarter):
        roles, _ = matrix(quarter, at)
        titles = {person["title"] for person in people if employed(person, at)}
        every |= titles
        missing |= titles - roles
    for title in every:
        result.add(title, title in missing)


# Administration.

def many(value):
    return value if isinstance(value, list) else [value]


def statements(document, name):
    """What a policy allows: the statements of its version in force, or of the one that is written for a single holder."""
    for policy in document["Policies"]:
        if policy["Arn"] == name:
            version = next(version for version in policy["PolicyVersionList"] if version["IsDefaultVersion"])
            return [item for item in many(version["Document"]["Statement"]) if item["Effect"] == "Allow"]
    for holder in document["UserDetailList"] + document["GroupDetailList"] + document["RoleDetailList"]:
        for key in ("UserPolicyList", "GroupPolicyList", "RolePolicyList"):
            for policy in holder.get(key, []):
                if policy["PolicyName"] == name:
                    return [item for item in many(policy["PolicyDocument"]["Statement"]) if item["Effect"] == "Allow"]
    return None


def is_administration(action, resources, parameters):
    """Whether one action, as written, gives rights: conditions do not help, and resources only where the words say so."""
    action = action.lower()
    service, _, verb = action.partition(":")
    if action in ("*", "*:*"):
        return True
    own = resources and all(parameters["own_account"].lower() in resource.lower() for resource in resources)
    named = resources and all("*" not in resource for resource in resources)
    escalating = [word for word in listed(parameters["escalating_actions"]) if fnmatch.fnmatchcase(word, action)]
    passing = [word for word in listed(parameters["passing_actions"]) if fnmatch.fnmatchcase(word, action)]
    if (escalating and not own) or (passing and not named):
        return True
    reads = any(verb.startswith(word) for word in listed(parameters["reading_actions"]))
    return service in listed(parameters["critical_services"]) and verb == "*" and not reads


def administers(document, permission, parameters):
    """None where the export does not say what the policy allows."""
    if permission.rpartition("/")[2] in listed(parameters["administrator_policies"]):
        return True
    allowed = statements(document, permission)
    if allowed is None:
        return None
    return any("NotAction" in item or any(is_administration(action, many(item.get("Resource", [])), parameters)
                                          for action in many(item["Action"])) for item in allowed)


@recomputes("CC6.3-01.3")
def administrators_are_named(quarter, parameters, result):
    wrong, unknown, every = set(), set(), set()
    for at, document in exports(quarter):
        held = [(*item, role_of(quarter, item[0], at)) for item in holdings(document)]
        named = listed(parameters["administrators"])
        for role in document["RoleDetailList"]:
            held += [(role["RoleName"], permission, "", role["RoleName"]) for permission in attached(role)]
            named = named + [name for name in listed(parameters["administrator_roles"]) if name == role["RoleName"]]
        for holder, permission, group, title in held:
            item = (holder, permission, group)
            every.add(item)
            strong = administers(document, permission, parameters)
            if strong and title not in named:
                wrong.add(item)
            elif strong is None:
                unknown.add(item)
    for item in every:
        result.add(item, item in wrong, item in unknown)


def taken_on_by_strangers(statement, account, parameters):
    """Whether everybody, another organisation's account or anybody whom an identity provider knows may take a role on."""
    principal = statement.get("Principal", "*")
    if principal == "*":
        return True
    strangers = False
    for sort, names in principal.items():
        for name in many(names):
            if sort == "AWS":
                found = re.search(r"\d{12}", name)
                strangers |= name == "*" or found is None or found[0] != account
            elif sort == "Federated":
                strangers |= parameters["subject_key"] not in json.dumps(statement.get("Condition", {}))
    return strangers


@recomputes("CC6.3-01.4")
def roles_are_closed_to_strangers(quarter, parameters, result):
    wrong, every = set(), set()
    for _, document in exports(quarter):
        for role in document["RoleDetailList"]:
            account = role["Arn"].split(":")[4]
            for number, statement in enumerate(many(role["AssumeRolePolicyDocument"]["Statement"])):
                every.add((role["RoleName"], number))
                if statement["Effect"] == "Allow" and role["RoleName"] not in listed(parameters["vendor_roles"]) \
                        and taken_on_by_strangers(statement, account, parameters):
                    wrong.add((role["RoleName"], number))
    for item in every:
        result.add(item, item in wrong, words=item[:1])


@recomputes("CC6.3-01.5")
def administrators_of_systems_are_named(quarter, parameters, result):
    wrong, unknown, every = set(), set(), set()
    for account in accounts(quarter):
        if account["administrator"] and account["active"]:
            item = (account["source"], account["login"])
            every.add(item)
            role = role_of(quarter, account["login"], account["at"])
            if role is None:
                unknown.add(item)
            elif role not in listed(parameters["administrators"]):
                wrong.add(item)
    for item in every:
        result.add(item, item in wrong, item in unknown)


@recomputes("CC6.3-01.6")
def all_accounts_were_described(quarter, parameters, result):
    """What was there at the time is on the list before and on the one after."""
    lists = dict(item.split("=") for item in listed(parameters["lists_of_accounts"]))
    for at, document in exports(quarter):
        every = [account for account in accounts(quarter) if account["source"] == lists[SYSTEM] and account["kind"] != "root"]
        newest = max((account["at"] for account in every if account["at"] <= at), default=None)
        later = min((account["at"] for account in every if account["at"] > at), default=newest)
        before, after = ({account["login"] for account in every if account["at"] == day} for day in (newest, later))
        result.add(at, (before & after) - set(described(document)), newest is None)


@recomputes("CC6.3-02.3")
def nobody_writes_and_deploys(quarter, parameters, result):
    """By person; and each name that is looked for has to be one that some export knows, or it could not be found."""
    both, unknown, every, known = set(), set(), set(), set()
    sorts = [set(listed(parameters[name])) for name in ("author_permissions", "deployer_permissions")]
    for at, document in exports(quarter):
        names = {}
        for login, permission, _ in holdings(document):
            who = logins_of(quarter.programme).get(login.lower(), login)
            names.setdefault(who, set()).add(permission.rpartition("/")[2])
            if role_of(quarter, login, at) is None and permission.rpartition("/")[2] in sorts[0] | sorts[1]:
                unknown.add(who)
        every |= set(names)
        both |= {who for who, held in names.items() if held & sorts[0] and held & sorts[1]}
        known |= {policy["PolicyName"] for policy in document["Policies"]}
    for who in every:
        result.add(who, who in both, who in unknown)
    for names in sorts:
        result.add(tuple(sorted(names)), unknown=not names & known)


# Policies of the gate.

POLICY = re.compile(r"((?:@\w+\(\"[^\"]*\"\)\s*)*)(permit|forbid)\s*\(((?:[^()\"]|\"[^\"]*\")*)\)\s*"
                    r"((?:(?:when|unless)\s*\{[^{}]*\}\s*)*);")


def policies(text):
    """(id, whether it permits, whom, which action, what on, its conditions as they stand, blanks aside)."""
    text = re.sub(r"//[^\n]*", "", text)
    for notes, effect, head, conditions in POLICY.findall(text):
        name = re.search(r"@id\(\"([^\"]*)\"\)", notes)
        whom, action, resource = [part.strip() for part in re.split(r",(?![^\[]*\])", head) if part.strip()]
        yield name[1] if name else head, effect == "permit", whom, action, resource, re.sub(r"\s+", "", conditions)


def names_in(part):
    return re.findall(r"[\w:]+::\"[^\"]*\"", part)


def reaches(part, wanted, others):
    """Whether a part of a policy's head takes in what is wanted; a group of which nobody said what it holds may."""
    names = names_in(part)
    if not names:
        return True
    return wanted in names or (re.search(r"\bin\b", part) is not None and not set(names) <= set(listed(others)))


@recomputes("CC6.3-02.1")
def the_gate_asks_for_an_approval(quarter, parameters, result):
    agreed = re.sub(r"\s+", "", parameters["approved_when"])
    stopped = re.sub(r"\s+", "", parameters["approved_unless"])
    wrong, unknown, every = set(), set(), set()
    for _, text in quarter.texts("gate/policies-*.cedar"):
        about = [policy for policy in policies(text) if reaches(policy[3], parameters["deploy_action"], parameters["other_actions"])
                 and reaches(policy[4], parameters["production"], parameters["other_environments"])]
        shut = any(not permits and whom == "principal" and conditions == stopped for _, permits, whom, _, _, conditions in about)
        for name, permits, whom, action, _, conditions in about:
            if permits:
                for deed in [deed for deed in names_in(action) if deed not in listed(parameters["other_actions"])] or [""]:
                    key = (name, deed)
                    every.add(key)
                    if whom == "principal" or (not conditions and not shut):
                        wrong.add(key)
                    elif conditions != agreed and not shut:
                        unknown.add(key)
    for key in every:
        result.add(key, key in wrong, key in unknown)


# Bindings of the cluster.

def named(item):
    """How the parameters name a role: Role/NAMESPACE/NAME or ClusterRole/NAME."""
    space = item["metadata"].get("namespace")
    return "/".join(part for part in (item["kind"], space, item["metadata"]["name"]) if part)


def writes(role, parameters):
    """Whether a role changes anything, or reads what hands out rights or a shell."""
    for rule in role["rules"]:
        guarded = set(rule["resources"]) & {"*", *listed(parameters["guarded_resources"])}
        if set(rule["verbs"]) - set(listed(parameters["reading_verbs"])) or guarded:
            return True
    return False


@recomputes("CC6.3-02.2")
def nobody_writes_in_production(quarter, parameters, result):
    """Users and groups; and each export has to hold the bindings for the whole cluster, of which every cluster has some."""
    wrong, unknown, every = set(), set(), set()
    for at, text in quarter.texts("kubernetes/rbac-*.yaml"):
        items = blocks.load(text)["items"]
        result.add(at, unknown=not [item for item in items if item["kind"] == "ClusterRoleBinding"])
        roles = {named(item): item for item in items if item["kind"] in ("Role", "ClusterRole")}
        for item in items:
            if item["kind"] not in ("RoleBinding", "ClusterRoleBinding"):
                continue
            space, role = item["metadata"].get("namespace"), item["roleRef"]
            name = f"Role/{space}/{role['name']}" if role["kind"] == "Role" else f"ClusterRole/{role['name']}"
            if space is not None and space not in listed(parameters["production_namespaces"]):
                continue
            for subject in item["subjects"]:
                key = (named(item), subject["kind"], subject["name"])
                if subject["kind"] == "ServiceAccount":
                    continue
                every.add(key)
                if subject["name"] in listed(parameters["component_subjects"]):
                    continue
                if name in listed(parameters["strong_roles"]) or (name in roles and writes(roles[name], parameters)):
                    wrong.add(key)
                elif name not in roles:
                    unknown.add(key)
    for key in every:
        result.add(key, key in wrong, key in unknown, words=(key[0].rpartition("/")[2], key[2]))
