-- What `explain` prints. ?1 is what is explained or, below a row, that row's "_key"; ?2 its "_other". Of a row, text shows
-- "line" and the columns that the section names, JSON all but "line"; names that begin with "_" are shown by neither.

-- Everything that can be explained, by name.
-- name: explain_names
SELECT id, 'control' AS sort FROM tm_control
UNION ALL SELECT id, 'test' FROM tm_test
UNION ALL SELECT id, 'finding' FROM tm_finding
UNION ALL SELECT id, 'figure' FROM tm_metric
UNION ALL SELECT id, 'return' FROM tm_roi WHERE id NOT IN (SELECT id FROM tm_metric)
UNION ALL SELECT id, 'criterion' FROM tm_criterion
UNION ALL SELECT id || ':population', 'population' FROM tm_test
UNION ALL SELECT id || ':exceptions', 'exceptions' FROM tm_test
UNION ALL SELECT id || ':undetermined', 'undetermined' FROM tm_test
 ORDER BY 1, 2

-- name: explain_assessment
SELECT ?2 AS store,
       (SELECT value FROM tm_meta WHERE key = 'organisation') AS organisation,
       (SELECT value FROM tm_meta WHERE key = 'period') AS period,
       (SELECT value FROM tm_meta WHERE key = 'period_from') AS first_day,
       (SELECT value FROM tm_meta WHERE key = 'period_until') AS last_day,
       (SELECT value FROM tm_meta WHERE key = 'through') AS known_through,
       'tickmark ' || (SELECT value FROM tm_meta WHERE key = 'version') AS made_by

-- ---- a control ----

-- name: explain_control
SELECT c.id AS control, c.title, r.verdict, r.printed, c.owner, c.frequency,
       (SELECT group_concat(criterion, ', ') FROM tm_control_criterion WHERE control = c.id) AS criteria,
       CASE WHEN c.applicable = 0 THEN c.not_applicable_reason END AS not_applicable,
       date(c.effective_from, 'unixepoch') AS in_force_from, date(c.superseded, 'unixepoch') AS superseded,
       (SELECT group_concat(compensating, ', ') FROM tm_control_compensating WHERE control = c.id) AS compensating
  FROM tm_control c JOIN tm_control_result r ON r.control = c.id WHERE c.id = ?1

-- The weightiest state of any test is the verdict.
-- name: explain_control_states
SELECT verdict || ': ' || tests || CASE tests WHEN 1 THEN ' test' ELSE ' tests' END AS line, verdict AS state, tests
  FROM tm_control_state WHERE control = ?1
 ORDER BY CASE verdict WHEN 'exception' THEN 0 WHEN 'insufficient' THEN 1 WHEN 'pending' THEN 2
                       WHEN 'no occurrence' THEN 3 WHEN 'effective' THEN 4 ELSE 5 END

-- name: explain_control_reasons
SELECT s.test || '  ' || s.verdict || CASE WHEN s.reason <> '' THEN ': ' || s.reason ELSE '' END AS line,
       s.test, s.verdict AS state, s.reason
  FROM tm_test t JOIN tm_test_state s ON s.test = t.id
 WHERE t.control = ?1
 ORDER BY CASE s.verdict WHEN 'exception' THEN 0 WHEN 'insufficient' THEN 1 WHEN 'pending' THEN 2
                         WHEN 'no occurrence' THEN 3 WHEN 'effective' THEN 4 ELSE 5 END,
          t.position, s.number

-- name: explain_requirements
SELECT r.id AS _key,
       r.type || ', ' || CASE r.cadence WHEN 'period' THEN 'once in the period' ELSE r.cadence END
           || CASE WHEN r.grace > 0 THEN ', ' || duration_text(r.grace) || ' of grace' ELSE '' END
           || CASE WHEN r.automated THEN ', automated' ELSE '' END
           || CASE WHEN r.produced_by IS NOT NULL THEN ': ' || r.produced_by ELSE '' END
           || CASE WHEN NOT EXISTS (SELECT 1 FROM tm_coverage v WHERE v.requirement = r.id)
                   THEN ' (no source gives it in the period)' ELSE '' END AS line,
       r.type, t.title AS type_title, r.cadence, r.grace AS grace_seconds, r.automated, r.produced_by
  FROM tm_requirement r JOIN tm_type t ON t.id = r.type WHERE r.control = ?1 ORDER BY r.id

