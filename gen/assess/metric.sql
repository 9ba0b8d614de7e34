-- The engine's own figures: one row each, computed from the results alone, with the formula that a reader can repeat.
-- The ids stand in config/schema_metrics_charts.c too: no metric of a schema may have one of them. ?1: the ids that exceptions of
-- one test may have.
-- name: metric_insert
INSERT INTO tm_metric (id, title, value, printed, unit, formula, better, state, position)
SELECT id, title, value, '', unit, formula, better, CASE WHEN value IS NULL THEN 'none' ELSE 'determined' END,
       row_number() OVER ()
  FROM (
    SELECT 'controls' AS id, 'Controls in the programme' AS title, CAST(count(*) AS REAL) AS value,
           'controls' AS unit, 'number of controls' AS formula, 'neither' AS better
      FROM tm_control
    UNION ALL
    SELECT 'controls_tested', 'Controls that apply', CAST(count(*) AS REAL), 'controls',
           'controls whose verdict is not "not applicable"', 'neither'
      FROM tm_control_result WHERE verdict <> 'not applicable'
    UNION ALL
    SELECT 'controls_effective', 'Controls with no exceptions noted', CAST(count(*) AS REAL), 'controls',
           'controls whose verdict is "effective"', 'higher'
      FROM tm_control_result WHERE verdict = 'effective'
    UNION ALL
    SELECT 'compliance_score', 'Compliance score',
           100.0 * count(CASE WHEN verdict IN ('effective', 'no occurrence') THEN 1 END) / nullif(count(*), 0),
           'percent', 'controls "effective" or "no occurrence" / controls that apply', 'higher'
      FROM tm_control_result WHERE verdict <> 'not applicable'
    UNION ALL
    SELECT 'control_coverage', 'Criteria in scope with a control',
           100.0 * count(CASE WHEN r.controls > 0 THEN 1 END) / nullif(count(*), 0), 'percent',
           'criteria in scope with at least one control that applies / criteria in scope', 'higher'
      FROM tm_criterion k JOIN tm_criterion_result r ON r.criterion = k.id WHERE k.in_scope = 1
    UNION ALL
    SELECT 'evidence_coverage', 'Expected exports that were met',
           100.0 * sum(met) / nullif(sum(expected), 0), 'percent', 'occurrences met / occurrences expected', 'higher'
      FROM tm_coverage
    UNION ALL
    SELECT 'tests_automated', 'Tests that run without a person',
           100.0 * count(CASE WHEN query IS NOT NULL THEN 1 END) / nullif(count(*), 0), 'percent',
           'tests with a query / all tests', 'higher'
      FROM tm_test
    UNION ALL
    SELECT 'requirements_automated', 'Expected exports that need no person',
           100.0 * sum(CASE WHEN q.automated THEN v.expected ELSE 0 END) / nullif(sum(v.expected), 0), 'percent',
           'occurrences expected of automated requirements / occurrences expected', 'higher'
      FROM tm_coverage v JOIN tm_requirement q ON q.id = v.requirement
    UNION ALL
    SELECT 'items_tested', 'Items tested', CAST(ifnull(sum(population), 0) AS REAL), 'items',
           'sum of the tests'' populations', 'neither'
      FROM tm_test_result
    UNION ALL
    SELECT 'exceptions', 'Exceptions', CAST(ifnull(sum(exceptions), 0) AS REAL), 'items', 'exceptions of all tests', 'lower'
      FROM tm_test_result
    UNION ALL
    SELECT 'exceptions_waived', 'Exceptions accepted by a waiver in force', CAST(count(*) AS REAL), 'items',
           'exceptions with an unexpired waiver', 'neither'
      FROM tm_test t CROSS JOIN tm_exception x ON x.id >= (t.position + 1) * ?1 AND x.id < (t.position + 2) * ?1
     WHERE t.id IN (SELECT test FROM tm_waiver) AND +x.state = 'exception' AND x.waiver IS NOT NULL
    UNION ALL
    SELECT 'undetermined', 'Items that could not be determined', CAST(ifnull(sum(undetermined), 0) AS REAL), 'items',
           'undetermined items of all tests', 'lower'
      FROM tm_test_result
    UNION ALL
    SELECT 'findings', 'Findings', CAST(count(*) AS REAL), 'findings', 'findings that are not remediated', 'lower'
      FROM tm_finding WHERE state <> 'remediated'
    UNION ALL
    SELECT 'findings_severe', 'Findings of high or critical severity', CAST(count(*) AS REAL), 'findings',
           'findings that are not remediated and whose severity is high or critical', 'lower'
      FROM tm_finding WHERE severity IN ('high', 'critical') AND state <> 'remediated'
    UNION ALL
    SELECT 'findings_answered', 'Findings with a response of management',
           100.0 * count(response) / nullif(count(*), 0), 'percent',
           'findings that are not remediated with a response / findings that are not remediated', 'higher'
      FROM tm_finding WHERE state <> 'remediated'
    UNION ALL
    SELECT 'findings_overdue', 'Findings past their due date', CAST(count(*) AS REAL), 'findings',
           'findings that are not remediated and were due before the date of the assessment', 'lower'
      FROM tm_finding WHERE state <> 'remediated' AND overdue = 1
    UNION ALL
    SELECT 'remediation_time_p50', 'Time to remediate a finding, median', CAST(percentile(closed - found, 50) AS REAL),
           'duration', 'from when a finding was made until a retest showed it remediated, of those closed in the period: p50',
           'lower'
      FROM tm_finding WHERE closed_period = (SELECT value FROM tm_meta WHERE key = 'period')
    UNION ALL
    SELECT 'remediation_time_p95', 'Time to remediate a finding, 95th percentile', CAST(percentile(closed - found, 95) AS REAL),
           'duration', 'from when a finding was made until a retest showed it remediated, of those closed in the period: p95',
           'lower'
      FROM tm_finding WHERE closed_period = (SELECT value FROM tm_meta WHERE key = 'period')
    UNION ALL
    SELECT 'evidence_files', 'Evidence files', CAST(count(*) AS REAL), 'files', 'files in the evidence folder', 'neither'
      FROM tm_evidence
    UNION ALL
    SELECT 'records', 'Records exported', CAST(ifnull(sum(records), 0) AS REAL), 'records',
           'records of all evidence files', 'neither'
      FROM tm_evidence
  )

