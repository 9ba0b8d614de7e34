"""Makes the evidence of the sample company, always the same bytes.

python3 tests/sample/make_sample.py inputs/evidence
"""

import argparse
import hashlib
import inspect
import json
import random
from collections import Counter
from pathlib import Path
from types import GeneratorType

import access
import company
import continuity
import engineering
import governance
import identity
import monitoring
import placed
import privacy
import protection

PARTS = [identity, access, engineering, monitoring, protection, privacy, continuity, governance]
encode = json.JSONEncoder(separators=(",", ":")).encode


def all_placed():
    return [fault for part in PARTS for fault in part.PLACED]


def pieces_of(content):
    """The text of a file, piece by piece. JSON has one record a line, so that a change of one record is a change of one line."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, company.Lines):
        yield from content.pieces
    elif isinstance(content, (list, GeneratorType)):
        yield from list_pieces(content)
        yield "\n"
    else:
        for n, (key, value) in enumerate(content.items()):
            yield ("{" if n == 0 else ",\n") + json.dumps(key) + ": "
            if isinstance(value, (list, GeneratorType)):
                yield from list_pieces(value)
            else:
                yield json.dumps(value)
        yield "}\n"


def list_pieces(items):
    before = "[\n"
    for item in items:
        yield before + encode(item)
        before = ",\n"
    yield "[\n]" if before == "[\n" else "\n]"


def sidecar_text(sidecar):
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in sidecar.items())


def write(target, pieces):
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(pieces)


def make(folder, parts=tuple(PARTS), wanted=lambda path: True):
    for part in parts:
        for path, content, sidecar in part.files(random.Random(f"{company.SEED}/{part.__name__}")):
            if not wanted(path):
                continue
            write(folder / path, pieces_of(content))
            if sidecar is not None and "document" in sidecar:
                sidecar = {**sidecar, "sha256": hashlib.sha256((folder / path).read_bytes()).hexdigest()}
            if sidecar is not None:
                write(folder / f"{path}.meta.yaml", [sidecar_text(sidecar)])


def parts_of(ident):
    """The modules whose files are other ones without a placed fault: those that ask for it."""
    return [part for part in PARTS if f'placed.on("{ident}")' in inspect.getsource(part)]


def table():
    """The placed faults as the table that inputs/README.md holds."""
    lines = ["| fault | period | tests | what happened | where to look |", "|---|---|---|---|---|"]
    for fault in all_placed():
        quarters = ", ".join(sorted({find.quarter for find in fault.finds}))
        lines.append(f"| `{fault.ident}` | {quarters} | {', '.join(fault.tests())} | {fault.title} | {fault.where} |")
    return "\n".join(lines) + "\n"


def expected():
    """What each period's run comes to, as the second table of inputs/README.md: controls, and how many items where more than
    one."""
    lines = ["| period | exceptions | insufficient |", "|---|---|---|"]
    for period in company.QUARTERS + ["2025"]:
        finds = [find for fault in all_placed() for find in fault.found_in(period)]
        cells = []
        for exception in (True, False):
            items = Counter(find.test.rpartition(".")[0] for find in finds if (find.state == "exception") == exception)
            cells.append(", ".join(control + (f" ({count})" if count > 1 else "")
                                   for control, count in sorted(items.items())) or "none")
        lines.append(f"| {period} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines) + "\n"


def arguments():
    words = argparse.ArgumentParser(
        description="Makes the evidence of the sample company, the whole of 2025, always the same bytes.",
        epilog="example: python3 tests/sample/make_sample.py /tmp/evidence --without mfa-lost --scale 20")
    words.add_argument("folder", metavar="FOLDER", type=Path, nargs="?",
                       help="where the evidence goes, such as inputs/evidence")
    words.add_argument("--without", metavar="ID", action="append", default=[],
                       help="leave out a placed fault; may be given several times")
    words.add_argument("--scale", metavar="N", type=int, default=1,
                       help="for benchmarks: N times the people with their accounts in the weekly exports, and N times the "
                            "events of the audit trail and the sign-in log; everything else stays as it is. Files are "
                            "written record by record, so that the evidence may be larger than the memory")
    words.add_argument("--list", action="store_true",
                       help="print the placed faults, and what each period comes to, as the Markdown tables of "
                            "inputs/README.md, and make nothing")
    given = words.parse_args()
    known = {fault.ident for fault in all_placed()}
    unknown = sorted(set(given.without) - known)
    if unknown:
        words.error(f"no placed fault {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    if given.scale < 1:
        words.error("--scale takes a number from 1 on")
    if given.folder is None and not given.list:
        words.error("FOLDER is missing")
    return given


def main():
    given = arguments()
    if given.list:
        print(table() + "\n" + expected(), end="")
        return
    placed.leave_out(given.without)
    company.SCALE = given.scale
    make(given.folder)


if __name__ == "__main__":
    main()
