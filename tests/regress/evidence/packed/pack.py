"""Every export packed, each in another way; the records are those of the base."""
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import packing  # noqa: E402

programme = pathlib.Path("inputs/programme.yaml")
text = programme.read_text(encoding="utf-8")
for name in ("accounts", "factors", "users", "roster"):
    text = text.replace(f'{name}-{{date}}.csv"', f'{name}-{{date}}.csv*"')
text = text.replace('changes-{date}.json"', 'changes-{date}.json*"').replace('.ndjson"', '.ndjson*"')
text = text.replace("kind: directory-accounts,", 'kind: directory-accounts, member: "*.csv",')
programme.write_text(text, encoding="utf-8")

evidence = pathlib.Path("inputs/evidence")
path = evidence / "directory/accounts-2025-10-31.csv"
packing.replace(path, packing.gz(path.read_bytes()), ".gz")
path = evidence / "directory/accounts-2025-11-28.csv"
header, *rows = path.read_bytes().splitlines(keepends=True)
packing.replace(path, packing.zipped(("README.txt", b"Two pages of accounts.\n"),
                                     ("pages/first page é.csv", header + b"".join(rows[:2])), ("pages/", b""),
                                     ("pages/second.csv", header + b"".join(rows[2:])),
                                     ("__MACOSX/pages/._second.csv", b"\0\5\x16\7")), ".zip")
path = evidence / "directory/accounts-2025-12-31.csv"
packing.replace(path, packing.gz(packing.tarred(("./out/all.csv", path.read_bytes()))), ".tar.gz")
path = evidence / "people/roster-2025-11-28.csv"
packing.replace(path, packing.zst(path.read_bytes()), ".zst")
path = evidence / "people/roster-2025-12-31.csv"
rows = path.read_bytes()
packing.replace(path, packing.gz(rows[:50]) + packing.gz(rows[50:]) + bytes(12), ".gz")
path = evidence / "code/changes-2025-11.json"
packing.replace(path, packing.zipped(("changes.json", path.read_bytes()), method=0), ".zip")
path = evidence / "pages/pages-2025-12.ndjson"
lines = path.read_bytes().splitlines(keepends=True)
packing.replace(path, packing.zipped(*((f"part-{i}.ndjson.gz", packing.gz(line)) for i, line in enumerate(lines))), ".zip")
path = evidence / "warehouse/users-2025-12-31.csv"
packing.replace(path, packing.tarred(("inner.zip", packing.zipped(("users.csv", path.read_bytes())))), ".tar")
