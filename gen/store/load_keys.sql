-- Rows that repeat a key. tm_repeated (made per type) holds the keys, tm_candidate the rows that have them.
-- name: keys_begin
CREATE TEMP TABLE tm_candidate (
    ref INTEGER PRIMARY KEY, snapshot INTEGER NOT NULL, entity INTEGER NOT NULL, invalid INTEGER NOT NULL);
CREATE TEMP TABLE tm_marked (ref INTEGER PRIMARY KEY, first INTEGER NOT NULL, invalid INTEGER NOT NULL);

-- name: keys_end
DROP TABLE temp.tm_candidate;
DROP TABLE temp.tm_marked;

-- name: keys_clear
DELETE FROM temp.tm_candidate;
DELETE FROM temp.tm_marked;
DROP TABLE temp.tm_repeated;

-- name: clear_marked
DELETE FROM temp.tm_marked

-- name: any_repeated
SELECT EXISTS (SELECT 1 FROM temp.tm_repeated)

-- The first row of a file with its key stays.
-- name: mark_duplicates
INSERT INTO temp.tm_marked (ref, first, invalid)
SELECT ref, first, invalid FROM (
    SELECT ref, invalid, min(ref) OVER (PARTITION BY snapshot, entity) AS first FROM temp.tm_candidate)
WHERE ref <> first

-- name: drop_duplicates
DELETE FROM temp.tm_candidate WHERE ref IN (SELECT ref FROM temp.tm_marked)

-- Of events, the row of the latest accepted file of the source stays; files are numbered in the order of their paths.
-- name: mark_superseded
INSERT INTO temp.tm_marked (ref, first, invalid)
SELECT ref, last, invalid FROM (
    SELECT c.ref, c.invalid, first_value(c.ref) OVER (
        PARTITION BY s.source, c.entity ORDER BY s.effective_at DESC, s.evidence DESC) AS last
    FROM temp.tm_candidate AS c JOIN tm_snapshot AS s ON s.id = c.snapshot
    WHERE s.accepted = 1)
WHERE ref <> last

-- name: count_duplicates
UPDATE tm_evidence_type SET duplicates = marked.count, invalid = invalid - marked.invalid_rows
FROM (SELECT ref >> 32 AS file, count(*) AS count, sum(invalid) AS invalid_rows FROM temp.tm_marked GROUP BY 1) AS marked
WHERE evidence = marked.file AND type = ?

-- name: count_superseded
UPDATE tm_evidence_type SET superseded = marked.count, invalid = invalid - marked.invalid_rows
FROM (SELECT ref >> 32 AS file, count(*) AS count, sum(invalid) AS invalid_rows FROM temp.tm_marked GROUP BY 1) AS marked
WHERE evidence = marked.file AND type = ?

-- What follows is filled for each type: see tables_fill.h. A key names one thing in one file of snapshots, and in all
-- files of events.

-- name: find_repeated_in_snapshots
CREATE TEMP TABLE tm_repeated AS SELECT snapshot AS file, {key} FROM "tm_row_{type}"
WHERE excluded IS NULL {key_present}
GROUP BY snapshot, {key} HAVING count(*) > 1

-- name: find_repeated_in_events
CREATE TEMP TABLE tm_repeated AS SELECT {key} FROM "tm_row_{type}"
WHERE excluded IS NULL {key_present}
GROUP BY {key} HAVING count(*) > 1

-- name: index_repeated_in_snapshots
CREATE INDEX temp.tm_repeated_key ON tm_repeated ({key}, file)

-- name: index_repeated_in_events
CREATE INDEX temp.tm_repeated_key ON tm_repeated ({key})

-- CROSS JOIN: the one scan is that of the large table.
-- name: find_candidates_in_snapshots
INSERT INTO temp.tm_candidate (ref, snapshot, entity, invalid)
SELECT r.ref, r.snapshot, k.rowid, r.invalid FROM "tm_row_{type}" AS r CROSS JOIN temp.tm_repeated AS k
WHERE r.excluded IS NULL AND k.file = r.snapshot {key_equal}

-- name: find_candidates_in_events
INSERT INTO temp.tm_candidate (ref, snapshot, entity, invalid)
SELECT r.ref, r.snapshot, k.rowid, r.invalid FROM "tm_row_{type}" AS r CROSS JOIN temp.tm_repeated AS k
WHERE r.excluded IS NULL {key_equal}

-- name: key_column
"{column}"

-- name: key_present
AND "{column}" IS NOT NULL

-- name: key_equal
AND k."{column}" = r."{column}"

-- name: exclude_duplicates
UPDATE "tm_row_{type}" SET excluded = 'duplicate' WHERE ref IN (SELECT ref FROM temp.tm_marked)

-- name: exclude_superseded
UPDATE "tm_row_{type}" SET excluded = 'superseded' WHERE ref IN (SELECT ref FROM temp.tm_marked)

-- A file's first repeated row, the row that it repeats, and their key.
-- name: report_duplicates
SELECT e.path, m.count, d.record, o.record, concat_key
FROM (SELECT ref >> 32 AS file, count(*) AS count, min(ref) AS ref, first FROM temp.tm_marked GROUP BY 1) AS m
JOIN tm_evidence AS e ON e.id = m.file
JOIN (SELECT *, {key_text} AS concat_key FROM "tm_row_{type}") AS d ON d.ref = m.ref
JOIN "tm_row_{type}" AS o ON o.ref = m.first ORDER BY e.id