-- name: explain_coverage
SELECT v.requirement AS _key, v.source AS _other,
       'source ' || v.source || ': ' || v.met || ' of ' || v.expected || ' met'
           || CASE WHEN v.late > 0 THEN ', ' || v.late || ' late' ELSE '' END
           || CASE WHEN v.missing > 0 THEN ', ' || v.missing || ' missing' ELSE '' END
           || CASE WHEN v.unusable > 0 THEN ', ' || v.unusable || ' not usable' ELSE '' END
           || ', longest gap ' || duration_text(v.longest_gap) AS line,
       v.source, v.expected, v.met, v.late, v.missing, v.unusable, v.longest_gap AS longest_gap_seconds
  FROM tm_coverage v JOIN tm_source s ON s.id = v.source WHERE v.requirement = ?1 ORDER BY s.position

-- What is missing first, since long lists are cut.
-- name: explain_occurrences
SELECT date(o.due_from, 'unixepoch') || ' to ' || date(o.due_until - 1, 'unixepoch') || '  ' || o.status
           || CASE WHEN e.id IS NOT NULL THEN ', E' || e.id || ' ' || e.path || ', effective '
                        || date(o.effective_at, 'unixepoch')
                        || CASE WHEN e.before_period THEN ', before the period'
                                WHEN e.id IN (SELECT evidence FROM tm_snapshot WHERE stands_at < effective_at)
                                THEN ', after the period' ELSE '' END ELSE '' END AS line,
       date(o.due_from, 'unixepoch') AS due_from, date(o.due_until - 1, 'unixepoch') AS due_to, o.status,
       CASE WHEN e.id IS NOT NULL THEN 'E' || e.id END AS export, e.path, e.sha256,
       date(o.effective_at, 'unixepoch') AS effective_at, e.row_count AS rows, e.problem
  FROM occurrence o LEFT JOIN tm_evidence e ON e.id = o.evidence
 WHERE o.requirement = ?1 AND o.source = ?2 ORDER BY o.status = 'met', o.due_from, o.id

-- name: explain_control_tests
SELECT t.id AS _key,
       t.id || '  ' || r.printed || '. ' || t.title AS line, t.id AS test, t.title, t.method, r.verdict, r.printed,
       r.population, r.exceptions, r.undetermined, r.population_digest
  FROM tm_test t JOIN tm_test_result r ON r.test = t.id WHERE t.control = ?1 ORDER BY t.position

-- name: explain_items
SELECT x.state || '  ' || x.item || ': ' || x.text
           || CASE WHEN x.ref IS NOT NULL THEN ' (' || ref_text(x.ref) || ')' ELSE '' END
           || CASE WHEN f.id IS NOT NULL THEN ', finding ' || f.id ELSE '' END AS line,
       x.item, x.state, x.text, ref_text(x.ref) AS ref, f.id AS finding, x.waiver
  FROM tm_exception x
  LEFT JOIN tm_finding_exception e ON e.exception = x.id
  LEFT JOIN tm_finding f ON f.id = e.finding
 WHERE x.test = ?1 ORDER BY x.state = 'undetermined', x.id

-- ---- a test ----

-- name: explain_test
SELECT t.id AS test, t.title, t.control, c.title AS control_title, t.method, t.severity, r.verdict, r.printed,
       CASE WHEN t.tolerable > 0 THEN rtrim(rtrim(round(100 * t.tolerable, 2), '0'), '.') || ' % of the population'
            ELSE 'no deviation' END AS tolerated,
       t.latest_reason, t.manual AS attested, t.manual_by AS attested_by, t.manual_document AS attested_on,
       t.manual_each AS attested_each, t.remediation
  FROM tm_test t JOIN tm_control c ON c.id = t.control JOIN tm_test_result r ON r.test = t.id WHERE t.id = ?1

