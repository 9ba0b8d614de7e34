"""A byte that is not UTF-8 in one record, and a file in UTF-16."""
import pathlib

evidence = pathlib.Path("inputs/evidence")
path = evidence / "directory/accounts-2025-11-28.csv"
path.write_bytes(path.read_bytes().replace(b"bob@", b"b\xf6b@"))
path = evidence / "people/roster-2025-11-28.csv"
path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
