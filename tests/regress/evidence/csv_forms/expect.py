"""What each of them says."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import rows  # noqa: E402


def expect(name, *wanted):
    rows.expect(f"csv/{name}-2025-12-31.csv", [(id, n, None, None, None, note) for id, n, note in wanted])


for name in ("crlf", "cr"):
    expect(name, ("a", 1, "x"), ("b", 2, "y"))
expect("mixed", ("a", 1, "x"), ("b", 2, "y"), ("c", 3, "z"))
for name in ("mark", "unended", "empty-lines", "twice", "blank-names"):
    expect(name, ("a", 1, "x"))
for name in ("semicolon", "tab", "bar", "titles"):
    expect(name, ("a", 1, "x, y"))
expect("lines", ("a", 1, 'x\r\ny "z"'), ("b", 2, "w"))
rows.expect("csv/spaces-2025-12-31.csv", [("a ", 1, None, 1, 1764547200, "x  ")])
expect("cells", ("a", 1, '{"b": [1, 2]}'), ("@b", 2, "=1+1"), ("+c", 3, "['d', None]"))
expect("ragged", ("c", 3, "z"))
expect("nul", ("a", 1, None), ("b", 2, "z"))
for name in ("wide", "long"):
    expect(name, ("a", 1, "x"), ("c", 3, "z"))
for name in ("error", "denied", "head-only", "nothing", "titles-wide", "titles-many"):
    expect(name)
