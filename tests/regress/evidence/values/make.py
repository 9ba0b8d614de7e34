"""Nulls, flags and numbers as exports write them, in tables and documents."""
import pathlib

evidence = pathlib.Path("inputs/evidence")
for name in ("csv", "json", "lines", "yaml", "xml"):
    (evidence / name).mkdir(parents=True)

nulls = ["", "N/A", "n/a", "no_information", "not_supported", "?", "--", "-", "None", "Unknown", "null"]
(evidence / "csv/nulls-2025-12-31.csv").write_text(
    "id,n,r,ok,note\n" + "".join(f"a{i},{text},{text},{text},{text}\n" for i, text in enumerate(nulls)))
flags = ["true", "FALSE", "True", "yes", "No", "1", "0", "t", "F", "y", "N", "on", "Off", "enabled", "Disabled", "maybe", "2"]
(evidence / "csv/flags-2025-12-31.csv").write_text("id,n,ok\n" + "".join(f"a{i},,{text}\n" for i, text in enumerate(flags)))
numbers = ["9007199254740993", "-9223372036854775808", "9223372036854775807", "9223372036854775808", "+7", "007", "1e3", "1.0",
           "1,5", "0x10"]
(evidence / "csv/numbers-2025-12-31.csv").write_text("id,n\n" + "".join(f'a{i},"{text}"\n' for i, text in enumerate(numbers)))
(evidence / "json/values-2025-12-31.json").write_text(
    '{"items": [{"id": 9007199254740993, "n": 9007199254740993, "r": 0.1, "ok": true, "note": "true"},'
    '{"id": "b", "n": -9223372036854775808, "r": 1e-3, "ok": "Yes", "note": null},'
    '{"id": "c", "n": 9223372036854775808, "r": "0.5", "ok": 0, "note": ["d", {"e": 1}]},'
    '{"id": "d", "n": "12", "r": -0.0, "ok": null, "made": 1764547200.75, "note": "\\u00e9\\ud83d\\ude00"},'
    '{"id": "e", "n": 1.5, "ok": "no idea", "made": "1764547200", "note": "\\ud83d"}]}')
(evidence / "lines/values-2025-12-31.ndjson").write_text(
    '{"id": "a", "n": 1E2, "made": 1764547200123}\n{"id": "b", "made": -1}\n{"id": "c", "n": 1, "n": 2}\n')
(evidence / "yaml/values-2025-12-31.yaml").write_text(
    "id: a\nn: 9007199254740993\nok: yes\nmade: 2025-12-01T00:00:00Z\nnote: ~\n---\nid: b\nn: -9223372036854775808\nok: off\n"
    "made: 2025-12-01\nnote: null\n---\nid: 0123\nn: 0o17\nok: 'true'\nnote: 1.10\n")
(evidence / "xml/values-2025-12-31.xml").write_text(
    '<?xml version="1.0" encoding="windows-1252"?>\n<things><thing id="a"><n>9007199254740993</n><ok>True</ok>'
    '<note> caf\u00e9 </note></thing><thing id="b"><n/><note><![CDATA[<x>]]></note></thing></things>', encoding="cp1252")
