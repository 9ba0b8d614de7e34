-- Readiness for people and for programs. Each row of a JSON list is one object.
-- name: readiness_json_facts
SELECT json_object(
           'organisation', (SELECT value FROM tm_meta WHERE key = 'organisation'),
           'period', (SELECT value FROM tm_meta WHERE key = 'period'),
           'period_from', (SELECT value FROM tm_meta WHERE key = 'period_from'),
           'period_until', (SELECT value FROM tm_meta WHERE key = 'period_until'),
           'as_of', (SELECT substr(value, 1, 10) FROM tm_meta WHERE key = 'as_of'),
           'submission', (SELECT value FROM tm_readiness WHERE key = 'submission'),
           'start', (SELECT value FROM tm_readiness WHERE key = 'start'),
           'missing', (SELECT count(*) FROM tm_readiness_request),
           'overdue', (SELECT count(*) FROM tm_readiness_request WHERE overdue),
           'ready', json(CASE WHEN EXISTS (SELECT 1 FROM tm_readiness_request) THEN 'false' ELSE 'true' END),
           'statement', 'Prepared by management; not a SOC 2 examination report; no opinion or assurance')

-- name: readiness_json_shares
SELECT json_object('kind', kind, 'id', id, 'title', title, 'controls', controls, 'operating', operating,
                   'reached', reached, 'share', round(share, 4), 'printed', printed, 'formula', formula)
  FROM tm_readiness_share
 ORDER BY CASE kind WHEN 'whole' THEN 0 WHEN 'category' THEN 1 ELSE 2 END, position

-- name: readiness_json_gaps
SELECT json_object('control', g.control, 'title', c.title, 'current', g.current, 'target', g.target,
                   'reached', json(CASE WHEN g.reached THEN 'true' ELSE 'false' END), 'gap', g.gap,
                   'due', date(g.due, 'unixepoch'), 'owner', g.owner, 'note', g.note, 'target_of', g.set_for,
                   'severity', g.severity, 'points', g.points, 'priority', g.priority, 'formula', g.formula)
  FROM tm_readiness_gap g JOIN tm_control c ON c.id = g.control
 ORDER BY g.points DESC, g.position

-- name: readiness_json_requests
SELECT json_object('number', r.number, 'kind', r.kind, 'state', r.state, 'subject', r.subject, 'what', r.what,
                   'how', r.how, 'who', r.who, 'ask', r.ask, 'intervals', r.intervals, 'due', date(r.due, 'unixepoch'),
                   'until', date(r.until, 'unixepoch'),
                   'overdue', json(CASE WHEN r.overdue THEN 'true' ELSE 'false' END), 'points', r.points,
                   'controls', (SELECT json_group_array(control)
                                  FROM (SELECT DISTINCT n.control AS control, c.position AS position
                                          FROM tm_readiness_need n JOIN tm_control c ON c.id = n.control
                                         WHERE n.kind = r.kind AND n.state = r.state AND n.subject = r.subject
                                         ORDER BY c.position)),
                   'needs', (SELECT json_group_array(json_object(
                                        'control', n.control, 'test', n.test, 'type', q.type, 'cadence', q.cadence,
                                        'from', date(n.from_at, 'unixepoch'), 'to', date(n.until_at - 1, 'unixepoch'),
                                        'detail', n.detail))
                               FROM (SELECT * FROM tm_readiness_need x
                                      WHERE x.kind = r.kind AND x.state = r.state AND x.subject = r.subject ORDER BY x.id) n
                               LEFT JOIN tm_requirement q ON q.id = n.requirement))
  FROM tm_readiness_request r ORDER BY r.number

-- name: readiness_json_weeks
SELECT json_object('id', id, 'weeks', weeks, 'title', title, 'from', date(from_at, 'unixepoch'),
                   'to', date(until_at, 'unixepoch'), 'auditor', auditor, 'management', management, 'produces', produces)
  FROM tm_readiness_week ORDER BY position

-- name: readiness_json_phases
SELECT json_object('id', p.id, 'months', p.months, 'title', p.title, 'text', p.text,
                   'from', date(p.from_at, 'unixepoch'), 'to', date(p.until_at, 'unixepoch'),
                   'steps', (SELECT json_group_array(json_object(
                                        'title', s.title,
                                        'tasks', (SELECT json_group_array(json_object(
                                                             'subject', t.subject, 'text', t.text, 'owner', t.owner))
                                                    FROM (SELECT * FROM tm_readiness_task x WHERE x.step = s.position
                                                           ORDER BY x.number) t)))
                               FROM (SELECT * FROM tm_readiness_step y WHERE y.phase = p.position ORDER BY y.position) s))
  FROM tm_readiness_phase p ORDER BY p.position

-- The mock audit, where there was one.
-- name: readiness_json_mock
SELECT json_object('control', q.control, 'kind', q.kind, 'request', q.text, 'state', q.state, 'answer', q.answer)
  FROM tm_mock_request q ORDER BY q.number

