"""Large sets of invented events for the benchmark, the same bytes at every call, and the programme that reads them.

Each writer goes on until a file holds as many bytes as were asked for, and returns the records in it.
"""
import itertools
import pathlib
import random
import shutil

HERE = pathlib.Path(__file__).resolve().parent
ACTIONS = ("record.read", "record.write", "report.export", "session.begin", "session.end", "role.assume", "key.list")
WORDS = ("appointment", "invoice", "calendar", "clinic", "reminder", "export", "ledger", "consent", "roster", "archive")
COLUMNS = ("bench_event", "happened_at", "actor", "action", "resource", "address", "result", "bytes", "session", "mfa")
BLOCK = 4000  # records that are made at a time


def facts(seed):
    """Endless events; moments go on through the fourth quarter of 2025, wherever the set ends."""
    source = random.Random(seed)
    for number in itertools.count():
        second = number // 40 % 7948800
        day, rest = divmod(second, 86400)
        month, day = (10, day) if day < 31 else (11, day - 31) if day < 61 else (12, day - 61)
        yield {"number": number, "month": month, "day": day + 1, "hour": rest // 3600, "minute": rest // 60 % 60,
               "second": rest % 60, "person": f"person{source.randrange(400):03}", "action": source.choice(ACTIONS),
               "word": source.choice(WORDS), "id": source.randrange(100000),
               "address": f"203.0.{source.randrange(114)}.{source.randrange(256)}", "good": source.random() < 0.97,
               "bytes": source.randrange(50, 60000), "session": f"{source.getrandbits(40):010x}"}


def csv_row(f):
    return (f"e{f['number']:010},2025-{f['month']:02}-{f['day']:02}T{f['hour']:02}:{f['minute']:02}:{f['second']:02}Z,"
            f"{f['person']}@example.com,{f['action']},{f['word']}/{f['id']},{f['address']},"
            f"{'success' if f['good'] else 'failure'},{f['bytes']},{f['session']},{'true' if f['bytes'] % 3 else ''}\n")


def json_object(f):
    """40 fields, of which the kind maps nine."""
    moment = f"2025-{f['month']:02}-{f['day']:02}T{f['hour']:02}:{f['minute']:02}:{f['second']:02}Z"
    return (f'{{"event":"e{f["number"]:010}","version":2,"happened":"{moment}","action":"{f["action"]}",'
            f'"outcome":"{"SUCCESS" if f["good"] else "FAILURE"}",'
            f'"user":{{"id":{f["id"]},"name":"{f["person"]}@example.com","kind":"person","session":"{f["session"]}","roles":["reader","writer"],'
            f'"region":"eu-central","tenant":"t{f["id"] % 97}","display":"Person {f["person"][6:]}"}},'
            f'"network":{{"address":"{f["address"]}","port":{1024 + f["id"] % 60000},"protocol":"https","bytes":{f["bytes"]},"latency":{f["bytes"] / 1000},'
            f'"cipher":"TLS_AES_128_GCM_SHA256","tls":"1.3"}},'
            f'"target":{{"id":"{f["word"]}/{f["id"]}","kind":"{f["word"]}","owner":"team-{f["id"] % 11}","parent":null,"classified":true}},'
            f'"labels":{{"env":"production","service":"{f["word"]}-service","zone":"b","release":"r{f["id"] % 400}"}},'
            f'"trace":{{"id":"{f["session"]}{f["session"]}","span":"{f["session"]}","parent":"","sampled":false}},'
            f'"agent":{{"name":"browser","version":"{f["id"] % 100}.0","platform":"desktop","language":"en"}},'
            f'"request":{{"method":"GET","path":"/v2/{f["word"]}/{f["id"]}","status":{200 if f["good"] else 403},"retries":0}}}}')


def sshd_line(f):
    name = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[f["month"] - 1]
    said = "Accepted publickey for" if f["good"] else "Failed password for"
    return (f"{name} {f['day']:2} {f['hour']:02}:{f['minute']:02}:{f['second']:02} bastion sshd[{f['number']}]: {said} "
            f"{f['person']} from {f['address']} port {1024 + f['id'] % 60000} ssh2\n")


def write(path, size, line, head="", between="", tail=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    source = facts(path.suffix)
    records = 0
    with path.open("w", encoding="utf-8") as stream:
        stream.write(head)
        while stream.tell() < size:
            block = between.join(line(f) for f in itertools.islice(source, BLOCK))
            stream.write((between if records else "") + block)
            records += BLOCK
        stream.write(tail)
    return records


def write_csv(path, size):
    return write(path, size, csv_row, head=",".join(COLUMNS) + "\n")


def write_ndjson(path, size):
    return write(path, size, lambda f: json_object(f) + "\n")


def write_json(path, size):
    return write(path, size, json_object, head='{"exported":"2026-01-02T00:00:00Z","events":[', between=",\n", tail="]}\n")


def write_sshd(path, size):
    return write(path, size, sshd_line)


def write_many(path, files, rows=33):
    """Small exports beside each other; no event comes twice."""
    path.parent.mkdir(parents=True, exist_ok=True)
    source = facts("many")
    for number in range(files):
        with (path.parent / f"events-{number:05}-2025-Q4.csv").open("w", encoding="utf-8") as stream:
            stream.write(",".join(COLUMNS) + "\n" + "".join(csv_row(f) for f in itertools.islice(source, rows)))


SETS = {"csv": ("trail-csv", "bench-csv", write_csv), "ndjson": ("trail-ndjson", "bench-ndjson", write_ndjson),
        "json": ("trail-json", "bench-json", write_json), "log": ("auth", "bench-sshd", write_sshd)}


def add_set(folder, form):
    """Makes a programme folder ready for one set: kind, type, control and source. Returns its file, and what writes it."""
    source, kind, writer = SETS[form]
    schema = folder / "schema"
    shutil.copy(HERE / "schema" / "types.yaml", schema / "types" / "bench.yaml")
    shutil.copy(HERE / "schema" / "controls.yaml", schema / "controls" / "bench.yaml")
    ending = {"bench-csv": "csv", "bench-ndjson": "ndjson", "bench-json": "json", "bench-sshd": "sshd"}[kind]
    shutil.copy(HERE / "schema" / f"kinds_{ending}.yaml", schema / "kinds" / f"{kind}.yaml")
    programme = folder / "inputs" / "programme.yaml"
    text = programme.read_text(encoding="utf-8")
    line = f'  - {{id: {source}, kind: {kind}, path: "{source}/*-{{period}}.{form}", system: Bench, zone: UTC}}\n'
    programme.write_text(text.replace("signing:\n", line + "signing:\n"), encoding="utf-8")
    return folder / "inputs" / "evidence" / source / f"events-2025-Q4.{form}", writer
