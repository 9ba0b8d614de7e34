"""Packed exports that cannot be read, or not all of them, each under a date of its own."""
import lzma
import pathlib
import struct
import sys
import zipfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import packing  # noqa: E402

programme = pathlib.Path("inputs/programme.yaml")
text = programme.read_text(encoding="utf-8")
text = text.replace('accounts-{date}.csv"', 'accounts-{date}.csv*"').replace('factors-{date}.csv"', 'factors-{date}.csv*", member: "*.csv"')
programme.write_text(text, encoding="utf-8")
folder = pathlib.Path("inputs/evidence/directory")
accounts = (folder / "accounts-2025-11-28.csv").read_bytes()
header = accounts.splitlines(keepends=True)[0]


def put(day, content, name="accounts"):
    (folder / f"{name}-2025-11-{day:02}.csv.x").write_bytes(content)


damaged = bytearray(packing.gz(accounts))
damaged[-5] ^= 1
put(1, bytes(damaged))
put(2, packing.gz(accounts)[:-20])
put(3, packing.gz(accounts) + b"more")
put(4, packing.zipped(("a.csv", accounts), ("b.csv", accounts))[:150])
damaged = bytearray(packing.zipped(("a.csv", accounts), method=zipfile.ZIP_STORED))
damaged[60] ^= 1
put(5, bytes(damaged))
locked = bytearray(packing.zipped(("locked.csv", accounts)))
locked[6] |= 1
locked[locked.index(b"PK\1\2") + 8] |= 1
put(6, bytes(locked))
put(7, packing.tarred(("a.csv", accounts), ("b.csv", None, "/etc/passwd")))
put(8, packing.tarred(("a.csv", accounts), ("../../b.csv", header), ("/c.csv", header), ("d\x1b[2J.csv", header)))
put(9, packing.tarred(("a.csv", accounts), ("b.csv", header), ("a.csv", header)))
put(10, lzma.compress(accounts))
nested = accounts
for _ in range(4):
    nested = packing.gz(nested)
put(11, packing.tarred(("a.csv", accounts), ("deep.csv", nested)))
put(12, packing.gz(bytes(80 << 20)))
put(13, packing.zipped(("zeros.csv", bytes(80 << 20))))
put(14, packing.zipped())
put(15, packing.zipped(("a.csv", accounts), ("notes.txt", b"See a.csv.\n")))
put(16, packing.zipped(("a.csv", accounts), ("b.csv", b"user\neve\n"), ("c.csv", header + b"eve@example.com,maybe,\n")))
put(17, packing.zipped(("a.csv", accounts), method=zipfile.ZIP_LZMA))
put(18, b"".join(struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 0, 0, 0x5b9f, 0, 0, 0, 9, 0) + b"m%08d" % i
                 for i in range(200001)), "factors")
put(20, packing.zipped(("a.txt", accounts)), "factors")
whole = packing.zipped(("a.csv", accounts), ("b.csv", accounts.replace(b"@", b"2@")))
second = whole.index(b"PK\1\2", whole.index(b"PK\1\2") + 4)
put(21, whole[:whole.index(b"PK\1\2")] + whole[second:])
put(22, packing.zipped(("a.csv", accounts)) + whole)
put(23, whole[:-30])
put(24, packing.tarred(("a.csv", accounts))[:1024])
