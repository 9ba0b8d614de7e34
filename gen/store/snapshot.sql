-- Snapshots of stores and of challenges alike.
-- name: insert_snapshot
INSERT INTO tm_snapshot (id, evidence, source, type, effective_at, until, accepted, latest)
VALUES (?, ?, ?, ?, ?, NULL, 1, 0)

-- When the next accepted snapshot of the same source and type takes over.
-- name: set_until
UPDATE tm_snapshot AS this SET until = (
    SELECT min(next.effective_at) FROM tm_snapshot AS next
    WHERE next.source = this.source AND next.type = this.type AND next.accepted = 1
        AND next.effective_at > this.effective_at)

-- The newest of each source and type, unless one of its files was not accepted: an older one must not stand in for it.
-- name: set_latest
WITH export AS (
    SELECT source, type, effective_at, min(accepted) AS accepted,
           lead(effective_at) OVER (PARTITION BY source, type ORDER BY effective_at) AS next_at
    FROM tm_snapshot GROUP BY source, type, effective_at)
UPDATE tm_snapshot SET latest = (source, type, effective_at) IN (
    SELECT source, type, effective_at FROM export WHERE next_at IS NULL AND accepted = 1)
