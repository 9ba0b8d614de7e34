"""Makes the evidence of the sample company, always the same bytes.

python3 tests/sample/make_sample.py inputs/evidence
"""

import json
import random
import sys
from pathlib import Path

import engineering
import identity
import operations

SEED = 2025


def text_of(content):
    """JSON with one record a line, so that a change of one record is a change of one line."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "[\n" + ",\n".join(json.dumps(item, separators=(",", ":")) for item in content) + "\n]\n"
    parts = []
    for key, value in content.items():
        body = text_of(value).rstrip("\n") if isinstance(value, list) else json.dumps(value)
        parts.append(json.dumps(key) + ": " + body)
    return "{" + ",\n".join(parts) + "}\n"


def sidecar_text(sidecar):
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in sidecar.items())


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: make_sample.py FOLDER")
    folder = Path(sys.argv[1])
    for part in (identity, engineering, operations):
        for path, content, sidecar in part.files(random.Random(f"{SEED}/{part.__name__}")):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text_of(content), encoding="utf-8", newline="\n")
            if sidecar is not None:
                Path(f"{target}.meta.yaml").write_text(sidecar_text(sidecar), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
