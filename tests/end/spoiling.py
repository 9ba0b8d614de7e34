"""How an export goes wrong: alterations of one file of evidence, whatever it holds.

Each is function(path), or makes one. A file is always replaced and never written in place: the copies of the sample that it
is done to share their files by hard links.
"""
import csv
import datetime
import gzip
import io
import json
import random
import re
import tarfile
import zipfile


def put(path, content):
    path.unlink(missing_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


def put_text(path, function):
    old = path.read_text(encoding="utf-8")
    new = function(old)
    assert new != old, f"{path.name} was not altered"
    put(path, new)


def text(pattern, replacement, count=0):
    """What the pattern matches, replaced."""
    return lambda path: put_text(path, lambda old: re.sub(pattern, replacement, old, count=count, flags=re.MULTILINE))


def holds(content):
    return lambda path: put(path, content)


def raw(function):
    return lambda path: put(path, function(path.read_bytes()))


def lines(function):
    return lambda path: put_text(path, lambda old: "".join(function(old.splitlines(True))))


# Tables and lists of records, for alterations that know a record from the next.

def table(function):
    """The rows of a CSV file, header first, as a list that a function alters or makes anew."""
    def alter(path):
        old = path.read_text(encoding="utf-8")
        head = old.partition("\n")[0]
        delimiter = ";" if head.count(";") > head.count(",") else ","
        rows = list(csv.reader(io.StringIO(old), delimiter=delimiter))
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(function(rows) or rows)
        put_text(path, lambda _: out.getvalue())
    return alter


def records(function):
    """The list of records of a JSON file or the lines of an NDJSON one."""
    def alter(path):
        if path.suffix == ".ndjson":
            content = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            content = function(content) or content
            put(path, "".join(json.dumps(record, separators=(",", ":")) + "\n" for record in content))
            return
        content = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(content, list):
            content = function(content) or content
        else:
            key = max((key for key in content if isinstance(content[key], list)), key=lambda name: len(content[name]))
            content[key] = function(content[key]) or content[key]
        put(path, json.dumps(content, indent=0))
    return alter


def values(function):
    """Every value of a JSON or CSV file that is no list or mapping."""
    def all_of(value):
        if isinstance(value, dict):
            return {key: all_of(item) for key, item in value.items()}
        return [all_of(item) for item in value] if isinstance(value, list) else function(value)

    def alter(path):
        if path.suffix == ".csv":
            table(lambda rows: rows[:1] + [[function(cell) for cell in row] for row in rows[1:]])(path)
        else:
            records(lambda items: [all_of(item) for item in items])(path)
    return alter


def header_only(path):
    if path.suffix == ".csv":
        lines(lambda all_lines: all_lines[:1])(path)
    else:
        records(lambda items: items.clear())(path)


def cut(share):
    """The first part of the bytes, as a transfer leaves it that broke off."""
    return raw(lambda data: data[:int(len(data) * share)])


def keep(share):
    """The first part of the records, and the file ends well."""
    def alter(path):
        if path.suffix == ".csv":
            lines(lambda all_lines: all_lines[:1 + int((len(all_lines) - 1) * share)])(path)
        else:
            records(lambda items: items[:int(len(items) * share)])(path)
    return alter


def twice(path):
    """Every record two times."""
    if path.suffix == ".csv":
        table(lambda rows: rows[:1] + [row for row in rows[1:] for _ in "12"])(path)
    elif path.suffix == ".log":
        lines(lambda all_lines: [line for line in all_lines for _ in "12"])(path)
    else:
        records(lambda items: [item for item in items for _ in "12"])(path)


def shuffled(path):
    """The records in another order."""
    def shuffle(items):
        random.Random(7).shuffle(items)
        return items
    if path.suffix == ".csv":
        table(lambda rows: rows[:1] + shuffle(rows[1:]))(path)
    else:
        records(shuffle)(path)


def reversed_columns(path):
    """The columns, or the keys of every object, from last to first."""
    def turned(value):
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(item) for item in value] if isinstance(value, list) else value
    if path.suffix == ".csv":
        table(lambda rows: [row[::-1] for row in rows])(path)
    else:
        records(lambda items: [turned(item) for item in items])(path)


def delimited_by(delimiter):
    def alter(path):
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
        put_text(path, lambda _: out.getvalue())
    return alter


def shifted(hours):
    """Every time of day moved, and the day with it where it must."""
    def move(match):
        moved = datetime.datetime.fromisoformat(f"{match[1]} {match[3]}") + datetime.timedelta(hours=hours)
        return f"{moved:%Y-%m-%d}{match[2]}{moved:%H:%M:%S}"
    return text(r"(\d{4}-\d\d-\d\d)([T ])(\d\d:\d\d:\d\d)", move)


def total_line(path):
    lines(lambda all_lines: all_lines + [f"Total: {len(all_lines) - 1}\n"])(path)


def second_header(path):
    lines(lambda all_lines: all_lines[:len(all_lines) // 2] + all_lines[:1] + all_lines[len(all_lines) // 2:])(path)


def rewritten_in(encoding, mark=b""):
    return raw(lambda data: mark + data.decode("utf-8").encode(encoding))


def from_file(other):
    """The bytes of another file of the evidence (or of the sample as it ships) under this one's name."""
    def alter(path):
        folder = next(parent for parent in path.parents if parent.name == "evidence")
        put(path, (folder / other).read_bytes())
    return alter


def gone(path):
    path.unlink()
    path.with_name(path.name + ".meta.yaml").unlink(missing_ok=True)


def linked(path):
    """A symbolic link to the file, which was moved aside."""
    path.rename(path.with_name("." + path.name))
    path.symlink_to("." + path.name)


def folder(path):
    path.unlink()
    path.mkdir()


def packed(share=1.0):
    return raw(lambda data: (lambda packed: packed[:int(len(packed) * share)])(gzip.compress(data, mtime=0)))


def archive(path, *members):
    """A ZIP of these members; each holds what the file held."""
    data = path.read_bytes()
    path.unlink()
    with zipfile.ZipFile(path, "w") as out:
        for member in members:
            out.writestr(member, data)


def empty_tar(path):
    path.unlink()
    with tarfile.open(path, "w"):
        pass


def sidecar(key, value):
    """The file's sidecar says this of it."""
    def alter(path):
        place = path.with_name(path.name + ".meta.yaml")
        old = place.read_text(encoding="utf-8") if place.exists() else ""
        put(place, re.sub(rf"^{key}:.*\n", "", old, flags=re.MULTILINE) + f"{key}: {value}\n")
    return alter
