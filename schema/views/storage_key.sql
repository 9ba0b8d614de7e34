-- Every storage of every export that names its key, with what the key management service says of that key: in its newest
-- export up to then, or in the first one where there was none yet. state is NULL when no export knows the key.
SELECT s.ref, s.source, s.at, s.resource, s.encryption_key, min(k.ref) AS ref_key, min(k.state) AS state, min(k.manager) AS manager
FROM storage AS s
LEFT JOIN (
    SELECT i.storage_at, t.name, t.ref, t.state, t.manager
    FROM (
        SELECT g.at AS storage_at, e.source, coalesce(max(CASE WHEN e.at <= g.at THEN e.at END), min(e.at)) AS at
        FROM (SELECT DISTINCT at FROM storage) AS g CROSS JOIN (SELECT DISTINCT source, at FROM encryption_key) AS e
        GROUP BY g.at, e.source
    ) AS i
    JOIN (
        SELECT source, at, key AS name, ref, state, manager FROM encryption_key
        UNION ALL
        SELECT source, at, short_id, ref, state, manager FROM encryption_key
    ) AS t ON t.source = i.source AND t.at = i.at
) AS k ON k.storage_at = s.at AND k.name = s.encryption_key
WHERE s.encryption_key IS NOT NULL
GROUP BY s.ref, s.source, s.at, s.resource, s.encryption_key