-- name: readiness_json_samples
SELECT json_object('test', s.test, 'control', s.control, 'population', s.population, 'digest', s.digest, 'rule', s.rule,
                   'why', s.why, 'size', s.size, 'seed', s.seed, 'problem', s.problem,
                   'items', (SELECT json_group_array(json_object(
                                        'item', i.item, 'ref', 'E' || (i.ref >> 32) || '.' || (i.ref & 4294967295),
                                        'evidence', i.evidence, 'record', i.record, 'outcome', i.outcome, 'text', i.text))
                               FROM (SELECT * FROM tm_mock_item x WHERE x.test = s.test ORDER BY x.number) i))
  FROM tm_mock_sample s ORDER BY s.position

-- name: readiness_json_failures
SELECT json_object('control', control, 'test', test, 'text', text) FROM tm_mock_failure ORDER BY number

-- name: readiness_json_missed
SELECT json_object('control', control, 'test', test, 'text', text) FROM tm_mock_missed ORDER BY position

-- One row where there was a mock audit.
-- name: readiness_text_mock
SELECT (SELECT count(*) FROM tm_mock_request) || ' requests, '
           || (SELECT count(*) FROM tm_mock_request WHERE state = 'answered') || ' answered; '
           || (SELECT count(*) FROM tm_mock_sample WHERE size > 0) || ' samples with '
           || (SELECT count(*) FROM tm_mock_item) || ' items, '
           || (SELECT count(*) FROM tm_mock_item WHERE outcome = 'passed') || ' passed; '
           || (SELECT count(DISTINCT control) FROM tm_mock_failure) || ' of '
           || (SELECT count(DISTINCT control) FROM tm_mock_request) || ' controls would have failed'
 WHERE EXISTS (SELECT 1 FROM tm_mock_request)

-- name: readiness_text_failures
SELECT control, text FROM tm_mock_failure ORDER BY number

-- name: readiness_text_missed
SELECT test, text FROM tm_mock_missed ORDER BY position

-- name: readiness_text_head
SELECT (SELECT value FROM tm_meta WHERE key = 'organisation') || ', ' || (SELECT value FROM tm_meta WHERE key = 'system'),
       'Readiness for ' || (SELECT value FROM tm_meta WHERE key = 'period') || ' as of '
           || (SELECT substr(value, 1, 10) FROM tm_meta WHERE key = 'as_of') || ', submission on '
           || (SELECT value FROM tm_readiness WHERE key = 'submission'),
       (SELECT printed FROM tm_readiness_share WHERE kind = 'whole'),
       (SELECT formula FROM tm_readiness_share WHERE kind = 'whole')

-- name: readiness_text_categories
SELECT id, controls, operating, reached, printed FROM tm_readiness_share WHERE kind = 'category' ORDER BY position

-- Those that are not at their target; ones without a control among them.
-- name: readiness_text_criteria
SELECT id, title, printed FROM tm_readiness_share
 WHERE kind = 'criterion' AND (controls = 0 OR reached < controls) ORDER BY position

-- name: readiness_text_gaps
SELECT g.control, g.current, g.target, g.gap, date(g.due, 'unixepoch'), g.priority,
       g.severity_points || ' + ' || g.state_points || ' + ' || g.due_points || ' + ' || g.criteria_points || ' = ' || g.points,
       g.state
  FROM tm_readiness_gap g WHERE NOT g.reached ORDER BY g.points DESC, g.position

-- name: readiness_text_requests
SELECT number, CASE kind WHEN 'export' THEN subject || ': ' || intervals
                              || CASE intervals WHEN 1 THEN ' export ' ELSE ' exports ' END || state
                         WHEN 'source' THEN subject || ': no source gives it'
                         WHEN 'attestation' THEN subject || ': '
                              || CASE state WHEN 'pending' THEN 'awaited' ELSE state END || ', ' || occurrences
                              || CASE occurrences WHEN 1 THEN ' statement' ELSE ' statements' END
                         WHEN 'items' THEN subject || ': ' || occurrences
                              || CASE occurrences WHEN 1 THEN ' item undetermined' ELSE ' items undetermined' END
                         WHEN 'test' THEN unblocks || ': nothing tests it'
                         WHEN 'control' THEN subject || ': ' || occurrences
                              || CASE occurrences WHEN 1 THEN ' criterion' ELSE ' criteria' END || ' without a control'
                         ELSE subject END,
       CASE WHEN kind NOT IN ('fault', 'control') THEN what END, spans, how, who, ask, unblocks, date(until, 'unixepoch'), overdue
  FROM tm_readiness_request ORDER BY number

-- name: readiness_text_weeks
SELECT weeks, date(from_at, 'unixepoch'), date(until_at, 'unixepoch'), title, produces
  FROM tm_readiness_week ORDER BY position

-- name: readiness_text_steps
SELECT p.months, date(p.from_at, 'unixepoch'), date(p.until_at, 'unixepoch'), p.title, s.title, s.tasks
  FROM tm_readiness_step s JOIN tm_readiness_phase p ON p.position = s.phase ORDER BY s.position
