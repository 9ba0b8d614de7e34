-- Every privileged session with the persons behind its logins and whether it was approved as it should be: by another person
-- and before it began. `independent` is 1 where both persons are known and differ, 0 where they are known or spelled to be
-- the same, and NULL (unknown) otherwise.
SELECT s.ref, s.source, s.session, s.login, s.role, s.reason, s.requested_at, s.approver, s.approved_at, s.started_at,
       s.ended_at, u.person,
       CASE WHEN s.approver IS NULL THEN 0
            WHEN lower(trim(s.approver)) = lower(trim(s.login)) OR u.person = a.person THEN 0
            WHEN u.person IS NOT NULL AND a.person IS NOT NULL THEN 1 END AS independent
FROM privilege_session AS s
LEFT JOIN (SELECT login, min(person) AS person FROM identity GROUP BY login) AS u ON u.login = lower(trim(s.login))
LEFT JOIN (SELECT login, min(person) AS person FROM identity GROUP BY login) AS a ON a.login = lower(trim(s.approver))
