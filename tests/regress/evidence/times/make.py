"""A kind and a table for each way to write a time; `texts` is what expect.py holds against it."""
import pathlib

import texts

programme = pathlib.Path("inputs/programme.yaml")
kinds = pathlib.Path("schema/kinds")
base = (kinds / "things-csv.yaml").read_text(encoding="utf-8")
sources = ""
for name, (time, zone, rows) in texts.TEXTS.items():
    (kinds / f"times-{name}.yaml").write_text(
        base.replace("kind: things-csv", f"kind: times-{name}").replace("columns: [id, n]", f"columns: [times-{name}]")
        .replace("time: iso", f"time: {time}"), encoding="utf-8")
    sources += f'  - {{id: times-{name}, kind: times-{name}, path: "times/{name}-{{date}}.csv", system: Things{zone}}}\n'
    path = pathlib.Path(f"inputs/evidence/times/{name}-2025-12-31.csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("id,made\n" + "".join(f'a{i},"{text}"\n' for i, (text, _) in enumerate(rows)), encoding="utf-8")
programme.write_text(programme.read_text(encoding="utf-8").replace("signing:", sources + "signing:"), encoding="utf-8")
