-- Every deployment with how it ended: 'success', 'failure', or NULL when no final status was reported. A deployment that
-- was replaced later ('inactive') keeps the outcome it had.
SELECT d.ref, d.repository, d.deployment, d.environment, d.commit_sha, d.creator, d.created_at,
       CASE WHEN s.succeeded_at IS NOT NULL AND (s.failed_at IS NULL OR s.failed_at <= s.succeeded_at) THEN 'success'
            WHEN s.failed_at IS NOT NULL THEN 'failure' END AS outcome,
       s.succeeded_at, s.failed_at
FROM deployment AS d
LEFT JOIN (
    SELECT repository, deployment,
           max(CASE WHEN state = 'success' THEN reported_at END) AS succeeded_at,
           max(CASE WHEN state = 'failure' THEN reported_at END) AS failed_at
    FROM deployment_status
    GROUP BY repository, deployment
) AS s ON s.repository = d.repository AND s.deployment = d.deployment