-- name: explain_reasons
SELECT s.verdict || CASE WHEN s.reason <> '' THEN ': ' || s.reason ELSE '' END AS line, s.verdict AS state, s.reason
  FROM tm_test_state s WHERE s.test = ?1
 ORDER BY CASE s.verdict WHEN 'exception' THEN 0 WHEN 'insufficient' THEN 1 WHEN 'pending' THEN 2
                         WHEN 'no occurrence' THEN 3 WHEN 'effective' THEN 4 ELSE 5 END, s.number

-- name: explain_sql
SELECT query AS sql FROM tm_test WHERE id = ?1 AND query IS NOT NULL

-- The parameters that stand in the SQL, the period's among them.
-- name: explain_parameters
WITH word (name, shown, value, text, meaning, default_text, overridden, approver, date, reason, place) AS (
    SELECT p.name, p.text || CASE WHEN CAST(p.value AS TEXT) <> p.text THEN ' (' || p.value || ')' ELSE '' END,
           p.value, p.text, p.meaning, p.default_text, p.overridden, p.approver, p.date, p.reason, 1
      FROM tm_parameter p JOIN tm_test t ON t.control = p.control WHERE t.id = ?1
    UNION ALL
    SELECT fixed.name, iso(CAST(m.value AS INTEGER)) || ' (' || m.value || ')', CAST(m.value AS INTEGER),
           iso(CAST(m.value AS INTEGER)), fixed.meaning, NULL, 0, NULL, NULL, NULL, fixed.place
      FROM (SELECT 'period_from' AS name, 'The first second of the period' AS meaning, 2 AS place
            UNION ALL SELECT 'period_until', 'The second after the period', 3
            UNION ALL SELECT 'as_of', 'Nothing later is known', 4) fixed
      JOIN tm_meta m ON m.key = fixed.name || '_seconds')
SELECT ':' || w.name || ' = ' || w.shown || CASE WHEN w.meaning IS NOT NULL THEN '. ' || w.meaning ELSE '' END AS line,
       w.name, w.value, w.text, w.meaning, w.default_text AS "default",
       CASE WHEN w.overridden THEN 'the programme, in place of ' || w.default_text || '; approved by '
                 || coalesce(w.approver, 'nobody') || ' on ' || coalesce(date(w.date, 'unixepoch'), 'no date')
                 || CASE WHEN w.reason IS NOT NULL THEN ': ' || w.reason ELSE '' END END AS set_by,
       w.approver, date(w.date, 'unixepoch') AS approved_at, w.reason
  FROM word w, (SELECT query || ' ' AS sql FROM tm_test WHERE id = ?1) q
 WHERE q.sql GLOB '*:' || w.name || '[^a-z0-9_]*'
 ORDER BY w.place, w.name

-- The views of the schema that the query names, and those that they name.
-- name: explain_views
WITH RECURSIVE
    view (name, sql) AS (
        SELECT s.name, s.sql FROM sqlite_schema s
         WHERE s.type = 'view' AND s.name NOT GLOB '*_readable'
           AND s.name NOT IN (SELECT id FROM tm_type) AND s.name NOT IN (SELECT id || '_latest' FROM tm_type)),
    used (name, sql) AS (
        SELECT v.name, v.sql FROM view v JOIN tm_test t ON t.id = ?1
         WHERE t.query GLOB '*[^a-z0-9_]' || v.name || '[^a-z0-9_]*' OR t.query GLOB '*[^a-z0-9_]' || v.name
        UNION
        SELECT v.name, v.sql FROM view v JOIN used u ON v.name <> u.name
         WHERE u.sql GLOB '*[^a-z0-9_]' || v.name || '[^a-z0-9_]*' OR u.sql GLOB '*[^a-z0-9_]' || v.name)
SELECT name || CASE WHEN name IN ('identity', 'source_system') THEN ', from the programme'
                    ELSE ', in schema/views/' || name || '.sql' END AS line,
       name AS view, sql
  FROM used ORDER BY name

