#!/usr/bin/env python3
"""Surroundings that are out of the ordinary: closed streams, links, odd paths, other people's files, odd environments."""
import os
import resource
import shutil
import subprocess
import time
import zipfile

from support import ENVIRONMENT, PERIOD, TICKMARK, Folder, Skip, main, package_of, run_programme, small_programme, test, \
    tickmark, tree


def packaged(folder, summary):
    """The packaged files up to the signature."""
    with zipfile.ZipFile(package_of(folder, summary)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.startswith("META-INF/signature")}


@test
def closed_streams_are_not_written_into_outputs():
    with Folder() as folder:
        small_programme(folder)
        run_programme(folder, status=0)
        before = tree(folder / "out")
        for closed in ((0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2)):
            def close(closed=closed):
                for descriptor in closed:
                    os.close(descriptor)
            done = subprocess.run([TICKMARK, "run", "--period", PERIOD], cwd=folder, env=ENVIRONMENT,
                                  capture_output=True, check=False, preexec_fn=close)
            wanted = 3 if 1 in closed else 0
            assert done.returncode == wanted, f"closed {closed}: status {done.returncode}\n{done.stderr.decode()}"
            assert tree(folder / "out") == before, f"closed {closed}: the outputs changed"


@test
def configuration_and_outputs_behind_links():
    with Folder() as folder, Folder() as elsewhere:
        small_programme(folder)
        _, summary = run_programme(folder, status=0)
        before = packaged(folder, summary)
        shutil.rmtree(folder / "out")
        (elsewhere / "out").mkdir()
        (folder / "out").symlink_to(elsewhere / "out")
        for name in ("inputs", "schema", "templates"):
            shutil.move(folder / name, elsewhere / name)
            (folder / name).symlink_to(elsewhere / name)
        shutil.move(elsewhere / "inputs" / "evidence", elsewhere / "evidence")
        (elsewhere / "inputs" / "evidence").symlink_to(elsewhere / "evidence")
        _, summary = run_programme(folder, status=0)
        assert packaged(folder, summary) == before
        assert [path.name for path in (elsewhere / "out").iterdir()] == [PERIOD]


@test
def a_sidecar_is_found_wherever_it_lies():
    with Folder() as folder:
        small_programme(folder)
        export = folder / "inputs/evidence/people/roster-2025-11-28.csv"
        sidecar = export.with_name(export.name + ".meta.yaml")
        sidecar.write_text("collected_by: Noor\n", encoding="utf-8")
        for between in (".a", ".meta", ".meta.yaml-"):  # in the order of names they lie between a file and its sidecar
            export.with_name(export.name + between).write_text("something else\n", encoding="utf-8")
        run_programme(folder)
        assert "<collectedBy>Noor</collectedBy>" in (folder / "out" / PERIOD / "portfolio.xml").read_text(encoding="utf-8")
        shutil.rmtree(folder / "out")
        # A link is no evidence; it must not make the run pass over what it says.
        sidecar.rename(folder / "said.yaml")
        sidecar.symlink_to(folder / "said.yaml")
        done = tickmark("run", "--period", PERIOD, cwd=folder, status=2)
        assert f"{sidecar.relative_to(folder)}: error: the file cannot be opened" in done.stderr, done.stderr
        assert not (folder / "out" / PERIOD).exists()


@test
def somebody_elses_files_are_not_replaced():
    with Folder() as folder:
        small_programme(folder)
        own = folder / "out" / PERIOD
        own.mkdir(parents=True)
        (own / "thesis.txt").write_text("years of work\n", encoding="utf-8")
        done = tickmark("run", "--period", PERIOD, cwd=folder, status=3)
        assert "holds files but no summary.json" in done.stderr, done.stderr
        assert tree(folder / "out") == {f"{PERIOD}/thesis.txt": b"years of work\n"}
        shutil.rmtree(own)
        own.write_text("years of work\n", encoding="utf-8")
        done = tickmark("run", "--period", PERIOD, cwd=folder, status=3)
        assert "is no folder" in done.stderr, done.stderr
        assert tree(folder / "out") == {PERIOD: b"years of work\n"}


@test
def the_way_to_the_folder_changes_no_byte():
    with Folder() as folder, Folder() as elsewhere:
        small_programme(folder)
        # Something to say about a file, so that its path is in the store.
        with (folder / "inputs/evidence/people/roster-2025-11-28.csv").open("a", encoding="utf-8") as stream:
            stream.write("too,few\n")
        _, summary = run_programme(folder, status=1)
        before = packaged(folder, summary)
        assert "roster-2025-11-28.csv" in (folder / "out" / PERIOD / "portfolio.xml").read_text(encoding="utf-8")
        odd = elsewhere / "a b" / "größe 'x' (2)" / ("long" * 40)
        shutil.copytree(folder, odd, ignore=shutil.ignore_patterns("out"))
        ways = [(folder, "."), (folder, "./"), (folder, ".//"), ("/", folder), ("/", f"{folder}/"), ("/", f"{folder}///"),
                (folder.parent, folder.name), (folder / "inputs", ".."), (odd, "."), ("/", odd), (odd.parent, odd.name)]
        for stands, named in ways:
            tickmark("run", "--period", PERIOD, "-C", named, cwd=stands, status=1)
            after = packaged(odd if str(odd.name) in f"{stands}{named}" else folder, summary)
            differ = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
            assert not differ, f"-C {named} in {stands}: {differ}"


