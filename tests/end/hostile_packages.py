#!/usr/bin/env python3
"""Makes ZIP files that try to mislead a verifier, and requires that each is refused, for the right reason.

    hostile_packages.py COMMAND...

COMMAND is run with one file appended (such as: build/tickmark verify). It must exit with 4 and print the diagnostic id
that stands with each file below. Two innocent files come first: they are refused too, since nobody signed them, but not
for their container or names, so that it is the hostile part that the others are refused for.
"""
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

CONTAINER, NAME, CONTENT, EXTRA = "[package-container]", "[package-name]", "[package-content]", "[package-extra]"
STORED, DEFLATED = 0, 8
REGULAR = 0o100644
MIMETYPE = b"application/vnd.etsi.asic-e+zip"


def deflate(data, level=6):
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


class Entry:
    """One file, each field of its two headers open to a lie. `local` and `central` override fields by name."""

    def __init__(self, name, data=b"x", method=STORED, packed=None, local=None, central=None, **both):
        name = name if isinstance(name, bytes) else name.encode()
        packed = packed if packed is not None else deflate(data) if method == DEFLATED else data
        fields = {
            "name": name,
            "made_by": 0x032D,
            "needs": 20 if method == DEFLATED else 10,
            "flags": 0x800 if any(byte > 127 for byte in name) else 0,
            "method": method,
            "time": 0x46AA,
            "date": 0x5B49,
            "crc": zlib.crc32(data),
            "packed_size": len(packed),
            "size": len(data),
            "extra": b"",
            "comment": b"",
            "disk": 0,
            "internal": 0,
            "mode": REGULAR,
            "offset": None,
        } | both
        self.local = fields | (local or {})
        self.central = fields | (central or {})
        self.data = packed

    def local_bytes(self):
        f = self.local
        return (
            struct.pack(
                "<IHHHHHIIIHH", 0x04034B50, f["needs"], f["flags"], f["method"], f["time"], f["date"], f["crc"],
                f["packed_size"], f["size"], len(f["name"]), len(f["extra"]),
            )
            + f["name"] + f["extra"] + self.data
        )

    def central_bytes(self, offset):
        f = self.central
        return (
            struct.pack(
                "<IHHHHHHIIIHHHHHII", 0x02014B50, f["made_by"], f["needs"], f["flags"], f["method"], f["time"],
                f["date"], f["crc"], f["packed_size"], f["size"], len(f["name"]), len(f["extra"]), len(f["comment"]),
                f["disk"], f["internal"], f["mode"] << 16, offset if f["offset"] is None else f["offset"],
            )
            + f["name"] + f["extra"] + f["comment"]
        )


def archive(entries, prefix=b"", between=b"", before_directory=b"", suffix=b"", comment=b"", unlisted=(), absent=(),
            count=None, disk=0, shift=0):
    """Puts a ZIP together. `unlisted` entries are not in the directory, `absent` ones are nowhere else."""
    body, directory, listed = prefix, b"", 0
    for entry in entries:
        offset = len(body)
        if entry not in absent:
            body += entry.local_bytes() + between
        if entry not in unlisted:
            directory += entry.central_bytes(offset - shift)
            listed += 1
    body += before_directory
    count = listed if count is None else count
    end = struct.pack(
        "<IHHHHIIH", 0x06054B50, disk, disk, count, count, len(directory), len(body) - shift, len(comment)
    )
    return body + directory + end + comment + suffix


def zip64_end(entries):
    """A zip64 end record that nothing needs, telling another story than the plain one."""
    plain = archive(entries)
    body, end = plain[:-22], plain[-22:]
    record = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 0x032D, 45, 0, 0, 1, 1, 46, 0)
    locator = struct.pack("<IIQI", 0x07064B50, 0, len(body), 1)
    return body + record + locator + end


