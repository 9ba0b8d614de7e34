"""Fills in a drawn sample.csv as an auditor would: all sound, or one deviation and one item that could not be examined."""
import csv
import sys

with open(sys.argv[1], encoding="utf-8", newline="") as stream:
    rows = list(csv.DictReader(stream))
for row in rows:
    row["result"] = "no deviation"
if len(sys.argv) == 2:
    rows[0].update(result="DEVIATION", remark="the approver wrote a part of it")
    rows[1]["result"] = "not examined"
with open(sys.argv[1], "w", encoding="utf-8", newline="") as stream:
    writer = csv.DictWriter(stream, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
