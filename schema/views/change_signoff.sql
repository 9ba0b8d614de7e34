-- Approvals that a change's ticket carries, given by somebody other than the author of the change and whoever asked for it,
-- under any of their logins. `independent` is 1 where the approver is known to be another person than both, and NULL where
-- the identity map does not name all of them. `person` tells approvers apart.
SELECT a.ref, c.repository, c.number AS change, t.ticket, a.role, a.approver, a.decided_at,
       coalesce(p.person, lower(trim(a.approver))) AS person,
       CASE WHEN p.person IS NOT NULL AND (w.person IS NOT NULL OR c.author_kind = 'bot')
                 AND (q.person IS NOT NULL OR t.requester IS NULL AND c.author_kind = 'bot') THEN 1 END AS independent
FROM change AS c
CROSS JOIN ticket_state AS t ON t.mark = upper(trim(c.ticket))
CROSS JOIN ticket_approval AS a ON a.source = t.source AND a.at = t.at AND a.ticket = t.ticket
LEFT JOIN (SELECT login, min(person) AS person FROM identity GROUP BY login) AS p ON p.login = lower(trim(a.approver))
LEFT JOIN (SELECT login, min(person) AS person FROM identity GROUP BY login) AS w ON w.login = lower(trim(c.author))
LEFT JOIN (SELECT login, min(person) AS person FROM identity GROUP BY login) AS q ON q.login = lower(trim(t.requester))
WHERE a.decision = 'approved' AND a.decided_at IS NOT NULL
  AND lower(trim(a.approver)) <> lower(trim(c.author))
  AND lower(trim(a.approver)) <> lower(trim(coalesce(t.requester, '')))
  AND (p.person IS NULL OR w.person IS NULL OR p.person <> w.person)
  AND (p.person IS NULL OR q.person IS NULL OR p.person <> q.person)
