-- Every account of every export with its second factors. mfa is 1 when any factor is set up, 0 when the same export lists
-- factors of the account and none is, and NULL (unknown) when the export says nothing of them.
SELECT a.ref, a.source, a.at, a.login, a.kind, a.active, m.mfa, m.ref_mfa
FROM account AS a
LEFT JOIN (
    SELECT source, at, login, min(ref) AS ref_mfa,
           CASE WHEN max(enrolled) = 1 THEN 1 WHEN count(enrolled) < count(*) THEN NULL ELSE 0 END AS mfa
    FROM mfa_enrolment
    GROUP BY source, at, login
) AS m ON m.source = a.source AND m.at = a.at AND m.login = a.login
