-- name: mutation_insert
INSERT INTO tm_mutation (test, mutants, caught, left_population, unjudged) VALUES (?1, ?2, ?3, ?4, ?5)
