-- Every version of every document as it was approved, once, however many exports hold it, with what was in force before and
-- after it in the evidence. A version that nobody approved has no place in that order: its in_force_at is NULL. A version that
-- was approved again stands here once for each approval.
SELECT ref, document, title, category, version, owner, approved_by, approved_at, in_force_at, replaces, replaces_approved_at,
       CASE WHEN in_force_at IS NOT NULL THEN lead(in_force_at) OVER same_document END AS replaced_at,
       CASE WHEN in_force_at IS NOT NULL THEN lag(approved_at) OVER same_document END AS previous_approved_at,
       first_seen, last_seen
FROM (
    SELECT min(ref) AS ref, document, min(title) AS title, min(category) AS category, version, min(owner) AS owner,
           min(approved_by) AS approved_by, approved_at,
           CASE WHEN approved_at IS NOT NULL AND min(approved_by) IS NOT NULL
                THEN coalesce(min(in_force_from), approved_at) END AS in_force_at,
           min(replaces) AS replaces, min(replaces_approved_at) AS replaces_approved_at,
           min(at) AS first_seen, max(at) AS last_seen
    FROM document
    GROUP BY document, version, approved_at)
WINDOW same_document AS (PARTITION BY document, in_force_at IS NULL ORDER BY in_force_at, approved_at, version)
