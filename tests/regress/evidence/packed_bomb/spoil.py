"""One export is a gigabyte of zeros in a megabyte."""
import pathlib
import zlib

deflate = zlib.compressobj(9, zlib.DEFLATED, 31)
path = pathlib.Path("inputs/evidence/directory/accounts-2025-11-28.csv")
with path.open("wb") as stream:
    for _ in range(1024):
        stream.write(deflate.compress(bytes(1 << 20)))
    stream.write(deflate.flush())
