-- Approvals that stood when a change was merged: given before the merge, by somebody other than the author, and not taken
-- back before the merge by a later decision of the same reviewer.
SELECT a.ref, a.repository, a.change, a.reviewer, a.commit_sha, a.submitted_at
FROM approval AS a
JOIN change AS c ON c.repository = a.repository AND c.number = a.change
WHERE a.decision = 'approved'
  AND c.merged_at IS NOT NULL
  AND a.submitted_at <= c.merged_at
  AND lower(a.reviewer) <> lower(c.author)
  AND NOT EXISTS (
      SELECT 1 FROM approval AS later
      WHERE later.repository = a.repository AND later.change = a.change AND later.reviewer = a.reviewer
        AND later.submitted_at > a.submitted_at AND later.submitted_at <= c.merged_at
        AND later.decision IN ('changes-requested', 'dismissed'))
