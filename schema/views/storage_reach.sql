-- Whether each storage of every export can be reached from the internet: by itself, or through one of its nodes as their newest
-- export up to then, or the first one, has them. public is NULL where neither says so.
SELECT s.ref, s.source, s.at, s.resource,
       CASE WHEN s.public = 1 OR max(n.public) = 1 THEN 1
            WHEN count(n.public) < count(n.ref) THEN NULL
            WHEN s.public = 0 OR count(n.ref) > 0 THEN 0 END AS public,
       min(n.ref) AS ref_node
FROM storage AS s
LEFT JOIN storage_node AS n
  ON n.resource = s.resource
     AND n.at = coalesce((SELECT max(e.at) FROM storage_node AS e WHERE e.source = n.source AND e.at <= s.at),
                         (SELECT min(e.at) FROM storage_node AS e WHERE e.source = n.source))
GROUP BY s.ref, s.source, s.at, s.resource, s.public
