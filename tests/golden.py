"""Golden cases: what tickmark prints, and with which status it ends, compared with what a person once read and kept.

A case is a folder tests/regress/AREA/NAME:
  command      a command a line, each run in turn in a fresh folder. Words are split as a shell splits them; there is no
               shell. Lines that begin with # are comments. The first word is `tickmark`, or for what alters the inputs:
                 python3 SCRIPT [WORD...]   a script beside `command`, or in AREA; it prints nothing, and succeeds
                 edit PATH OLD NEW          OLD stands once in the file and becomes NEW; \\n is a new line in both
                 append PATH TEXT           copy PATH PATH           remove PATH           link TARGET PATH
  base         (optional) the name of a programme folder in tests/regress/_base that is copied first; it gets the
               criteria, the XSD and the templates that tickmark ships, and a key pair made once for all cases
  files/       (optional) copied over it
  environment  (optional) NAME=VALUE lines
  limits       (optional) what the system refuses tickmark: `file-size BYTES`, or `call NAME ERRNO` for a system call
  masks        (optional) lines `REGULAR EXPRESSION -> WORD` (or ` ->` for nothing) for what differs from run to run,
               such as digests of signed files
  stdout, stderr, status   what is expected; with several commands each part follows a line `$ command`
  after        (optional) checks of the files left: `exists PATH`, `absent PATH`, `contains PATH TEXT`, `same PATH PATH`
"""
import ctypes
import difflib
import errno
import os
import pathlib
import platform
import re
import resource
import shlex
import shutil
import struct
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
REGRESS = ROOT / "tests" / "regress"
SECONDS = 120
ENVIRONMENT = {
    "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
    "LC_ALL": "C",
    "TZ": "UTC",
    "SOURCE_DATE_EPOCH": "1767225600",
    "ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0:exitcode=99",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1:exitcode=99",
}
# Numbers of system calls that cases refuse.
CALLS = {
    "landlock_create_ruleset": {"x86_64": 444, "aarch64": 444},
    "getrandom": {"x86_64": 318, "aarch64": 278},
    "prctl": {"x86_64": 157, "aarch64": 167},
}
EXPECTATIONS = ("stdout", "stderr", "status")
SHIPPED = ("schema/criteria.yaml", "schema/portfolio.xsd", "schema/sampling.yaml", "templates")


def cases():
    """Every case, by its name AREA/NAME."""
    return sorted(str(path.parent.relative_to(REGRESS)) for path in REGRESS.glob("*/*/command"))


def read(path):
    return path.read_text(encoding="utf-8") if path.exists() else ""


def copy_base(name, work):
    """Makes `work` the programme folder tests/regress/_base/`name`, with what tickmark ships."""
    shutil.copytree(REGRESS / "_base" / name, work, dirs_exist_ok=True)
    for path in SHIPPED:
        if (ROOT / path).is_dir():
            shutil.copytree(ROOT / path, work / path, dirs_exist_ok=True)
        else:
            shutil.copy(ROOT / path, work / path)


