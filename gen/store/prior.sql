-- What is taken of a prior assessment, and where it is put. The first two columns of every statement that reads are the
-- ones that name the row in a diagnostic.
-- name: prior_read_meta
SELECT key, value FROM tm_meta ORDER BY key

-- name: prior_read_controls
SELECT r.control, c.title, r.verdict, r.printed, r.exceptions, r.undetermined
  FROM tm_control_result r JOIN tm_control c ON c.id = r.control
 ORDER BY r.control

-- name: prior_read_tests
SELECT r.test, t.control, r.verdict, r.population, r.exceptions, r.undetermined, r.population_digest,
       coalesce(t.query, t.manual),
       (SELECT group_concat(name || '=' || text, char(10))
          FROM (SELECT name, text FROM tm_parameter p WHERE p.control = t.control ORDER BY name))
  FROM tm_test_result r JOIN tm_test t ON t.id = r.test
 ORDER BY r.test

-- name: prior_read_findings
SELECT id, origin, control, test, item, severity, state, text, source, owner, due, due_by, first_period, found,
       completed, closed, closed_period, occurrences, cause, extent, response, action, waiver, evidence
  FROM tm_finding
 ORDER BY id

-- name: prior_read_metrics
SELECT id, title, value, printed, unit, formula, position FROM tm_metric ORDER BY id

-- name: prior_insert
INSERT INTO tm_prior (position, period, from_at, until_at, as_of, profile, path, sha256, version, report_type, signature, signer)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)

-- name: prior_insert_control
INSERT INTO tm_prior_control (prior, control, title, verdict, printed, exceptions, undetermined)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)

-- name: prior_insert_test
INSERT INTO tm_prior_test (prior, test, control, verdict, population, exceptions, undetermined, population_digest, same)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,
        EXISTS (SELECT 1 FROM tm_test t
                 WHERE t.id = ?2 AND coalesce(t.query, t.manual) IS ?9
                   AND (SELECT group_concat(name || '=' || text, char(10))
                          FROM (SELECT name, text FROM tm_parameter p WHERE p.control = t.control ORDER BY name)) IS ?10))

-- name: prior_insert_finding
INSERT INTO tm_prior_finding (
    prior, id, origin, control, test, item, severity, state, text, source, owner, due, due_by, first_period, found,
    completed, closed, closed_period, occurrences, cause, extent, response, action, waiver, evidence)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)

-- name: prior_insert_metric
INSERT INTO tm_prior_metric (prior, id, title, value, printed, unit, formula, position)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)

-- Virtual tables have no page; triggers would never run, and no assessment has one.
-- name: prior_virtual
SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' OR (type = 'table' AND ifnull(rootpage, 0) = 0)
