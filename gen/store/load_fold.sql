-- Folding the rows of one rule of a file. What stands in braces comes from the schema: see tables_fill.h.

-- Columns: each with a comma before it. The last parameter has the values of an enumeration in their order, each between
-- line ends, and is NULL where `by` is none.
-- name: fold_select
SELECT ref, invalid{columns} FROM "tm_row_{type}"
WHERE ref BETWEEN ? AND ? AND row_rule = ? {key_present}
ORDER BY {key}, coalesce(instr(?, char(10) || "{by}" || char(10)), "{by}"), ref

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
