-- The types of an evidence file whose rows the published store holds. ?1: the file.
-- name: show_types
SELECT t.type FROM tm_evidence_type t JOIN sqlite_schema s ON s.type = 'table' AND s.name = 'tm_row_' || t.type
 WHERE t.evidence = ?1 ORDER BY t.type

-- Where a row of one type stands, and what was made of it; %s is the type.
-- name: show_row
SELECT e.path, e.sha256, e.source, r.record, r.line, r.offset, r.length, r.invalid, r.excluded,
       m.position IS NOT NULL AS packed, m.name
  FROM "tm_row_%s" r
  JOIN tm_snapshot n ON n.id = r.snapshot
  JOIN tm_evidence e ON e.id = n.evidence
  LEFT JOIN tm_member m
    ON m.evidence = e.id AND r.record BETWEEN m.first_record AND m.first_record + m.records - 1
 WHERE r.ref = ?1

-- Its values; %s is the type.
-- name: show_values
SELECT * FROM "tm_row_%s" WHERE ref = ?1

