-- Where a table begins in the store's file.
-- name: find_root
SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = ?
