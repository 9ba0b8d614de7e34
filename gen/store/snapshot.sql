-- Snapshots of stores and of challenges alike.
-- name: insert_snapshot
INSERT INTO tm_snapshot (id, evidence, source, type, effective_at, until, accepted, latest, stands_at)
VALUES (?1, ?2, ?3, ?4, ?5, NULL, ?6, 0, ?7)

-- `until` is when the next accepted snapshot of the same source and type takes over; `latest` marks the newest of each
-- source and type, unless one of its files was not accepted: an older one must not stand in for it.
-- name: settle_snapshots
UPDATE tm_snapshot AS this SET
    until = (
        SELECT min(next.effective_at) FROM tm_snapshot AS next
        WHERE next.source = this.source AND next.type = this.type AND next.accepted = 1
            AND next.effective_at > this.effective_at),
    latest =
        NOT EXISTS (
            SELECT 1 FROM tm_snapshot AS next
            WHERE next.source = this.source AND next.type = this.type AND next.effective_at > this.effective_at)
        AND NOT EXISTS (
            SELECT 1 FROM tm_snapshot AS page
            WHERE page.source = this.source AND page.type = this.type AND page.effective_at = this.effective_at
                AND page.accepted = 0)
