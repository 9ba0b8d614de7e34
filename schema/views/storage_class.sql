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
LEFT JOIN data_store AS d
  ON d.resource = s.resource
     AND d.at = coalesce((SELECT max(i.at) FROM data_store AS i WHERE i.source = d.source AND i.at <= s.at),
                         (SELECT min(i.at) FROM data_store AS i WHERE i.source = d.source))
GROUP BY s.ref, s.source, s.at, s.resource, s.kind, s.encrypted, s.encryption_key
