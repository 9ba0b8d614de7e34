-- name: shortcoming_insert_type
INSERT OR IGNORE INTO tm_test_type (test, type) VALUES (?1, ?2)

-- name: shortcoming_insert_column
INSERT OR IGNORE INTO tm_test_column (test, type, name) VALUES (?1, ?2, ?3)

-- Whether any source is declared for a type.
-- name: shortcoming_sources
SELECT count(*) FROM tm_source_type WHERE type = ?1

-- Occurrences of one control and type that are not met, by source and status, with the first of them.
-- name: shortcoming_occurrences
SELECT o.source, o.status, count(*),
       (SELECT count(*) FROM occurrence p
         WHERE p.requirement = o.requirement AND p.source = o.source AND p.status <> 'future'),
       group_concat(date(o.due_from, 'unixepoch'), ', '), r.cadence
  FROM (SELECT * FROM occurrence
         WHERE control = ?1 AND type = ?2 AND status NOT IN ('met', 'future')
         ORDER BY requirement, source, due_from) o
  JOIN tm_requirement r ON r.id = o.requirement
 GROUP BY o.requirement, o.source, o.status
 ORDER BY o.requirement, o.source, o.status

-- Occurrences of one control and type: of any status, where none at all means that nothing was due, and those not met.
-- name: shortcoming_expected
SELECT count(*), count(CASE WHEN status NOT IN ('met', 'future') THEN 1 END)
  FROM occurrence WHERE control = ?1 AND type = ?2

-- What is due behind the period only, and not there yet. ?3: the first second after the period.
-- name: shortcoming_behind
SELECT o.source, CASE r.cadence WHEN 'period' THEN 'one of the whole period' ELSE r.cadence || ' one' END,
       date(o.due_until - 1, 'unixepoch')
  FROM occurrence o JOIN tm_requirement r ON r.id = o.requirement
 WHERE o.control = ?1 AND o.type = ?2 AND o.status = 'future' AND o.due_until > ?3
 ORDER BY o.requirement, o.source

-- Whether any export of a type counts, be it from before the period.
-- name: shortcoming_exports
SELECT EXISTS (SELECT 1 FROM tm_snapshot n JOIN tm_evidence e ON e.id = n.evidence WHERE n.type = ?1 AND e.accepted = 1)

-- Exports of a type from before the period that serve it: what did not happen in it they do not show.
-- name: shortcoming_earlier
SELECT count(*), date(max(n.effective_at), 'unixepoch')
  FROM tm_snapshot n JOIN tm_evidence e ON e.id = n.evidence
 WHERE n.type = ?1 AND e.accepted = 1 AND e.before_period = 1

-- Records of a type that are invalid, duplicate or unreadable, by file, and how many of them were looked at.
-- name: shortcoming_records
SELECT e.path, t.invalid, t.duplicates, e.rejected, t.dispositioned,
       max(e.records, t.row_count), s.tolerated_invalid
  FROM tm_evidence_type t
  JOIN tm_evidence e ON e.id = t.evidence
  JOIN tm_source s ON s.id = e.source
 WHERE t.type = ?1 AND t.invalid + t.duplicates + e.rejected > 0
 ORDER BY e.path

-- Sources of a type whose numbers show that records are missing, or show nothing though they were declared to.
-- name: shortcoming_sequences
SELECT q.source, q.name, q.missing, q.missing_text, q.scattered, q.unnumbered, q.records
  FROM tm_sequence q
  JOIN tm_source s ON s.id = q.source
  JOIN tm_source_type t ON t.source = q.source
 WHERE t.type = ?1 AND NOT q.complete
 ORDER BY s.position
