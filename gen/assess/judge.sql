-- name: judge_insert_challenge
INSERT INTO tm_challenge_result (test, number, expected, found, passed) VALUES (?1, ?2, ?3, ?4, ?5)

-- name: judge_insert_result
INSERT INTO tm_test_result (test, verdict, printed, population, exceptions, undetermined, population_digest)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)

-- name: judge_insert_state
INSERT INTO tm_test_state (test, number, verdict, reason) VALUES (?1, ?2, ?3, ?4)

-- name: judge_control_result
INSERT INTO tm_control_result (control, verdict, printed, tests, exceptions, undetermined)
SELECT c.id, ?2, ?3, count(r.test), ifnull(sum(r.exceptions), 0), ifnull(sum(r.undetermined), 0)
  FROM tm_control c
  LEFT JOIN tm_test t ON t.control = c.id
  LEFT JOIN tm_test_result r ON r.test = t.id
 WHERE c.id = ?1
 GROUP BY c.id

-- Every state that the tests of a control show, and how many tests show it as their verdict or beside it.
-- name: judge_control_states
INSERT INTO tm_control_state (control, verdict, tests)
SELECT t.control, s.verdict, count(DISTINCT s.test)
  FROM tm_test t
  JOIN tm_test_state s ON s.test = t.id
 GROUP BY t.control, s.verdict
 ORDER BY t.control, s.verdict

-- A criterion has no verdict: it has controls, and some of them have exceptions.
-- name: judge_criteria
INSERT INTO tm_criterion_result (criterion, controls, with_exceptions, insufficient, pending, effective, printed)
SELECT id, controls, with_exceptions, insufficient, pending, effective,
       CASE WHEN controls = 0 THEN 'no control'
            ELSE controls || CASE controls WHEN 1 THEN ' control mapped, ' ELSE ' controls mapped, ' END
                 || with_exceptions || ' with exceptions'
                 || CASE WHEN insufficient > 0 THEN ', ' || insufficient || ' with insufficient evidence' ELSE '' END
                 || CASE WHEN pending > 0 THEN ', ' || pending || ' pending' ELSE '' END
                 || CASE WHEN untested > 0 THEN ', ' || untested || ' not tested (Type I)' ELSE '' END END
  FROM (SELECT k.id AS id,
               count(r.control) AS controls,
               count(CASE WHEN r.verdict = 'exception' THEN 1 END) AS with_exceptions,
               count(CASE WHEN r.verdict = 'insufficient' THEN 1 END) AS insufficient,
               count(CASE WHEN r.verdict = 'pending' THEN 1 END) AS pending,
               count(CASE WHEN r.verdict = 'effective' THEN 1 END) AS effective,
               count(CASE WHEN r.verdict = 'not applicable' THEN 1 END) AS untested
          FROM tm_criterion k
          LEFT JOIN tm_control_criterion m ON m.criterion = k.id
          LEFT JOIN tm_control_result r ON r.control = m.control
                    AND (r.verdict <> 'not applicable' OR r.printed LIKE 'not tested%')
         GROUP BY k.id)
 ORDER BY id

-- A waiver that has expired, or was not yet approved, as of the assessment counts for nothing; none changes a verdict.
-- ?1, here and below: the ids that exceptions of one test may have. (The + keeps the planner from making an index of them all.)
-- name: judge_match_waivers
UPDATE tm_exception
   SET waiver = (SELECT w.id FROM tm_waiver w
                  WHERE w.test = tm_exception.test AND (w.item IS NULL OR w.item = tm_exception.item)
                    AND w.expired = 0
                  ORDER BY w.item IS NULL, w.id LIMIT 1)
 WHERE id IN (SELECT x.id
                FROM tm_test t
               CROSS JOIN tm_exception x ON x.id >= (t.position + 1) * ?1 AND x.id < (t.position + 2) * ?1
               WHERE t.id IN (SELECT test FROM tm_waiver) AND +x.state = 'exception')

-- name: judge_count_waivers
UPDATE tm_waiver SET matched = (
    SELECT count(*)
      FROM tm_test t
     CROSS JOIN tm_exception x ON x.id >= (t.position + 1) * ?1 AND x.id < (t.position + 2) * ?1
     WHERE t.id = tm_waiver.test AND +x.state = 'exception' AND (tm_waiver.item IS NULL OR tm_waiver.item = x.item))

-- Waivers that expired, or that match nothing: both are said.
-- name: judge_idle_waivers
SELECT id, test, expired, matched, date(expires, 'unixepoch'), date(approved, 'unixepoch'),
       approved > (SELECT CAST(value AS INTEGER) FROM tm_meta WHERE key = 'as_of_seconds')
  FROM tm_waiver WHERE expired = 1 OR matched = 0 ORDER BY id
