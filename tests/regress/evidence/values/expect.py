"""What they are; no number loses a digit."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import rows  # noqa: E402

rows.expect("csv/nulls-2025-12-31.csv", [(f"a{i}",) for i in range(11)])
flags = [1, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, None, None]
rows.expect("csv/flags-2025-12-31.csv", [(f"a{i}", None, None, flag) for i, flag in enumerate(flags)])
numbers = [9007199254740993, -(2 ** 63), 2 ** 63 - 1, None, 7, 7, None, None, None, None]
rows.expect("csv/numbers-2025-12-31.csv", [(f"a{i}", number) for i, number in enumerate(numbers)])
rows.expect("json/values-2025-12-31.json", [
    ("9007199254740993", 9007199254740993, 0.1, 1, None, "true"), ("b", -(2 ** 63), 0.001, 1),
    ("c", None, 0.5, 0, None, '["d", {"e": 1}]'), ("d", 12, 0.0, None, 1764547200, "\u00e9\U0001f600")])
rows.expect("lines/values-2025-12-31.ndjson", [("a", 100, None, None, 1764547200), ("b", None, None, None, -1)])
rows.expect("yaml/values-2025-12-31.yaml", [
    ("a", 9007199254740993, None, 1, 1764547200), ("b", -(2 ** 63), None, 0, 1764547200), ("0123", None, None, 1, None, "1.10")])
rows.expect("xml/values-2025-12-31.xml", [("a", 9007199254740993, None, 1, None, "caf\u00e9"), ("b", None, None, None, None, "<x>")])
