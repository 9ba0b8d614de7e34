-- For every register of acknowledgements: everybody at work on its date with every version of a document that was in force
-- then, when the person was first to know it (the first working day, the day it came into force, or the last roster that had
-- the person on long leave), and when it was acknowledged: NULL where the register does not say so. People on long leave are
-- left out until they are back.
WITH due AS MATERIALIZED (
    SELECT r.at, o.source, o.at AS roster_at, v.ref, v.document, v.version, v.in_force_at
    FROM (SELECT DISTINCT at FROM acknowledgement) AS r
    CROSS JOIN roster_span AS o ON o.at <= r.at AND (o.until IS NULL OR o.until > r.at)
    CROSS JOIN document_version AS v ON v.in_force_at <= r.at AND (v.replaced_at IS NULL OR v.replaced_at > r.at))
SELECT s.ref, r.at, s.employee, r.document, r.version, max(s.started_at, r.in_force_at, coalesce(b.away_at, 0)) AS asked_at,
       a.acknowledged_at, r.ref AS ref_document, a.ref AS ref_acknowledgement
FROM person AS s
CROSS JOIN due AS r ON r.source = s.source AND r.roster_at = s.at
LEFT JOIN (SELECT employee, max(at) AS away_at FROM person WHERE status = 'leave' GROUP BY +employee) AS b
  ON b.employee = s.employee AND b.away_at < s.at
LEFT JOIN (
    SELECT k.at, n.employee, k.document, trim(k.version) AS version, min(k.ref) AS ref, min(k.acknowledged_at) AS acknowledged_at
    FROM acknowledgement AS k
    JOIN person_name AS n ON n.name = lower(trim(k.person))
    WHERE k.acknowledged_at <= k.at
    GROUP BY n.employee, k.at, k.document, trim(k.version)
) AS a ON a.employee = s.employee AND a.at = r.at AND a.document = r.document AND a.version = trim(r.version)
WHERE s.status IN ('active', 'pending') AND s.started_at <= r.at AND (s.ended_at IS NULL OR s.ended_at + 86400 > r.at)