def hostile():
    """Yields a title, the bytes, and the id that must be printed."""
    first = Entry("mimetype", MIMETYPE)
    good = Entry("data/good", b"good")
    zeros = bytes(10_000_000)
    bomb = Entry("data/bomb", zeros, DEFLATED)

    # The thirteen that common readers missed.
    yield "two entries of one name", archive([first, Entry("data/a", b"GOOD"), Entry("data/a", b"EVIL")]), NAME
    yield "local name differs", archive([first, Entry("data/good", local={"name": b"data/evil"})]), CONTAINER
    hidden = Entry("data/hidden")
    yield "entry missing from the directory", archive([first, good, hidden], unlisted=[hidden]), CONTAINER
    for name in ("../evil", "/abs-evil", "data/..\\..\\evil"):
        yield f"path leaves the folder: {name}", archive([first, Entry(name)]), NAME
    link = Entry("data/link", b"/etc", mode=0o120777)
    yield "symbolic link", archive([first, link, Entry("data/link/evil")]), CONTAINER
    yield "names differ by case only", archive([first, Entry("data/A"), Entry("data/a")]), NAME
    yield "names differ by composition only", archive([first, Entry("data/\u00e9"), Entry("data/e\u0301")]), NAME
    yield "bytes behind the end", archive([first, good], suffix=b"TRAILER" * 10), CONTAINER
    yield "bytes before the start", archive([first, good], prefix=b"#!/bin/sh\n"), CONTAINER
    yield "archive bomb", archive([first, bomb]), CONTAINER
    copies = [Entry(f"data/z{i}", zeros, DEFLATED, central={"offset": 47 + 30 - 8}) for i in range(50)]
    yield "entries that overlap", archive([first, good] + copies, absent=copies), CONTAINER
    yield "size is a lie", archive([first, Entry("data/a", b"ABCDEFGH", central={"size": 4, "packed_size": 4})]), CONTAINER
    yield "NUL in a name", archive([first, Entry(b"data/a\0.txt")]), NAME

    # Containers.
    yield "nothing at all", b"", CONTAINER
    yield "no entry", archive([]), CONTAINER
    yield "another file first", archive([good, first]), CONTAINER
    yield "mimetype deflated", archive([Entry("mimetype", MIMETYPE, DEFLATED), good]), CONTAINER
    yield "prefix with offsets that allow for it", archive([first, good], prefix=b"#!/bin/sh\n", shift=10), CONTAINER
    yield "archive comment", archive([first, good], comment=b"hello"), CONTAINER
    yield "second end record in the comment", archive([first], comment=archive([first, good])), CONTAINER
    yield "gap between entries", archive([first, good], between=b"\0"), CONTAINER
    yield "gap before the directory", archive([first, good], before_directory=b"APK Sig Block 42"), CONTAINER
    yield "count too high", archive([first, good], count=3), CONTAINER
    yield "count too low", archive([first, good], count=1), CONTAINER
    yield "several disks", archive([first, good], disk=1), CONTAINER
    yield "zip64 end record that differs", zip64_end([first, good]), CONTAINER
    extra = struct.pack("<HHQQ", 1, 16, 4, 4)
    yield "zip64 field not needed", archive([first, Entry("data/a", b"good", extra=extra)]), CONTAINER
    unicode_path = struct.pack("<HHBI", 0x7075, 5 + 9, 1, zlib.crc32(b"data/good")) + b"data/evil"
    yield "Unicode path field", archive([first, Entry("data/good", extra=unicode_path)]), CONTAINER
    yield "extra field in the local header only", archive([first, Entry("data/a", local={"extra": b"\1\2\0\0"})]), CONTAINER
    yield "entry comment", archive([first, Entry("data/a", central={"comment": b"c"})]), CONTAINER
    for flag, title in ((1, "encrypted"), (8, "with a data descriptor"), (0x20, "patched"), (0x2000, "masked")):
        yield f"entry {title}", archive([first, Entry("data/a", flags=flag)]), CONTAINER
    yield "UTF-8 flag without need", archive([first, Entry("data/a", flags=0x800)]), CONTAINER
    yield "UTF-8 flag lacking", archive([first, Entry("data/\u00e9", flags=0)]), CONTAINER
    for method in (9, 12, 14, 93, 99):
        yield f"compression method {method}", archive([first, Entry("data/a", method=method, packed=b"x")]), CONTAINER
    yield "two methods", archive([first, Entry("data/a", local={"method": DEFLATED})]), CONTAINER
    yield "two CRCs", archive([first, Entry("data/a", local={"crc": 1})]), CONTAINER
    yield "another time", archive([first, Entry("data/a", time=0)]), CONTAINER
    yield "made by another system", archive([first, Entry("data/a", made_by=0x0014)]), CONTAINER
    for mode, title in ((0o040755, "folder"), (0o100755, "programme"), (0o104644, "set-user-id"), (0o020644, "device"), (0, "unknown")):
        yield f"mode of a {title}", archive([first, Entry("data/a", mode=mode)]), CONTAINER
    yield "stored with two sizes", archive([first, Entry("data/a", b"good", size=3)]), CONTAINER
    yield "name longer than a path may be", archive([first, Entry("data/" + "n" * 2000)]), CONTAINER

    # Contents.
    yield "CRC wrong in both headers", archive([first, Entry("data/a", crc=1)]), CONTENT
    packed = deflate(b"some text, some more text")
    text = {"data": b"some text, some more text", "method": DEFLATED}
    yield "inflates to more", archive([first, Entry("data/a", packed=packed, size=10, **text)]), CONTENT
    yield "inflates to less", archive([first, Entry("data/a", packed=packed, size=100, **text)]), CONTENT
    yield "cut off", archive([first, Entry("data/a", packed=packed[:-3], **text)]), CONTENT
    yield "bytes behind the data", archive([first, Entry("data/a", packed=packed + b"hidden", **text)]), CONTENT
    yield "not deflate", archive([first, Entry("data/a", packed=b"\xff" * 9, **text)]), CONTENT
    yield "bits in the padding", archive([first, Entry("data/a", b"", DEFLATED, packed=b"\x03\x04", needs=20)]), CONTENT

    # Names.
    for name in ("data/../evil", "data/./a", "data//a", "data/", "/data/a", "data/a\nb", "data/a\x7f", "data/50%", "", "data"):
        wanted = EXTRA if name == "data" else NAME
        yield f"name {name!r}", archive([first, Entry(name)]), wanted
    yield "name in Latin-1", archive([first, Entry(b"data/caf\xe9")]), NAME
    yield "overlong UTF-8", archive([first, Entry(b"data/\xc0\xaf")]), NAME
    yield "file where a folder is", archive([first, Entry("data/a"), Entry("data/a/b")]), NAME
    yield "folder where a file is, by case", archive([first, Entry("data/A/b"), Entry("data/a")]), NAME
    yield "Kelvin sign and k", archive([first, Entry("data/\u212a"), Entry("data/k")]), NAME
    for name in ("fetch.txt", "notes.txt", "META-INF/signature002.p7s", "META-INF/MANIFEST.MF", "Data/a"):
        yield f"unknown file {name}", archive([first, Entry(name)]), EXTRA


