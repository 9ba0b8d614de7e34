-- What configuration says, as rows.
-- name: insert_meta
INSERT INTO tm_meta (key, value) VALUES (?, ?)

-- name: insert_criterion
INSERT INTO tm_criterion (id, category, title, in_scope, position) VALUES (?, ?, ?, ?, ?)

-- name: insert_control
INSERT INTO tm_control (
    id, title, owner, narrative, frequency, effective_from, superseded, applicable, not_applicable_reason, position)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: insert_control_criterion
INSERT OR IGNORE INTO tm_control_criterion (control, criterion) VALUES (?, ?)

-- name: insert_control_alias
INSERT OR IGNORE INTO tm_control_alias (control, alias) VALUES (?, ?)

-- name: insert_control_compensating
INSERT OR IGNORE INTO tm_control_compensating (control, compensating) VALUES (?, ?)

-- name: insert_parameter
INSERT INTO tm_parameter (
    control, name, value, text, meaning, default_text, overridden, approver, date, reason)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: insert_type
INSERT INTO tm_type (id, title, meaning, shape, high_volume, may_shrink, stands) VALUES (?, ?, ?, ?, ?, ?, ?)

-- name: insert_requirement
INSERT INTO tm_requirement (id, control, type, cadence, grace, automated, produced_by) VALUES (?, ?, ?, ?, ?, ?, ?)

-- name: insert_test
INSERT INTO tm_test (
    id, control, title, method, query, manual, tolerable, severity, remediation, latest_reason, position, manual_by,
    manual_document, manual_each, standing)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: insert_commitment
INSERT INTO tm_commitment (id, text, position) VALUES (?, ?, ?)

-- name: insert_scope
INSERT INTO tm_scope (name, kind, description, position) VALUES (?, ?, ?, ?)

-- name: insert_identity
INSERT OR IGNORE INTO tm_identity (login, person) VALUES (?, ?)

-- name: insert_source
INSERT INTO tm_source (
    id, kind, kind_title, vendor, produced_by, path, system, query, collected_by, zone_offset, expected_from,
    expected_until, empty_reason, tolerated_invalid, tolerance_reason, silence, sequence,
    position)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: insert_source_type
INSERT INTO tm_source_type (source, type, may_be_empty) VALUES (?, ?, ?)

-- name: insert_waiver
INSERT INTO tm_waiver (id, test, item, reason, approver, approved, expires, expired, matched)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)

-- name: insert_event
INSERT INTO tm_event (position, date, text, effect, material, standing) VALUES (?, ?, ?, ?, ?, ?)