-- name: explain_types
SELECT y.type AS _key,
       y.type || CASE t.shape WHEN 'event' THEN ', events' ELSE ', snapshots' END || ': '
           || coalesce((SELECT group_concat(name, ', ') FROM (SELECT name FROM tm_test_column
                          WHERE test = ?1 AND type = y.type ORDER BY name)), 'its rows alone')
           || CASE WHEN NOT EXISTS (SELECT 1 FROM tm_source_type s WHERE s.type = y.type)
                   THEN ' (no source is declared for it)' ELSE '' END AS line,
       y.type, t.title, t.shape,
       (SELECT group_concat(name, ', ') FROM (SELECT name FROM tm_test_column
          WHERE test = ?1 AND type = y.type ORDER BY name)) AS columns
  FROM tm_test_type y JOIN tm_type t ON t.id = y.type WHERE y.test = ?1 ORDER BY y.type

-- name: explain_type_sources
SELECT st.type AS _key, s.id AS _other,
       'source ' || s.id || ' (' || coalesce(s.kind_title, s.kind) || coalesce(', ' || s.system, '') || '): '
           || count(e.id) || CASE count(e.id) WHEN 1 THEN ' export, ' ELSE ' exports, ' END
           || ifnull(sum(n.row_count), 0) || ' rows' AS line,
       s.id AS source, s.kind, s.system, s.query, s.collected_by, count(e.id) AS export_count,
       ifnull(sum(n.row_count), 0) AS row_count
  FROM tm_source_type st JOIN tm_source s ON s.id = st.source
  LEFT JOIN tm_evidence e ON e.source = s.id
             AND EXISTS (SELECT 1 FROM tm_evidence_type x WHERE x.evidence = e.id AND x.type = st.type)
  LEFT JOIN tm_evidence_type n ON n.evidence = e.id AND n.type = st.type
 WHERE st.type = ?1 GROUP BY s.id ORDER BY s.position

-- name: explain_exports
SELECT 'E' || e.id || '  ' || e.path || ', ' || n.row_count || CASE n.row_count WHEN 1 THEN ' row' ELSE ' rows' END
           || CASE WHEN e.effective_at IS NOT NULL
                   THEN ', effective ' || date(e.effective_at - (e.effective_at = ifnull(e.span_until, 0)), 'unixepoch')
                        || CASE WHEN e.before_period THEN ', before the period'
                                WHEN e.id IN (SELECT evidence FROM tm_snapshot WHERE stands_at < effective_at)
                                THEN ', after the period' ELSE '' END
                   ELSE '' END
           || CASE WHEN n.invalid > 0 THEN ', ' || n.invalid || ' invalid' ELSE '' END
           || CASE WHEN n.duplicates > 0 THEN ', ' || n.duplicates || ' duplicate' ELSE '' END
           || CASE WHEN e.rejected > 0 THEN ', ' || e.rejected || ' records unreadable' ELSE '' END
           || CASE WHEN e.accepted THEN '' ELSE ', not accepted: ' || coalesce(e.problem, '') END AS line,
       'E' || e.id AS export, e.path, e.sha256, e.bytes, e.records, n.row_count AS rows, n.invalid, n.duplicates,
       e.rejected, e.accepted, e.problem, iso(e.effective_at) AS effective_at
  FROM tm_evidence_type n JOIN tm_evidence e ON e.id = n.evidence
 WHERE n.type = ?1 AND e.source = ?2 ORDER BY e.id

-- name: explain_result
SELECT t.id AS _key, r.population, r.exceptions, r.undetermined, r.population_digest,
       CASE WHEN r.population > 0 AND t.query IS NOT NULL
            THEN r.exceptions || ' of ' || r.population || ' items deviate, ' || r.undetermined || ' could not be determined; '
                 || CASE WHEN t.tolerable > 0 THEN 'up to ' || rtrim(rtrim(round(100 * t.tolerable, 2), '0'), '.')
                              || ' % are tolerated' ELSE 'none is tolerated' END END AS judged_by,
       CASE WHEN t.query IS NOT NULL
            THEN 'the sum modulo 2^256 of the SHA-256 of each item''s text, a NUL byte and its reference as a decimal '
                 || 'number (evidence file * 2^32 + row)' END AS digest_is
  FROM tm_test_result r JOIN tm_test t ON t.id = r.test WHERE r.test = ?1

