"""A million lists within each other, as an export and within a record."""
with open("inputs/evidence/code/changes-2025-11.json", "w", encoding="utf-8") as stream:
    stream.write("[" * 1000000 + "]" * 1000000)
with open("inputs/evidence/pages/pages-2025-11.ndjson", "a", encoding="utf-8") as stream:
    stream.write('{"page": "P9", "x": ' + '{"a":' * 1000000 + "1" + "}" * 1000000 + "}\n")
