-- Every job of every export of the register of jobs, with the time that it speaks for: from the export before it (not
-- included) to its own; the newest export also for what comes after it, the first also for all before it.
SELECT j.ref, j.source, j.at, j.job, j.schedule, j.due_time, j.active_from, j.active_until, e.speaks_from, e.speaks_until
FROM processing_job AS j
JOIN (
    SELECT source, at, lag(at) OVER (PARTITION BY source ORDER BY at) AS speaks_from,
           CASE WHEN lead(at) OVER (PARTITION BY source ORDER BY at) IS NOT NULL THEN at END AS speaks_until
    FROM (SELECT DISTINCT source, at FROM processing_job)
) AS e ON e.source = j.source AND e.at = j.at