-- ?2: the state that is asked for; NULL: both.
-- name: explain_exceptions
SELECT x.id AS _key, x.ref AS _ref, x.item AS line, x.item, x.state, x.text, f.id AS finding, x.waiver, x.detail
  FROM tm_exception x
  LEFT JOIN tm_finding_exception e ON e.exception = x.id
  LEFT JOIN tm_finding f ON f.id = e.finding
 WHERE x.test = ?1 AND (?2 IS NULL OR x.state = ?2) ORDER BY x.state = 'undetermined', x.id

-- name: explain_references
SELECT r.name || ': ' AS _name, r.ref AS _ref, r.name || ' ' || ref_text(r.ref) AS line, r.name
  FROM tm_exception_ref r WHERE r.exception = ?1 ORDER BY r.name

-- name: explain_challenges
SELECT 'challenge ' || number || ': expected ' || expected || ', found ' || found
           || CASE WHEN passed THEN '' ELSE ' (failed)' END AS line,
       number, expected, found, passed
  FROM tm_challenge_result WHERE test = ?1 ORDER BY number

-- name: explain_mutation
SELECT caught || ' of ' || mutants || ' altered records of good challenges were caught, ' || left_population
           || ' left the population' AS altered,
       mutants, caught, left_population, unjudged AS read_and_never_judged
  FROM tm_mutation WHERE test = ?1

-- name: explain_waivers
SELECT id || ', for ' || coalesce('"' || item || '"', 'every exception of the test') || ': ' || rtrim(reason, '.') || '; approved by '
           || approver || ' on ' || date(approved, 'unixepoch') || ', until ' || date(expires, 'unixepoch')
           || CASE WHEN approved > (SELECT CAST(value AS INTEGER) FROM tm_meta WHERE key = 'as_of_seconds')
                   THEN '; it counts for nothing, since it was not approved yet'
                   WHEN expired THEN '; it counts for nothing, since it has expired' ELSE '' END AS line,
       id AS waiver, item, reason, approver, date(approved, 'unixepoch') AS approved,
       date(expires, 'unixepoch') AS expires, expired, matched
  FROM tm_waiver WHERE test = ?1 ORDER BY id

-- What the query is run again with.
-- name: explain_bindings
SELECT p.name, p.value FROM tm_parameter p JOIN tm_test t ON t.control = p.control WHERE t.id = ?1
UNION ALL
SELECT substr(key, 1, length(key) - length('_seconds')), CAST(value AS INTEGER)
  FROM tm_meta WHERE key IN ('period_from_seconds', 'period_until_seconds', 'as_of_seconds')

-- Whether rows that the test reads are in the published store; if not, which type is not.
-- name: explain_rerun
SELECT t.query, r.population, r.population_digest, (SELECT value FROM tm_meta WHERE key = 'as_of_seconds'),
       (SELECT min(y.type) FROM tm_test_type y JOIN tm_type k ON k.id = y.type
         WHERE y.test = t.id AND k.high_volume)
  FROM tm_test t JOIN tm_test_result r ON r.test = t.id WHERE t.id = ?1

-- ---- a finding ----

-- name: explain_finding
SELECT f.id AS finding, f.origin, f.state, f.reason, f.severity, f.item, f.text, f.control, c.title AS control_title, f.test,
       t.title AS test_title, f.first_period, date(f.found, 'unixepoch') AS found, f.prior_state,
       date(f.closed, 'unixepoch') AS closed, f.closed_period, f.age_days, f.occurrences AS exceptions_of_this_period,
       f.cause, f.extent, f.response, f.action, date(f.completed, 'unixepoch') AS completed, f.owner,
       date(f.due, 'unixepoch') AS due, f.due_by, CASE WHEN f.overdue THEN 'yes' END AS overdue, f.evidence, f.waiver
  FROM tm_finding f LEFT JOIN tm_control c ON c.id = f.control LEFT JOIN tm_test t ON t.id = f.test WHERE f.id = ?1

-- name: explain_finding_exceptions
SELECT x.id AS _key, x.ref AS _ref, x.item AS line, x.test, x.item, x.state, x.text, x.detail, x.waiver
  FROM tm_finding_exception e JOIN tm_exception x ON x.id = e.exception WHERE e.finding = ?1 ORDER BY x.id

