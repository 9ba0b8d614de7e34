"""All that is whole is a and b."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import rows  # noqa: E402

both = [("a", 1), ("b", 2)]
for name in ("yaml/documents", "yaml-yaml/map", "yaml-json/map"):
    rows.expect(f"{name}-2025-12-31.yaml", both)
for name in ("mark", "flow"):
    rows.expect(f"yaml/{name}-2025-12-31.yaml", both[:1])
for name in ("json-csv/report", "json-csv/base64", "json-xml/report"):
    rows.expect(f"{name}-2025-12-31.json", both)
rows.expect("json-csv/cut-2025-12-31.json", both[:1])
for name in ("yaml/deep", "yaml/anchors", "yaml-yaml/absent"):
    rows.expect(f"{name}-2025-12-31.yaml", [])
rows.expect("xml/one-line-2025-12-31.xml", [(f"a{i}", i) for i in range(1000)])
for name in ("deep", "two", "nul"):
    rows.expect(f"xml/{name}-2025-12-31.xml", both[:1])
rows.expect("xml/denied-2025-12-31.xml", [])
