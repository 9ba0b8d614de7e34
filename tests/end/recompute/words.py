"""What the controls' text says: parameters, requirements and tests. Queries and challenges are passed over unread."""
import re

from .raw import DAY, HOUR, MINUTE

UNITS = {"minute": MINUTE, "hour": HOUR, "day": DAY, "week": 7 * DAY}


def lines_of(text):
    """The lines of a file of controls without its SQL and its planted records."""
    hidden = None
    for line in text.splitlines():
        depth = len(line) - len(line.lstrip())
        if hidden is not None and (line.strip() == "" or depth > hidden):
            continue
        hidden = depth if re.match(r"\s*(query|challenges|detail):", line) else None
        if hidden is None:
            yield line


def value_of(text):
    """A parameter's value: a duration in seconds, a number, or text."""
    text = re.sub(r"^(['\"])(.*)\1$", r"\2", text.strip())
    match = re.fullmatch(r"(\d+) (minute|hour|day|week)s?", text)
    if match:
        return int(match[1]) * UNITS[match[2]]
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text


def controls(folder):
    """Every control by id: its parameters, requirements (type, cadence, grace), whether it is applicable, its tests, and which of
    them name a witness for it that nothing happened."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        text = "\n".join(lines_of(path.read_text(encoding="utf-8")))
        text = re.sub(r"\\\n\s*", "", text)
        for block in re.split(r"^  - id: ", text, flags=re.MULTILINE)[1:]:
            control = {"parameters": {}, "requires": [], "applicable": True,
                       "tests": re.findall(r"^      - id: (\S+)", block, re.MULTILINE)}
            control["witnessed"] = {item.split(None, 1)[0] for item in re.split(r"^      - id: ", block, flags=re.MULTILINE)[1:]
                                    if re.search(r"^        witness:", item, re.MULTILINE)}
            part = re.search(r"^    parameters:\n((?:      .*\n?)+)", block, re.MULTILINE)
            for match in re.finditer(r"^      (\w+):(?: \{value: |\s*\n\s+value: )(\"[^\"]*\"|'[^']*'|[^,\n}]*)",
                                     part[1] if part else "", re.MULTILINE):
                control["parameters"][match[1]] = value_of(match[2])
            part = re.search(r"^    requires:\n((?:      .*\n?)+)", block, re.MULTILINE)
            for item in re.split(r"^      - ", part[1] if part else "", flags=re.MULTILINE)[1:]:
                kind, cadence = (re.search(rf"\b{key}: (\w+)", item)[1] for key in ("type", "cadence"))
                grace = re.search(r"grace: (\d+ \w+)", item)
                control["requires"].append((kind, cadence, value_of(grace[1]) if grace else 0))
            found[block.split(None, 1)[0]] = control
    return found


def overridden(controls_by_id, programme, as_of, seconds):
    """The parameters with what the programme overrides by a day that was known."""
    part = re.search(r"^overrides:\n((?:  .*\n)+)", programme, re.MULTILINE)
    for item in re.split(r"^  - ", part[1] if part else "", flags=re.MULTILINE)[1:]:
        said = dict(re.findall(r"(\w+): ([^,}\n]*)", item) if item.startswith("{")
                    else re.findall(r"^\s*(\w+): (.*)$", item, re.MULTILINE))
        if seconds(said["date"]) < as_of:
            controls_by_id[said["control"]]["parameters"][said["parameter"]] = value_of(said["value"])


def left_out(controls_by_id, programme):
    """Marks the controls that the programme says are not applicable."""
    part = re.search(r"^not_applicable:\n((?:  .*\n)+)", programme, re.MULTILINE)
    for ident in re.findall(r"^  - control: (\S+)", part[1] if part else "", re.MULTILINE):
        controls_by_id[ident]["applicable"] = False


def listed(text):
    """The words of a list with commas between, in a parameter or in a cell."""
    return [word.strip() for word in str(text).split(",") if word.strip()]
