"""As much of YAML as Prometheus, Alertmanager and kubectl write: blocks of mappings and lists, flow, quotes. Scalars stay text."""
import re

TOKEN = re.compile(r"""\s*(?:'((?:[^']|'')*)'|"((?:[^"\\]|\\.)*)"|([{}\[\],])|(:)(?=\s|$)|"""
                   r"""((?:[^\s{}\[\],:'"]|:(?!\s|$))(?:[^{}\[\],:]|:(?!\s|$))*))""")


def load(text):
    """The first document of a text as dictionaries, lists and text."""
    lines = [(len(line) - len(line.lstrip()), line.strip()) for line in text.splitlines()
             if line.strip() and not line.lstrip().startswith("#") and line.strip() != "---"]
    return _block(lines, lines[0][0])


def _block(lines, indent):
    return _items(lines, indent) if lines[0][1].startswith("- ") else _pairs(lines, indent)


def _items(lines, indent):
    items = []
    while lines and lines[0][0] == indent and lines[0][1].startswith("- "):
        text = lines.pop(0)[1][2:].lstrip()
        if re.match(r"[\w.\"'/-]+:(\s|$)", text):
            lines.insert(0, (indent + 2, text))
            items.append(_pairs(lines, indent + 2))
        else:
            items.append(flow(text))
    return items


def _pairs(lines, indent):
    pairs = {}
    while lines and lines[0][0] == indent and not lines[0][1].startswith("- "):
        key, rest = re.fullmatch(r"([^:\s]+):\s*(.*)", lines.pop(0)[1]).groups()
        if rest:
            pairs[key] = flow(rest)
        elif lines and (lines[0][0] > indent or (lines[0][0] == indent and lines[0][1].startswith("- "))):
            pairs[key] = _block(lines, lines[0][0])
        else:
            pairs[key] = None
    return pairs


def flow(text):
    """A value that stands on one line."""
    if text[0] not in "{[\"'":
        return text
    tokens = []
    at = 0
    while at < len(text.rstrip()):
        match = TOKEN.match(text, at)
        assert match, f"cannot read {text!r}"
        single, double, mark, colon, plain = match.groups()
        if single is not None or double is not None:
            tokens.append((None, single.replace("''", "'") if single is not None else re.sub(r"\\(.)", r"\1", double)))
        else:
            tokens.append((mark or colon, plain.strip()) if plain is not None else (mark or colon, None))
        at = match.end()
    value, rest = _value(tokens)
    assert not rest, f"cannot read {text!r}"
    return value


def _value(tokens):
    mark, word = tokens[0]
    if mark is None:
        return word, tokens[1:]
    assert mark in "[{", f"a value cannot begin with {mark}"
    closing = "]" if mark == "[" else "}"
    found, rest = [], tokens[1:]
    while rest[0][0] != closing:
        if mark == "[":
            value, rest = _value(rest)
        else:
            key, rest = _value(rest)
            assert rest[0][0] == ":", f"no value of {key}"
            value, rest = _value(rest[1:])
            value = (key, value)
        found.append(value)
        rest = rest[1:] if rest[0][0] == "," else rest
    return (found if mark == "[" else dict(found)), rest[1:]
