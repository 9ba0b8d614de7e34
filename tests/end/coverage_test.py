#!/usr/bin/env python3
"""Coverage of random exports, cadences and periods against a model of it, written from the contract and not from the code.

A requirement's occurrences are the calendar's intervals (days, business days, ISO weeks, months, quarters, years) that end
within the period. The first is cut to the period's beginning, or joined to the next when less than half of it is left; where
none ends in the period, the period is the only one. Of events, which happen at any time, what the last interval leaves of the
period is one more, but not where business days are asked for. A snapshot serves one occurrence: met within the interval or its grace,
late after that and before the next one's end, unless the next one would then have none. Events are met when usable exports
cover every second. What is due after the date of the assessment is still to come.

A period may be served by a snapshot from before it, of a type that `stands`: where the interval in which it begins ends in
it, and is asked for by itself or is the only one, by one of that interval; where nothing is due in it, by one that is at its
first day no older than the cadence and the grace, and not from before the interval before. That is the newest one of a source
that has none in the first interval (or its grace) that is asked for, if every cadence that is asked of the source allows it.
Evidence in the period or its grace comes first.

What is due once in the period is due once in the declared period, where one holds it and it is shorter than three months.

Where no interval of a cadence ends in the period, what is not there is to come: it is due when that interval ends, behind the
period, and nothing from behind the period serves it. It is missing all the same where, of what stands, the one before was due,
grace included, after the period's first day and in it; and of events when their own time and its grace are over.
"""
import datetime
import random
import sqlite3

from support import Folder, add_test, main, small_programme, tickmark

DAY = 86400
GRACE_OF_FILES = 31 * DAY
CADENCES = ["daily", "business-day", "weekly", "monthly", "quarterly", "annual", "period"]
DECLARED = (datetime.date(2025, 10, 1), datetime.date(2026, 1, 1))   # the period that the small programme declares
GRACES = {"0 days": 0, "2 days": 2 * DAY, "10 days": 10 * DAY}


def seconds(day):
    return (day - datetime.date(1970, 1, 1)).days * DAY


