-- Accounts that exports leave out though the ones before and after name them as active, each with the time of the first
-- export that lacks it. `ref` leads to the account in the export before.
SELECT m.ref, m.source, m.login, m.kind,
       (SELECT min(next.at) FROM account AS next WHERE next.source = m.source AND next.at > m.at) AS at
FROM (
    SELECT ref, source, at, login, kind, active, export,
           lead(export) OVER same_account AS next_export, lead(active) OVER same_account AS next_active
    FROM (SELECT ref, source, at, login, kind, active, dense_rank() OVER (PARTITION BY source ORDER BY at) AS export
          FROM account)
    WINDOW same_account AS (PARTITION BY source, login ORDER BY export)
) AS m
WHERE m.next_export > m.export + 1 AND m.active AND m.next_active
