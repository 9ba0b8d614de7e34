-- Approvals that stood when a change was merged: given between its proposal and its merge, by somebody other than the
-- author under any of their logins, and not taken back before the merge by a later decision of the same reviewer.
-- `independent` is 1 where the reviewer is known to be another person than the author, and NULL where the identity map does
-- not name both; `person` is the reviewer's number there. A bot is nobody's login; who approves its changes has to be known all the same.
SELECT a.ref, a.repository, a.change, a.reviewer, r.person, a.commit_sha, a.submitted_at,
       CASE WHEN r.person IS NOT NULL AND (w.person IS NOT NULL OR c.author_kind = 'bot') THEN 1 END AS independent
FROM approval AS a
JOIN change AS c ON c.repository = a.repository AND c.number = a.change
LEFT JOIN (SELECT login, min(person) AS person FROM identity GROUP BY login) AS r ON r.login = lower(trim(a.reviewer))
LEFT JOIN (SELECT login, min(person) AS person FROM identity GROUP BY login) AS w ON w.login = lower(trim(c.author))
WHERE a.decision = 'approved'
  AND c.merged_at IS NOT NULL
  AND a.submitted_at >= c.opened_at
  AND a.submitted_at <= c.merged_at
  AND lower(trim(a.reviewer)) <> lower(trim(c.author))
  AND (r.person IS NULL OR w.person IS NULL OR r.person <> w.person)
  AND NOT EXISTS (
      SELECT 1 FROM approval AS later
      WHERE later.repository = a.repository AND later.change = a.change AND later.reviewer = a.reviewer
        AND later.submitted_at > a.submitted_at AND later.submitted_at <= c.merged_at
        AND later.decision IN ('changes-requested', 'dismissed'))
