-- Every requirement with every source that provides its type, with what bounds the source and the control in time.
-- ?1, ?2: the period. The last columns: since when source and control are asked for; whether one
-- from before the period may serve it.
-- name: coverage_pairs
SELECT r.id, r.control, r.type, r.cadence, r.grace, t.shape = 'snapshot', s.id,
       max(?1, ifnull(s.expected_from, ?1), ifnull(c.effective_from, ?1)),
       min(?2, ifnull(s.expected_until, ?2), ifnull(c.superseded, ?2)),
       max(ifnull(s.expected_from, -1 << 63), ifnull(c.effective_from, -1 << 63)), t.stands
  FROM tm_requirement r
  JOIN tm_control c ON c.id = r.control
  JOIN tm_type t ON t.id = r.type
  JOIN tm_source_type st ON st.type = r.type
  JOIN tm_source s ON s.id = st.source
 WHERE c.applicable = 1
 ORDER BY r.id, s.position

-- The same for requirements that are no control's: what populations read.
-- name: coverage_added_pairs
SELECT r.id, r.control, r.type, r.cadence, r.grace, t.shape = 'snapshot', s.id,
       max(?1, ifnull(s.expected_from, ?1)), min(?2, ifnull(s.expected_until, ?2))
  FROM tm_requirement r
  JOIN tm_type t ON t.id = r.type
  JOIN tm_source_type st ON st.type = r.type
  JOIN tm_source s ON s.id = st.source
 WHERE r.control NOT IN (SELECT id FROM tm_control)
 ORDER BY r.id, s.position

-- The exports of a source that hold a type, in the order coverage wants. An event file covers what its name says, and without a
-- date in its name the period up to the moment it was collected. One of a month or less covers no day after the one on which it
-- was collected (in the zone of the source): what is kept by hand over a longer time may be finished before that is over. A
-- snapshot of a day that was collected on an earlier one is not of that day.
-- ?1, ?2: the period; ?3 source; ?4 type; ?5 as_of; ?6 snapshots.
-- name: coverage_exports
SELECT e.id, n.effective_at, ifnull(e.span_from, ?1),
       CASE WHEN e.span_until IS NULL THEN min(?2, ifnull(e.collected_at, ?2))
            WHEN ?6 OR e.collected_at IS NULL OR e.span_until - e.span_from > 31 * 86400 THEN e.span_until
            ELSE max(e.span_from, min(e.span_until, e.known_until)) END,
       e.accepted AND NOT (?6 AND ifnull(e.span_until - e.span_from <= 86400 AND e.known_until <= e.span_from, 0)),
       e.list_seen AND e.row_count = 0 AND NOT e.wrong_shape AND NOT e.truncated
  FROM tm_snapshot n
  JOIN (SELECT e.*, e.collected_at + 86400 - (e.collected_at + ifnull(s.zone_offset, 0)) % 86400 AS known_until
          FROM tm_evidence e JOIN tm_source s ON s.id = e.source) AS e ON e.id = n.evidence
 WHERE n.source = ?3 AND n.type = ?4 AND n.effective_at <= ?5
 ORDER BY CASE WHEN ?6 THEN n.effective_at ELSE ifnull(e.span_from, ?1) END, e.path

-- Events that were collected before the time was over that the file's name speaks of, as far as that matters by ?1, and
-- snapshots of a day that were collected before it.
-- name: coverage_cut
SELECT e.path, date(e.span_from, 'unixepoch') || CASE WHEN e.span_until - e.span_from <= 86400 THEN ''
                                                       ELSE ' to ' || date(e.span_until - 1, 'unixepoch') END,
       strftime('%Y-%m-%dT%H:%M:%SZ', e.collected_at, 'unixepoch')
  FROM (SELECT e.*, e.collected_at + 86400 - (e.collected_at + ifnull(s.zone_offset, 0)) % 86400 AS known_until
          FROM tm_evidence e JOIN tm_source s ON s.id = e.source) AS e
 WHERE e.accepted = 1 AND e.known_until < e.span_until AND e.span_until - e.span_from <= 31 * 86400
   AND EXISTS (SELECT 1 FROM tm_snapshot n JOIN tm_type t ON t.id = n.type
                WHERE n.source = e.source AND n.evidence = e.id
                  AND e.known_until < CASE WHEN t.shape = 'event' THEN min(e.span_until, ?1)
                                           WHEN e.span_until - e.span_from <= 86400 THEN min(e.span_from, ?1) + 1 END)
 ORDER BY e.path

-- name: coverage_insert_occurrence
INSERT INTO occurrence (requirement, control, type, source, due_from, due_until, grace, status, evidence, effective_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)

-- An export from behind the period that serves what was due in it, within its grace or late, stands at the period's last
-- second for the tests, which ask for what was in it: every page and every snapshot of it. ?1: the first second after it.
-- name: coverage_stand
UPDATE tm_snapshot SET stands_at = ?1 - 1
 WHERE effective_at >= ?1 AND type IN (SELECT id FROM tm_type WHERE shape = 'snapshot')
   AND (source, effective_at) IN (
       SELECT o.source, o.effective_at FROM occurrence o JOIN tm_type t ON t.id = o.type
        WHERE o.status IN ('met', 'late') AND o.effective_at >= ?1 AND t.shape = 'snapshot')

-- name: coverage_insert_coverage
INSERT INTO tm_coverage (requirement, source, expected, met, late, missing, unusable, longest_gap)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
