"""Three thousand pages of no urgency, so that what multiplies records finds some."""
import json

with open("inputs/evidence/pages/pages-2025-11.ndjson", "a", encoding="utf-8") as stream:
    for number in range(3000):
        stream.write(json.dumps({"page": f"Q{number:04}", "urgency": "LOW", "opened": f"2025-11-{number % 28 + 1:02}T09:00:00Z",
                                 "answered": None}) + "\n")
