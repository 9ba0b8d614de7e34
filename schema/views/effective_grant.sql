-- Every permission that an account holds at an export: its own, and those of the groups that it is in, however deep.
-- `through` names the group, or says 'own'. permission is NULL where the export does not describe the group.
WITH RECURSIVE member(ref, source, at, login, team) AS (
    SELECT ref, source, at, holder, permission FROM permission_grant WHERE holder_kind = 'account' AND via = 'member'
    UNION
    SELECT m.ref, m.source, m.at, m.login, g.permission
    FROM member AS m
    JOIN permission_grant AS g
      ON g.source = m.source AND g.at = m.at AND g.holder_kind = 'group' AND g.holder = m.team AND g.via = 'member')
SELECT ref, source, at, holder AS login, permission, 'own' AS through, NULL AS ref_group
FROM permission_grant
WHERE holder_kind = 'account' AND via = 'granted'
UNION ALL
SELECT m.ref, m.source, m.at, m.login, g.permission, 'group ' || m.team, g.ref
FROM member AS m
JOIN permission_grant AS g
  ON g.source = m.source AND g.at = m.at AND g.holder_kind = 'group' AND g.holder = m.team AND g.via = 'granted'
UNION ALL
SELECT m.ref, m.source, m.at, m.login, NULL, 'group ' || m.team, NULL
FROM member AS m
WHERE m.team IS NULL
   OR (m.source, m.at, m.team) NOT IN (SELECT source, at, holder FROM permission_grant
                                       WHERE holder_kind = 'group' AND via <> 'member' AND holder IS NOT NULL)
