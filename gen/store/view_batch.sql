-- Many views at once: rows of SQLite's own table of names.
-- name: view_batch_open
PRAGMA writable_schema = ON

-- name: view_batch_insert
INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES ('view', ?1, ?1, 0, ?2)

-- A type's table with its indexes, and its views for queries.
-- name: view_batch_forget
DELETE FROM sqlite_schema WHERE tbl_name IN ('tm_row_' || ?1, ?1, ?1 || '_latest')

-- name: view_batch_close
PRAGMA writable_schema = OFF

-- Has all names be read anew.
-- name: view_batch_reset
PRAGMA writable_schema = RESET

-- name: view_batch_read
SELECT 1 FROM sqlite_schema LIMIT 1
