"""All that is whole is a and b."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import rows  # noqa: E402

both = [("a", 1), ("b", 2)]
for name in ("json/assigned", "json/declared", "json/guarded", "json/guarded-too", "json/pages", "json/envelope",
             "json/recorded-call", "json-each/lines", "json-each/documents", "json-bare/one-line", "json-inside-json/text"):
    rows.expect(f"{name}-2025-12-31.json", both)
for name in ("progress", "talk", "several", "cr"):
    rows.expect(f"lines/{name}-2025-12-31.ndjson", both)
rows.expect("lines/nul-2025-12-31.ndjson", both)
rows.expect("lines/deep-2025-12-31.ndjson", both[1:])
rows.expect("lines/long-2025-12-31.ndjson", [("a", 1, None, None, None, "x" * 1000000), ("b", 2)])
rows.expect("json/page-failed-2025-12-31.json", both[:1])
rows.expect("json-recorded/recording-2025-12-31.json", [("a", 1), ("c", 2)])
for name in ("empty", "error", "error-list", "page", "text", "null", "assigned-twice", "compared",
             "recorded-failure"):
    rows.expect(f"json/{name}-2025-12-31.json", [])
