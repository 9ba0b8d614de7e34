-- The quarters of the period: `since` is where the quarter begins, `begins` and `ends` what of it is in the period. What is due
-- once a quarter is due at the quarter's end: `due` in a period in which it ends, and where none ends, in every one.
SELECT quarter, since, begins, ends, days, begins = since AND ends = until AS whole,
       ends = until OR NOT max(ends = until) OVER () AS due
FROM (
    SELECT quarter, begins, ends, days, unixepoch(first) AS since, unixepoch(first, '+3 months') AS until
    FROM (
        SELECT quarter, min(day) AS begins, max(day) + 86400 AS ends, count(*) AS days,
               substr(quarter, 1, 4) || CASE substr(quarter, 6) WHEN 'Q1' THEN '-01-01' WHEN 'Q2' THEN '-04-01'
                                                                WHEN 'Q3' THEN '-07-01' ELSE '-10-01' END AS first
        FROM calendar GROUP BY quarter))
