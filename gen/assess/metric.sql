-- The engine's own figures: one row each, computed from the results alone, with the formula that a reader can repeat.
-- name: metric_insert
INSERT INTO tm_metric (id, title, value, printed, unit, formula, position)
SELECT id, title, value,
       CASE unit WHEN 'percent' THEN ifnull(CAST(round(value, 1) AS TEXT) || ' %', 'none')
                 ELSE CAST(CAST(value AS INTEGER) AS TEXT) END,
       unit, formula, row_number() OVER ()
  FROM (
    SELECT 'controls' AS id, 'Controls in the programme' AS title, CAST(count(*) AS REAL) AS value,
           'controls' AS unit, 'number of controls' AS formula
      FROM tm_control
    UNION ALL
    SELECT 'controls_tested', 'Controls that apply', CAST(count(*) AS REAL), 'controls',
           'controls whose verdict is not "not applicable"'
      FROM tm_control_result WHERE verdict <> 'not applicable'
    UNION ALL
    SELECT 'controls_effective', 'Controls with no exceptions noted', CAST(count(*) AS REAL), 'controls',
           'controls whose verdict is "effective"'
      FROM tm_control_result WHERE verdict = 'effective'
    UNION ALL
    SELECT 'compliance_score', 'Compliance score',
           100.0 * count(CASE WHEN verdict IN ('effective', 'no occurrence') THEN 1 END) / nullif(count(*), 0),
           'percent', 'controls "effective" or "no occurrence" / controls that apply'
      FROM tm_control_result WHERE verdict <> 'not applicable'
    UNION ALL
    SELECT 'control_coverage', 'Criteria in scope with a control',
           100.0 * count(CASE WHEN r.controls > 0 THEN 1 END) / nullif(count(*), 0), 'percent',
           'criteria in scope with at least one control that applies / criteria in scope'
      FROM tm_criterion k JOIN tm_criterion_result r ON r.criterion = k.id WHERE k.in_scope = 1
    UNION ALL
    SELECT 'evidence_coverage', 'Expected exports that were met',
           100.0 * sum(met) / nullif(sum(expected), 0), 'percent', 'occurrences met / occurrences expected'
      FROM tm_coverage
    UNION ALL
    SELECT 'tests_automated', 'Tests that run without a person',
           100.0 * count(CASE WHEN query IS NOT NULL THEN 1 END) / nullif(count(*), 0), 'percent',
           'tests with a query / all tests'
      FROM tm_test
    UNION ALL
    SELECT 'items_tested', 'Items tested', CAST(ifnull(sum(population), 0) AS REAL), 'items',
           'sum of the tests'' populations'
      FROM tm_test_result
    UNION ALL
    SELECT 'exceptions', 'Exceptions', CAST(count(*) AS REAL), 'items', 'exceptions of all tests'
      FROM tm_exception WHERE state = 'exception'
    UNION ALL
    SELECT 'exceptions_waived', 'Exceptions accepted by a waiver in force', CAST(count(*) AS REAL), 'items',
           'exceptions with an unexpired waiver'
      FROM tm_exception WHERE state = 'exception' AND waiver IS NOT NULL
    UNION ALL
    SELECT 'undetermined', 'Items that could not be determined', CAST(count(*) AS REAL), 'items',
           'undetermined items of all tests'
      FROM tm_exception WHERE state = 'undetermined'
    UNION ALL
    SELECT 'evidence_files', 'Evidence files', CAST(count(*) AS REAL), 'files', 'files in the evidence folder'
      FROM tm_evidence
    UNION ALL
    SELECT 'records', 'Records exported', CAST(ifnull(sum(records), 0) AS REAL), 'records',
           'records of all evidence files'
      FROM tm_evidence
  )
