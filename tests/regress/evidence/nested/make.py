"""Several documents in one file, and documents inside documents."""
import pathlib

kinds = pathlib.Path("schema/kinds")
programme = pathlib.Path("inputs/programme.yaml")
text = programme.read_text(encoding="utf-8")


def put(folder, name, content):
    path = pathlib.Path("inputs/evidence") / folder / f"{name}-2025-12-31.{folder.split('-')[0]}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def kind(name, base, inside, at):
    global text
    source = (kinds / f"things-{base}.yaml").read_text(encoding="utf-8").replace(f"kind: things-{base}", f"kind: things-{name}")
    source = source.replace(f"format: {base}\n", f"format: {base}\ninside: {inside}\n")
    source = source.replace('at: "items[*]"', f'at: "{at}"').replace("at: .", f'at: "{at}"') if at else source.replace('    at: "items[*]"\n', "").replace("    at: .\n", "")
    (kinds / f"things-{name}.yaml").write_text(source, encoding="utf-8")
    text = text.replace("signing:", f'  - {{id: things-{name}, kind: things-{name}, path: "{name}/{{name}}-{{date}}.{base}", '
                        "system: Things, zone: UTC}\nsigning:")


kind("yaml-yaml", "yaml", "{path: data.list, format: yaml}", "things[*]")
kind("yaml-json", "yaml", "{path: data.list, format: json}", "things[*]")
kind("json-csv", "json", "{path: Content, format: csv}", None)
kind("json-xml", "json", "{path: Content, format: xml}", "things.thing[*]")
programme.write_text(text, encoding="utf-8")

put("yaml", "documents", "---\nid: a\nn: 1\n...\n---\nid: b\nn: 2\n")
put("yaml", "mark", "\ufeffid: a\nn: 1\n")
put("yaml", "flow", "{id: a, n: 1}")
put("yaml", "deep", "id: a\nn: 1\nx: " + "[" * 100 + "]" * 100 + "\n")
put("yaml", "anchors", "id: &x a\nn: 1\nnote: *x\n")
put("yaml-yaml", "map", "kind: ConfigMap\ndata:\n  list: |\n    things:\n      - {id: a, n: 1}\n      - {id: b, n: 2}\n")
put("yaml-yaml", "absent", "kind: ConfigMap\ndata: {}\n")
put("yaml-json", "map", "data:\n  list: '{\"things\": [{\"id\": \"a\", \"n\": 1}, {\"id\": \"b\", \"n\": 2}]}'\n")
put("json-csv", "report", '{"Content": "id,n\\r\\na,1\\r\\nb,2\\r\\n", "GeneratedTime": "2025-12-31T00:00:00Z"}')
put("json-csv", "base64", '{"Content": "aWQsbgphLDEKYiwyCg=="}')
put("json-csv", "cut", '{"Content": "id,n\\na,1\\nb,\\"2"}')
put("json-xml", "report", '{"Content": "<things><thing><id>a</id><n>1</n></thing><thing><id>b</id><n>2</n></thing></things>"}')
put("xml", "deep", "<things>" + '<thing id="a"><n>1</n></thing>' + "<x>" * 100 + "</x>" * 100 + "</things>")
put("xml", "denied", '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>')
put("xml", "two", '<things><thing id="a"><n>1</n></thing></things><things/>')
put("xml", "one-line", '<things>' + "".join(f'<thing id="a{i}"><n>{i}</n></thing>' for i in range(1000)) + "</things>")
put("xml", "nul", '<things><thing id="a"><n>1</n></thing>\0</things>')