-- name: explain_finding_test
SELECT t.id AS test, t.title, r.printed, r.population, r.exceptions, r.undetermined, r.population_digest,
       t.remediation
  FROM tm_finding f JOIN tm_test t ON t.id = f.test JOIN tm_test_result r ON r.test = t.id WHERE f.id = ?1

-- name: explain_finding_waiver
SELECT w.id AS waiver, coalesce(w.item, 'every exception of the test') AS item, w.reason, w.approver,
       date(w.approved, 'unixepoch') AS approved, date(w.expires, 'unixepoch') AS expires,
       'none: the verdict stays what it is' AS effect_on_the_verdict
  FROM tm_finding f JOIN tm_waiver w ON w.id = f.waiver WHERE f.id = ?1

-- ---- figures ----

-- name: explain_metric
SELECT id, title, printed, value, unit, formula, meaning, state, note, better, target_printed AS target,
       CASE on_target WHEN 1 THEN 'yes' WHEN 0 THEN 'no' END AS on_target, test, population, population_digest, query
  FROM tm_metric WHERE id = ?1

-- name: explain_metric_parameters
SELECT name || ' = ' || value || CASE WHEN of_control IS NOT NULL THEN ', of control ' || of_control ELSE '' END
           || CASE WHEN meaning IS NOT NULL THEN ': ' || meaning ELSE '' END AS line, name, value, of_control, of_parameter
  FROM tm_metric_parameter WHERE metric = ?1 ORDER BY name

-- name: explain_metric_items
SELECT item || ': ' || printed || CASE WHEN ref IS NOT NULL THEN ' (' || ref_text(ref) || ')' ELSE '' END AS line, item,
       printed, ref_text(ref) AS ref
  FROM tm_metric_item WHERE metric = ?1 ORDER BY position

-- name: explain_metric_trend
SELECT period || ': ' || printed || CASE WHEN direction IS NOT NULL THEN ', ' || direction ELSE '' END AS line, period, printed,
       value, difference, direction
  FROM tm_metric_trend WHERE metric = ?1 ORDER BY position

-- Of the return on investment. An input that is a range stands in the formula at both of its ends.
-- name: explain_return
SELECT id, title, low_printed AS low, mid_printed AS middle, high_printed AS high, paired_printed AS like_ends, unit, formula,
       claim_printed AS published, claim_note AS published_figure, note
  FROM tm_roi WHERE id = ?1

-- name: explain_return_inputs
SELECT title || ': ' || printed || ', ' || CASE origin WHEN 'measured' THEN 'measured: ' ELSE 'declared: ' END || text AS line,
       id, title, printed, low, mid, high, unit, origin, text AS declared
  FROM tm_roi_input WHERE EXISTS (SELECT 1 FROM tm_roi WHERE id = ?1) ORDER BY position

-- A formula names figures that stand before its own.
-- name: explain_return_figures
SELECT f.title || ': ' || coalesce(f.low_printed || ', ' || f.mid_printed || ', ' || f.high_printed, f.note) || ' = ' || f.formula
           AS line, f.id, f.title, f.low, f.mid, f.high, f.unit, f.formula, f.note
  FROM tm_roi AS f JOIN tm_roi AS of ON of.id = ?1 AND f.position < of.position ORDER BY f.position

-- name: explain_criterion
SELECT k.id AS criterion, k.title, k.category, CASE WHEN k.in_scope THEN 'yes' ELSE 'no' END AS in_scope, r.printed,
       'It has no verdict: whether it is met is management''s assertion and the auditor''s opinion.' AS note
  FROM tm_criterion k JOIN tm_criterion_result r ON r.criterion = k.id WHERE k.id = ?1

-- name: explain_criterion_controls
SELECT c.id || '  ' || r.printed || '. ' || c.title AS line, c.id AS control, c.title, r.verdict, r.printed
  FROM tm_control_criterion m JOIN tm_control c ON c.id = m.control JOIN tm_control_result r ON r.control = c.id
 WHERE m.criterion = ?1 ORDER BY c.position

