"""An alias bomb beside an export."""
with open("inputs/evidence/people/roster-2025-11-28.csv.meta.yaml", "w", encoding="utf-8") as stream:
    stream.write("a: &a [x, x]\nrecords: [*a, *a]\n")
