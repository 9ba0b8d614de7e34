-- name: population_insert_exception
INSERT INTO tm_exception (id, test, item, state, text, ref, detail, subject) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)

-- name: population_insert_reference
INSERT INTO tm_exception_ref (exception, name, ref) VALUES (?1, ?2, ?3)

-- Items that stand more than once in a population; %s is the test's query.
-- name: population_repeated
SELECT item, count(*) FROM (
%s
) GROUP BY item HAVING count(*) > 1 ORDER BY item LIMIT 3
