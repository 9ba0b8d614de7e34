#!/usr/bin/env python3
"""What fails outside tickmark: a clear message, the right status, nothing half-written, the last good output untouched."""
import os
import pwd
import resource
import shutil
import subprocess

from support import ENVIRONMENT, TICKMARK, Folder, Skip, main, run_programme, small_programme, test, tickmark, tree


def not_root():
    """Gives up root's rights in the child, which otherwise ignores permissions."""
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)


def give_away(folder):
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)


def tried_after_a_good_run(break_it, status, words, limits=None, options=()):
    """A good run, then one that fails: the first one's outputs must be what is left."""
    with Folder() as folder:
        small_programme(folder)
        run_programme(folder, status=0)
        program = folder / ".tickmark"  # where everybody may reach it, unlike a checkout in somebody's home
        shutil.copy(TICKMARK, program)
        give_away(folder)
        before = tree(folder / "out")
        mend = break_it(folder)
        done = tickmark("run", "--period", "2025-Q4", *options, cwd=folder, limits=limits, status=status,
                        program=program)
        if mend is not None:
            mend()
        assert words in done.stderr, f"`{words}` is not said:\n{done.stderr}"
        assert tree(folder / "out") == before, f"the outputs changed: {sorted(tree(folder / 'out'))}"
        return done.stderr.strip().splitlines()[0][:150]


@test
def an_evidence_file_that_cannot_be_read():
    def break_it(folder):
        path = folder / "inputs" / "evidence" / "people" / "roster-2025-11-28.csv"
        path.chmod(0)
        return lambda: path.chmod(0o644)
    return tried_after_a_good_run(break_it, 2, "[file-read]", not_root)


@test
def a_folder_of_evidence_that_cannot_be_read():
    def break_it(folder):
        path = folder / "inputs" / "evidence" / "people"
        path.chmod(0)
        return lambda: path.chmod(0o755)
    return tried_after_a_good_run(break_it, 2, "[file-read]", not_root)


@test
def no_folder_of_evidence():
    return tried_after_a_good_run(lambda folder: shutil.rmtree(folder / "inputs" / "evidence"), 2, "[file-read]")


@test
def no_programme():
    return tried_after_a_good_run(lambda folder: (folder / "inputs" / "programme.yaml").unlink(), 2, "[file-read]")


@test
def an_output_folder_that_cannot_be_written():
    def break_it(folder):
        (folder / "out").chmod(0o555)
        return lambda: (folder / "out").chmod(0o755)
    return tried_after_a_good_run(break_it, 3, "[file-write]", not_root)


@test
def an_output_path_below_a_file():
    return tried_after_a_good_run(lambda folder: None, 3, "[file-write]", options=("--out", "inputs/programme.yaml"))


@test
def a_template_that_is_wrong_only_at_the_end():
    def break_it(folder):
        with (folder / "templates" / "portfolio.md").open("a", encoding="utf-8") as stream:
            stream.write("\n{{#nothing_of_this_name}}\n{{/nothing_of_this_name}}\n")
    return tried_after_a_good_run(break_it, 2, "[template-name]")


def limited(size):
    def limits():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return limits


@test
def no_room_for_files_of_any_size_up_to_the_package():
    """Every output in turn is the one that does not fit."""
    with Folder() as folder:
        small_programme(folder)
        _, summary = run_programme(folder, status=0)
        largest = max(path.stat().st_size for path in (folder / "out").rglob("*") if path.is_file())
        before = tree(folder / "out")
        sizes = sorted({4096, 16384, 40960, 65536, 131072, 196608, largest - 1})
        for size in (size for size in sizes if size < largest):
            done = tickmark("run", "--period", "2025-Q4", cwd=folder, limits=limited(size))
            assert done.returncode == 3, f"limit {size}: status {done.returncode}\n{done.stdout}{done.stderr}"
            assert "[file-write]" in done.stderr or "[store-failed]" in done.stderr or "[pdf-failed]" in done.stderr, \
                f"limit {size}: {done.stderr}"
            assert tree(folder / "out") == before, f"limit {size}: left {sorted(tree(folder / 'out'))}"
        return f"{len(sizes)} sizes below {largest} bytes"


@test
def a_full_disk():
    with Folder() as folder:
        small_programme(folder)
        disk = folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tickmark-test", str(disk)],
                                 capture_output=True, check=False)
        if mounted.returncode != 0:
            raise Skip("a file system cannot be mounted here; the test of limited file sizes stands in for it")
        try:
            done = tickmark("run", "--period", "2025-Q4", "--out", disk, cwd=folder, status=3)
            assert "No space left" in done.stderr or "full" in done.stderr, done.stderr
            assert not tree(disk), f"left behind: {sorted(tree(disk))}"
            return done.stderr.strip().splitlines()[0][:150]
        finally:
            subprocess.run(["umount", str(disk)], check=False)


@test
def a_full_standard_output():
    with Folder() as folder:
        small_programme(folder)
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([TICKMARK, "show", "criteria"], cwd=folder, stdout=full,
                                  stderr=subprocess.PIPE, text=True, check=False)
        assert done.returncode == 3 and "[file-write]" in done.stderr, f"{done.returncode} {done.stderr}"


@test
def a_run_that_is_killed_leaves_the_last_output():
    with Folder() as folder:
        small_programme(folder)
        run_programme(folder, status=0)
        before = tree(folder / "out")
        for milliseconds in (5, 20, 40, 60, 80, 100, 150):
            try:
                subprocess.run([TICKMARK, "run", "--period", "2025-Q4"], cwd=folder,
                               env=ENVIRONMENT, capture_output=True, timeout=milliseconds / 1000,
                               check=False)
            except subprocess.TimeoutExpired:
                pass
            published = tree(folder / "out" / "2025-Q4")
            assert {f"2025-Q4/{name}": data for name, data in published.items()} == before, \
                f"killed after {milliseconds} ms: the published files changed"
        run_programme(folder, status=0)
        assert tree(folder / "out") == before, f"remains of killed runs: {sorted(tree(folder / 'out').keys() - before.keys())}"


main()
