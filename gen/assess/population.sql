-- name: population_insert_exception
INSERT INTO tm_exception (id, test, item, state, text, ref, detail, subject) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)

-- name: population_insert_reference
INSERT INTO tm_exception_ref (exception, name, ref) VALUES (?1, ?2, ?3)

-- Items that stand more than once in a population; %s is the test's query.
-- name: population_repeated
SELECT item, count(*) FROM (
%s
) GROUP BY item HAVING count(*) > 1 ORDER BY item LIMIT 3

-- A type that the test reads of which an export is not there, or not usable, for some of a time. ?1: the test; ?2: its
-- control; ?3, ?4: the time.
-- name: population_uncovered
SELECT o.type FROM occurrence o
  JOIN tm_test_type t ON t.type = o.type AND t.test = ?1
 WHERE o.control = ?2 AND o.status NOT IN ('met', 'late') AND o.due_from < ?4 AND o.due_until > ?3
 ORDER BY o.id LIMIT 1
