-- Accounts that exports leave out though the ones before and after name them as active, each with the time of the first
-- export that lacks it. `ref` leads to the account in the export before.
SELECT m.ref, m.source, m.login, m.kind, e.next_at AS at
FROM (
    SELECT ref, source, at, login, kind, active,
           lead(at) OVER same_account AS seen_again, lead(active) OVER same_account AS next_active
    FROM account
    WINDOW same_account AS (PARTITION BY source, login ORDER BY at)
) AS m
JOIN (
    SELECT source, at, lead(at) OVER (PARTITION BY source ORDER BY at) AS next_at
    FROM account_export
) AS e ON e.source = m.source AND e.at = m.at
WHERE m.seen_again > e.next_at AND m.active AND m.next_active
