-- summary.json, object by object, in the order of the schema's files. Column names are the keys.
-- name: summary_head
SELECT max(CASE key WHEN 'period' THEN value END), max(CASE key WHEN 'period_from' THEN value END),
       max(CASE key WHEN 'period_until' THEN value END), max(CASE key WHEN 'as_of' THEN substr(value, 1, 10) END),
       count(CASE WHEN key = 'complete' AND value = '0' THEN 1 END), max(CASE key WHEN 'organisation' THEN value END),
       max(CASE key WHEN 'profile' THEN value END)
  FROM tm_meta

-- name: summary_controls
SELECT c.id, c.title, r.verdict, r.printed
  FROM tm_control c JOIN tm_control_result r ON r.control = c.id ORDER BY c.position

-- Heaviest first, as verdicts weigh.
-- name: summary_control_states
SELECT verdict FROM tm_control_state WHERE control = ?1
 ORDER BY CASE verdict WHEN 'exception' THEN 0 WHEN 'insufficient' THEN 1 WHEN 'pending' THEN 2
                       WHEN 'no occurrence' THEN 3 WHEN 'effective' THEN 4 ELSE 5 END

-- name: summary_control_criteria
SELECT m.criterion FROM tm_control_criterion m LEFT JOIN tm_criterion k ON k.id = m.criterion
 WHERE m.control = ?1 ORDER BY k.position, m.criterion

-- name: summary_tests
SELECT t.id, t.title, r.verdict, r.population, r.exceptions, r.undetermined, r.population_digest
  FROM tm_test t JOIN tm_test_result r ON r.test = t.id WHERE t.control = ?1 ORDER BY t.position

-- name: summary_reasons
SELECT reason FROM tm_test_state WHERE test = ?1 AND reason <> '' ORDER BY number

-- name: summary_criteria
SELECT k.id, k.category, k.in_scope, r.controls, r.with_exceptions, r.printed
  FROM tm_criterion k JOIN tm_criterion_result r ON r.criterion = k.id ORDER BY k.position

-- name: summary_coverage
SELECT q.control, q.type, q.cadence, v.source, v.expected, v.met, v.late, v.missing, v.unusable, v.longest_gap / 86400,
       (SELECT count(*) FROM occurrence o
         WHERE o.control = q.control AND o.type = q.type AND o.requirement = v.requirement AND o.source = v.source
           AND o.status = 'future')
  FROM tm_coverage v JOIN tm_requirement q ON q.id = v.requirement ORDER BY q.id, v.source

-- name: summary_evidence
SELECT path, source, kind, sha256, bytes, records, loaded, passed_over, rejected, invalid, duplicates, accepted, problem
  FROM tm_evidence ORDER BY id

-- name: summary_metrics
SELECT id, title, value, printed, unit, formula, section, state, note, better, target, on_target, test
  FROM tm_metric ORDER BY position

-- name: summary_metric_inputs
SELECT i.metric, i.name, i.value
  FROM tm_metric_input i JOIN tm_metric m ON m.id = i.metric ORDER BY m.position, i.position

-- Nothing is to be compared where this is the first period that is known.
-- name: summary_trends
SELECT t.metric, t.period, t.value, t.printed, t.difference, t.direction
  FROM tm_metric_trend t JOIN tm_metric m ON m.id = t.metric
 WHERE (SELECT count(*) FROM tm_metric_trend o WHERE o.metric = t.metric) > 1
 ORDER BY m.position, t.position

-- name: summary_roi
SELECT id, title, unit, low, mid, high, paired_low, paired_high, formula, claim, claim_note, note
  FROM tm_roi ORDER BY position

-- name: summary_findings
SELECT f.id, f.control, f.test, f.item, f.severity, f.state, f.text,
       'E' || (x.ref >> 32) || '.' || (x.ref & 4294967295), f.waiver, f.owner, date(f.due, 'unixepoch'), f.origin,
       f.reason, f.prior_state, f.occurrences, f.first_period, date(f.found, 'unixepoch'), date(f.closed, 'unixepoch'),
       f.closed_period, f.age_days, f.overdue, f.due_by, f.cause, f.extent, f.response, f.action,
       date(f.completed, 'unixepoch'), f.evidence
  FROM tm_finding f LEFT JOIN tm_control c ON c.id = f.control LEFT JOIN tm_exception x ON x.id = f.exception
 ORDER BY c.position IS NULL, c.position, f.test, f.exception IS NULL, f.exception, f.id

-- name: summary_priors
SELECT period, date(from_at, 'unixepoch'), date(until_at - 1, 'unixepoch'), date(as_of, 'unixepoch'), profile, path, sha256,
       version, signature, signer
  FROM tm_prior ORDER BY position

-- name: summary_continuity
SELECT nullif(earlier, ''), later, state, days, text FROM tm_continuity ORDER BY position

-- name: summary_events
SELECT date(date, 'unixepoch'), text, effect, material FROM tm_event WHERE standing = 'subsequent' ORDER BY date, position

-- name: summary_waivers
SELECT id, test, item, reason, approver, date(approved, 'unixepoch'), date(expires, 'unixepoch'), expired, matched
  FROM tm_waiver ORDER BY id

-- Those that were counted only are counted here too.
-- name: summary_diagnostics
SELECT ifnull(sum(CASE WHEN level IN ('error', 'failure') THEN 1 + more END), 0),
       ifnull(sum(CASE WHEN level = 'warning' THEN 1 + more END), 0)
  FROM tm_diagnostic
