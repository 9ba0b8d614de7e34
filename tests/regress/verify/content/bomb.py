"""A file of the package that claims to be smaller than it is."""
import sys

with open(sys.argv[1], "rb") as stream:
    data = bytearray(stream.read())
name = b"data/reports/portfolio.pdf"
for head, place in ((b"PK\1\2", 46), (b"PK\3\4", 30)):
    at = 0
    while True:
        at = data.index(head, at)
        if data[at + place:at + place + len(name)] == name:
            break
        at += 4
    size = at + (24 if place == 46 else 22)
    data[size:size + 4] = (1000).to_bytes(4, "little")
with open(sys.argv[1], "wb") as stream:
    stream.write(data)