def innocent():
    first = Entry("mimetype", MIMETYPE)
    text = b"evidence " * 9
    yield "innocent", archive([first, Entry("data/a", b"a"), Entry("data/\u00e9", text, DEFLATED), Entry("data/z", b"")])
    yield "innocent, deflated in blocks", archive([first, Entry("data/a", text, DEFLATED, packed=deflate(text, 0))])


def run(command, path):
    done = subprocess.run(command + [str(path)], capture_output=True, timeout=60, check=False)
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


def main():
    command = sys.argv[1:]
    if not command:
        sys.exit(__doc__)
    failures = files = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "package.zip"
        cases = [(title, data, None) for title, data in innocent()] + list(hostile())
        for title, data, wanted in cases:
            files += 1
            path.write_bytes(data)
            status, output = run(command, path)
            if wanted is None:
                wrong = [sign for sign in (CONTAINER, NAME, CONTENT) if sign in output]
                fine = status == 4 and not wrong
            else:
                fine = status == 4 and wanted in output
            # Whatever a name holds, it must not steer the terminal.
            fine = fine and not any(ord(letter) < 32 and letter != "\n" for letter in output)
            if not fine:
                failures += 1
                print(f"{title}: exit status {status}, expected {wanted or 'no fault of the container'}\n{output}")
    print(f"{files - failures} of {files} files were judged rightly")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