-- What the engine's own shares are made of.
-- name: metric_inputs
INSERT INTO tm_metric_input (metric, position, name, value, printed)
SELECT metric, position, name, value, CAST(value AS INTEGER)
  FROM (
    SELECT 'compliance_score' AS metric, 1 AS position, 'controls "effective"' AS name,
           count(CASE verdict WHEN 'effective' THEN 1 END) AS value
      FROM tm_control_result
    UNION ALL
    SELECT 'compliance_score', 2, 'controls "no occurrence"', count(CASE verdict WHEN 'no occurrence' THEN 1 END)
      FROM tm_control_result
    UNION ALL
    SELECT 'compliance_score', 3, 'controls that apply', count(CASE WHEN verdict <> 'not applicable' THEN 1 END)
      FROM tm_control_result
    UNION ALL
    SELECT 'control_coverage', 1, 'criteria in scope with a control', count(CASE WHEN r.controls > 0 THEN 1 END)
      FROM tm_criterion k JOIN tm_criterion_result r ON r.criterion = k.id WHERE k.in_scope = 1
    UNION ALL
    SELECT 'control_coverage', 2, 'criteria in scope', count(*) FROM tm_criterion WHERE in_scope = 1
    UNION ALL
    SELECT 'evidence_coverage', 1, 'occurrences met', ifnull(sum(met), 0) FROM tm_coverage
    UNION ALL
    SELECT 'evidence_coverage', 2, 'occurrences expected', ifnull(sum(expected), 0) FROM tm_coverage
    UNION ALL
    SELECT 'tests_automated', 1, 'tests with a query', count(query) FROM tm_test
    UNION ALL
    SELECT 'tests_automated', 2, 'all tests', count(*) FROM tm_test
    UNION ALL
    SELECT 'requirements_automated', 1, 'occurrences expected of automated requirements',
           ifnull(sum(CASE WHEN q.automated THEN v.expected ELSE 0 END), 0)
      FROM tm_coverage v JOIN tm_requirement q ON q.id = v.requirement
    UNION ALL
    SELECT 'requirements_automated', 2, 'occurrences expected', ifnull(sum(expected), 0) FROM tm_coverage
    UNION ALL
    SELECT 'findings_answered', 1, 'findings with a response', count(response) FROM tm_finding WHERE state <> 'remediated'
    UNION ALL
    SELECT 'findings_answered', 2, 'findings', count(*) FROM tm_finding WHERE state <> 'remediated'
    UNION ALL
    SELECT 'remediation_time_p50', 1, 'findings closed in the period', count(*)
      FROM tm_finding WHERE closed_period = (SELECT value FROM tm_meta WHERE key = 'period')
    UNION ALL
    SELECT 'remediation_time_p95', 1, 'findings closed in the period', count(*)
      FROM tm_finding WHERE closed_period = (SELECT value FROM tm_meta WHERE key = 'period')
  )
 ORDER BY metric, position

-- name: metric_unprinted
SELECT id, value, unit, decimals FROM tm_metric WHERE printed = '' ORDER BY position

-- name: metric_set_printed
UPDATE tm_metric SET printed = ?2 WHERE id = ?1

-- name: metric_set_chart
UPDATE tm_metric SET chart = ?2 WHERE id = ?1

-- name: metric_last
SELECT ifnull(max(position), 0) FROM tm_metric

-- name: metric_add
INSERT INTO tm_metric (
    id, title, value, printed, unit, formula, position, section, meaning, state, note, better, decimals, target,
    target_printed, on_target, test, query, population, population_digest, challenges)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)

-- name: metric_add_input
INSERT INTO tm_metric_input (metric, position, name, value, printed) VALUES (?1, ?2, ?3, ?4, ?5)

