"""The copy has a sidecar without the line that would make it count."""
import datetime
import pathlib

today = datetime.datetime.now(datetime.timezone.utc).date()
sidecar = pathlib.Path(f"inputs/evidence/directory/accounts-{today}.csv.meta.yaml").read_text(encoding="utf-8")
assert "collected_at" not in sidecar and "started_at" in sidecar, sidecar
