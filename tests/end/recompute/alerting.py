"""CC7.2-01: the rules of Prometheus and the routes of Alertmanager; CC7.2-04 and CC7.2-05: logs, and the trail's own proof."""
import re

from . import blocks
from .raw import DAY, HOUR, MINUTE, date_of, employed, roster_at, seconds
from .results import recomputes
from .words import listed

UNITS = {"s": 1, "m": MINUTE, "h": HOUR, "d": DAY}
CHANNELS = {"pagerduty_configs": "pager", "slack_configs": "chat", "email_configs": "mail", "webhook_configs": "webhook"}


def span(text):
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([smhd])", text))


def exports(quarter):
    """(time, rules, configuration of the routes) of each month."""
    rules = quarter.texts("prometheus/rules-*.yaml")
    routes = dict(quarter.texts("prometheus/alertmanager-*.yaml"))
    for at, text in rules:
        yield at, [rule for group in blocks.load(text)["groups"] for rule in group["rules"]], blocks.load(routes[at])


def purpose(rule):
    return (rule.get("labels") or {}).get("category")


def compared(rule):
    """(what is computed, how it is compared, the number, how far back it looks); None where it does not end in a comparison."""
    match = re.fullmatch(r"(.*\S)\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)", rule["expr"])
    if not match:
        return None
    windows = [span(word) for word in re.findall(r"\[(\w+)\]", match[1])]
    return match[1], match[2], float(match[3]), max(windows, default=0)


def watches_availability(rule, parameters):
    """The average of probes, in percent, below a number that is not smaller than the one agreed on."""
    computed, how, number, window = compared(rule) or ("", "", 0, 0)
    percent = 1 if computed.startswith("100 *") else 100
    return how in ("<", "<=") and "avg_over_time(" in computed and number * percent >= parameters["availability_below"] \
        and window <= parameters["level_within"]


def watches_latency(rule, parameters):
    """A percentile of the time to answer above a number that is not larger than the one agreed on."""
    computed, how, number, window = compared(rule) or ("", "", 0, 0)
    milliseconds = 1000 if "_seconds" in computed else 1
    return how in (">", ">=") and "histogram_quantile(" in computed and number * milliseconds <= parameters["latency_above"] \
        and window <= parameters["level_within"]


def watches_events(above, at_least=0):
    """The number of events in a span, which is not shorter than the agreed one, above a number that is not larger."""
    def strict(rule, parameters):
        computed, how, number, window = compared(rule) or ("", "", 0, 0)
        most = number if how == ">" else number - 1
        return how in (">", ">=") and "increase(" in computed and most <= parameters[above] \
            and window >= (parameters[at_least] if at_least else 1)
    return strict


PURPOSES = {
    "availability": (watches_availability, "level_hold"),
    "latency": (watches_latency, "level_hold"),
    "failed-logins": (watches_events("failed_logins_above", "failed_logins_within"), "event_hold"),
    "unauthorised": (watches_events("unauthorised_above"), "event_hold"),
    "privileged-use": (watches_events("privileged_use_above"), "event_hold"),
    "configuration-change": (watches_events("configuration_change_above"), "event_hold"),
    "data-access": (watches_events("data_access_above"), "event_hold"),
}


def strict_rules(test, *purposes):
    @recomputes(test)
    def are_there(quarter, parameters, result):
        for at, rules, _ in exports(quarter):
            for name in purposes:
                strict, hold = PURPOSES[name]
                good = [rule for rule in rules if purpose(rule) == name and strict(rule, parameters)
                        and span(rule.get("for") or "0s") <= parameters[hold]]
                result.add((name, at), not good, words=(name, date_of(at)))
    return are_there


strict_rules("CC7.2-01.1", "availability", "latency")
strict_rules("CC7.2-01.2", "failed-logins", "unauthorised")
strict_rules("CC7.2-01.3", "privileged-use", "configuration-change", "data-access")


# Routes.

def takes(branch, severity):
    """Whether a branch takes what has this severity; one that looks at another label is not followed."""
    for matcher in branch.get("matchers") or []:
        label, how, value = re.fullmatch(r"(\w+)\s*(=~|!~|!=|=)\s*\"?(.*?)\"?", matcher).groups()
        fits = re.fullmatch(value, severity) is not None if "~" in how else value == severity
        if label != "severity" or fits == how.startswith("!"):
            return False
    return True


