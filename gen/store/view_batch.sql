-- Many views at once: rows of SQLite's own table of names.
-- name: view_batch_open
PRAGMA writable_schema = ON

-- name: view_batch_insert
INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES ('view', ?1, ?1, 0, ?2)

-- name: view_batch_close
PRAGMA writable_schema = OFF

-- Has all names be read anew.
-- name: view_batch_reset
PRAGMA writable_schema = RESET

-- name: view_batch_read
SELECT 1 FROM sqlite_schema LIMIT 1
