-- Findings of tests that the prior assessments have, each in the newest of them.
-- name: retest_insert
INSERT INTO tm_retest (test, item, prior, seen)
SELECT test, item, max(prior), 0 FROM tm_prior_finding WHERE origin = 'test' AND test IS NOT NULL GROUP BY test, item

-- name: retest_list
SELECT test, item FROM tm_retest

-- name: retest_seen
UPDATE tm_retest SET seen = ?3 WHERE test = ?1 AND item = ?2

-- Everything that is or was a finding of a test: what this period shows of it beside what the newest prior assessment
-- says. The order is that of the schema; what it has no test for comes last. What could not be determined is often much, and
-- no finding: it is counted only where there is a deviation, too. ?1: the ids that exceptions of one test may have; they are
-- looked at test by test, and of a test with nothing but what could not be determined not at all. (The + keeps the planner from
-- making an index of them all for that.)
-- name: finding_list
WITH listed AS MATERIALIZED (
    SELECT x.test, x.subject AS item
      FROM tm_test_result r JOIN tm_test t ON t.id = r.test
     CROSS JOIN tm_exception x ON x.id >= (t.position + 1) * ?1 AND x.id < (t.position + 2) * ?1
     WHERE r.exceptions > 0 AND +x.state = 'exception'
    UNION SELECT test, item FROM tm_retest),
shown AS MATERIALIZED (
    SELECT x.test, x.subject AS item, count(*) FILTER (WHERE x.state = 'exception') AS exceptions,
           count(*) FILTER (WHERE x.state = 'exception' AND x.waiver IS NOT NULL) AS waived,
           count(*) FILTER (WHERE x.state = 'undetermined') AS undetermined,
           min(x.id) FILTER (WHERE x.state = 'exception') AS exception,
           min(x.waiver) FILTER (WHERE x.state = 'exception') AS waiver
      FROM tm_test t CROSS JOIN tm_exception x ON x.id >= (t.position + 1) * ?1 AND x.id < (t.position + 2) * ?1
     WHERE t.id IN (SELECT test FROM listed) AND (x.test, x.subject) IN (SELECT test, item FROM listed)
     GROUP BY x.test, x.subject),
gap AS (SELECT test, count(*) AS gaps FROM tm_test_state WHERE verdict IN ('insufficient', 'pending') GROUP BY test)
SELECT l.test, l.item, coalesce(t.control, (SELECT id FROM tm_control WHERE id = p.control)), t.severity, p.severity,
       ifnull(s.exceptions, 0), ifnull(s.waived, 0), ifnull(s.undetermined, 0), s.exception, s.waiver, x.text,
       (SELECT e.source FROM tm_evidence e WHERE e.id = x.ref >> 32),
       ifnull(r.verdict <> 'not applicable', 0), ifnull(g.gaps, 0), ifnull(a.same, 0), ifnull(r.population, 0),
       ifnull(k.seen, 0), ifnull(r.exceptions, 0), t.standing IS NOT NULL,
       EXISTS (SELECT 1 FROM tm_evidence e WHERE e.source = p.source AND e.accepted = 1),
       p.state, p.text, p.source, p.owner, p.due, p.due_by, p.found, p.completed, p.closed, p.closed_period, p.cause,
       p.extent, p.response, p.action,
       (SELECT q.first_period FROM tm_prior_finding q
         WHERE q.origin = 'test' AND q.test = l.test AND q.item = l.item ORDER BY q.prior LIMIT 1),
       coalesce(t.control, p.control),
       (SELECT max(o.from_at) FROM tm_prior_finding q JOIN tm_prior o ON o.position = q.prior
         WHERE q.origin = 'test' AND q.test = l.test AND q.item = l.item AND q.occurrences > 0)
  FROM listed l
  LEFT JOIN shown s ON s.test = l.test AND s.item = l.item
  LEFT JOIN tm_exception x ON x.id = s.exception
  LEFT JOIN tm_retest k ON k.test = l.test AND k.item = l.item
  LEFT JOIN tm_prior_finding p ON p.prior = k.prior AND p.origin = 'test' AND p.test = l.test AND p.item = l.item
  LEFT JOIN tm_prior_test a ON a.prior = k.prior AND a.test = l.test
  LEFT JOIN tm_test t ON t.id = l.test
  LEFT JOIN tm_test_result r ON r.test = l.test
  LEFT JOIN gap g ON g.test = l.test
 ORDER BY t.position IS NULL, t.position, l.test, s.exception IS NULL, s.exception, l.item

