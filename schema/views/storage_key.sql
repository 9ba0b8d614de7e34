-- Every storage of every export that names its key, with what the key management service says of that key: in its newest
-- export up to then, or in the first one where there was none yet. state is NULL when no export knows the key.
SELECT s.ref, s.source, s.at, s.resource, s.encryption_key, min(k.ref) AS ref_key, min(k.state) AS state, min(k.manager) AS manager
FROM storage AS s
LEFT JOIN encryption_key AS k
  ON (k.key = s.encryption_key OR k.short_id = s.encryption_key)
     AND k.at = coalesce((SELECT max(e.at) FROM encryption_key AS e WHERE e.source = k.source AND e.at <= s.at),
                         (SELECT min(e.at) FROM encryption_key AS e WHERE e.source = k.source))
WHERE s.encryption_key IS NOT NULL
GROUP BY s.ref, s.source, s.at, s.resource, s.encryption_key
