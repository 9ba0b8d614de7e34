-- name: insert_diagnostic
INSERT INTO tm_diagnostic (position, path, line, column_number, record, level, id, text, more)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: vacuum_into
VACUUM INTO ?
