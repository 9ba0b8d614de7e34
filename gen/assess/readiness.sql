-- What `readiness` makes of a judged store. Times are UTC seconds of a day's beginning; points are those of the rules.
-- name: readiness_tables

CREATE TABLE tm_readiness (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- The rules: parts are 'severity', 'state', 'due' (key: days), 'criteria' ('each', 'most') and 'level' (points: from).
CREATE TABLE tm_readiness_rule (
    part TEXT NOT NULL, key TEXT NOT NULL, points INTEGER NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (part, key)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_readiness_ask (key TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE tm_readiness_fault (position INTEGER PRIMARY KEY, pattern TEXT NOT NULL, text TEXT NOT NULL) STRICT;
CREATE TABLE tm_readiness_command (source TEXT PRIMARY KEY) STRICT, WITHOUT ROWID; -- sources that `collect` exports
CREATE TABLE tm_readiness_kind (
    type TEXT NOT NULL, kind TEXT NOT NULL, title TEXT, produced_by TEXT,
    PRIMARY KEY (type, kind)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_target (
    position INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, state TEXT NOT NULL, by_at INTEGER,
    owner TEXT, note TEXT) STRICT;
CREATE TABLE tm_readiness_gap (
    control TEXT PRIMARY KEY, position INTEGER NOT NULL, current TEXT NOT NULL, target TEXT NOT NULL,
    reached INTEGER NOT NULL, gap TEXT NOT NULL, due INTEGER NOT NULL, days INTEGER NOT NULL, owner TEXT, note TEXT,
    set_for TEXT NOT NULL,                       -- what the target was declared for, or 'every control'
    severity TEXT, severity_points INTEGER NOT NULL, state TEXT, state_points INTEGER NOT NULL,
    due_points INTEGER NOT NULL, criteria INTEGER NOT NULL, criteria_points INTEGER NOT NULL,
    points INTEGER NOT NULL, priority TEXT NOT NULL, formula TEXT NOT NULL) STRICT;
-- Everything that is missing, by control: what one export would give stands here once for each control and interval.
CREATE TABLE tm_readiness_need (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, subject TEXT NOT NULL,
    control TEXT,                                -- NULL: a criterion has none
    test TEXT, requirement INTEGER, from_at INTEGER, until_at INTEGER, due INTEGER, detail TEXT) STRICT;
CREATE INDEX tm_readiness_need_order ON tm_readiness_need (kind, state, subject, control);
CREATE TABLE tm_readiness_request (
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, subject TEXT NOT NULL, what TEXT NOT NULL,
    how TEXT, who TEXT NOT NULL, ask TEXT NOT NULL, intervals INTEGER NOT NULL, occurrences INTEGER NOT NULL,
    spans TEXT, due INTEGER NOT NULL, until INTEGER NOT NULL, overdue INTEGER NOT NULL, points INTEGER NOT NULL,
    controls INTEGER NOT NULL, unblocks TEXT NOT NULL) STRICT;
CREATE TABLE tm_readiness_share (
    kind TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL, position INTEGER NOT NULL, controls INTEGER NOT NULL,
    operating INTEGER NOT NULL, reached INTEGER NOT NULL, share REAL, printed TEXT NOT NULL, formula TEXT NOT NULL,
    PRIMARY KEY (kind, id)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_readiness_week (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL, weeks TEXT NOT NULL, title TEXT NOT NULL, from_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL, auditor TEXT NOT NULL, management TEXT NOT NULL, produces TEXT NOT NULL) STRICT;
CREATE TABLE tm_readiness_phase (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL, months TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
    from_at INTEGER NOT NULL, until_at INTEGER NOT NULL) STRICT;
CREATE TABLE tm_readiness_step (
    position INTEGER PRIMARY KEY, phase INTEGER NOT NULL, title TEXT NOT NULL, tasks INTEGER NOT NULL) STRICT;
CREATE TABLE tm_readiness_task (
    step INTEGER NOT NULL, number INTEGER NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, owner TEXT,
    PRIMARY KEY (step, number)) STRICT, WITHOUT ROWID;

-- name: readiness_insert_value
INSERT INTO tm_readiness (key, value) VALUES (?1, ?2)

-- name: readiness_insert_rule
INSERT INTO tm_readiness_rule (part, key, points, position) VALUES (?1, ?2, ?3, ?4)

-- name: readiness_insert_ask
INSERT INTO tm_readiness_ask (key, text) VALUES (?1, ?2)

-- name: readiness_insert_fault
INSERT INTO tm_readiness_fault (position, pattern, text) VALUES (?1, ?2, ?3)

-- name: readiness_insert_command
INSERT INTO tm_readiness_command (source) VALUES (?1)

-- name: readiness_insert_kind
INSERT OR IGNORE INTO tm_readiness_kind (type, kind, title, produced_by) VALUES (?1, ?2, ?3, ?4)

-- name: readiness_insert_target
INSERT INTO tm_target (position, kind, subject, state, by_at, owner, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)

-- What is missing. ?1: the first second after the day of the submission; ?2: that after the assessment's day. Due is the
-- last day on which it still counts.
-- Occurrences of exports that are not met; those still to come count when they are due before the submission.
-- name: readiness_need_exports
INSERT INTO tm_readiness_need (kind, state, subject, control, requirement, from_at, until_at, due, detail)
SELECT 'export', CASE o.status WHEN 'future' THEN 'to come' ELSE o.status END, o.source, o.control, o.requirement,
       o.due_from, o.due_until, (o.due_until + o.grace - 1) / 86400 * 86400, o.type
  FROM occurrence o JOIN tm_control_result r ON r.control = o.control
 WHERE o.status <> 'met' AND r.verdict <> 'not applicable' AND (o.status <> 'future' OR o.due_until <= ?1)
 ORDER BY o.id

-- Types that a control asks for and that no source gives.
-- name: readiness_need_sources
INSERT INTO tm_readiness_need (kind, state, subject, control, requirement, detail)
SELECT 'source', 'unsourced', q.type, q.control, q.id, q.cadence
  FROM tm_requirement q JOIN tm_control_result r ON r.control = q.control
 WHERE r.verdict <> 'not applicable' AND NOT EXISTS (SELECT 1 FROM tm_source_type s WHERE s.type = q.type)
 ORDER BY q.id

-- What a person still owes: one for each interval of a manual test. A reason begins with its interval's days.
-- name: readiness_need_attestations
INSERT INTO tm_readiness_need (kind, state, subject, control, test, from_at, until_at, due, detail)
SELECT 'attestation', CASE WHEN until_at > ?2 THEN 'to come' ELSE 'pending' END, subject, control, test, from_at,
       until_at, until_at - 86400, reason
  FROM (SELECT t.manual_by || ', on ' || t.manual_document AS subject, t.control AS control, t.id AS test,
               s.reason AS reason, unixepoch(substr(s.reason, 1, 10)) AS from_at,
               unixepoch(substr(s.reason, 15, 10)) + 86400 AS until_at, t.position AS position, s.number AS number
          FROM tm_test_state s JOIN tm_test t ON t.id = s.test JOIN tm_control_result r ON r.control = t.control
         WHERE s.verdict = 'pending' AND t.query IS NULL AND r.verdict <> 'not applicable')
 WHERE until_at IS NULL OR until_at <= ?1
 ORDER BY position, number

-- Items that a test could not decide about. Where it reads a type that no source gives, that is why, and it is asked for
-- above.
-- name: readiness_need_items
INSERT INTO tm_readiness_need (kind, state, subject, control, test, detail)
SELECT 'items', 'undetermined', t.id, t.control, t.id, x.item || ': ' || x.text
  FROM tm_exception x JOIN tm_test t ON t.id = x.test JOIN tm_control_result r ON r.control = t.control
 WHERE x.state = 'undetermined' AND r.verdict <> 'not applicable'
   AND NOT EXISTS (SELECT 1 FROM tm_test_type y
                    WHERE y.test = t.id AND NOT EXISTS (SELECT 1 FROM tm_source_type s WHERE s.type = y.type))
 ORDER BY t.position, x.id

-- Whatever else makes evidence insufficient, as the reason says. What is said above already is left out here by how it is
-- worded: should the words change, it is asked for twice, and never forgotten.
-- name: readiness_need_faults
INSERT INTO tm_readiness_need (kind, state, subject, control, test, detail)
SELECT 'fault', 'fault', s.reason, t.control, t.id,
       (SELECT f.text FROM tm_readiness_fault f WHERE s.reason LIKE f.pattern ORDER BY f.position LIMIT 1)
  FROM tm_test_state s JOIN tm_test t ON t.id = s.test JOIN tm_control_result r ON r.control = t.control
 WHERE s.verdict = 'insufficient' AND r.verdict <> 'not applicable'
   AND s.reason NOT LIKE 'no source is declared for %'
   AND s.reason NOT LIKE '%: % of % exports of % (due from %'
   AND s.reason NOT LIKE '% of % items could not be determined'
   AND s.reason NOT LIKE '% of % attestations do not show what they should'
 ORDER BY t.position, s.number

-- No control without what it lacks: one that has no tests, or whose state nothing above explains.
-- name: readiness_need_rest
INSERT INTO tm_readiness_need (kind, state, subject, control, detail)
SELECT CASE WHEN EXISTS (SELECT 1 FROM tm_test t WHERE t.control = c.id) THEN 'fault' ELSE 'test' END,
       CASE WHEN EXISTS (SELECT 1 FROM tm_test t WHERE t.control = c.id) THEN 'fault' ELSE 'untested' END,
       r.printed, c.id, NULL
  FROM tm_control c JOIN tm_control_result r ON r.control = c.id
 WHERE r.verdict IN ('insufficient', 'pending')
   AND NOT EXISTS (SELECT 1 FROM tm_readiness_need n WHERE n.control = c.id AND n.state <> 'to come')
   AND NOT (r.verdict = 'pending'
            AND (EXISTS (SELECT 1 FROM tm_readiness_need n WHERE n.control = c.id)
                 OR EXISTS (SELECT 1 FROM occurrence o WHERE o.control = c.id AND o.status = 'future')))
 ORDER BY c.position

-- Criteria in scope that no control addresses.
-- name: readiness_need_controls
INSERT INTO tm_readiness_need (kind, state, subject, detail)
SELECT 'control', 'uncontrolled', k.category, k.id
  FROM tm_criterion k JOIN tm_criterion_result r ON r.criterion = k.id
 WHERE k.in_scope AND r.controls = 0 ORDER BY k.position

-- The target of each control, what it is now, and what that weighs. ?1: the day of the submission; ?2: that of the
-- assessment. Of targets, one for the control itself outweighs one for a criterion, and that one for a category; of
-- several the earliest counts. 'operating': the verdict is "no exceptions noted" or a proven zero. 'evidenced': no test
-- lacks evidence, whatever it shows. 'designed': it has an owner, a narrative and a test.
-- name: readiness_gaps
INSERT INTO tm_readiness_gap (
    control, position, current, target, reached, gap, due, days, owner, note, set_for, severity, severity_points, state,
    state_points, due_points, criteria, criteria_points, points, priority, formula)
WITH fitting AS (
         SELECT c.id AS control, t.position AS target,
                row_number() OVER (
                    PARTITION BY c.id
                    ORDER BY CASE t.kind WHEN 'control' THEN 0 WHEN 'criterion' THEN 1 ELSE 2 END,
                             coalesce(t.by_at, ?1), t.position) AS choice
           FROM tm_control c JOIN tm_target t
             ON (t.kind = 'control' AND t.subject = c.id)
             OR (t.kind = 'criterion' AND EXISTS (
                    SELECT 1 FROM tm_control_criterion m WHERE m.control = c.id AND m.criterion = t.subject))
             OR (t.kind = 'category' AND EXISTS (
                    SELECT 1 FROM tm_control_criterion m JOIN tm_criterion k ON k.id = m.criterion
                     WHERE m.control = c.id AND k.category = t.subject))),
     facts AS (
         SELECT c.id AS control, c.position AS position, r.printed AS current, r.verdict AS verdict,
                coalesce(t.state, 'operating') AS target, coalesce(t.by_at, ?1) AS due,
                coalesce(t.owner, c.owner) AS owner, t.note AS note,
                CASE t.kind WHEN 'control' THEN 'the control' WHEN 'criterion' THEN 'criterion ' || t.subject
                            WHEN 'category' THEN 'category ' || t.subject ELSE 'every control' END AS set_for,
                r.exceptions AS exceptions,
                (SELECT count(*) FROM tm_exception x JOIN tm_test y ON y.id = x.test
                  WHERE y.control = c.id AND x.state = 'exception' AND x.waiver IS NOT NULL) AS waived,
                (SELECT count(*) FROM tm_finding f WHERE f.control = c.id AND f.response IS NULL) AS unanswered,
                EXISTS (SELECT 1 FROM tm_control_state s
                         WHERE s.control = c.id AND s.verdict IN ('insufficient', 'pending')) OR r.tests = 0 AS lacking,
                coalesce(c.owner, '') <> '' AND coalesce(c.narrative, '') <> '' AND r.tests > 0 AS designed,
                (SELECT count(*) FROM tm_control_criterion m JOIN tm_criterion k ON k.id = m.criterion
                  WHERE m.control = c.id AND k.in_scope) AS criteria,
                (SELECT max(CASE x.severity WHEN 'critical' THEN 3 WHEN 'high' THEN 2 WHEN 'medium' THEN 1 ELSE 0 END)
                   FROM tm_test x JOIN tm_test_result y ON y.test = x.id
                  WHERE x.control = c.id AND y.verdict IN ('exception', 'insufficient', 'pending')) AS gravest
           FROM tm_control c JOIN tm_control_result r ON r.control = c.id
           LEFT JOIN fitting f ON f.control = c.id AND f.choice = 1
           LEFT JOIN tm_target t ON t.position = f.target
          WHERE r.verdict <> 'not applicable'),
     judged AS (
         SELECT *, (due - ?2) / 86400 AS days,
                CASE target WHEN 'designed' THEN designed WHEN 'evidenced' THEN NOT lacking
                            ELSE verdict IN ('effective', 'no occurrence') END AS reached,
                CASE gravest WHEN 3 THEN 'critical' WHEN 2 THEN 'high' WHEN 1 THEN 'medium' WHEN 0 THEN 'low' END AS severity
           FROM facts),
     weighed AS (
         SELECT *,
                CASE WHEN reached THEN 0
                     ELSE coalesce((SELECT points FROM tm_readiness_rule WHERE part = 'severity' AND key = severity), 0)
                END AS severity_points,
                CASE WHEN reached THEN 0
                     ELSE coalesce((SELECT points FROM tm_readiness_rule WHERE part = 'state' AND key = verdict), 0)
                END AS state_points,
                CASE WHEN reached THEN 0
                     ELSE coalesce((SELECT points FROM tm_readiness_rule WHERE part = 'due' AND days <= CAST(key AS INTEGER)
                                     ORDER BY CAST(key AS INTEGER) LIMIT 1), 0) END AS due_points,
                CASE WHEN reached THEN 0
                     ELSE min((SELECT points FROM tm_readiness_rule WHERE part = 'criteria' AND key = 'most'),
                              criteria * (SELECT points FROM tm_readiness_rule WHERE part = 'criteria' AND key = 'each'))
                END AS criteria_points,
                (SELECT count(*) FROM (
                    SELECT DISTINCT subject, from_at, until_at FROM tm_readiness_need n
                     WHERE n.control = judged.control AND n.kind = 'export' AND n.state <> 'to come')) AS exports,
                (SELECT count(DISTINCT subject) FROM tm_readiness_need n
                  WHERE n.control = judged.control AND n.kind = 'source') AS types,
                (SELECT count(*) FROM tm_readiness_need n
                  WHERE n.control = judged.control AND n.kind = 'attestation' AND n.state <> 'to come') AS attestations,
                (SELECT count(*) FROM tm_readiness_need n
                  WHERE n.control = judged.control AND n.kind = 'items') AS items,
                (SELECT count(DISTINCT subject) FROM tm_readiness_need n
                  WHERE n.control = judged.control AND n.kind = 'fault') AS faults
           FROM judged),
     summed AS (
         SELECT *, severity_points + state_points + due_points + criteria_points AS points,
                ltrim(CASE WHEN exceptions > 0
                           THEN '; ' || exceptions || CASE exceptions WHEN 1 THEN ' exception' ELSE ' exceptions' END
                                || CASE WHEN waived > 0 THEN ', ' || waived || ' accepted by a waiver' ELSE '' END
                                || CASE WHEN unanswered > 0 THEN ', ' || unanswered || ' without a response' ELSE '' END
                           ELSE '' END
                      || CASE WHEN types > 0 THEN '; ' || types || CASE types WHEN 1 THEN ' type' ELSE ' types' END
                                                       || ' of evidence without a source' ELSE '' END
                      || CASE WHEN exports > 0 THEN '; ' || exports || CASE exports WHEN 1 THEN ' export' ELSE ' exports' END
                                                         || ' missing, late or unusable' ELSE '' END
                      || CASE WHEN attestations > 0
                              THEN '; ' || attestations
                                   || CASE attestations WHEN 1 THEN ' attestation' ELSE ' attestations' END || ' awaited'
                              ELSE '' END
                      || CASE WHEN items > 0 THEN '; ' || items || CASE items WHEN 1 THEN ' item' ELSE ' items' END
                                                       || ' undetermined' ELSE '' END
                      || CASE WHEN faults > 0 THEN '; ' || faults || CASE faults WHEN 1 THEN ' fault' ELSE ' faults' END
                                                        || ' of the evidence' ELSE '' END
                      || CASE WHEN NOT designed THEN '; no owner, narrative or test' ELSE '' END, '; ') AS lacks
           FROM weighed)
SELECT control, position, current, target, reached,
       CASE WHEN reached THEN 'none' WHEN lacks <> '' THEN lacks
            WHEN verdict IN ('effective', 'no occurrence') THEN 'none' ELSE current END,
       due, days, owner, note, set_for, severity, severity_points,
       CASE WHEN verdict IN ('exception', 'insufficient', 'pending') THEN verdict END, state_points, due_points, criteria,
       criteria_points, points,
       CASE WHEN reached THEN 'none'
            ELSE (SELECT key FROM tm_readiness_rule WHERE part = 'level' AND tm_readiness_rule.points <= summed.points
                   ORDER BY tm_readiness_rule.points DESC, position LIMIT 1) END,
       CASE WHEN reached THEN 'the target is reached'
            ELSE severity_points || ' (severity ' || coalesce(severity, 'none') || ') + ' || state_points || ' (state '
                 || verdict || ') + ' || due_points || ' (due in ' || days || ' days) + ' || criteria_points || ' ('
                 || criteria || CASE criteria WHEN 1 THEN ' criterion' ELSE ' criteria' END || ' in scope) = ' || points END
  FROM summed ORDER BY position

-- What is missing as requests: what one export, one document, one source or one look would settle is one. Criteria without
-- a control come first, then what is overdue by the weight of its control and how much it unblocks; what is still to come
-- follows by its date. ?1: the day of the submission; ?2: the first second after the assessment's day.
-- name: readiness_requests
INSERT INTO tm_readiness_request (
    number, kind, state, subject, what, how, who, ask, intervals, occurrences, spans, due, until, overdue, points, controls,
    unblocks)
WITH grouped AS (
         SELECT kind, state, subject, min(id) AS first, count(*) AS occurrences, min(due) AS due,
                max(state <> 'to come') AS overdue
           FROM tm_readiness_need GROUP BY kind, state, subject),
     told AS (
         SELECT g.*, (SELECT detail FROM tm_readiness_need n WHERE n.id = g.first) AS detail,
                (SELECT count(*) FROM (
                    SELECT DISTINCT from_at, until_at FROM tm_readiness_need n
                     WHERE n.kind = g.kind AND n.state = g.state AND n.subject = g.subject AND n.from_at IS NOT NULL)
                ) AS intervals,
                (SELECT group_concat(span, ', ')
                   FROM (SELECT DISTINCT date(from_at, 'unixepoch')
                                || CASE WHEN until_at - from_at > 86400
                                        THEN ' to ' || date(until_at - 86400, 'unixepoch') ELSE '' END AS span
                           FROM tm_readiness_need n
                          WHERE n.kind = g.kind AND n.state = g.state AND n.subject = g.subject AND n.from_at IS NOT NULL
                          ORDER BY from_at, until_at)) AS spans,
                (SELECT ifnull(max(p.points), 0) FROM tm_readiness_need n JOIN tm_readiness_gap p ON p.control = n.control
                  WHERE n.kind = g.kind AND n.state = g.state AND n.subject = g.subject) AS points,
                (SELECT count(DISTINCT control) FROM tm_readiness_need n
                  WHERE n.kind = g.kind AND n.state = g.state AND n.subject = g.subject) AS controls,
                (SELECT group_concat(control, ', ')
                   FROM (SELECT DISTINCT n.control AS control, c.position AS position
                           FROM tm_readiness_need n JOIN tm_control c ON c.id = n.control
                          WHERE n.kind = g.kind AND n.state = g.state AND n.subject = g.subject
                          ORDER BY c.position)) AS unblocks,
                (SELECT group_concat(owner, ', ')
                   FROM (SELECT DISTINCT coalesce(p.owner, 'an owner to be named') AS owner
                           FROM tm_readiness_need n JOIN tm_readiness_gap p ON p.control = n.control
                          WHERE n.kind = g.kind AND n.state = g.state AND n.subject = g.subject ORDER BY owner)) AS owners,
                (SELECT group_concat(title, ', ')
                   FROM (SELECT DISTINCT y.title AS title FROM tm_readiness_need n JOIN tm_type y ON y.id = n.detail
                          WHERE n.kind = 'export' AND g.kind = 'export' AND n.state = g.state AND n.subject = g.subject
                          ORDER BY title)) AS types,
                (SELECT max(shape) FROM tm_readiness_need n JOIN tm_type y ON y.id = n.detail
                  WHERE n.kind = 'export' AND g.kind = 'export' AND n.state = g.state AND n.subject = g.subject) AS shape
           FROM grouped g),
     worded AS (
         SELECT told.*,
                CASE told.kind
                    WHEN 'export' THEN coalesce(s.kind_title, s.kind) || coalesce(' of ' || s.system, '') || ': ' || types
                    WHEN 'source' THEN y.title
                    WHEN 'attestation' THEN (
                        SELECT group_concat(title, '; ')
                          FROM (SELECT DISTINCT t.title AS title FROM tm_readiness_need n JOIN tm_test t ON t.id = n.test
                                 WHERE n.kind = 'attestation' AND n.state = told.state AND n.subject = told.subject
                                 ORDER BY t.position))
                    WHEN 'items' THEN x.title || ': ' || detail
                                      || CASE WHEN occurrences > 1 THEN ', and ' || (occurrences - 1) || ' more' ELSE '' END
                    WHEN 'test' THEN 'a test, or a statement that somebody attests'
                    WHEN 'control' THEN (
                        SELECT group_concat(detail, ', ')
                          FROM (SELECT n.detail AS detail FROM tm_readiness_need n
                                 WHERE n.kind = 'control' AND n.subject = told.subject ORDER BY n.id))
                    ELSE subject END AS what,
                CASE told.kind
                    WHEN 'export' THEN CASE WHEN m.source IS NOT NULL THEN 'tickmark collect ' || s.id
                                            ELSE coalesce(s.query, s.produced_by) END
                    WHEN 'source' THEN (
                        SELECT group_concat(kind, ', ')
                          FROM (SELECT k.kind AS kind FROM tm_readiness_kind k WHERE k.type = told.subject ORDER BY k.kind))
                    END AS how,
                CASE told.kind WHEN 'export' THEN coalesce(s.collected_by, owners)
                          WHEN 'attestation' THEN (SELECT t.manual_by FROM tm_readiness_need n JOIN tm_test t ON t.id = n.test
                                                    WHERE n.id = told.first)
                          ELSE coalesce(owners, 'management') END AS who,
                coalesce((SELECT text FROM tm_readiness_ask
                           WHERE key = CASE WHEN told.kind = 'attestation' AND state = 'to come' THEN 'pending'
                                            WHEN state = 'to come' THEN 'to_come'
                                            WHEN state = 'missing' THEN 'missing_' || told.shape ELSE state END),
                         CASE told.kind WHEN 'fault' THEN detail END, '') AS ask
           FROM told
           LEFT JOIN tm_source s ON told.kind = 'export' AND s.id = told.subject
           LEFT JOIN tm_readiness_command m ON m.source = s.id
           LEFT JOIN tm_type y ON told.kind = 'source' AND y.id = told.subject
           LEFT JOIN tm_test x ON told.kind = 'items' AND x.id = told.subject)
SELECT row_number() OVER (
           ORDER BY kind <> 'control', overdue DESC, CASE WHEN overdue THEN 0 ELSE due END, points DESC, controls DESC, coalesce(due, 0), kind,
                    subject, state),
       kind, state, subject, what, how, who, ask, intervals, occurrences, spans, coalesce(due, ?2 - 86400),
       CASE WHEN overdue THEN ?1 ELSE min(?1, due) END, overdue, points, controls,
       coalesce(unblocks, what)
  FROM worded

-- How far criteria, categories and the whole are. A criterion has no verdict: it has controls, and so many of them have
-- reached what they are to be.
-- name: readiness_shares
INSERT INTO tm_readiness_share (kind, id, title, position, controls, operating, reached, share, printed, formula)
WITH part AS (
         SELECT 'criterion' AS kind, k.id AS id, k.title AS title, k.position AS position, m.control AS control
           FROM tm_criterion k LEFT JOIN tm_control_criterion m ON m.criterion = k.id WHERE k.in_scope
          UNION
         SELECT 'category', k.category, k.category, min(k.position) OVER (PARTITION BY k.category), m.control
           FROM tm_criterion k LEFT JOIN tm_control_criterion m ON m.criterion = k.id WHERE k.in_scope
          UNION
         SELECT 'whole', 'all', 'All controls that apply', 0, g.control FROM tm_readiness_gap g
          UNION
         SELECT 'whole', 'all', 'All controls that apply', 0, NULL),
     counted AS (
         SELECT kind, id, title, p.position AS position, count(g.control) AS controls,
                count(CASE WHEN r.verdict IN ('effective', 'no occurrence') THEN 1 END) AS operating,
                count(CASE WHEN g.reached THEN 1 END) AS reached
           FROM part p LEFT JOIN tm_readiness_gap g ON g.control = p.control
           LEFT JOIN tm_control_result r ON r.control = g.control
          GROUP BY kind, id)
SELECT kind, id, title, position, controls, operating, reached, 1.0 * reached / nullif(controls, 0),
       CASE WHEN controls = 0 THEN 'no control'
            ELSE reached || ' of ' || controls || ', ' || round(100.0 * reached / controls, 1) || ' %' END,
       'controls that have reached their target / controls mapped that apply'
  FROM counted

-- Whether anything is missing before week 1.
-- name: readiness_missing
SELECT count(*), count(CASE WHEN overdue THEN 1 END) FROM tm_readiness_request
