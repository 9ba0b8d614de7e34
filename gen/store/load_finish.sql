-- After the last evidence file.

-- A snapshot that is byte for byte an earlier one of its source under another date: most likely a copy and no export. What
-- holds no row may well be the same every time, and so may a file for which a sidecar of its own says when it was
-- collected, or a document that nobody changed. What stands alone with its bytes is left out first.
-- name: find_copies
SELECT id, path, earlier, kind
FROM (
    SELECT *, CASE WHEN collected_at IS NULL THEN min(path) OVER (
                       PARTITION BY source, sha256 ORDER BY effective_at
                       RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                   ELSE min(path) OVER (
                       PARTITION BY source, sha256, collected_at ORDER BY effective_at
                       RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
              END AS earlier
    FROM tm_evidence
    WHERE (source, sha256) IN (SELECT source, sha256 FROM tm_evidence GROUP BY source, sha256 HAVING count(*) > 1))
WHERE row_count > 0 AND earlier IS NOT NULL AND effective_by <> 'sidecar'
    AND id IN (SELECT s.evidence FROM tm_snapshot AS s JOIN tm_type AS t ON t.id = s.type WHERE t.shape = 'snapshot')
ORDER BY id

-- Snapshots with far fewer rows of a type than the one before (the first: than the one after), without a count of the source's
-- own that says so. Files with the same time are the pages of one export. ?1: rows the other one must have; ?2: percent.
-- name: find_shrunken
WITH export AS (
    SELECT s.source, s.type, s.effective_at, sum(t.row_count) AS row_count, max(e.claimed_records) AS claimed,
        min(e.path) AS path
    FROM tm_snapshot AS s JOIN tm_evidence AS e ON e.id = s.evidence
    JOIN tm_evidence_type AS t ON t.evidence = s.evidence AND t.type = s.type
    JOIN tm_type AS y ON y.id = s.type
    WHERE y.shape = 'snapshot' AND NOT y.may_shrink AND e.accepted = 1
    GROUP BY s.source, s.type, s.effective_at),
neighbour AS (
    SELECT source, type, effective_at, row_count, claimed,
        coalesce(lag(row_count) OVER exports, lead(row_count) OVER exports) AS other_count,
        coalesce(lag(path) OVER exports, lead(path) OVER exports) AS other_path
    FROM export WINDOW exports AS (PARTITION BY source, type ORDER BY effective_at))
SELECT e.id, e.path, n.type, n.row_count, n.other_path, n.other_count
FROM neighbour AS n
JOIN tm_snapshot AS s ON s.source = n.source AND s.type = n.type AND s.effective_at = n.effective_at
JOIN tm_evidence AS e ON e.id = s.evidence
WHERE n.claimed IS NULL AND n.other_count >= ?1 AND n.row_count * 100 <= n.other_count * ?2 AND e.accepted = 1
ORDER BY e.id, n.type

-- Exports of a type whose newest time lies long before the one that they stand for; files with the same time are the pages
-- of one export. ?1: the type; ?2: seconds.
-- name: find_outdated
WITH export AS (
    SELECT s.source, s.effective_at AS at, max(e.last_at) AS newest
    FROM tm_snapshot AS s JOIN tm_evidence AS e ON e.id = s.evidence
    WHERE s.type = ?1 AND e.accepted = 1
    GROUP BY s.source, s.effective_at)
SELECT e.id, e.path, x.newest, x.at, e.collected_at IS NOT NULL
FROM export AS x
JOIN tm_snapshot AS s ON s.source = x.source AND s.effective_at = x.at AND s.type = ?1
JOIN tm_evidence AS e ON e.id = s.evidence
WHERE x.newest < x.at - ?2 AND e.accepted = 1
ORDER BY e.id

-- name: refuse_evidence
UPDATE tm_evidence SET accepted = 0, problem = coalesce(problem, ?2) WHERE id = ?1

-- Evidence may be refused after its snapshots were made.
-- name: refuse_snapshots
UPDATE tm_snapshot SET accepted = 0
WHERE accepted = 1 AND evidence IN (SELECT id FROM tm_evidence WHERE accepted = 0)

-- Exports that hold snapshots alone, all of them of after a date. ?1: its last second.
-- name: find_later
SELECT e.id, e.path, max(s.effective_at)
FROM tm_snapshot AS s JOIN tm_type AS t ON t.id = s.type JOIN tm_evidence AS e ON e.id = s.evidence
GROUP BY e.id HAVING min(t.shape = 'snapshot') = 1 AND min(s.effective_at) > ?1
ORDER BY e.id

-- As if it had not been there: an older one is then the newest.
-- name: forget_later
DELETE FROM tm_snapshot WHERE evidence = ?1

-- Rows that repeat a key were counted by type.
-- name: sum_evidence
UPDATE tm_evidence SET invalid = t.invalid_rows, duplicates = t.duplicate_rows, superseded = t.superseded_rows
FROM (
    SELECT evidence AS file, sum(invalid) AS invalid_rows, sum(duplicates) AS duplicate_rows,
        sum(superseded) AS superseded_rows
    FROM tm_evidence_type GROUP BY evidence HAVING sum(duplicates) + sum(superseded) > 0) AS t
WHERE id = t.file

-- name: find_disposed
SELECT id, records, rejected FROM tm_evidence
WHERE path = ?1 AND source = ?2
    AND NOT EXISTS (SELECT 1 FROM tm_disposition WHERE path = ?1 AND source = ?2 AND record = ?3)

-- name: insert_disposition
INSERT INTO tm_disposition (position, source, path, record, reason, approver, date, evidence, found)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: count_disposed_type
UPDATE tm_evidence_type SET dispositioned = dispositioned + ?3 WHERE evidence = ?1 AND type = coalesce(?2, type)

-- name: count_disposed
UPDATE tm_evidence SET dispositioned = dispositioned + ?2 WHERE id = ?1

-- Rows of the record, and those among them that are invalid or duplicates. Filled for each type: see tables_fill.h.
-- name: look_at_record
SELECT count(*), coalesce(sum((excluded IS NULL AND invalid = 1) OR excluded = 'duplicate'), 0)
FROM "tm_row_{type}" WHERE ref BETWEEN ? AND ? AND record = ?
