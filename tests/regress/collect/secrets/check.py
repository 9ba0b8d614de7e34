"""The command that prints its environment was given these variables alone, and no secret lies anywhere."""
import pathlib

export = next(pathlib.Path("inputs/evidence/surroundings").glob("*.csv")).read_text(encoding="utf-8")
names = [line.split(",")[0] for line in export.splitlines()[1:]]
assert names == ["API_TOKEN", "LC_ALL", "PATH", "PLAIN_SETTING", "TICKMARK_DATE", "TICKMARK_FROM", "TICKMARK_SOURCE", "TICKMARK_TO",
                 "TICKMARK_UNTIL", "TZ"], names
for path in pathlib.Path("inputs/evidence").rglob("*"):
    assert path.is_dir() or b"s3cr3t" not in path.read_bytes(), path
