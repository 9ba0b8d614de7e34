"""The other file is as it was, without our sidecar, and what was collected is aside."""
import datetime
import pathlib

today = datetime.datetime.now(datetime.timezone.utc).date()
there = pathlib.Path(f"inputs/evidence/directory/accounts-{today}.csv")
assert there.read_text(encoding="utf-8") == "first\n"
assert not there.with_name(there.name + ".meta.yaml").exists()
assert "ann,true" in pathlib.Path("inputs/evidence/.collect/directory.output").read_text(encoding="utf-8")
