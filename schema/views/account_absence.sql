-- Accounts that exports leave out though the ones before and after name them as active, each with the time of the first
-- export that lacks it. `ref` leads to the account in the export before.
-- (Most accounts are in every export from their first to their last, which is soon counted: only the others are gone through.
-- Where there are none, nothing is gone through: that is what the one row of any is for. The + keeps the planner from making an
-- index of all accounts by export for that. What is grouped begins with the login, which tells rows apart at once.)
WITH export AS MATERIALIZED (
    SELECT source, at, row_number() OVER same_source AS place, lead(at) OVER same_source AS next_at
    FROM account_export
    WINDOW same_source AS (PARTITION BY source ORDER BY at)),
known AS MATERIALIZED (
    SELECT source, login, min(at) AS first_at, max(at) AS last_at, count(DISTINCT at) AS exports
    FROM account GROUP BY login, source),
torn AS MATERIALIZED (
    SELECT k.source, k.login
    FROM known AS k
    CROSS JOIN export AS f ON f.source = k.source AND f.at = k.first_at
    CROSS JOIN export AS l ON l.source = k.source AND l.at = k.last_at
    WHERE l.place - f.place >= k.exports)
SELECT m.ref, m.source, m.login, m.kind, e.next_at AS at
FROM (
    SELECT a.ref, a.source, a.at, a.login, a.kind, a.active,
           lead(a.at) OVER same_account AS seen_again, lead(a.active) OVER same_account AS next_active
    FROM (SELECT 1 FROM torn LIMIT 1) AS any
    CROSS JOIN account AS a
    CROSS JOIN torn AS t ON t.source = a.source AND t.login IS a.login
    WINDOW same_account AS (PARTITION BY +a.source, a.login ORDER BY a.at)
) AS m
JOIN export AS e ON e.source = m.source AND e.at = m.at
WHERE m.seen_again > e.next_at AND m.active AND m.next_active
