-- Every permission that an account holds at an export: its own, and those of the groups that it is in, however deep.
-- `through` names the group, or says 'own'. permission is NULL where the export does not describe the group.
-- (The + keeps the planner from thinking that the groups are few: it would compare them all with every member.)
WITH RECURSIVE inner_group AS MATERIALIZED (
    SELECT source, at, holder, permission FROM permission_grant WHERE holder_kind = 'group' AND via = 'member'),
reached(source, at, team, inner_team) AS (
    SELECT source, at, holder, permission FROM inner_group
    UNION
    SELECT m.source, m.at, m.team, g.permission
    FROM reached AS m
    JOIN inner_group AS g ON g.source = m.source AND g.at = m.at AND g.holder = m.inner_team),
direct AS MATERIALIZED (
    SELECT ref, source, at, holder AS login, permission AS team
    FROM permission_grant WHERE holder_kind = 'account' AND via = 'member'),
member AS MATERIALIZED (
    SELECT ref, source, at, login, team FROM direct
    UNION
    SELECT d.ref, d.source, d.at, d.login, r.inner_team
    FROM direct AS d
    JOIN reached AS r ON r.source = d.source AND r.at = d.at AND r.team = d.team),
granted AS MATERIALIZED (
    SELECT ref, source, at, holder, permission FROM permission_grant WHERE +holder_kind = 'group' AND via = 'granted')
SELECT ref, source, at, holder AS login, permission, 'own' AS through, NULL AS ref_group
FROM permission_grant
WHERE holder_kind = 'account' AND via = 'granted'
UNION ALL
SELECT m.ref, m.source, m.at, m.login, g.permission, 'group ' || m.team, g.ref
FROM member AS m
JOIN granted AS g ON g.source = m.source AND g.at = m.at AND g.holder = m.team
UNION ALL
SELECT m.ref, m.source, m.at, m.login, NULL, 'group ' || m.team, NULL
FROM member AS m
WHERE m.team IS NULL
   OR (m.source, m.at, m.team) NOT IN (SELECT source, at, holder FROM permission_grant
                                       WHERE holder_kind = 'group' AND via <> 'member' AND holder IS NOT NULL)
