-- What a person reads at the end of a run.
-- name: terminal_head
SELECT max(CASE key WHEN 'organisation' THEN value END), max(CASE key WHEN 'system' THEN value END),
       max(CASE key WHEN 'period' THEN value END), max(CASE key WHEN 'period_from' THEN value END),
       max(CASE key WHEN 'period_until' THEN value END),
       max(CASE key WHEN 'through' THEN value END) FILTER (
           WHERE NOT EXISTS (SELECT 1 FROM tm_meta WHERE key = 'complete' AND value = '1')),
       CASE max(CASE key WHEN 'report_type' THEN value END)
            WHEN 'I' THEN 'Type I: whether the controls were suitably designed and implemented as of '
                          || min(max(CASE key WHEN 'as_of' THEN substr(value, 1, 10) END),
                                 max(CASE key WHEN 'period_until' THEN value END)) END
  FROM tm_meta

-- name: terminal_verdicts
SELECT CASE WHEN printed LIKE 'not tested%' THEN 'not tested' ELSE verdict END AS verdict, count(*)
  FROM tm_control_result GROUP BY 1
 ORDER BY CASE tm_control_result.verdict WHEN 'exception' THEN 0 WHEN 'insufficient' THEN 1 WHEN 'pending' THEN 2
                       WHEN 'no occurrence' THEN 3 WHEN 'effective' THEN 4 ELSE 5 END

-- name: terminal_controls
SELECT c.id, c.title, r.printed, r.tests, r.exceptions, r.undetermined, r.verdict
  FROM tm_control c JOIN tm_control_result r ON r.control = c.id ORDER BY c.position

-- name: terminal_criteria
SELECT k.id, k.title, r.printed FROM tm_criterion k JOIN tm_criterion_result r ON r.criterion = k.id
 WHERE k.in_scope ORDER BY k.position

-- name: terminal_coverage_met
SELECT count(*) FILTER (WHERE expected > 0 AND met = expected AND unusable = 0), count(*) FILTER (WHERE expected = 0)
  FROM tm_coverage

-- name: terminal_coverage
SELECT q.control, q.type, v.source, q.cadence, v.expected, v.met, v.late, v.missing, v.unusable
  FROM tm_coverage v JOIN tm_requirement q ON q.id = v.requirement
 WHERE v.met <> v.expected OR v.unusable <> 0 ORDER BY q.id, v.source

-- name: terminal_exceptions
SELECT t.control, x.item, x.text, CASE WHEN x.waiver IS NULL THEN '' ELSE 'waived ' || x.waiver END,
       ifnull('E' || (x.ref >> 32) || '.' || (x.ref & 4294967295), '-')
  FROM tm_exception x JOIN tm_test t ON t.id = x.test
 WHERE x.state = 'exception' ORDER BY t.position, x.id

-- How many in each state, and how many of them are overdue.
-- name: terminal_finding_states
SELECT state, count(*), sum(overdue) FROM tm_finding GROUP BY state
 ORDER BY CASE state WHEN 'reopened' THEN 0 WHEN 'open' THEN 1 WHEN 'new' THEN 2 WHEN 'accepted' THEN 3 ELSE 4 END

-- What there is beside the exceptions: what was carried from earlier periods, or is overdue.
-- name: terminal_findings
SELECT f.id, f.item, f.severity, f.state, ifnull(date(f.due, 'unixepoch'), '-') || CASE WHEN f.overdue THEN ', overdue' ELSE '' END,
       f.age_days, f.reason
  FROM tm_finding f LEFT JOIN tm_control c ON c.id = f.control
 WHERE (f.prior_state IS NOT NULL AND (f.prior_state <> 'remediated' OR f.state <> 'remediated')) OR f.overdue
 ORDER BY c.position IS NULL, c.position, f.test, f.exception IS NULL, f.exception, f.id

-- name: terminal_continuity
SELECT text FROM tm_continuity WHERE state <> 'none' ORDER BY position DESC LIMIT 1
