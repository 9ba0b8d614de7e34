-- The roster's last word on every person: the row of the newest roster that still names them. gone is 1 for a person whom
-- the newest roster no longer names, so that an unrecorded end can be seen.
WITH last AS MATERIALIZED (SELECT source, employee, max(at) AS at FROM person GROUP BY employee, source)
SELECT p.ref, p.employee, p.name, p.status, lower(trim(p.email)) AS email, p.started_at, p.ended_at, p.at AS last_seen,
       p.at < newest.at AS gone
FROM person AS p
CROSS JOIN last ON last.employee = p.employee AND last.source = p.source AND last.at = p.at
CROSS JOIN (SELECT source, max(at) AS at FROM last GROUP BY source) AS newest ON newest.source = p.source
ORDER BY +p.source, p.employee, p.ref
