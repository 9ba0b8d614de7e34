"""What the end-to-end tests share: running tickmark, a programme folder to alter, and saying what came out.

A test prints `ok NAME`, `FAIL NAME: why` or `skip NAME: why`; tests/run counts these lines. Each test is a generator or
function registered with @test; it fails by raising AssertionError.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent))
import golden  # noqa: E402  (tests/golden.py: bases and the environment of every run)

TICKMARK = os.environ.get("TICKMARK", str(ROOT / "build" / "tickmark"))
ENVIRONMENT = golden.ENVIRONMENT
PERIOD = "2025-Q4"
_tests = []


class Skip(Exception):
    """The reason why a test cannot be made here."""


def test(function):
    _tests.append((function.__name__.replace("_", " "), function))
    return function


def add_test(name, function):
    _tests.append((name, function))


def main():
    """Runs the tests of one program; the status is 1 when any failed."""
    failed = 0
    for name, function in _tests:
        try:
            note = function()
            print(f"ok {name}" + (f": {note}" if note else ""), flush=True)
        except Skip as reason:
            print(f"skip {name}: {reason}", flush=True)
        except (AssertionError, OSError, ValueError, KeyError, subprocess.SubprocessError) as error:
            failed += 1
            text = f"{type(error).__name__}: {error}" if not isinstance(error, AssertionError) else str(error)
            print(f"FAIL {name}: " + text.replace("\n", "\n  "), flush=True)
    sys.exit(1 if failed else 0)


def tickmark(*words, cwd=None, environment=None, limits=None, status=None, program=TICKMARK):
    """Runs tickmark. `limits` is called in the child before it starts. `status` is what it must end with."""
    done = subprocess.run([str(program), *map(str, words)], cwd=cwd, env={**ENVIRONMENT, **(environment or {})},
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False, preexec_fn=limits)
    done.stdout = done.stdout.decode("utf-8", "backslashreplace")
    done.stderr = done.stderr.decode("utf-8", "backslashreplace")
    if status is not None:
        assert done.returncode == status, \
            f"`tickmark {' '.join(map(str, words))}` ended with {done.returncode}, not {status}\n{done.stderr}{done.stdout}"
    return done


def tool(*words, cwd=None, data=None):
    """Runs somebody else's program, which must succeed; returns what it printed."""
    if shutil.which(str(words[0])) is None:
        raise Skip(f"{words[0]} is not installed")
    done = subprocess.run([str(word) for word in words], cwd=cwd, input=data, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, \
        f"`{' '.join(map(str, words))}` ended with {done.returncode}\n" + (done.stdout + done.stderr).decode("utf-8", "replace")
    return done.stdout.decode("utf-8", "replace")


class Folder:
    """A temporary folder, removed at the end of the process or of the `with`."""

    def __init__(self):
        self.holder = tempfile.TemporaryDirectory(prefix="tickmark-end-", ignore_cleanup_errors=True)
        self.path = pathlib.Path(self.holder.name)

    def __enter__(self):
        return self.path

    def __exit__(self, *ignored):
        self.holder.cleanup()


_keys = []


def give_keys(folder):
    """Puts a key pair below a programme folder; it is made once a process."""
    if not _keys:
        keys = golden.Keys(TICKMARK)
        assert keys.problem is None, keys.problem
        _keys.append(keys)
    _keys[0].give(folder)


def small_programme(folder):
    """The small programme of tests/regress/_base, in which every control is effective, with keys."""
    golden.copy_base("small", folder)
    give_keys(folder)
    return folder


def quarter_of(name):
    """The quarter that a file of the sample's evidence says in its name, such as 2025-Q4: all of them do."""
    year, quarter, month = re.search(r"(\d{4})-(?:Q(\d)|(\d\d)(?!\d))", name).groups()
    return f"{year}-Q{quarter or (int(month) + 2) // 3}"


def sample_programme(folder, evidence=ROOT / "inputs" / "evidence", quarters=None):
    """The sample company as it ships, or with evidence from elsewhere, or of some quarters alone, with keys of its own."""
    def others(place, names):
        return [name for name in names
                if quarters is not None and not os.path.isdir(os.path.join(place, name)) and quarter_of(name) not in quarters]

    for name in ("inputs", "schema", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("evidence"))
    shutil.copytree(evidence, folder / "inputs" / "evidence", ignore=others)
    give_keys(folder)
    return folder


def run_programme(folder, status=None, **options):
    """`tickmark run`; returns (what it did, summary.json or None)."""
    done = tickmark("run", "--period", PERIOD, cwd=folder, status=status, **options)
    summary = folder / "out" / PERIOD / "summary.json"
    return done, json.loads(summary.read_text(encoding="utf-8")) if summary.exists() else None


def verdicts(summary):
    return {control["id"]: control["verdict"] for control in summary["controls"]}


def package_of(folder, summary):
    return folder / "out" / PERIOD / summary["package"]["path"]


def tree(folder):
    """Every file below a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
