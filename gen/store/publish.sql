-- name: insert_diagnostic
INSERT INTO tm_diagnostic (position, path, line, column_number, record, level, id, text, more)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: publish_pages
PRAGMA page_count

-- What is published takes this over: where pages have room to spare there are zeros, whatever stood there.
-- name: publish_settings
PRAGMA secure_delete = ON

-- name: vacuum_into
VACUUM INTO ?
