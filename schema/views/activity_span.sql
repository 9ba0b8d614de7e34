-- Every entry of every export of the record of processing, with the time that it speaks for: from the export before it (not
-- included) to its own; the newest export also for what comes after it, the first also for all before it.
SELECT p.ref, p.source, p.at, p.activity, p.purpose, p.basis, p.data_categories, p.sensitive, p.retention_days, p.status,
       p.registered_at, p.ended_at, e.speaks_from, e.speaks_until
FROM processing_activity AS p
JOIN (
    SELECT source, at, lag(at) OVER (PARTITION BY source ORDER BY at) AS speaks_from,
           CASE WHEN lead(at) OVER (PARTITION BY source ORDER BY at) IS NOT NULL THEN at END AS speaks_until
    FROM (SELECT DISTINCT source, at FROM processing_activity)
) AS e ON e.source = p.source AND e.at = p.at
