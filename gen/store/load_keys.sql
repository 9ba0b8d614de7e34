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