-- name: metric_add_parameter
INSERT INTO tm_metric_parameter (metric, name, value, of_control, of_parameter, meaning) VALUES (?1, ?2, ?3, ?4, ?5, ?6)

-- name: metric_add_item
INSERT INTO tm_metric_item (metric, position, item, printed, ref) VALUES (?1, ?2, ?3, ?4, ?5)

-- name: metric_test_result
SELECT r.population, r.exceptions, r.undetermined, r.verdict, r.population_digest FROM tm_test_result r WHERE r.test = ?1

-- Why a test's evidence is not all there, or why it does not apply.
-- name: metric_test_states
SELECT verdict, reason FROM tm_test_state WHERE test = ?1 AND verdict IN ('insufficient', 'not applicable') ORDER BY number

-- name: metric_test_types
SELECT type FROM tm_test_type WHERE test = ?1 ORDER BY type

-- The items that spoil a test's share, between its ids: those left open first, as among the items of a query.
-- name: metric_test_items
INSERT INTO tm_metric_item (metric, position, item, printed, ref)
SELECT ?1, row_number() OVER (ORDER BY state = 'exception', id), item, text, ref
  FROM (SELECT id, item, state, text, ref FROM tm_exception
         WHERE id >= ?4 AND id < ?5 AND test = ?2 ORDER BY state = 'exception', id LIMIT ?3)

-- Every source of each type: how many of its exports were due (behind the period, where none in it is) and how many of
-- these were not met, and whether more of
-- its records are faulty than was looked at or declared, or numbers of them are missing.
-- name: metric_sources
SELECT t.type, t.source, ifnull(o.due, 0), ifnull(o.missed, 0),
       EXISTS (SELECT 1 FROM tm_evidence e
                 JOIN tm_evidence_type y ON y.evidence = e.id AND y.type = t.type
                 JOIN tm_source s ON s.id = e.source
                WHERE e.source = t.source
                  AND y.invalid + y.duplicates + e.rejected - y.dispositioned
                      > s.tolerated_invalid * max(e.records, y.row_count))
           OR EXISTS (SELECT 1 FROM tm_sequence q WHERE q.source = t.source AND NOT q.complete)
  FROM tm_source_type t
  LEFT JOIN (SELECT type, source, count(*) AS due, count(CASE WHEN status <> 'met' THEN 1 END) AS missed
               FROM occurrence
              WHERE status <> 'future' OR due_until > (SELECT CAST(value AS INTEGER) FROM tm_meta
                                                        WHERE key = 'period_until_seconds')
              GROUP BY type, source) o
    ON o.type = t.type AND o.source = t.source
 ORDER BY t.type, t.source

-- This period's figures beside those of the periods before; a formula or unit that changed in between compares nothing.
-- name: metric_trends
INSERT INTO tm_metric_trend (metric, position, period, value, printed, difference, direction)
WITH known AS (
    SELECT p.position AS position, p.period AS period, m.id AS metric, m.value AS value, m.printed AS printed,
           m.unit AS unit, m.formula AS formula
      FROM tm_prior p JOIN tm_prior_metric m ON m.prior = p.position
     WHERE m.id IN (SELECT id FROM tm_metric)
    UNION ALL
    SELECT (SELECT ifnull(max(position), 0) + 1 FROM tm_prior), (SELECT value FROM tm_meta WHERE key = 'period'),
           id, value, printed, unit, formula
      FROM tm_metric),
pair AS (
    SELECT *, lag(value) OVER steps AS before, lag(position) OVER steps IS NOT NULL AS follows,
           lag(unit) OVER steps IS unit AND lag(formula) OVER steps IS formula AS alike
      FROM known WINDOW steps AS (PARTITION BY metric ORDER BY position)),
compared AS (
    SELECT *, CASE WHEN alike THEN value - before END AS difference,
           abs(value - before) <= 1e-9 * max(abs(value), abs(before)) AS same
      FROM pair)
SELECT c.metric, c.position, ifnull(c.period, ''), c.value, ifnull(c.printed, ''), CASE WHEN c.same THEN 0 * c.difference ELSE c.difference END,
       CASE WHEN NOT c.follows THEN NULL
            WHEN NOT c.alike THEN 'not comparable'
            WHEN c.difference IS NULL THEN NULL
            WHEN c.same THEN 'same'
            WHEN m.better = 'neither' THEN CASE WHEN c.difference > 0 THEN 'higher' ELSE 'lower' END
            WHEN (c.difference > 0) = (m.better = 'higher') THEN 'better'
            ELSE 'worse' END
  FROM compared c JOIN tm_metric m ON m.id = c.metric
 ORDER BY c.metric, c.position

-- name: metric_differences
SELECT t.metric, t.position, t.difference, m.unit, m.decimals
  FROM tm_metric_trend t JOIN tm_metric m ON m.id = t.metric WHERE t.difference IS NOT NULL ORDER BY t.metric, t.position

-- name: metric_set_difference
UPDATE tm_metric_trend SET difference_printed = ?3 WHERE metric = ?1 AND position = ?2