-- name: finding_prior_count
SELECT count(*) FROM tm_prior

-- Waivers in force that speak of a test; NULL: of all of it.
-- name: finding_waivers
SELECT id, item FROM tm_waiver WHERE test = ?1 AND expired = 0 ORDER BY id

-- name: finding_insert
INSERT INTO tm_finding (
    id, origin, control, test, item, severity, state, reason, prior_state, text, exception, occurrences, source, waiver,
    cause, extent, response, action, owner, evidence, due, due_by, first_period, found, completed, closed, closed_period,
    age_days, overdue)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24,
        ?25, ?26, ?27, ?28, ?29)
    ON CONFLICT (id) DO NOTHING

-- ?1: as above.
-- name: finding_exceptions
INSERT INTO tm_finding_exception (finding, exception)
SELECT f.id, x.id
  FROM tm_test_result r JOIN tm_test t ON t.id = r.test
 CROSS JOIN tm_exception x ON x.id >= (t.position + 1) * ?1 AND x.id < (t.position + 2) * ?1
 CROSS JOIN tm_finding f ON f.test = x.test AND f.item = x.subject
 WHERE r.exceptions > 0 AND +x.state = 'exception'
 ORDER BY f.id, x.id

-- Management's own register, as the newest accepted export has it.
-- name: register_read
SELECT finding, text, severity, found_at, owner, due_at, closed_at, verified_by, ref, control
  FROM register_finding
 WHERE finding IS NOT NULL AND found_at IS NOT NULL AND found_at <= :as_of
 ORDER BY finding, closed_at IS NOT NULL, ref

-- name: register_prior
SELECT p.state, p.found, p.closed, p.closed_period,
       (SELECT q.first_period FROM tm_prior_finding q WHERE q.origin = 'register' AND q.item = ?1 ORDER BY q.prior LIMIT 1)
  FROM tm_prior_finding p WHERE p.origin = 'register' AND p.item = ?1 ORDER BY p.prior DESC LIMIT 1

-- What a prior assessment has of the register, or of findings that were declared, and nothing names any more.
-- name: register_missing
SELECT p.item, p.text, p.severity, p.found, p.owner, p.due, p.closed, p.closed_period, p.state,
       (SELECT id FROM tm_control WHERE id = p.control),
       (SELECT q.first_period FROM tm_prior_finding q WHERE q.origin = 'register' AND q.item = p.item
         ORDER BY q.prior LIMIT 1), p.evidence
  FROM tm_prior_finding p
 WHERE p.origin = 'register'
   AND NOT EXISTS (SELECT 1 FROM tm_prior_finding n WHERE n.origin = 'register' AND n.item = p.item AND n.prior > p.prior)
   AND NOT EXISTS (SELECT 1 FROM tm_finding f WHERE f.origin = 'register' AND f.item = p.item)
 ORDER BY p.item

-- name: register_path
SELECT path FROM tm_evidence WHERE id = ?1

-- name: register_control
SELECT id FROM tm_control WHERE id = ?1

-- The prior assessments in time order.
-- name: continuity_list
SELECT period, from_at, until_at, as_of FROM tm_prior ORDER BY position

-- name: continuity_insert
INSERT INTO tm_continuity (position, earlier, later, state, days, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