def date_of(at):
    return datetime.date(1970, 1, 1) + datetime.timedelta(days=at // DAY)


# ---- the model ----

def first_day(cadence, day):
    if cadence == "weekly":
        return day - datetime.timedelta(days=day.weekday())
    if cadence == "monthly":
        return day.replace(day=1)
    if cadence == "quarterly":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    if cadence == "annual":
        return day.replace(month=1, day=1)
    return day


def next_first(cadence, day):
    if cadence == "weekly":
        return day + datetime.timedelta(days=7)
    if cadence in ("monthly", "quarterly", "annual"):
        months = {"monthly": 1, "quarterly": 3, "annual": 12}[cadence]
        total = day.year * 12 + day.month - 1 + months
        return datetime.date(total // 12, total % 12 + 1, 1)
    return day + datetime.timedelta(days=1)


def intervals(cadence, begin, end, holidays=()):
    """[begin, end) as dates; pairs of dates."""
    if cadence == "period":
        return [(begin, end)]
    whole = []
    day = first_day(cadence, begin)
    while next_first(cadence, day) <= end:
        whole.append((day, next_first(cadence, day)))
        day = next_first(cadence, day)
    if cadence == "business-day":
        whole = [pair for pair in whole if pair[0].weekday() < 5 and pair[0] not in holidays]
        # Weekends and holidays before a business day are not asked for, nor is anything else made of them.
        return whole or [(begin, end)]
    if whole and whole[0][0] < begin:
        left, before = whole[0][1] - begin, begin - whole[0][0]
        if left < before:
            whole = whole[1:]
        if whole:
            whole[0] = (begin, whole[0][1])
    return whole or [(begin, end)]


def whole_of(begin, end):
    """What is due once in the period is due once in this."""
    total = begin.year * 12 + begin.month - 1 + 3
    month = datetime.date(total // 12, total % 12 + 1, 1)
    last = (datetime.date(month.year + month.month // 12, month.month % 12 + 1, 1) - month).days
    short = end < month + datetime.timedelta(days=min(begin.day, last) - 1)
    return DECLARED if short and DECLARED[0] <= begin and end <= DECLARED[1] else (begin, end)


def interval_of(cadence, begin, end):
    """The one of the cadence in which the period begins; None where days are asked for."""
    if cadence == "period":
        return whole_of(begin, end)
    if cadence not in ("weekly", "monthly", "quarterly", "annual"):
        return None
    opened = first_day(cadence, begin)
    return opened, next_first(cadence, opened)


def back_one(cadence, day):
    """The same day one cadence earlier; the last of the month where it has none."""
    if cadence == "weekly":
        return day - datetime.timedelta(days=7)
    total = day.year * 12 + day.month - 1 - {"monthly": 1, "quarterly": 3, "annual": 12}[cadence]
    year, month = total // 12, total % 12 + 1
    last = (datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)).day
    return datetime.date(year, month, min(day.day, last))


def served_from(cadence, grace, begin, end):
    """The first day of which a snapshot may serve the period; its own first day where none from before it may."""
    if interval_of(cadence, begin, end) is None:
        return begin
    opened, closed = interval_of(cadence, begin, end)
    if closed <= end:
        joined = cadence != "period" and closed - begin < begin - opened and next_first(cadence, closed) <= end
        return begin if joined else opened
    if cadence == "period":
        length = closed - opened
        return max(opened - length, begin - length - datetime.timedelta(days=grace // DAY))
    before = first_day(cadence, opened - datetime.timedelta(days=1))
    return max(before, back_one(cadence, begin) - datetime.timedelta(days=grace // DAY))


def carried(asked, begin, end, known, exports, holidays):
    """When the snapshot from before the period was taken that stands in it, or None. asked: (cadence, grace)."""
    until = min(seconds(intervals(cadence, begin, end, holidays)[0][1]) + grace for cadence, grace in asked)
    if any(seconds(begin) <= e[0] < min(until, seconds(end)) and e[0] <= known for e in exports):
        return None
    newest = max((e[0] for e in exports if e[0] < seconds(begin)), default=None)
    since = max(seconds(served_from(cadence, grace, begin, end)) for cadence, grace in asked)
    return newest if newest is not None and newest >= since else None


def ends_behind(cadence, begin, end):
    """When the interval ends of which the period is a part, if none ends in it; else None."""
    found = interval_of(cadence, begin, end)
    return seconds(found[1]) if found and found[1] > end else None


def judge_part(begin, end, cadence, grace, known, exports, earlier):
    """The status of a snapshot where nothing of its cadence is due in the period."""
    mine = [e for e in exports if seconds(begin) <= e[0] < seconds(end)]
    if any(e[1] for e in mine) or (not mine and earlier and earlier[1]):
        return "met"
    if mine or earlier:
        return "empty"
    due = seconds(first_day(cadence, begin)) + grace
    return "missing" if cadence != "period" and seconds(begin) < due <= seconds(end) and due <= known else "future"


def judge_snapshots(due, grace, known, exports, earlier=None):
    """exports: (at, usable, empty), by time; earlier: the like from before the period. Statuses."""
    taken = set()
    statuses = []
    for number, (begin, end) in enumerate(due):
        last = number + 1 == len(due)
        mine = [e for e in exports if e[1] and e not in taken and begin <= e[0] and (not taken or e[0] > max(taken)[0])]
        met = [e for e in mine if e[0] < end + grace]
        if met:
            taken.add(met[0])
            statuses.append("met")
            continue
        bad = [e for e in exports if not e[1] and begin <= e[0] < end and (not taken or e[0] > max(taken)[0])]
        if number == 0 and earlier and earlier[1] and not bad:
            statuses.append("met")
            continue
        bound = due[number + 1][1] if not last else float("inf")
        later = [e for e in mine if end + grace <= e[0] < bound]
        if later and (last or len(later) > 1):
            taken.add(later[0])
            statuses.append("late")
            continue
        bad = bad or ([earlier] if earlier and number == 0 else [])
        if bad:
            statuses.append("empty" if bad[0][2] else "invalid")
        else:
            statuses.append("future" if end + grace > known else "missing")
    return statuses


def judge_events(due, known, exports):
    """exports: (begin, end, usable)."""
    statuses = []
    for begin, end in due:
        days = set(range(begin, end, DAY))
        for since, until, usable in exports:
            if usable:
                days -= set(range(since, until, DAY))
        bad = [e for e in exports if not e[2] and e[1] > begin and e[0] < end]
        if not days:
            statuses.append("met")
        elif bad:
            statuses.append("empty")
        else:
            statuses.append("future" if end > known else "missing")
    return statuses


def longest_gap(begin, end, known, spans):
    """The longest run without a usable export; spans of usable ones."""
    end = min(end, known + 1)
    gap, covered = 0, begin
    for since, until in sorted(spans):
        if until < begin or since >= end:
            continue
        gap, covered = max(gap, since - covered), max(covered, until)
    return max(gap, end - covered)


# ---- the programme ----

def write_schema(folder, cadences, graces):
    schema = folder / "schema"
    for name in ("types", "kinds", "views", "controls"):
        for path in (schema / name).iterdir():
            path.unlink()
    (schema / "types" / "all.yaml").write_text("""types:
  - type: thing
    title: Thing
    meaning: A thing.
    shape: snapshot
    stands: true
    key: [id]
    columns:
      id: {type: text, required: true, meaning: Its name}
  - type: happening
    title: Happening
    meaning: Something that happened.
    shape: event
    key: [id]
    time: at_time
    columns:
      id: {type: text, required: true, meaning: Its name}
      at_time: {type: time, required: true, default: 2025-10-07, meaning: When}
""", encoding="utf-8")
    (schema / "kinds" / "things.yaml").write_text("""kind: things
title: Things
vendor: None
produced_by: hand
format: csv
detect: {columns: [id, thing]}
ignore: [thing]
rows:
  - {type: thing, map: {id: id}}
""", encoding="utf-8")
    (schema / "kinds" / "happenings.yaml").write_text("""kind: happenings
title: Happenings
vendor: None
produced_by: hand
format: csv
detect: {columns: [id, at]}
rows:
  - {type: happening, map: {id: id, at_time: {from: at, time: iso}}}
""", encoding="utf-8")
    controls = ["controls:"]
    for kind, column in (("thing", "id"), ("happening", "id")):
        for cadence in cadences[kind]:
            for grace in graces:
                name = f"C-{kind}-{cadence}-{GRACES[grace] // DAY}"
                controls.append(f"""  - id: {name}
    title: {name}
    criteria: [CC6.1]
    owner: Nobody
    narrative: None.
    requires:
      - {{type: {kind}, cadence: {cadence}, grace: {grace}, produced_by: hand}}
    tests:
      - id: {name}.1
        title: None is bad
        method: inspection
        query: SELECT ref, {column} || ref AS item, CASE WHEN {column} = 'bad' THEN 'bad' END AS exception FROM {kind}
        severity: low
        remediation: None.
        challenges:
          - {{given: {{{kind}: [{{id: bad}}]}}, expect: exception}}
          - {{given: {{{kind}: [{{id: good}}]}}, expect: effective}}""")
    (schema / "controls" / "all.yaml").write_text("\n".join(controls) + "\n", encoding="utf-8")


def make_exports(chance, folder, source, kind, begin, end, quiet):
    """Random files, none in the period where it is quiet; what the model needs to know of them."""
    made = []
    stop = begin if quiet else end + datetime.timedelta(days=chance.choice([0, 50]))
    day = begin - datetime.timedelta(days=chance.randrange(0, chance.choice([40, 40, 120, 480])))
    step = chance.choice([1, 1, 2, 7, 7, 30, 30, 90, 200])
    while day < stop:
        usable = chance.random() > 0.12
        if chance.random() > 0.15:
            if kind == "thing":
                until = day + datetime.timedelta(days=1)
                text = "id,thing\n" + (f"{source}-{day},x\n" if usable else "")
                name = f"{day}.csv"
            else:
                until = day + datetime.timedelta(days=step)
                text = "id,at\n" + (f"{source}-{day},{day}T10:00:00Z\n" if usable else "")
                name = f"{day}..{until - datetime.timedelta(days=1)}.csv"
            (folder / source).mkdir(parents=True, exist_ok=True)
            (folder / source / name).write_text(text, encoding="utf-8")
            made.append((seconds(day), seconds(until), usable))
        gap = 0 if kind == "happening" and chance.random() < 0.8 else chance.choice([0, 0, 1, 3])
        day += datetime.timedelta(days=max(1, step + gap))
    return made


def expected_rows(cadence, grace, kind, begin, end, as_of, exports, holidays, asked):
    period_over = as_of >= seconds(end) - 1
    known = float("inf") if period_over else as_of
    due = [(seconds(a), seconds(b)) for a, b in intervals(cadence, begin, end, holidays)]
    if kind == "happening" and cadence != "business-day" and due and due[-1][1] < seconds(end):
        due.append((due[-1][1], seconds(end)))
    # Files outside the period, and what took effect after the date of the assessment, are not looked at.
    seen = [e for e in exports if e[1] > seconds(begin) and e[0] < seconds(end) + GRACE_OF_FILES and e[0] <= as_of]
    if kind == "thing":
        shots = sorted((e[0], e[2], not e[2]) for e in seen)
        at = carried(asked, begin, end, as_of, exports, holidays)
        earlier = None
        if at is not None and at >= seconds(served_from(cadence, grace, begin, end)):
            earlier = next((e[0], e[2], not e[2]) for e in exports if e[0] == at)
        behind = ends_behind(cadence, begin, end)
        if behind is not None:
            status = judge_part(begin, end, cadence, grace, known, shots, earlier)
            due = [(due[0][0], behind)] if status == "future" else due
            return due, [status], longest_gap(seconds(begin), seconds(end), known, [(e[0], e[0]) for e in seen if e[2]])
        return due, judge_snapshots(due, grace, known, shots, earlier), longest_gap(
            seconds(begin), seconds(end), known, [(e[0], e[0]) for e in seen if e[2]])
    seen = [e for e in seen if e[1] - 1 <= as_of]
    statuses = judge_events(due, known, sorted(seen))
    behind = ends_behind(cadence, begin, end)
    if behind is not None and statuses[0] in ("missing", "future"):
        statuses = ["missing" if behind + grace <= as_of else "future"]
        due = [(due[0][0], behind)] if statuses[0] == "future" else due
    return due, statuses, longest_gap(
        seconds(begin), seconds(end), known, [(e[0], e[1]) for e in seen if e[2]])


def compare(seed):
    chance = random.Random(seed)
    # Where days are asked for, nothing from before a period may serve it: half of the programmes ask for less.
    few = chance.sample(["weekly", "monthly", "quarterly", "annual"], chance.choice([1, 1, 2]))
    few += ["period"] if chance.random() < 0.5 else []
    cadences = {"thing": CADENCES if chance.random() < 0.4 else few, "happening": CADENCES}
    graces = list(GRACES) if chance.random() < 0.5 else [chance.choice(list(GRACES))]
    asked = [(cadence, GRACES[grace]) for cadence in cadences["thing"] for grace in graces]
    begin = datetime.date(2024, 1, 1) + datetime.timedelta(days=chance.randrange(0, 730))
    lengths = [1, 5, 30, 31, 61, 92, 92, 181, 366, 396] if cadences["thing"] == CADENCES else [1, 5, 14, 30, 31, 61, 92]
    end = begin + datetime.timedelta(days=chance.choice(lengths))
    as_of = end - datetime.timedelta(days=1) if chance.random() < 0.6 else \
        begin + datetime.timedelta(days=chance.randrange(0, (end - begin).days))
    holidays = {begin + datetime.timedelta(days=chance.randrange(0, (end - begin).days)) for _ in range(4)}
    with Folder() as folder:
        small_programme(folder)
        write_schema(folder, cadences, graces)
        evidence = folder / "inputs" / "evidence"
        for path in list(evidence.iterdir()):
            for child in path.iterdir():
                child.unlink()
            path.rmdir()
        sources = {}
        for number in range(12):
            kind = "thing" if number % 2 else "happening"
            name = f"s{number}"
            quiet = kind == "thing" and cadences["thing"] == few and chance.random() < 0.4
            sources[name] = (kind, make_exports(chance, evidence, name, kind, begin, end, quiet))
        programme = folder / "inputs" / "programme.yaml"
        text = programme.read_text(encoding="utf-8")
        head, rest = text.split("sources:\n")
        tail = rest[rest.index("signing:"):]
        lines = [f"  - {{id: {name}, kind: {kind}s, path: \"{name}/{{date}}.csv\", system: S, zone: UTC}}"
                 for name, (kind, _) in sources.items()]
        listed = ", ".join(str(day) for day in sorted(holidays))
        programme.write_text(f"{head}holidays: [{listed}]\nsources:\n" + "\n".join(lines) + "\n" + tail, encoding="utf-8")
        period = f"{begin}..{end - datetime.timedelta(days=1)}"
        done = tickmark("run", "-q", "--period", period, "--as-of", str(as_of), cwd=folder)
        assert done.returncode in (0, 1), f"{period}: {done.returncode}\n{done.stderr[:2000]}"
        database = sqlite3.connect(folder / "out" / period / "assessment.sqlite")
        compared = served = 0
        for kind in ("thing", "happening"):
            for cadence in cadences[kind]:
                for grace in (GRACES[name] for name in graces):
                    control = f"C-{kind}-{cadence}-{grace // DAY}"
                    for name, (of, exports) in sources.items():
                        if of != kind:
                            continue
                        due, statuses, gap = expected_rows(cadence, grace, kind, begin, end,
                                                           seconds(as_of) + DAY - 1, exports, holidays, asked)
                        found = database.execute(
                            "SELECT due_from, due_until, status FROM occurrence WHERE control = ? AND source = ? "
                            "ORDER BY due_from", (control, name)).fetchall()
                        wanted = [(*span, status) for span, status in zip(due, statuses)]
                        where = f"seed {seed}, {period} as of {as_of}, {control}, {name}"
                        for got, want in zip(found, wanted):
                            assert got == want, f"{where}: {date_of(got[0])}..{date_of(got[1])} {got[2]}, and not " \
                                f"{date_of(want[0])}..{date_of(want[1])} {want[2]}"
                        assert len(found) == len(wanted), f"{where}: {len(found)} occurrences, not {len(wanted)}"
                        totals = database.execute(
                            "SELECT v.expected, v.met, v.late, v.missing, v.unusable, v.longest_gap FROM tm_coverage v "
                            "JOIN tm_requirement r ON r.id = v.requirement WHERE r.control = ? AND v.source = ?",
                            (control, name)).fetchone()
                        count = statuses.count
                        assert totals == (len(statuses) - count("future"), count("met"), count("late"), count("missing"),
                                          count("invalid") + count("empty"), gap), f"{where}: {totals}, gap {gap}"
                        compared += len(found)
                        served += database.execute(
                            "SELECT count(*) FROM occurrence WHERE control = ? AND source = ? AND status = 'met' "
                            "AND effective_at < ?", (control, name, seconds(begin))).fetchone()[0]
        database.close()
        return compared, served


def seeds(first, last):
    def tested():
        counts = [compare(seed) for seed in range(first, last)]
        served = sum(count[1] for count in counts)
        assert served > 0, "no occurrence was served by an export from before its period"
        return f"{sum(count[0] for count in counts)} occurrences as the model has them, {served} served from before the period"
    add_test(f"coverage agrees with a model, seeds {first} to {last - 1}", tested)


seeds(7, 13)
seeds(13, 19)
main()
