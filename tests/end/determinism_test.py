#!/usr/bin/env python3
"""The same inputs give the same bytes: everything before the signature always, the package too where the key is RSA."""
import os
import zipfile

from support import Folder, main, package_of, run_programme, sample_programme, small_programme, test, tickmark, tree

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


main()
