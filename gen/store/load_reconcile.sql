-- One source's values against another's. Letters and blanks at the ends tell no values apart.

-- The exports of a source and type, one a time; pages of one export share it.
-- name: reconcile_exports
SELECT DISTINCT effective_at FROM tm_snapshot WHERE source = ?1 AND type = ?2 AND accepted = 1 ORDER BY effective_at

-- The other source's newest export up to a time.
-- name: reconcile_newest
SELECT max(effective_at) FROM tm_snapshot WHERE source = ?1 AND type = ?2 AND accepted = 1 AND effective_at <= ?3

-- name: reconcile_insert
INSERT INTO tm_reconciliation (
    source, name, other, other_name, meaning, at, other_at, both, only_here, only_there, here_examples, there_examples)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- Filled for each pair of columns: see tables_fill.h. ?1 and ?2: the source and its type, ?3: the time of its export, or
-- NULL for all of them; ?4 to ?6 the other's. Three values of each side are kept as examples.
-- name: reconcile_compare
WITH here AS MATERIALIZED (
    SELECT DISTINCT lower(trim(CAST(r."{column}" AS TEXT))) AS value
    FROM tm_snapshot AS s
    CROSS JOIN "tm_row_{type}" AS r ON r.ref BETWEEN s.evidence << 32 AND (s.evidence << 32) + 4294967295
    WHERE s.source = ?1 AND s.type = ?2 AND s.effective_at = coalesce(?3, s.effective_at) AND s.accepted = 1
        AND r.snapshot = s.id AND r.excluded IS NULL AND r."{column}" IS NOT NULL),
there AS MATERIALIZED (
    SELECT DISTINCT lower(trim(CAST(r."{their_column}" AS TEXT))) AS value
    FROM tm_snapshot AS s
    CROSS JOIN "tm_row_{their_type}" AS r ON r.ref BETWEEN s.evidence << 32 AND (s.evidence << 32) + 4294967295
    WHERE s.source = ?4 AND s.type = ?5 AND s.effective_at = coalesce(?6, s.effective_at) AND s.accepted = 1
        AND r.snapshot = s.id AND r.excluded IS NULL AND r."{their_column}" IS NOT NULL)
SELECT (SELECT count(*) FROM here WHERE value IN (SELECT value FROM there)),
       (SELECT count(*) FROM here WHERE value NOT IN (SELECT value FROM there)),
       (SELECT count(*) FROM there WHERE value NOT IN (SELECT value FROM here)),
       (SELECT group_concat(value, ', ') FROM (
           SELECT value FROM here WHERE value NOT IN (SELECT value FROM there) ORDER BY value LIMIT 3)),
       (SELECT group_concat(value, ', ') FROM (
           SELECT value FROM there WHERE value NOT IN (SELECT value FROM here) ORDER BY value LIMIT 3))
