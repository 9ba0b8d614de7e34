-- portfolio.xml, list by list. Column 0 of an outer list is bound to ?1 of its inner ones. Names of columns are not used.
-- name: xml_period
SELECT max(CASE key WHEN 'period' THEN value END), max(CASE key WHEN 'period_from' THEN value END),
       max(CASE key WHEN 'period_until' THEN value END), max(CASE key WHEN 'as_of' THEN substr(value, 1, 10) END),
       max(CASE key WHEN 'through' THEN value END) FILTER (
           WHERE NOT EXISTS (SELECT 1 FROM tm_meta WHERE key = 'complete' AND value = '1')), max(CASE key WHEN 'report_type' THEN value END),
       max(CASE key WHEN 'profile' THEN value END), max(CASE key WHEN 'organisation' THEN value END),
       max(CASE key WHEN 'system' THEN value END),
       'Prepared by management; not a SOC 2 examination report; no opinion or assurance',
       CASE max(CASE key WHEN 'report_type' THEN value END)
            WHEN 'I' THEN 'whether the controls were suitably designed and implemented as of '
                          || min(max(CASE key WHEN 'as_of' THEN substr(value, 1, 10) END),
                                 max(CASE key WHEN 'period_until' THEN value END))
       END
  FROM tm_meta

-- name: xml_commitments
SELECT id, text FROM tm_commitment ORDER BY position

-- name: xml_criteria
SELECT k.id, k.category, k.in_scope, r.controls, r.with_exceptions, k.title, r.printed
  FROM tm_criterion k JOIN tm_criterion_result r ON r.criterion = k.id ORDER BY k.position

-- name: xml_controls
SELECT c.id, r.verdict, r.tests, r.exceptions, r.undetermined, c.applicable, date(c.effective_from, 'unixepoch'),
       date(c.superseded, 'unixepoch'), c.title, r.printed, c.owner, c.frequency, c.narrative, c.not_applicable_reason
  FROM tm_control c JOIN tm_control_result r ON r.control = c.id ORDER BY c.position

-- name: xml_control_criteria
SELECT criterion FROM tm_control_criterion WHERE control = ?1 ORDER BY criterion

-- name: xml_control_aliases
SELECT alias FROM tm_control_alias WHERE control = ?1 ORDER BY alias

-- name: xml_control_compensating
SELECT compensating FROM tm_control_compensating WHERE control = ?1 ORDER BY compensating

-- name: xml_control_states
SELECT verdict, tests FROM tm_control_state WHERE control = ?1 ORDER BY verdict

-- name: xml_control_parameters
SELECT name, overridden, date(date, 'unixepoch'), text, default_text, meaning, approver, reason
  FROM tm_parameter WHERE control = ?1 ORDER BY name

-- name: xml_control_requirements
SELECT id, type, cadence, grace, automated, produced_by FROM tm_requirement WHERE control = ?1 ORDER BY id

-- name: xml_requirement_coverage
SELECT source, expected, met, late, missing, unusable, longest_gap FROM tm_coverage WHERE requirement = ?1 ORDER BY source

-- name: xml_tests
SELECT t.id, t.method, t.severity, t.tolerable, r.verdict, r.population, r.exceptions, r.undetermined,
       nullif(r.population_digest, ''), t.title, r.printed, t.manual, t.manual_by, t.manual_document,
       t.manual_each, t.query, t.remediation
  FROM tm_test t JOIN tm_test_result r ON r.test = t.id WHERE t.control = ?1 ORDER BY t.position

-- name: xml_test_states
SELECT verdict, reason FROM tm_test_state WHERE test = ?1 ORDER BY number

-- name: xml_test_items
SELECT state, 'E' || (ref >> 32) || '.' || (ref & 4294967295), ref >> 32, waiver, item, text, detail
  FROM tm_exception WHERE test = ?1 ORDER BY id

-- name: xml_sources
SELECT s.id, s.kind, s.zone_offset, date(s.expected_from, 'unixepoch'), date(s.expected_until, 'unixepoch'),
       s.tolerated_invalid, s.kind_title, s.vendor, s.system, s.path, s.query, s.produced_by, s.collected_by,
       s.empty_reason, s.tolerance_reason
  FROM tm_source s ORDER BY s.position

-- name: xml_source_sequence
SELECT source, name, records, unnumbered, sequences, numbers, missing, known, complete FROM tm_sequence WHERE source = ?1

-- name: xml_sequence_runs
SELECT first, last, numbers, missing, known FROM tm_sequence_run WHERE source = ?1 ORDER BY position

-- name: xml_sequence_gaps
SELECT first, last, numbers, 'E' || (after_ref >> 32) || '.' || (after_ref & 4294967295),
       'E' || (before_ref >> 32) || '.' || (before_ref & 4294967295), reason
  FROM tm_sequence_gap WHERE source = ?1 ORDER BY position

-- name: xml_evidence
SELECT id, source, kind, sha256, bytes, records, loaded, passed_over, rejected, row_count, invalid, unknown_values,
       duplicates, superseded, folded, dispositioned, accepted,
       strftime('%Y-%m-%dT%H:%M:%SZ', effective_at, 'unixepoch'), effective_by,
       strftime('%Y-%m-%dT%H:%M:%SZ', first_at, 'unixepoch'), strftime('%Y-%m-%dT%H:%M:%SZ', last_at, 'unixepoch'),
       strftime('%Y-%m-%dT%H:%M:%SZ', collected_at, 'unixepoch'), path, collected_by, problem
  FROM tm_evidence ORDER BY id

-- name: xml_findings
SELECT f.id, f.origin, f.control, f.test, f.severity, f.state, f.prior_state,
       'E' || (x.ref >> 32) || '.' || (x.ref & 4294967295), f.waiver, date(f.due, 'unixepoch'), f.due_by, f.first_period,
       date(f.found, 'unixepoch'), date(f.completed, 'unixepoch'), date(f.closed, 'unixepoch'), f.closed_period,
       f.occurrences, f.age_days, f.overdue, f.item, f.text, f.reason, f.cause, f.extent, f.response, f.action, f.owner,
       f.evidence
  FROM tm_finding f LEFT JOIN tm_control c ON c.id = f.control LEFT JOIN tm_exception x ON x.id = f.exception
 ORDER BY c.position IS NULL, c.position, f.test, f.exception IS NULL, f.exception, f.id

-- name: xml_priors
SELECT period, date(from_at, 'unixepoch'), date(until_at - 1, 'unixepoch'), date(as_of, 'unixepoch'), profile, sha256, version,
       path, signature, signer
  FROM tm_prior ORDER BY position

-- name: xml_continuity
SELECT nullif(earlier, ''), later, state, days, text FROM tm_continuity ORDER BY position

-- name: xml_events
SELECT date(date, 'unixepoch'), material, text, effect FROM tm_event WHERE standing = 'subsequent' ORDER BY date, position

-- name: xml_waivers
SELECT id, test, date(approved, 'unixepoch'), date(expires, 'unixepoch'), expired, matched, item, reason, approver
  FROM tm_waiver ORDER BY id

-- name: xml_metrics
SELECT id, value, unit, title, printed, formula FROM tm_metric ORDER BY position
