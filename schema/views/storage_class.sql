-- Every storage of every export with the classification that the inventory of data gives it: the strictest of the stores
-- in it, from the newest inventory up to then, or from the first one where there was none yet. classification is NULL when
-- the inventory does not name the storage or gives no class.
SELECT s.ref, s.source, s.at, s.resource, s.kind, s.encrypted, s.encryption_key,
       CASE WHEN count(CASE WHEN d.classification = 'confidential' THEN 1 END) > 0 THEN 'confidential'
            WHEN count(d.classification) < count(d.ref) THEN NULL
            WHEN count(CASE WHEN d.classification = 'internal' THEN 1 END) > 0 THEN 'internal'
            ELSE max(d.classification) END AS classification,
       min(d.ref) AS ref_store
FROM storage AS s
LEFT JOIN (
    SELECT i.storage_at, t.ref, t.resource, t.classification
    FROM (
        SELECT g.at AS storage_at, e.source, coalesce(max(CASE WHEN e.at <= g.at THEN e.at END), min(e.at)) AS at
        FROM (SELECT DISTINCT at FROM storage) AS g CROSS JOIN (SELECT DISTINCT source, at FROM data_store) AS e
        GROUP BY g.at, e.source
    ) AS i
    JOIN data_store AS t ON t.source = i.source AND t.at = i.at
) AS d ON d.storage_at = s.at AND d.resource = s.resource
GROUP BY s.ref, s.source, s.at, s.resource, s.kind, s.encrypted, s.encryption_key
