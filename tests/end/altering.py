"""What the adversary tests share: altering the evidence of the clean sample, and what must then not hold.

A program of rows says `row(name, controls, alteration)` for each and ends with `run_rows()`. The programme is the sample as
it would be without the faults placed in it (clean_sample.py); each row alters one thing in the evidence of its fourth
quarter, and the controls it names must then be neither effective nor without occurrence.
"""
import re
from concurrent.futures import ThreadPoolExecutor

from clean_sample import clean_sample, edit, edit_text
from support import Folder, add_test, main, run_programme, verdicts

ROWS = []


def row(name, hit, alter):
    """One alteration, of the folder of the evidence."""
    ROWS.append((name, hit.split(), alter))


def text(file, pattern, replacement, count=0):
    return lambda evidence: edit_text(evidence / file, lambda old: re.sub(pattern, replacement, old, count=count))


def lines(file, keep):
    return lambda evidence: edit_text(evidence / file, lambda old: "".join(old.splitlines(True)[:keep]))


def records(file, function):
    return lambda evidence: edit(evidence / file, function)


def every(pattern, function):
    """The same alteration of the text of every file of a pattern; some may not hold what it looks for."""
    def alter(evidence):
        for path in sorted(evidence.glob(pattern)):
            path.write_text(function(path.read_text(encoding="utf-8")), encoding="utf-8")
    return alter


def all_of(*alterations):
    """One alteration after the other."""
    def alter(evidence):
        for alteration in alterations:
            alteration(evidence)
    return alter


def try_row(hit, alter):
    with Folder() as folder:
        clean_sample(folder)
        alter(folder / "inputs" / "evidence")
        done, summary = run_programme(folder, status=1)
        found = verdicts(summary)
        for control in hit:
            assert found[control] in ("exception", "insufficient"), \
                f"{control} is {found[control]}\n{done.stdout}{done.stderr}"


def run_rows():
    """Two rows at a time; the clean sample is made first, so that they share it."""
    with Folder() as folder:
        clean_sample(folder)
    with ThreadPoolExecutor(2) as pool:
        for name, hit, alter in ROWS:
            add_test(name, pool.submit(try_row, hit, alter).result)
        main()
