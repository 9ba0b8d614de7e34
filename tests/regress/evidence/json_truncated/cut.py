"""Two exports that end in the middle."""
import pathlib

for name in ("code/changes-2025-11.json", "pages/pages-2025-11.ndjson"):
    path = pathlib.Path("inputs/evidence", name)
    path.write_bytes(path.read_bytes()[:-40])
