"""Alters one file of a package, with a container that is otherwise as tickmark writes it.

    alter.py PACKAGE flip NAME [AT]    one bit of the file is another, in the middle or in the byte AT (-1: the last)
    alter.py PACKAGE replace NAME OLD NEW
    alter.py PACKAGE drop NAME         the file is gone
    alter.py PACKAGE add NAME TEXT     a file more, before META-INF
"""
import struct
import sys
import zlib

LOCAL, CENTRAL, END = b"PK\3\4", b"PK\1\2", b"PK\5\6"


def read(data):
    """Every entry as [name, content, the fields of its central record]."""
    at = struct.unpack_from("<I", data, len(data) - 6)[0]
    entries = []
    while data[at:at + 4] == CENTRAL:
        fields = list(struct.unpack_from("<HHHHHHIIIHHHHHII", data, at + 4))
        name = data[at + 46:at + 46 + fields[9]]
        start = fields[15] + 30 + len(name)
        content = data[start:start + fields[7]]
        entries.append([name.decode(), zlib.decompress(content, -15) if fields[3] == 8 else content, fields])
        at += 46 + len(name) + fields[10] + fields[11]
    return entries


def write(entries):
    body = directory = b""
    for name, content, fields in entries:
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = packer.compress(content) + packer.flush() if fields[3] == 8 else content
        fields[6:10] = [zlib.crc32(content), len(packed), len(content), len(name.encode())]
        fields[15] = len(body)
        body += LOCAL + struct.pack("<HHHHHIIIHH", *fields[1:11]) + name.encode() + packed
        directory += CENTRAL + struct.pack("<HHHHHHIIIHHHHHII", *fields) + name.encode()
    return body + directory + END + struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(directory), len(body), 0)


def main():
    path, action, name, *texts = sys.argv[1:]
    with open(path, "rb") as stream:
        entries = read(stream.read())
    place = next((number for number, entry in enumerate(entries) if entry[0] == name), None)
    if action == "flip":
        content = bytearray(entries[place][1])
        content[int(texts[0]) if texts else len(content) // 2] ^= 1
        entries[place][1] = bytes(content)
    elif action == "replace":
        old, new = (text.replace("\\n", "\n").encode() for text in texts)
        assert entries[place][1].count(old) == 1, f"{name} does not hold it once"
        entries[place][1] = entries[place][1].replace(old, new)
    elif action == "drop":
        del entries[place]
    elif action == "add":
        before = next(number for number, entry in enumerate(entries) if entry[0].startswith("META-INF/"))
        entries.insert(before, [name, texts[0].encode(), list(entries[1][2])])
    with open(path, "wb") as stream:
        stream.write(write(entries))


main()
