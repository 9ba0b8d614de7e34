-- Numbers of a source that runs through a sequence. What does not count is not there.

-- name: sequence_insert
INSERT INTO tm_sequence (
    source, name, records, unnumbered, sequences, numbers, missing, gaps, known, missing_text, unnumbered_text, scattered,
    complete)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: sequence_insert_run
INSERT INTO tm_sequence_run (source, first, last, numbers, missing, known) VALUES (?, ?, ?, ?, ?, ?)

-- name: sequence_insert_gap
INSERT INTO tm_sequence_gap (source, first, last, numbers, after_ref, before_ref, reason) VALUES (?, ?, ?, ?, ?, ?, ?)

-- Filled for each source's column: see tables_fill.h. ?1 and ?2: the source and the type. sequence_key (load_sequence.c) is
-- NULL for what is no number, so that those come first; equal numbers stand together, the first record of each in front.
-- name: sequence_values
SELECT r."{column}", r.ref
FROM "tm_row_{type}" AS r JOIN tm_snapshot AS s ON s.id = r.snapshot
WHERE s.source = ?1 AND s.type = ?2 AND s.accepted = 1
ORDER BY sequence_key(r."{column}"), r.ref

-- name: sequence_place
SELECT e.path, r.line, r.record FROM "tm_row_{type}" AS r JOIN tm_evidence AS e ON e.id = r.ref >> 32 WHERE r.ref = ?1
