#!/usr/bin/env python3
"""The same inputs give the same bytes: everything before the signature always, the package too where the key is RSA."""
import os
import sqlite3
import zipfile

from support import PERIOD, Folder, main, package_of, run_programme, sample_programme, small_programme, test, tickmark, tree

SIGNATURE = "META-INF/signature001.p7s"


def entries(package):
    with zipfile.ZipFile(package) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def differing(first, second):
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))


@test
def two_runs_of_the_sample_give_identical_bytes():
    with Folder() as one, Folder() as two:
        sample_programme(one)
        sample_programme(two)
        _, first = run_programme(one, status=1)
        # Another place, zone, language and moment; the files were written in another order, too.
        other = {"TZ": "Asia/Kathmandu", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
        _, second = run_programme(two, status=1, environment=other)
        differ = differing(tree(one / "out"), tree(two / "out"))
        assert not differ, f"these differ: {', '.join(differ)}"
        assert first["package"]["sha256"] == second["package"]["sha256"]
        return f"{len(tree(one / 'out'))} files, package {first['package']['bytes']} bytes"


@test
def another_moment_changes_nothing_but_the_signature():
    with Folder() as folder:
        sample_programme(folder)
        _, first = run_programme(folder, status=1)
        before = entries(package_of(folder, first))
        outputs = tree(folder / "out")
        _, second = run_programme(folder, status=1, environment={"SOURCE_DATE_EPOCH": "1770000000"})
        after = entries(package_of(folder, second))
        assert [name for name, _ in before] == [name for name, _ in after], "the entries differ"
        assert [name for (name, old), (_, new) in zip(before, after) if old != new] == [SIGNATURE]
        assert after[-1][0] == SIGNATURE, "the signature is not the last entry"
        differ = differing(outputs, tree(folder / "out"))
        assert sorted(name.rsplit("/", 1)[-1] for name in differ) == \
            sorted(["summary.json", first["package"]["path"]]), f"these differ: {differ}"


@test
def an_elliptic_key_changes_nothing_before_the_signature():
    with Folder() as folder:
        small_programme(folder)
        _, first = run_programme(folder, status=0)
        before = entries(package_of(folder, first))
        for path in (folder / "keys").iterdir():
            path.unlink()
        tickmark("keygen", "--elliptic", cwd=folder, status=0)
        _, second = run_programme(folder, status=0)
        after = entries(package_of(folder, second))
        differ = [name for (name, old), (_, new) in zip(before, after) if old != new]
        told = {"store/assessment.sqlite", "reports/portfolio.pdf"}  # who signed may be named in them
        assert SIGNATURE in differ and not [name for name in differ if name.startswith("data/evidence/")], differ
        assert len(before) == len(after), f"another number of entries; differing: {differ} {told}"


@test
def the_order_of_the_directory_does_not_matter():
    with Folder() as folder:
        small_programme(folder)
        _, first = run_programme(folder, status=0)
        evidence = folder / "inputs" / "evidence" / "directory"
        for path in sorted(evidence.iterdir(), reverse=True):
            data = path.read_bytes()
            path.unlink()
            path.write_bytes(data)
            os.utime(path, (0, 0))
        _, second = run_programme(folder, status=0)
        assert first["package"]["sha256"] == second["package"]["sha256"]


@test
def what_packing_leaves_out_is_noted_in_every_run():
    with Folder() as folder:
        small_programme(folder)
        (folder / "schema" / "photo.bin").write_bytes(os.urandom(48 << 20))  # it takes longer than the tests of controls
        (folder / "templates" / "zebra.txt").symlink_to("/etc/hostname")
        all_of_them = os.sched_getaffinity(0)
        for processors in (all_of_them, {min(all_of_them)}):
            run_programme(folder, status=1, limits=lambda: os.sched_setaffinity(0, processors))
            with sqlite3.connect(folder / "out" / PERIOD / "assessment.sqlite") as store:
                noted = store.execute("SELECT path, id FROM tm_diagnostic").fetchall()
            assert noted == [("templates/zebra.txt", "file-kind")], noted


main()
