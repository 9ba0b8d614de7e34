-- A mock audit. Positions are those of the schema.
-- name: mock_audit_tables

CREATE TABLE tm_mock_sample (
    test TEXT PRIMARY KEY, control TEXT NOT NULL, position INTEGER NOT NULL, population INTEGER NOT NULL,
    digest TEXT NOT NULL, rule TEXT NOT NULL, why TEXT NOT NULL, size INTEGER NOT NULL, seed TEXT,
    problem TEXT                                 -- why no sample could be drawn
    ) STRICT;
CREATE TABLE tm_mock_item (
    test TEXT NOT NULL, number INTEGER NOT NULL, item TEXT NOT NULL, ref INTEGER, evidence TEXT, record INTEGER,
    outcome TEXT NOT NULL,                       -- 'passed', 'exception', 'undetermined' or 'no record'
    text TEXT, PRIMARY KEY (test, number)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_mock_request (
    number INTEGER PRIMARY KEY, control TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, state TEXT NOT NULL,
    answer TEXT NOT NULL) STRICT;
-- What would have failed, and why; one row for each reason.
CREATE TABLE tm_mock_failure (
    number INTEGER PRIMARY KEY, control TEXT NOT NULL, test TEXT, text TEXT NOT NULL) STRICT;
-- What the full test finds and the sample did not show.
CREATE TABLE tm_mock_missed (
    test TEXT PRIMARY KEY, control TEXT NOT NULL, position INTEGER NOT NULL, text TEXT NOT NULL) STRICT;

CREATE INDEX tm_mock_exception ON tm_exception (test, item); -- for items that are looked up

-- name: mock_audit_results
SELECT population, population_digest, verdict FROM tm_test_result WHERE test = ?1

-- name: mock_audit_insert_sample
INSERT INTO tm_mock_sample (test, control, position, population, digest, rule, why, size, seed, problem)
SELECT ?1, ?2, t.position, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM tm_test t WHERE t.id = ?1

-- An item with what the full test found of it, and where its record stands; ?5 is the record, NULL where none was found.
-- name: mock_audit_insert_item
INSERT INTO tm_mock_item (test, number, item, ref, evidence, record, outcome, text)
SELECT ?1, ?2, ?3, ?4, e.path, ?5,
       CASE WHEN x.state IS NOT NULL THEN x.state
            WHEN ?4 IS NOT NULL AND (?5 IS NULL OR e.accepted IS NOT 1) THEN 'no record' ELSE 'passed' END,
       CASE WHEN x.state IS NOT NULL THEN x.text
            WHEN ?4 IS NULL THEN 'an item without a record of its own'
            WHEN ?5 IS NULL THEN 'its record is not in the store'
            WHEN e.accepted IS NOT 1 THEN 'its evidence was not accepted' END
  FROM (SELECT 1) LEFT JOIN tm_evidence e ON e.id = ?4 >> 32
  LEFT JOIN tm_exception x ON x.test = ?1 AND x.item = ?3
 LIMIT 1

-- The record of a row; %s is the type.
-- name: mock_audit_record
SELECT record FROM "tm_row_%s" WHERE ref = ?1

-- name: mock_audit_types
SELECT type FROM tm_test_type WHERE test = ?1 ORDER BY type

-- What an auditor would ask for each control in scope, and how it is answered.
-- name: mock_audit_requests
INSERT INTO tm_mock_request (control, kind, text, state, answer)
WITH evidence AS (
         SELECT q.id AS id, q.control AS control, y.title AS title, q.cadence AS cadence, count(v.source) AS sources,
                ifnull(sum(v.expected), 0) AS expected, ifnull(sum(v.met), 0) AS met, ifnull(sum(v.late), 0) AS late,
                ifnull(sum(v.missing), 0) AS missing, ifnull(sum(v.unusable), 0) AS unusable
           FROM tm_requirement q JOIN tm_type y ON y.id = q.type LEFT JOIN tm_coverage v ON v.requirement = q.id
          GROUP BY q.id),
     asked AS (
         SELECT control, 'evidence' AS kind, 0 AS turn, id AS place, title || ', ' || cadence AS text,
                CASE WHEN sources = 0 THEN 'open' WHEN met < expected OR late + missing + unusable > 0 THEN 'short'
                     ELSE 'answered' END AS state,
                CASE WHEN sources = 0 THEN 'no source gives it'
                     WHEN met < expected OR late + missing + unusable > 0
                     THEN met || ' of ' || expected || ' exports; missing ' || missing || ', late ' || late || ', unusable '
                          || unusable
                     ELSE expected || CASE expected WHEN 1 THEN ' export of ' ELSE ' exports of ' END || sources
                          || CASE sources WHEN 1 THEN ' source' ELSE ' sources' END END AS answer
           FROM evidence
          UNION ALL
         SELECT t.control, CASE WHEN t.query IS NULL THEN 'statement' ELSE 'population' END, 1, t.position,
                CASE WHEN t.query IS NULL THEN 'The ' || t.manual_by || ' states, on ' || t.manual_document || ': ' || t.title
                     ELSE 'The population of ' || t.id || ', and of it a sample: ' || t.title END,
                CASE WHEN t.query IS NULL THEN
                          CASE r.verdict WHEN 'pending' THEN 'open' WHEN 'insufficient' THEN 'short' ELSE 'answered' END
                     WHEN m.problem IS NOT NULL THEN 'short'
                     WHEN r.population = 0 AND r.verdict <> 'no occurrence' THEN 'short' ELSE 'answered' END,
                CASE WHEN t.query IS NULL THEN r.printed
                     WHEN m.problem IS NOT NULL THEN m.problem
                     WHEN r.population = 0 THEN 'empty: ' || r.printed
                     ELSE r.population || CASE r.population WHEN 1 THEN ' item, ' ELSE ' items, ' END || m.size || ' drawn'
                     END
           FROM tm_test t JOIN tm_test_result r ON r.test = t.id LEFT JOIN tm_mock_sample m ON m.test = t.id
          WHERE r.verdict <> 'not applicable')
SELECT a.control, a.kind, a.text, a.state, a.answer
  FROM asked a JOIN tm_control c ON c.id = a.control JOIN tm_control_result r ON r.control = a.control
 WHERE r.verdict <> 'not applicable'
 ORDER BY c.position, a.turn, a.place

-- name: mock_audit_failures
INSERT INTO tm_mock_failure (control, test, text)
WITH failed AS (
         SELECT q.control AS control, NULL AS test, 0 AS turn, q.number AS place,
                q.text || ': ' || q.answer AS text
           FROM tm_mock_request q WHERE q.state <> 'answered'
          UNION ALL
         SELECT s.control, s.test, 1, s.position,
                s.test || ': ' || count(*) || ' of ' || s.size || ' drawn '
                || CASE i.outcome WHEN 'exception' THEN 'deviate' WHEN 'undetermined' THEN 'cannot be decided'
                                  ELSE 'have no record' END
                || ', such as ' || min(i.item)
           FROM tm_mock_sample s JOIN tm_mock_item i ON i.test = s.test
          WHERE i.outcome <> 'passed' GROUP BY s.test, i.outcome)
SELECT f.control, f.test, f.text FROM failed f JOIN tm_control c ON c.id = f.control
 ORDER BY c.position, f.turn, f.place, f.text

-- A sample that shows nothing is no proof: what the test of the whole population found beside it.
-- name: mock_audit_missed
INSERT INTO tm_mock_missed (test, control, position, text)
WITH seen AS (
         SELECT s.test AS test, s.control AS control, s.position AS position, s.size AS size, s.population AS population,
                CASE WHEN r.exceptions > 0 AND NOT EXISTS (
                              SELECT 1 FROM tm_mock_item i WHERE i.test = s.test AND i.outcome = 'exception')
                     THEN r.exceptions ELSE 0 END AS exceptions,
                CASE WHEN r.undetermined > 0 AND NOT EXISTS (
                              SELECT 1 FROM tm_mock_item i WHERE i.test = s.test AND i.outcome = 'undetermined')
                     THEN r.undetermined ELSE 0 END AS undetermined
           FROM tm_mock_sample s JOIN tm_test_result r ON r.test = s.test WHERE s.size > 0)
SELECT test, control, position,
       size || ' drawn of ' || population || ', and not among them: '
       || CASE WHEN exceptions > 0
               THEN exceptions || CASE exceptions WHEN 1 THEN ' exception' ELSE ' exceptions' END ELSE '' END
       || CASE WHEN exceptions > 0 AND undetermined > 0 THEN ', ' ELSE '' END
       || CASE WHEN undetermined > 0
               THEN undetermined || ' undetermined ' || CASE undetermined WHEN 1 THEN 'item' ELSE 'items' END ELSE '' END
  FROM seen WHERE exceptions + undetermined > 0 ORDER BY position

-- name: mock_audit_failed
SELECT count(DISTINCT control) FROM tm_mock_failure