@test
def the_environment_changes_no_byte():
    with Folder() as folder:
        small_programme(folder)
        run_programme(folder, status=0)
        before = tree(folder / "out")
        providers = folder / "providers.cnf"
        providers.write_text("openssl_conf = a\n[a]\nproviders = b\n[b]\ndefault = c\n[c]\nactivate = 0\n", encoding="utf-8")
        for name, value in (("OPENSSL_CONF", providers), ("OPENSSL_CONF", "/nonexistent"), ("TMPDIR", "/nonexistent"),
                            ("SQLITE_TMPDIR", "/nonexistent"), ("LC_ALL", "tr_TR.UTF-8"), ("TZ", ":/nonexistent"),
                            ("COLUMNS", "3"), ("MALLOC_PERTURB_", "165")):
            run_programme(folder, status=0, environment={name: str(value)})
            assert tree(folder / "out") == before, f"{name}={value}: the outputs changed"


@test
def a_signing_time_that_is_none():
    with Folder() as folder:
        small_programme(folder)
        for value in ("yesterday", "-1", "1e9", "253402300800", "99999999999999999999"):
            done = tickmark("run", "--period", PERIOD, cwd=folder, environment={"SOURCE_DATE_EPOCH": value}, status=2)
            assert f'not "{value}"' in done.stderr and "SOURCE_DATE_EPOCH" in done.stderr, done.stderr
        assert not (folder / "out").exists()


@test
def a_period_that_would_leave_its_folder():
    with Folder() as folder:
        small_programme(folder)
        programme = folder / "inputs" / "programme.yaml"
        text = programme.read_text(encoding="utf-8")
        for period in ("../evil", ".", "..", "a/b", ".hidden", "a b", "x" * 65, ""):
            programme.write_text(text.replace("id: 2025-Q4", f'id: "{period}"'), encoding="utf-8")
            done = tickmark("run", cwd=folder, status=2)
            assert "[wrong-value]" in done.stderr and "programme.yaml:" in done.stderr, f"{period}: {done.stderr}"
            assert not (folder / "out").exists()


@test
def two_runs_at_the_same_time():
    with Folder() as folder:
        small_programme(folder)
        run_programme(folder, status=0)
        before = tree(folder / "out")
        runs = [subprocess.Popen([TICKMARK, "run", "--period", PERIOD], cwd=folder, env=ENVIRONMENT,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(6)]
        ends = [(run.communicate()[1], run.returncode) for run in runs]
        assert any(status == 0 for _, status in ends), ends
        for said, status in ends:
            assert status == 0 or (status == 3 and "another run" in said), f"{status}: {said}"
        run_programme(folder, status=0)
        assert tree(folder / "out") == before
        return f"{sum(status == 0 for _, status in ends)} of {len(ends)} published"


def memory_limit(kibibytes):
    def limits():
        resource.setrlimit(resource.RLIMIT_AS, (kibibytes * 1024, kibibytes * 1024))
    return limits


def starts(kibibytes):
    """Whether all libraries can be loaded; glib waits for ever where it cannot begin."""
    try:
        return subprocess.run([TICKMARK, "--version"], env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, timeout=5, check=False, preexec_fn=memory_limit(kibibytes)).returncode == 0
    except subprocess.TimeoutExpired:
        return False


@test
def little_memory_is_said():
    """From what the loader of libraries needs, up to what a run needs."""
    with Folder() as folder:
        small_programme(folder)
        run_programme(folder, status=0)
        before = tree(folder / "out")
        least = next((size for size in range(30000, 400000, 1000) if starts(size)), None)
        if least is None:
            raise Skip("a build with sanitizers needs more addresses than can be limited")
        refused = 0
        for size in range(least, 400000, 1000):
            done = tickmark("run", "--period", PERIOD, cwd=folder, limits=memory_limit(size))
            assert tree(folder / "out") == before, f"{size} KiB: the outputs changed"
            if done.returncode == 0:
                return f"refused {refused} times, up to {size} KiB"
            refused += 1
            assert done.returncode == 3 and "[memory]" in done.stderr, f"{size} KiB: {done.returncode}\n{done.stderr}"
        raise AssertionError("400 MB are not enough")


def wait_blocked(process, seconds=60):
    """Waits until a process sleeps for good on its full standard output; returns its status, by name."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        with open(f"/proc/{process.pid}/wchan", encoding="ascii") as stream:
            waits = "pipe" in stream.read()
        with open(f"/proc/{process.pid}/status", encoding="utf-8") as stream:
            status = dict(line.split(":", 1) for line in stream)
        if waits and status["State"].strip().startswith("S"):
            return status
        time.sleep(0.01)
    raise Skip("this kernel does not tell that a process waits for a pipe")


@test
def a_run_is_confined_to_its_end():
    with Folder() as folder:
        small_programme(folder)
        outlet, inlet = os.pipe()
        os.set_blocking(inlet, False)
        try:
            while os.write(inlet, b"x" * 4096):
                pass
        except BlockingIOError:
            os.set_blocking(inlet, True)
        run = subprocess.Popen([TICKMARK, "run", "--period", PERIOD], cwd=folder, env=ENVIRONMENT, stdout=inlet,
                               stderr=subprocess.DEVNULL)
        os.close(inlet)
        try:
            status = wait_blocked(run)
        finally:
            while os.read(outlet, 65536):
                pass
            os.close(outlet)
            run.wait()
        assert status["Seccomp"].strip() == "2" and status["NoNewPrivs"].strip() == "1", status
        assert run.returncode == 0, run.returncode


main()
