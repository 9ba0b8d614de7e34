-- What is written while evidence is loaded.
-- name: insert_evidence
INSERT INTO tm_evidence (
    id, path, source, kind, sha256, bytes, records, loaded, passed_over, rejected, row_count, invalid, unknown_values,
    duplicates, superseded, folded, dispositioned, truncated, wrong_shape, list_seen, span_from, span_until,
    effective_at, effective_by, first_at, last_at, silent_from, silent_for, collected_by, collected_at, claimed_records, accepted, problem,
    before_period)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: insert_member
INSERT INTO tm_member (evidence, position, name, first_record, records, bytes) VALUES (?, ?, ?, ?, ?, ?)

-- name: insert_evidence_type
INSERT INTO tm_evidence_type (
    evidence, type, row_count, invalid, unknown_values, duplicates, superseded, folded, dispositioned)
VALUES (?, ?, ?, ?, ?, 0, 0, ?, 0)

-- The last two are filled for each type: see tables_fill.h.
-- name: set_envelope
UPDATE "tm_row_{type}" SET "{column}" = ?1, invalid = max(invalid, ?2)
WHERE ref BETWEEN ?3 AND ?4 AND row_rule = ?5

-- name: count_invalid
SELECT count(*) FROM "tm_row_{type}" WHERE ref BETWEEN ? AND ? AND invalid = 1
