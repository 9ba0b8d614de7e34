"""Exports in other encodings: declared, told by their mark, or neither."""
import pathlib

programme = pathlib.Path("inputs/programme.yaml")
text = programme.read_text(encoding="utf-8")
text = text.replace("kind: directory-accounts,", "kind: directory-accounts, encoding: cp1252,")
text = text.replace("kind: warehouse-users,", "kind: warehouse-users, encoding: UTF-8,")
programme.write_text(text, encoding="utf-8")
kind = pathlib.Path("schema/kinds/directory-factors.yaml")
kind.write_text(kind.read_text(encoding="utf-8").replace("format: csv\n", "format: csv\nencoding: utf-16be\n"), encoding="utf-8")
evidence = pathlib.Path("inputs/evidence")


def recode(name, encoding, mark=b"", *changes):
    path = evidence / name
    content = path.read_text(encoding="utf-8")
    for old, new in changes:
        content = content.replace(old, new)
    path.write_bytes(mark + content.encode(encoding))


# Told by their mark.
recode("people/roster-2025-10-31.csv", "utf-16-le", b"\xff\xfe", ("dee@", "d\u00e9e\U0001f600@"))
recode("people/roster-2025-11-28.csv", "utf-16-be", b"\xfe\xff")
recode("people/roster-2025-12-31.csv", "utf-8", b"\xef\xbb\xbf")
recode("code/changes-2025-10.json", "utf-16-le", b"\xff\xfe")
recode("pages/pages-2025-10.ndjson", "utf-16-be", b"\xfe\xff")
# Declared by the source, and by the kind; 0x81 is no character of windows-1252.
recode("directory/accounts-2025-10-31.csv", "cp1252", b"", ("bob@", "b\u00f6b\u20ac@"))
path = evidence / "directory/accounts-2025-11-28.csv"
path.write_bytes(path.read_bytes().replace(b"bob@", b"b\x81b@"))
for day in ("10-31", "11-28", "12-31"):
    recode(f"directory/factors-2025-{day}.csv", "utf-16-be")
path = evidence / "directory/factors-2025-12-31.csv"
path.write_bytes(path.read_bytes().replace(b"\0c\0y\0d", b"\xdc\0\0y\0d") + b"\0")
# Neither: nothing is guessed.
recode("pages/pages-2025-11.ndjson", "cp1252", b"", ("P112", "P\u00fc112"))
recode("pages/pages-2025-12.ndjson", "utf-16-le")
path = evidence / "code/changes-2025-11.json"
path.write_bytes(path.read_bytes().replace(b'"name": "', b'"name": "\xe9', 1))
# A mark that is not what was declared.
recode("warehouse/users-2025-10-31.csv", "utf-16-le", b"\xff\xfe")
recode("directory/accounts-2025-12-31.csv", "utf-8", b"\xef\xbb\xbf")
