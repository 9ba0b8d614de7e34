-- Accounts that an export leaves out though the ones before and after it name them as active, each with the time of the
-- export that lacks it. `ref` leads to the account in the export before.
SELECT a.ref, a.source, gap.at, a.login, a.kind
FROM (
    SELECT source, at, lag(at) OVER exports AS before, lead(at) OVER exports AS after
    FROM (SELECT DISTINCT source, at FROM account)
    WINDOW exports AS (PARTITION BY source ORDER BY at)
) AS gap
JOIN account AS a ON a.source = gap.source AND a.at = gap.before AND a.active
JOIN account AS b ON b.source = gap.source AND b.at = gap.after AND b.login = a.login AND b.active
LEFT JOIN account AS here ON here.source = gap.source AND here.at = gap.at AND here.login = a.login
WHERE here.ref IS NULL
