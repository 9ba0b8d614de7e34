-- name: insert_challenge_evidence
INSERT INTO tm_evidence (
    id, path, source, kind, sha256, bytes, records, loaded, passed_over, rejected, row_count, invalid, unknown_values,
    duplicates, superseded, folded, dispositioned, truncated, wrong_shape, list_seen, effective_at, effective_by,
    accepted)
VALUES (?1, 'challenge/' || ?1, ?2, 'challenge', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, ?3, 'content', 1)

-- The only one of its source and type, until another makes settle_snapshots necessary.
-- name: insert_challenge_snapshot
INSERT INTO tm_snapshot (id, evidence, source, type, effective_at, until, accepted, latest, stands_at)
VALUES (?1, ?1, ?2, ?3, ?4, NULL, 1, 1, ?4)

-- name: insert_challenge_identity
INSERT OR IGNORE INTO tm_identity (login, person) VALUES (?, ?)

-- name: insert_challenge_system
INSERT OR IGNORE INTO tm_source (id, kind, path, system, tolerated_invalid, position)
VALUES (?1, 'challenge', 'challenge', ?2, 0, 0)

-- What is given is taken back by deleting it, and a database in which a statement was stopped is not used any more, so
-- that nothing is ever rolled back.
-- name: challenge_settings
PRAGMA journal_mode = OFF

-- name: take_back_rows
DELETE FROM "tm_row_{type}"

-- name: take_back_evidence
DELETE FROM tm_evidence

-- name: take_back_snapshots
DELETE FROM tm_snapshot

-- Of what the programme says.
-- name: take_back_identities
DELETE FROM tm_identity

-- name: take_back_systems
DELETE FROM tm_source
