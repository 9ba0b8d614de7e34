-- Every account of every export with its second factors. mfa is 1 when any factor is set up, 0 when the same export lists
-- factors of the account and none is, and NULL (unknown) when the export says nothing of them. Where an export of accounts
-- says nothing of an account's factors, other exports of the same system and day are asked, such as a report of factors that
-- stands by itself; of several the one that knows of no factor counts.
-- (The + keeps the planner from making an index of all factors for the few exports that stand by themselves.)
WITH factor AS MATERIALIZED (
    SELECT source, at, login, min(ref) AS ref_mfa,
           CASE WHEN max(enrolled) = 1 THEN 1 WHEN count(enrolled) < count(*) THEN NULL ELSE 0 END AS mfa
    FROM mfa_enrolment
    GROUP BY source, at, login),
pair AS MATERIALIZED (
    SELECT x.source, y.source AS other
    FROM source_system AS x JOIN source_system AS y ON y.system = x.system AND y.source <> x.source
    WHERE x.source IN (SELECT source FROM account_export) AND y.source IN (SELECT source FROM factor)),
elsewhere AS MATERIALIZED (
    SELECT p.source, f.at / 86400 AS day, f.login, min(f.ref_mfa) AS ref_mfa,
           CASE WHEN count(f.mfa) = count(*) THEN min(f.mfa) END AS mfa
    FROM pair AS p CROSS JOIN factor AS f ON +f.source = p.other
    GROUP BY p.source, f.at / 86400, f.login)
SELECT a.ref, a.source, a.at, a.login, a.kind, a.active,
       CASE WHEN m.login IS NOT NULL THEN m.mfa ELSE e.mfa END AS mfa, coalesce(m.ref_mfa, e.ref_mfa) AS ref_mfa
FROM account AS a
LEFT JOIN factor AS m ON m.source = a.source AND m.at = a.at AND m.login = a.login
LEFT JOIN elsewhere AS e ON e.source = a.source AND e.day = a.at / 86400 AND e.login = a.login
