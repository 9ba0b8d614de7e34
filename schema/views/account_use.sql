-- Every account of every export with its last use: the later of its own last sign-in and the last use of its access keys.
-- last_used is NULL when neither was ever used.
-- (What is joined is looked up by its login first: that tells rows apart at once, where all of an export have its source and time
-- in common.)
SELECT a.ref, a.source, a.at, a.login, a.kind, a.active, a.created_at,
       CASE WHEN k.last_used IS NULL THEN a.last_login
            WHEN a.last_login IS NULL THEN k.last_used
            ELSE max(a.last_login, k.last_used) END AS last_used
FROM account AS a
LEFT JOIN (
    SELECT source, at, login, max(last_used) AS last_used
    FROM access_key
    GROUP BY login, at, source
) AS k ON k.login = a.login AND k.at = a.at AND k.source = a.source
