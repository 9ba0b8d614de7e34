-- A test's query in the order in which its items are listed: by their bytes. %s is the query.
-- name: sample_population_sorted
SELECT * FROM (
%s
) ORDER BY CAST(item AS TEXT) COLLATE BINARY, ref

-- The records that support another one, where the schema has the view.
-- name: sample_population_supporting
SELECT relation, supporting FROM supporting_record WHERE ref = :ref ORDER BY relation, supporting
