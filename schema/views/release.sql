-- Every deployment with its outcome, the merged change that it carries and the ticket of that change. `repeated` is 1 where
-- the same commit had been deployed there with success before, as when a later one is rolled back.
SELECT d.ref, d.repository, d.deployment, d.environment, d.commit_sha, d.creator, d.created_at, d.outcome, d.succeeded_at,
       coalesce(f.first_at < d.created_at, 0) AS repeated,
       c.ref AS ref_change, c.number AS change, c.merged_at, c.ticket AS named,
       t.ref AS ref_ticket, t.ticket, t.kind, t.risk, t.window_from, t.window_until, t.verified_at
FROM deployment_outcome AS d
LEFT JOIN (
    SELECT repository, lower(environment) AS environment, commit_sha, min(succeeded_at) AS first_at
    FROM deployment_outcome GROUP BY repository, lower(environment), commit_sha
) AS f ON f.repository = d.repository AND f.environment = lower(d.environment) AND f.commit_sha = d.commit_sha
LEFT JOIN change AS c ON c.repository = d.repository AND c.merge_sha = d.commit_sha AND c.merged_at <= d.created_at
LEFT JOIN ticket_state AS t ON t.mark = upper(trim(c.ticket))
