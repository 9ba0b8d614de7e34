-- Inserting gathered rows: tm_gathered is a virtual table that shows those of one type. What stands in braces comes from
-- the schema: see tables_fill.h.

-- Columns: each with a comma before it.
-- name: gathered
CREATE TABLE tm_gathered (ref, record, line, offset, length, invalid, row_rule{columns})

-- name: insert_gathered
INSERT INTO "tm_row_{type}" SELECT ref, ?, record, line, offset, length, invalid, row_rule, NULL{columns} FROM tm_gathered

-- Without the ref SQLite gives each row the one behind the last, and need not look for its place.
-- name: append_gathered
INSERT INTO "tm_row_{type}" (snapshot, record, line, offset, length, invalid, row_rule, excluded{names})
SELECT ?, record, line, offset, length, invalid, row_rule, NULL{columns} FROM tm_gathered

-- name: append_column
, "{column}"

-- name: gathered_column
, v{number}
