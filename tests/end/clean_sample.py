"""The sample programme as it would be had none of the placed faults happened: every control holds."""
import json
import re
import subprocess
import sys

from support import PERIOD, ROOT, Folder, sample_programme

SAMPLE = ROOT / "tests" / "sample"
sys.path.insert(0, str(SAMPLE))
import make_sample  # noqa: E402  (tests/sample)

HOLDS = {"effective", "no occurrence", "not applicable"}


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def save(path, content):
    """One record a line, as the sample has them."""
    def lines(items):
        return "[\n" + ",\n".join(json.dumps(item, separators=(",", ":")) for item in items) + "\n]"
    if isinstance(content, list):
        text = lines(content)
    else:
        text = "{" + ",\n".join(json.dumps(key) + ": " + (lines(value) if isinstance(value, list) else json.dumps(value))
                                for key, value in content.items()) + "}"
    path.write_text(text + "\n", encoding="utf-8")


def edit(path, function):
    """Alters the records of a JSON export, by a function that returns the new list (or None: altered in place)."""
    content = load(path)
    if isinstance(content, list):
        content = function(content) or content
    else:
        key = next(key for key, value in content.items() if isinstance(value, list))
        content[key] = function(content[key]) or content[key]
    save(path, content)
    recount(path, len(content if isinstance(content, list) else content[key]))


def recount(path, records):
    """The sidecar says what the file holds, where it says anything."""
    sidecar = path.with_name(path.name + ".meta.yaml")
    if sidecar.exists():
        text = sidecar.read_text(encoding="utf-8")
        sidecar.write_text(re.sub(r"^records: .*$", f"records: {records}", text, flags=re.MULTILINE), encoding="utf-8")


def edit_text(path, function):
    text = path.read_text(encoding="utf-8")
    altered = function(text)
    assert altered != text, f"{path.name} was not altered"
    path.write_text(altered, encoding="utf-8")


def find(items, **wanted):
    return next(item for item in items if all(item[key] == value for key, value in wanted.items()))


def edit_programme(folder, function):
    edit_text(folder / "inputs" / "programme.yaml", function)


def without(text, *sections):
    """programme.yaml without some of its top-level sections."""
    for section in sections:
        text = re.sub(rf"^{section}:\n(?:[ #].*\n|\n)*", "", text, flags=re.MULTILINE)
    return text


_made = []


def clean_sample(folder):
    """The evidence of the fourth quarter; it is made once a process, by the sample's own generator."""
    if not _made:
        _made.append(Folder())
        idents = [fault.ident for fault in make_sample.all_placed()]
        subprocess.run([sys.executable, "-B", str(SAMPLE / "make_sample.py"), str(_made[0].path),
                        *(word for ident in idents for word in ("--without", ident))], check=True, timeout=300)
    sample_programme(folder, _made[0].path, [PERIOD])
    edit_programme(folder, lambda text: without(text, "waivers", "responses"))
    return folder
