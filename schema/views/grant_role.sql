-- Every effective grant with the job role of its holder: the title on the roster in force at the export (the newest one not
-- younger, or the first), found by the programme's map of logins; for an account in the register of service accounts, and
-- for no person, "service account LOGIN". role is NULL where nobody is known by the login.
WITH roster AS MATERIALIZED (
    SELECT g.at, coalesce(max(CASE WHEN r.at <= g.at THEN r.at END), min(r.at)) AS roster_at
    FROM (SELECT DISTINCT at FROM permission_grant) AS g CROSS JOIN (SELECT DISTINCT at FROM roster_span) AS r
    GROUP BY g.at),
listed AS MATERIALIZED (SELECT ref, at, employee, title FROM person WHERE at IN (SELECT roster_at FROM roster))
SELECT e.ref, e.source, e.at, e.login, e.permission, e.through, e.ref_group, i.person AS employee, p.ref AS ref_person,
       CASE WHEN i.person IS NOT NULL THEN p.title
            WHEN s.login IS NOT NULL THEN 'service account ' || s.login END AS role,
       e.source || '/' || e.login || ': ' || coalesce(e.permission, 'what the group gives')
       || CASE WHEN e.through = 'own' THEN '' ELSE ' (' || e.through || ')' END AS item
FROM effective_grant AS e
LEFT JOIN (SELECT login, min(person) AS person FROM identity GROUP BY login) AS i ON i.login = lower(trim(e.login))
LEFT JOIN roster AS f ON f.at = e.at
LEFT JOIN listed AS p ON p.at = f.roster_at AND p.employee = i.person
LEFT JOIN (SELECT DISTINCT lower(trim(login)) AS login FROM account_owner) AS s ON s.login = lower(trim(e.login))
