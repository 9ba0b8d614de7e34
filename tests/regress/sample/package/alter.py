"""Turns one bit in the data of a file of a package."""
import pathlib
import sys
import zipfile

path = pathlib.Path(sys.argv[1])
with zipfile.ZipFile(path) as package:
    entry = package.getinfo(sys.argv[2])
data = bytearray(path.read_bytes())
data[entry.header_offset + 30 + len(entry.filename.encode()) + 10] ^= 1
path.write_bytes(data)
