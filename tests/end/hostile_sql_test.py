#!/usr/bin/env python3
"""SQL of the schema that loops, multiplies, allocates or does what it may not costs a thread no more than a second.

The golden case hostile/sql has what is said of each; here the processor's time is held against that of the query as it ships,
which a machine that others keep busy distorts less than the time of day.
"""
import os
import resource

from support import Folder, add_test, main, small_programme, tickmark

SECOND = 1.0 + 0.25   # the query's, and what the command takes to notice and to say so
THREADS = {"schema": 1, "run": max(2, os.cpu_count() or 2)}   # a run may have begun the test beside its challenge
FROM = "          FROM document\n"
SELECT = "          SELECT ref, document AS item,\n"
HOSTILE = {
    "a loop": (FROM, "FROM document, (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n)"),
    "a product of tables": (FROM, "FROM document WHERE 0 < (SELECT count(*) FROM calendar a, calendar b, calendar c, calendar d, calendar e)"),
    "text that doubles": (FROM, "FROM document WHERE 0 < (WITH RECURSIVE n(t) AS (SELECT document UNION ALL SELECT t || t FROM n) SELECT count(*) FROM n)"),
    "texts held to be told apart": (FROM, "FROM document WHERE 0 < (SELECT count(DISTINCT a.date || b.date || c.date || "
                                          "(SELECT group_concat(date) FROM calendar)) FROM calendar a, calendar b, calendar c)"),
    "a large value": (FROM, "FROM document WHERE length(zeroblob(1000000000)) > 0"),
    "a file attached": (SELECT, "ATTACH 'x.sqlite' AS x; SELECT ref, document AS item,"),
    "a row written": (SELECT, "INSERT INTO tm_meta SELECT ref, document AS item,"),
    "a library loaded": (FROM, "FROM document WHERE load_extension(document) IS NULL"),
    "a function of chance": (FROM, "FROM document WHERE random() > 0"),
}


def processor_time(folder, *words, status):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = tickmark(*words, cwd=folder, status=status)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done


def stopped(ours, theirs):
    """In `schema test` and in `run`: the test is named, nothing is published, and no more than a second was used."""
    longest = 0
    with Folder() as folder:
        small_programme(folder)
        controls = folder / "schema" / "controls" / "all.yaml"
        good = controls.read_text(encoding="utf-8")
        assert good.count(ours) == 1, ours
        usual = {words: processor_time(folder, *words, status=0)[0] for words in (("schema", "test"), ("run", "-q"))}
        kept = (folder / "out" / "2025-Q4" / "summary.json").read_bytes()
        controls.write_text(good.replace(ours, f"          {theirs}\n"), encoding="utf-8")
        for words, time in usual.items():
            taken, done = processor_time(folder, *words, status=2)
            assert "test GV-1.1: the" in done.stderr and ("[sql-limit]" in done.stderr or "[sql-refused]" in done.stderr), done.stderr
            longest = max(longest, taken - time)
            assert taken - time < SECOND * THREADS[words[0]], f"{' '.join(words)} took {taken - time:.2f} s of the processor more"
        assert (folder / "out" / "2025-Q4" / "summary.json").read_bytes() == kept
        assert not list(folder.rglob("x.sqlite"))
    return f"{max(longest, 0):.2f} s"


for name, (ours, theirs) in HOSTILE.items():
    add_test(f"{name} is stopped", lambda ours=ours, theirs=theirs: stopped(ours, theirs))
main()
