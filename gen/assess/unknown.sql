-- Valid rows of a type that lack a value in some column of a list, and for every column of it those of them with a value.
-- The names come from the schema, checked as identifiers. Rows that lack none, most often all, are joined with nothing.
-- name: unknown_values
SELECT count(*)%2$s
  FROM "tm_row_%1$s" r
  JOIN tm_snapshot n ON n.id = r.snapshot
  JOIN tm_evidence e ON e.id = n.evidence
 WHERE (0%3$s) AND r.excluded IS NULL AND r.invalid = 0 AND e.accepted = 1

-- name: unknown_value
, count(r."%s")

-- name: unknown_lack
 OR r."%s" IS NULL
