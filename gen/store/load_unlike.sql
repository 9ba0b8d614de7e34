-- Snapshots that have hardly a key in common with their neighbours.

-- The exports of a type with the two before (nearest first) and the two after; files with the same time are the pages of one
-- export. ?1: the type.
-- name: unlike_exports
WITH export AS (
    SELECT s.source, s.effective_at AS at, sum(t.row_count) AS row_count, min(e.path) AS path
    FROM tm_snapshot AS s
    JOIN tm_evidence AS e ON e.id = s.evidence
    JOIN tm_evidence_type AS t ON t.evidence = s.evidence AND t.type = s.type
    WHERE s.type = ?1 AND e.accepted = 1
    GROUP BY s.source, s.effective_at)
SELECT source, at, row_count, path,
    lag(at) OVER exports, lag(row_count) OVER exports, lag(path) OVER exports,
    lag(at, 2) OVER exports, lag(row_count, 2) OVER exports, lag(path, 2) OVER exports,
    lead(at) OVER exports, lead(row_count) OVER exports, lead(path) OVER exports,
    lead(at, 2) OVER exports, lead(row_count, 2) OVER exports, lead(path, 2) OVER exports
FROM export WINDOW exports AS (PARTITION BY source ORDER BY at)
ORDER BY source, at

-- name: unlike_refuse
UPDATE tm_evidence SET accepted = 0, problem = coalesce(problem, 'unlike')
WHERE id IN (SELECT evidence FROM tm_snapshot WHERE source = ?1 AND type = ?2 AND effective_at = ?3)

-- Filled for each type: see tables_fill.h. How many keys of the export with fewer rows were looked for (at most ?5), and
-- how many of them the other one has, counted until they are more than ?6 percent. ?1: the source, ?2: the type, ?3: the
-- time of the one with fewer, ?4: of the other.
-- name: unlike_share
WITH fewer AS MATERIALIZED (
    SELECT DISTINCT {key} FROM (
        SELECT {key} FROM tm_snapshot AS s
        JOIN "tm_row_{type}" AS r ON r.ref BETWEEN s.evidence << 32 AND (s.evidence << 32) + 4294967295
        WHERE s.source = ?1 AND s.type = ?2 AND s.effective_at = ?3 {key_present} LIMIT ?5))
SELECT (SELECT count(*) FROM fewer), (
    SELECT count(*) FROM (
        SELECT DISTINCT {key_found}
        FROM tm_snapshot AS s
        CROSS JOIN "tm_row_{type}" AS r ON r.ref BETWEEN s.evidence << 32 AND (s.evidence << 32) + 4294967295
        CROSS JOIN fewer AS k
        WHERE s.source = ?1 AND s.type = ?2 AND s.effective_at = ?4 {key_equal}
        LIMIT (SELECT count(*) * ?6 / 100 + 1 FROM fewer)))

-- name: unlike_key
"{column}"

-- name: unlike_found
k."{column}"

-- name: unlike_present
AND "{column}" IS NOT NULL

-- name: unlike_equal
AND k."{column}" = r."{column}"
