-- Folding the rows of one rule of a file. What stands in braces comes from the schema: see tables_fill.h.

-- Columns: each with a comma before it.
-- name: fold_select
SELECT ref, invalid{columns} FROM "tm_row_{type}"
WHERE ref BETWEEN ? AND ? AND row_rule = ? {key_present}
ORDER BY {key}, "{by}", ref

-- name: fold_column
, "{column}"

-- name: fold_key_present
AND "{column}" IS NOT NULL

-- name: fold_key_column
"{column}"

-- name: fold_mark
UPDATE "tm_row_{type}" SET excluded = 'folded' WHERE ref = ?

-- A column's parameter counts on from the one before it.
-- name: fold_keep
UPDATE "tm_row_{type}" SET excluded = NULL, invalid = ?2{columns} WHERE ref = ?1

-- name: fold_keep_column
, "{column}" = ?