class Keys:
    """One key pair for every case: making one takes longer than most cases."""

    def __init__(self, binary):
        self.folder = tempfile.TemporaryDirectory(prefix="tickmark-keys-")
        programme = pathlib.Path(self.folder.name) / "programme"
        copy_base("small", programme)
        done = subprocess.run([str(binary), "keygen", "-q", "-C", str(programme)], env=ENVIRONMENT, timeout=SECONDS,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        self.problem = None if done.returncode == 0 else f"no keys for the golden cases: {done.stdout}"
        self.keys = programme / "keys"

    def give(self, work):
        if self.keys.is_dir():
            shutil.copytree(self.keys, work / "keys", dirs_exist_ok=True)

    def close(self):
        self.folder.cleanup()


def refuse_call(name, error):
    """From here on, and in what is executed, a system call fails (a seccomp filter of five instructions)."""
    library = ctypes.CDLL(None, use_errno=True)
    number = CALLS[name][platform.machine()]
    # Load the call's number; when it is the one, answer with the error, else allow it (linux/seccomp.h).
    program = struct.pack("=" + "HBBI" * 4, 0x20, 0, 0, 0, 0x15, 0, 1, number, 0x06, 0, 0, 0x00050000 | error,
                          0x06, 0, 0, 0x7fff0000)
    code = ctypes.create_string_buffer(program)
    head = struct.pack("@HP", 4, ctypes.addressof(code))
    if library.prctl(38, 1, 0, 0, 0) != 0 or library.prctl(22, 2, ctypes.create_string_buffer(head), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no seccomp filter")


def make_limits(lines):
    """A function for the child that takes away what the lines of `limits` say; None when there are none."""
    def limits():
        for words in (line.split() for line in lines):
            if words[0] == "file-size":
                resource.setrlimit(resource.RLIMIT_FSIZE, (int(words[1]), int(words[1])))
            else:
                refuse_call(words[1], getattr(errno, words[2]))
    return limits if lines else None


def edit(path, old, new):
    old, new = old.replace("\\n", "\n"), new.replace("\\n", "\n")
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise ValueError(f"{path.name} holds {text.count(old)} times: {old}")
    path.write_text(text.replace(old, new), encoding="utf-8")


def append(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(text.replace("\\n", "\n"))


def remove(path):
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def prepare(words, case, work, environment):
    """A step that alters the inputs."""
    paths = [work / word for word in words[1:]]
    if words[0] == "edit":
        edit(paths[0], words[2], words[3])
    elif words[0] == "append":
        append(paths[0], words[2])
    elif words[0] == "copy":
        paths[1].parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if paths[0].is_dir() else shutil.copy)(paths[0], paths[1])
    elif words[0] == "remove":
        remove(paths[0])
    elif words[0] == "link":
        paths[1].symlink_to(words[1])
    elif words[0] == "python3":
        script = case / words[1] if (case / words[1]).exists() else case.parent / words[1]
        done = subprocess.run(["python3", "-B", str(script)] + words[2:], cwd=work, env=environment, timeout=SECONDS,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0 or done.stdout:
            raise ValueError(f"{words[1]}: status {done.returncode}: {done.stdout}")
    else:
        raise ValueError(f"no such step: {words[0]}")


def perform(name, binary, keys, work):
    """Runs the case's commands in `work`; returns {stdout, stderr, status}."""
    case = REGRESS / name
    base = read(case / "base").strip()
    if base:
        copy_base(base, work)
        keys.give(work)
    if (case / "files").is_dir():
        shutil.copytree(case / "files", work, dirs_exist_ok=True)
    environment = dict(ENVIRONMENT)
    environment.update(line.split("=", 1) for line in read(case / "environment").splitlines() if line)
    masks = [line.partition(" ->")[::2] for line in read(case / "masks").splitlines() if line]
    limits = make_limits(read(case / "limits").splitlines())

    lines = [line for line in read(case / "command").splitlines() if line.strip() and not line.startswith("#")]
    heads = sum(1 for line in lines if line.startswith("tickmark")) > 1
    parts = {key: [] for key in EXPECTATIONS}
    for line in lines:
        words = shlex.split(line)
        if words[0] != "tickmark":
            prepare(words, case, work, environment)
            continue
        done = subprocess.run([str(binary)] + words[1:], cwd=work, env=environment, stdin=subprocess.DEVNULL,
                              timeout=SECONDS, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                              preexec_fn=limits)
        for key, data in (("stdout", done.stdout), ("stderr", done.stderr)):
            text = data.decode("utf-8", "backslashreplace").replace(str(work), "WORK")
            for pattern, replacement in masks:
                text = re.sub(pattern, replacement.strip(), text, flags=re.MULTILINE)
            parts[key].append((f"$ {line}\n" if heads else "") + text)
        parts["status"].append(f"{done.returncode}\n")
    return {key: "".join(value) for key, value in parts.items()}


def check_after(name, work):
    """What the `after` file asks of the files left; a list of complaints."""
    wrong = []
    for line in read(REGRESS / name / "after").splitlines():
        words = line.split(" ", 2)
        path = work / words[1]
        if words[0] == "exists":
            good = path.exists()
        elif words[0] == "absent":
            good = not path.exists()
        elif words[0] == "contains":
            good = path.is_file() and words[2] in path.read_text(encoding="utf-8", errors="replace")
        elif words[0] == "same":
            other = work / words[2]
            good = path.is_file() and other.is_file() and path.read_bytes() == other.read_bytes()
        else:
            good = False
        if not good:
            wrong.append(f"after: not so: {line}\n")
    return wrong


def compare(name, got):
    """Differences between what is expected and what came, as printable lines."""
    said = []
    for key in EXPECTATIONS:
        expected = read(REGRESS / name / key)
        if expected != got[key]:
            said += difflib.unified_diff(expected.splitlines(True), got[key].splitlines(True), f"expected {key}",
                                         f"got {key}")
    return [line if line.endswith("\n") else line + "\n(no newline at the end)\n" for line in said]


def run(name, binary, keys, update=False):
    """Runs one case. Returns None when all is as expected, else what is not."""
    with tempfile.TemporaryDirectory(prefix="tickmark-case-") as folder:
        work = pathlib.Path(folder) / "work"
        work.mkdir()
        try:
            got = perform(name, binary, keys, work)
        except (ValueError, OSError, subprocess.TimeoutExpired) as error:
            return f"{error}\n"
        if update:
            for key in EXPECTATIONS:
                (REGRESS / name / key).write_text(got[key], encoding="utf-8")
        wrong = compare(name, got) + check_after(name, work)
    return "".join(wrong) or None
