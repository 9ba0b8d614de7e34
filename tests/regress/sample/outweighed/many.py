"""Puts many changes into October's export: a hundred in all, of which each of the first N was approved by its author alone."""
import json
import sys

alone = int(sys.argv[1])
path = "inputs/evidence/code/changes-2025-10.json"
changes = [{"number": number, "url": f"https://forge.example.com/{number}", "author": {"name": "ann"},
            "merged": "2025-10-20T15:00:00Z",
            "approvals": [{"by": "ann" if number < 100 + alone else "bob", "when": "2025-10-20T14:30:00Z"}]}
           for number in range(100, 196)]
with open(path, "w", encoding="utf-8") as stream:
    json.dump(changes, stream, indent=1)
