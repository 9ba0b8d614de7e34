-- What the last published run says of a test: the frozen digest.
-- name: sample_frozen
SELECT r.verdict, r.printed, r.population, r.exceptions, r.undetermined, r.population_digest,
       (SELECT value FROM tm_meta WHERE key = 'as_of_seconds')
  FROM tm_test_result r WHERE r.test = ?1

-- What the test found of one item.
-- name: sample_found
SELECT state, text FROM tm_exception WHERE test = ?1 AND item = ?2

-- The source, a time and a further value of a row: %s are the time, the value and the type.
-- name: sample_stratum
SELECT n.source, %s, %s FROM "tm_row_%s" r JOIN tm_snapshot n ON n.id = r.snapshot WHERE r.ref = ?1

-- The time of a row: when it happened, or the day for which its snapshot stands; %s is the column.
-- name: sample_time_event
r."%s"

-- name: sample_time_snapshot
n.stands_at

-- name: sample_value
r."%s"

-- name: sample_no_value
NULL

-- An evidence file.
-- name: sample_evidence
SELECT path, sha256, kind FROM tm_evidence WHERE id = ?1

-- The same file as the published run had it.
-- name: sample_published_evidence
SELECT sha256 FROM tm_evidence WHERE path = ?1

-- The period that a package is of.
-- name: sample_package_period
SELECT value FROM tm_meta WHERE key = 'period'