-- What an engine's figure is made of, by its id.
-- name: explain_inputs
SELECT line, amount, of FROM (
    SELECT name || ': ' || printed AS line, value AS amount, name AS of, 1 AS place
      FROM tm_metric_input WHERE metric = ?1 AND ?1 NOT IN ('compliance_score', 'control_coverage', 'evidence_coverage', 'tests_automated')
    UNION ALL
    SELECT verdict || ': ' || count(*) || CASE count(*) WHEN 1 THEN ' control (' ELSE ' controls (' END
               || group_concat(control, ', ') || ')' AS line, count(*) AS amount, verdict AS of, 1 AS place
      FROM (SELECT r.control, r.verdict FROM tm_control_result r JOIN tm_control c ON c.id = r.control ORDER BY c.position)
     WHERE ?1 IN ('controls', 'controls_tested', 'controls_effective', 'compliance_score')
     GROUP BY verdict
    UNION ALL
    SELECT CASE WHEN r.controls > 0 THEN 'with a control: ' ELSE 'without a control: ' END || count(*) || ' criteria in scope',
           count(*), CASE WHEN r.controls > 0 THEN 'with a control' ELSE 'without a control' END, 1
      FROM tm_criterion k JOIN tm_criterion_result r ON r.criterion = k.id
     WHERE k.in_scope = 1 AND ?1 = 'control_coverage' GROUP BY r.controls > 0
    UNION ALL
    SELECT s.source || ' for ' || r.control || ' (' || r.type || '): ' || s.met || ' of ' || s.expected || ' met',
           s.met, s.expected, CASE WHEN s.met < s.expected THEN 1 ELSE 2 END
      FROM tm_coverage s JOIN tm_requirement r ON r.id = s.requirement WHERE ?1 = 'evidence_coverage'
    UNION ALL
    SELECT CASE WHEN query IS NULL THEN 'made by a person: ' ELSE 'with a query: ' END || count(*) || ' tests', count(*),
           CASE WHEN query IS NULL THEN 'made by a person' ELSE 'with a query' END, 1
      FROM tm_test WHERE ?1 = 'tests_automated' GROUP BY query IS NULL
    UNION ALL
    SELECT test || ': ' || population || ' items', population, test, 1
      FROM tm_test_result WHERE ?1 = 'items_tested' AND population > 0
    UNION ALL
    SELECT test || ': ' || count(*), count(*), test, 1
      FROM tm_exception
     WHERE (?1 IN ('exceptions', 'exceptions_waived') AND state = 'exception'
            AND (?1 = 'exceptions' OR waiver IS NOT NULL))
        OR (?1 = 'undetermined' AND state = 'undetermined')
     GROUP BY test
    UNION ALL
    SELECT id || ' ' || item || ': ' || severity || ', ' || state
               || CASE WHEN closed IS NOT NULL THEN ', found ' || date(found, 'unixepoch') || ', closed ' || date(closed, 'unixepoch')
                       WHEN due IS NOT NULL THEN ', due ' || date(due, 'unixepoch') ELSE '' END
               || CASE WHEN ?1 <> 'findings_answered' THEN '' WHEN response IS NULL THEN ', without a response'
                       ELSE ', with a response' END, age_days, id, 2
      FROM tm_finding
     WHERE CASE WHEN ?1 IN ('remediation_time_p50', 'remediation_time_p95')
                THEN closed_period = (SELECT value FROM tm_meta WHERE key = 'period')
                WHEN state = 'remediated' THEN 0
                WHEN ?1 = 'findings_severe' THEN severity IN ('high', 'critical')
                WHEN ?1 = 'findings_overdue' THEN overdue = 1
                ELSE ?1 IN ('findings', 'findings_answered') END
    UNION ALL
    SELECT coalesce(source, 'of no source') || ': ' || count(*) || CASE count(*) WHEN 1 THEN ' file, ' ELSE ' files, ' END
               || sum(records) || ' records', CASE ?1 WHEN 'records' THEN sum(records) ELSE count(*) END,
           coalesce(source, 'of no source'), 1
      FROM tm_evidence WHERE ?1 IN ('evidence_files', 'records') GROUP BY source)
 ORDER BY place, amount DESC, of
