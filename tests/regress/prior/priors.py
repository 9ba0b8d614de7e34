"""Makes hostile prior assessments of the one in out/2025-10, each under its own name in hostile/."""
import pathlib
import shutil
import sqlite3
import zipfile

STORE = pathlib.Path("out/2025-10/assessment.sqlite")
PACKAGE = pathlib.Path("out/2025-10/kestrel-lane-2025-10-portfolio.zip")
HOSTILE = pathlib.Path("hostile")


def changed(name, *statements):
    """The store with its tables changed, also in what their schema would not let in."""
    path = HOSTILE / f"{name}.sqlite"
    shutil.copy(STORE, path)
    database = sqlite3.connect(path)
    for statement in statements:
        database.execute(statement)
    database.commit()
    database.close()


def loose(table):
    """The same table without its types, so that any value goes in."""
    return (f"CREATE TABLE loose AS SELECT * FROM {table}", f"DROP TABLE {table}", f"ALTER TABLE loose RENAME TO {table}")


HOSTILE.mkdir()
changed("newer", "UPDATE tm_meta SET value = '9' WHERE key = 'store_format'",
        "UPDATE tm_meta SET value = '7.1.0' WHERE key = 'version'")
changed("older", "DELETE FROM tm_meta WHERE key = 'store_format'")
changed("no-number", "UPDATE tm_meta SET value = 'one' WHERE key = 'store_format'")
changed("no-slug", "DELETE FROM tm_meta WHERE key = 'organisation_slug'")
changed("other-company", "UPDATE tm_meta SET value = 'heron-court' WHERE key = 'organisation_slug'")
changed("two-lines", "UPDATE tm_meta SET value = '2025-10' || char(10) || '2025-09' WHERE key = 'period'")
changed("no-time", "UPDATE tm_meta SET value = '-5' WHERE key = 'period_from_seconds'")
changed("backwards", "UPDATE tm_meta SET value = '99' WHERE key = 'period_until_seconds'")
changed("view", "DROP TABLE tm_metric", "CREATE VIEW tm_metric AS SELECT id, 'x' AS title, 1.0 AS value, 'x' AS printed, "
        "'x' AS unit, 'x' AS formula, 1 AS position FROM tm_control")
changed("endless", "DROP TABLE tm_metric", "CREATE VIEW tm_metric AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
        "SELECT i + 1 FROM n) SELECT 'x' || i AS id, 'x' AS title, 1.0 AS value, 'x' AS printed, 'x' AS unit, "
        "'x' AS formula, 1 AS position FROM n")
changed("function", "DROP TABLE tm_finding", "CREATE VIEW tm_finding AS SELECT load_extension('x') AS id")
changed("virtual", "CREATE VIRTUAL TABLE words USING fts5(word)")
changed("trigger", "CREATE TRIGGER late AFTER INSERT ON tm_metric BEGIN DELETE FROM tm_finding; END")
changed("no-table", "DROP TABLE tm_test_result")
changed("no-column", *loose("tm_finding"), "ALTER TABLE tm_finding DROP COLUMN first_period")
changed("word", "UPDATE tm_finding SET state = 'forgiven'")
changed("null", *loose("tm_finding"), "UPDATE tm_finding SET item = NULL")
changed("number", *loose("tm_finding"), "UPDATE tm_finding SET found = 'yesterday'")
changed("count", "UPDATE tm_test_result SET population = -1 WHERE test = 'AC-1.1'")
changed("digest", "UPDATE tm_test_result SET population_digest = 'none' WHERE test = 'AC-1.1'")
changed("bytes", *loose("tm_finding"), "UPDATE tm_finding SET text = CAST(x'ff41' AS TEXT)")
changed("control", "UPDATE tm_finding SET text = 'a' || char(27) || '[31m'")
changed("long", "UPDATE tm_finding SET text = replace(hex(zeroblob(40000)), '0', 'x')")
changed("bomb", "UPDATE tm_finding SET text = CAST(zeroblob(3000000) AS TEXT)")
changed("rows", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200001) "
        "INSERT INTO tm_metric (id, title, printed, formula, position) SELECT 'm' || i, 'x', 'x', 'x', 100 + i FROM n")
data = STORE.read_bytes()
(HOSTILE / "cut.sqlite").write_bytes(data[:len(data) // 3])
(HOSTILE / "text.sqlite").write_text("these are not the bytes of a store\n")
(HOSTILE / "empty.sqlite").write_bytes(b"")
package = PACKAGE.read_bytes()
# A file whose bytes are not those that its CRC-32, in the directory and before the file alike, is of.
digest = zipfile.ZipFile(PACKAGE).getinfo("data/templates/readiness.md").CRC
altered = package.replace(digest.to_bytes(4, "little"), (digest ^ 1).to_bytes(4, "little"))
assert sum(a != b for a, b in zip(package, altered)) == 2
(HOSTILE / "altered.zip").write_bytes(altered)
(HOSTILE / "cut.zip").write_bytes(package[:1000])
