#!/usr/bin/env python3
"""Memory that runs out anywhere: it is said, or it makes no difference. Never are other outputs left than those of a good run."""
import concurrent.futures
import os
import pathlib
import re
import subprocess

from support import ENVIRONMENT, PERIOD, TICKMARK, Folder, Skip, main, run_programme, small_programme, test, tree

LIBRARY = pathlib.Path(os.environ.get("TICKMARK_BUILD", pathlib.Path(TICKMARK).parent)) / "end" / "scarce_memory.so"
AT_ONCE = os.cpu_count() or 1


def run_scarce(folder, **scarce):
    """(status, standard error) of a run from which memory is kept."""
    environment = dict(ENVIRONMENT, LD_PRELOAD=str(LIBRARY.resolve()), **{
        f"SCARCE_{key.upper()}": str(value) for key, value in scarce.items()})
    done = subprocess.run([TICKMARK, "run", "--period", PERIOD], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=120, check=False)
    return done.returncode, done.stderr.decode("utf-8", "backslashreplace")


def differing(before, after):
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def fault(folder, before, at, least, count):
    """What is wrong with a run in which memory is refused at that allocation, or None; and whether it was refused."""
    status, said = run_scarce(folder, **{"from": at, "least": least, "count": count})
    where = f"allocation {at} of {least} bytes or more, {count} refused: status {status}"
    changed = differing(before, tree(folder / "out"))
    if changed:
        return f"{where}: these outputs changed: {changed}\n{said}", False
    if status not in (0, 3) or (status == 3 and "[memory]" not in said):
        return f"{where}\n{said}", False
    return None, status == 3


def refuse_some(least, every, count):
    def work(first):
        refused = tried = 0
        with Folder() as folder:
            small_programme(folder)
            run_programme(folder, status=0)
            before = tree(folder / "out")
            total = int(re.search(r"allocations (\d+)", run_scarce(folder, least=least, tell=1)[1]).group(1))
            for at in range(first * every, total, every * AT_ONCE):
                problem, said = fault(folder, before, at, least, count)
                assert problem is None, problem
                tried += 1
                refused += said
        return tried, refused

    if not LIBRARY.exists():
        raise Skip("`make end-libraries` makes what keeps memory from the program")
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        done = list(pool.map(work, range(AT_ONCE)))
    tried, refused = (sum(part) for part in zip(*done))
    assert refused > 0, f"none of {tried} runs met the want of memory"
    return f"{tried} runs, {refused} refused"


@test
def one_large_piece_of_memory_is_refused():
    return refuse_some(least=32768, every=3, count=1)


@test
def one_piece_of_memory_is_refused():
    return refuse_some(least=1024, every=17, count=1)


@test
def any_piece_of_memory_is_refused():
    return refuse_some(least=1, every=701, count=1)


@test
def a_little_memory_is_refused():
    return refuse_some(least=1024, every=23, count=20)


if __name__ == "__main__":
    main()