def receivers(branch, severity, inherited=None):
    """Who gets an alert of a severity: the deepest branches that take it, the ones behind only after `continue`."""
    own = branch.get("receiver") or inherited
    reached, taken = set(), False
    for below in branch.get("routes") or []:
        if takes(below, severity):
            reached |= receivers(below, severity, own)
            taken = True
            if below.get("continue") != "true":
                break
    return reached if taken else {own}


def channels(configuration, severity):
    told = receivers(configuration["route"], severity)
    return {CHANNELS.get(key, key) for receiver in configuration["receivers"] if receiver["name"] in told
            for key in receiver if key.endswith("_configs") and receiver[key]}


@recomputes("CC7.2-01.4")
def rules_reach_somebody(quarter, parameters, result):
    """A receiver without a channel tells nobody; whether another channel, such as a webhook, reaches people nobody knows."""
    for at, rules, configuration in exports(quarter):
        for rule in rules:
            if purpose(rule) in PURPOSES:
                reached = channels(configuration, rule["labels"].get("severity", ""))
                result.add((rule["alert"], at), not reached, not reached & set(listed(parameters["telling_channels"])))


@recomputes("CC7.2-01.5")
def the_highest_severity_calls_somebody(quarter, parameters, result):
    for at, rules, configuration in exports(quarter):
        if not any(rule["labels"].get("severity") == parameters["urgent_severity"] for rule in rules):
            continue
        called = parameters["calling_channel"] in channels(configuration, parameters["urgent_severity"])
        result.add(at, not called)


# Sources of logs.

SORTS = ("authentication", "access_control", "system_changes")


def sources(quarter):
    return [(at, row) for at, rows in quarter.tables("logs/sources-*.csv") for row in rows]


@recomputes("CC7.2-04.1")
def events_are_recorded(quarter, parameters, result):
    for at, rows in quarter.tables("logs/sources-*.csv"):
        for sort in SORTS:
            there = {event for row in rows if row["category"] == sort.replace("_", "-") for event in listed(row["events"])}
            for event in listed(parameters[f"{sort}_events"]):
                result.add((sort, event, at), event not in there, words=(event,))


@recomputes("CC7.2-04.2")
def events_are_kept(quarter, parameters, result):
    for at, row in sources(quarter):
        sort = row["category"].replace("-", "_")
        if sort in SORTS:
            result.add((row["log_source"], row["category"], at), int(row["kept_days"]) * DAY < parameters[f"{sort}_kept"])


@recomputes("CC7.2-04.3")
def sources_are_alive_and_owned(quarter, parameters, result):
    for at, row in sources(quarter):
        last = seconds(row["last_event_at"])
        people = {person["email"]: person for person in roster_at(quarter, at)}
        owner = people.get(row["owner"].lower())
        owned = owner is not None and employed(owner, at)
        result.add((row["log_source"], row["category"], at), not owned or last is None or at - last > parameters["silent_for"])


# What AWS's own tool says of the trail's files.

def validations(quarter):
    """(first moment, last moment, digests found, whether all files were as they were signed) of each run of the tool."""
    for _, text in quarter.texts("aws/validate-logs-*.log"):
        span_found = re.search(r"^Results found for (\S+) to (\S+):$", text, re.MULTILINE)
        counts = re.findall(r"^(\d+)/(\d+) (digest|log) files valid", text, re.MULTILINE)
        found = {sort: int(number) for _, number, sort in counts}
        bad = re.search(r"\bINVALID\b", text) or any(valid != number for valid, number, _ in counts)
        yield seconds(span_found[1]), seconds(span_found[2]), found.get("digest", 0), not bad


@recomputes("CC7.2-05.1")
def files_are_as_they_were_signed(quarter, parameters, result):
    for first, after, _, good in validations(quarter):
        result.add((first, after), not good, words=(date_of(first),))


@recomputes("CC7.2-05.2")
def every_day_was_checked(quarter, parameters, result):
    checked = [(first, after) for first, after, digests, _ in validations(quarter) if digests]
    for day in quarter.days():
        inside = [1 for first, after in checked if first <= day + parameters["gap"] and after >= day + DAY - parameters["gap"]]
        result.add(day, not inside, words=(date_of(day),))
