-- What the monthly check asks of a store that was judged.

-- How often the evidence is due that a test reads, and that proves its zero. ?1: test; ?2: control; ?3: a further type.
-- name: check_cadences
SELECT DISTINCT r.cadence
  FROM tm_requirement r
 WHERE r.control = ?2 AND (r.type = ?3 OR r.type IN (SELECT type FROM tm_test_type WHERE test = ?1))

-- Until when a test has to wait: for some source nothing is there yet, and none of it is overdue. ?3: as_of; what is
-- missing and still within its grace is not overdue either. NULL: it has to wait for nothing. Not asked at the very end
-- of the window, when what has not come is missing.
-- name: check_awaited
SELECT max(due)
  FROM (SELECT min(due_until + grace - 1) AS due, count(*) AS expected,
               sum(status = 'future' OR (status = 'missing' AND due_until + grace > ?3)) AS waiting
          FROM occurrence
         WHERE control = ?2 AND due_from <= ?3 AND type IN (SELECT type FROM tm_test_type WHERE test = ?1)
         GROUP BY requirement, source)
 WHERE waiting = expected

-- The last column: in how many ways its evidence is short. One is that items could not be determined, if there are any.
-- name: check_result
SELECT verdict, printed, population, exceptions, undetermined,
       (SELECT count(*) FROM tm_test_state s WHERE s.test = r.test AND s.verdict IN ('insufficient', 'pending'))
  FROM tm_test_result r WHERE test = ?1

-- name: check_reasons
SELECT reason FROM tm_test_state WHERE test = ?1 AND verdict IN ('insufficient', 'pending') ORDER BY number

-- ?2: 'exception' or 'undetermined'.
-- name: check_failures
SELECT x.item, x.text, x.ref, x.waiver, e.path
  FROM tm_exception x
  LEFT JOIN tm_evidence e ON e.id = x.ref >> 32
 WHERE x.test = ?1 AND x.state = ?2
 ORDER BY x.id

-- The newest usable export of every source in force, by type. What its control asks for less often than every so many
-- days cannot be that new, and is left to its coverage. ?1: test; ?2: as_of; ?3: control; ?4: days.
-- name: check_newest
SELECT s.id, t.type, max(n.effective_at)
  FROM tm_source_type t
  JOIN tm_source s ON s.id = t.source
  LEFT JOIN tm_snapshot n ON n.source = s.id AND n.type = t.type AND n.accepted = 1 AND n.effective_at <= ?2
 WHERE t.type IN (SELECT type FROM tm_test_type WHERE test = ?1)
   AND ifnull(s.expected_from, ?2) <= ?2 AND ifnull(s.expected_until, ?2 + 1) > ?2
   AND EXISTS (SELECT 1 FROM tm_requirement r
                WHERE r.control = ?3 AND r.type = t.type
                  AND ?4 >= CASE r.cadence WHEN 'daily' THEN 1 WHEN 'business-day' THEN 3 WHEN 'weekly' THEN 7
                                           WHEN 'monthly' THEN 31 WHEN 'quarterly' THEN 92 ELSE 366 END)
 GROUP BY s.position, t.type
 ORDER BY s.position, t.type

-- Sources of a type in force in the window, and how many of their exports count. ?1: type; ?2, ?3: the window.
-- name: check_sources
SELECT s.id, (SELECT count(*) FROM tm_snapshot n WHERE n.source = s.id AND n.type = t.type AND n.accepted = 1)
  FROM tm_source_type t
  JOIN tm_source s ON s.id = t.source
 WHERE t.type = ?1 AND ifnull(s.expected_from, ?2) < ?3 AND ifnull(s.expected_until, ?3) > ?2
 ORDER BY s.position

-- name: check_evidence
SELECT path FROM tm_evidence WHERE id = ?1
