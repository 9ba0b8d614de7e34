-- For every register of acknowledgements: everybody at work on its date with every version of a document that was in force
-- then, when the person was first to know it (the first working day, or the day it came into force), and when it was
-- acknowledged: NULL where the register does not say so. People on long leave are left out until they are back.
SELECT s.ref, r.at, s.employee, v.document, v.version, max(s.started_at, v.in_force_at) AS asked_at,
       a.acknowledged_at, v.ref AS ref_document, a.ref AS ref_acknowledgement
FROM (SELECT DISTINCT at FROM acknowledgement) AS r
CROSS JOIN roster_span AS o ON o.at <= r.at AND (o.until IS NULL OR o.until > r.at)
CROSS JOIN person AS s ON s.source = o.source AND s.at = o.at
JOIN document_version AS v ON v.in_force_at <= r.at AND (v.replaced_at IS NULL OR v.replaced_at > r.at)
LEFT JOIN (
    SELECT k.at, n.employee, k.document, trim(k.version) AS version, min(k.ref) AS ref, min(k.acknowledged_at) AS acknowledged_at
    FROM acknowledgement AS k
    JOIN person_name AS n ON n.name = lower(trim(k.person))
    WHERE k.acknowledged_at <= k.at
    GROUP BY k.at, n.employee, k.document, trim(k.version)
) AS a ON a.at = r.at AND a.employee = s.employee AND a.document = v.document AND a.version = trim(v.version)
WHERE s.status = 'active' AND s.started_at <= r.at AND (s.ended_at IS NULL OR s.ended_at + 86400 > r.at)
