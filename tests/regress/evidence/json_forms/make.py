"""Documents and lines of JSON in the wrappings that exports have, and what is no export at all."""
import pathlib

json = pathlib.Path("inputs/evidence/json")
lines = pathlib.Path("inputs/evidence/lines")
json.mkdir(parents=True)
lines.mkdir(parents=True)
programme = pathlib.Path("inputs/programme.yaml")
kinds = pathlib.Path("schema/kinds")
document = (kinds / "things-json.yaml").read_text(encoding="utf-8")
for name, change in (("each", ('at: "items[*]"', "at: .")), ("bare", ('at: "items[*]"', 'at: "[*]"')),
                     ("recorded", ('at: "items[*]"', 'at: "[*].response.body.items[*]"')),
                     ("inside-json", ('at: "items[*]"', 'at: "items[*]"\n    # of the text'))):
    kind = document.replace("kind: things-json", f"kind: things-{name}").replace(*change)
    if name == "inside-json":
        kind = kind.replace("format: json\n", "format: json\ninside: {path: data.content, format: json}\n")
    (kinds / f"things-{name}.yaml").write_text(kind, encoding="utf-8")
    text = programme.read_text(encoding="utf-8")
    programme.write_text(text.replace("signing:", f'  - {{id: things-{name}, kind: things-{name}, path: "json-{name}/{{name}}-{{date}}.json", '
                                      "system: Things, zone: UTC}\nsigning:"), encoding="utf-8")


def put(folder, name, text):
    path = pathlib.Path("inputs/evidence") / folder
    path.mkdir(parents=True, exist_ok=True)
    (path / f"{name}-2025-12-31.{'ndjson' if folder == 'lines' else 'json'}").write_bytes(
        text if isinstance(text, bytes) else text.encode())


items = '{"items": [{"id": "a", "n": 1}, {"id": "b", "n": 2}]}'
put("json", "assigned", f"scoutsuite_results =\n{items}\n")
put("json", "declared", f"\ufeffvar app.results = {items};\n")
put("json", "guarded", f")]}}',\n{items}")
put("json", "guarded-too", f"while(1);{items}")
put("json", "pages", '{"next": 2, "items": [{"id": "a", "n": 1}]}\n{"next": null, "items": [{"id": "b", "n": 2}]}')
put("json", "page-failed", '{"items": [{"id": "a", "n": 1}]}\n{"message": "Rate limit exceeded"}')
put("json", "envelope", '{"status_code": 200, "items": [{"id": "a", "n": 1}, {"id": "b", "n": 2}], "next": null}')
put("json", "recorded-call", f'{{"status_code": 200, "data": {items}}}')
put("json", "recorded-failure", '{"status_code": 404, "data": {"items": [], "Error": {"Code": "NoSuchThing"}}}')
put("json", "empty", '{"items": []}')
put("json", "error", '{"error": {"code": 403, "message": "Insufficient privileges"}}')
put("json", "error-list", '[{"message": "Not Found"}]')
put("json", "page", "<!DOCTYPE html><title>Sign in</title>")
put("json", "text", "Unauthorized")
put("json", "null", "null")
put("json", "assigned-twice", f"a = b = {items}")
put("json", "compared", f"a == {items}")
put("json-each", "lines", '{"id": "a", "n": 1}\n{"id": "b", "n": 2}\n')
put("json-each", "documents", '{\n "id": "a",\n "n": 1\n}{"id": "b", "n": 2}')
put("json-bare", "one-line", '[{"id": "a", "n": 1},{"id": "b", "n": 2}]')
put("json-recorded", "recording", '[{"request": {"url": "https://things.example.com/1"}, "response": {"status": 200, "body": '
    + items.replace('"b"', '"c"') + '}}, {"response": {"status": 500, "body": {"error": "try again"}}}]')
put("json-inside-json", "text", '{"data": {"content": "{\\"items\\": [{\\"id\\": \\"a\\", \\"n\\": 1}, {\\"id\\": \\"b\\", \\"n\\": 2}]}"}}')
put("lines", "progress", b'\r\x1b[2K{"id": "a", "n": 1}\n\x1b[1;32m\x1b[0m\r{"id": "b", "n": 2}\n')
put("lines", "talk", 'Scanning 3 hosts ...\n{"id": "a", "n": 1}\n{"id": "b", "n": 2}\n')
put("lines", "several", '{"id": "a", "n": 1} {"id": "b", "n": 2}\n\n\n')
put("lines", "cr", '{"id": "a", "n": 1}\r{"id": "b", "n": 2}')
put("lines", "nul", b'{"id": "a", "n": 1}\n\0\0\0\n{"id": "b", "n": 2}\n')
put("lines", "long", '{"id": "a", "n": 1, "note": "' + "x" * 1000000 + '"}\n{"id": "b", "n": 2, "note": "' + "x" * 1048577 + '"}\n')
put("lines", "deep", '{"id": "a", "n": 1, "x": ' + "[" * 100 + "]" * 100 + '}\n{"id": "b", "n": 2}\n')
