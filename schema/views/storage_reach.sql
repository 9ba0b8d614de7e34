-- Whether each storage of every export can be reached from the internet: by itself, or through one of its nodes as their newest
-- export up to then, or the first one, has them. public is NULL where neither says so.
SELECT s.ref, s.source, s.at, s.resource,
       CASE WHEN s.public = 1 OR max(n.public) = 1 THEN 1
            WHEN count(n.public) < count(n.ref) THEN NULL
            WHEN s.public = 0 OR count(n.ref) > 0 THEN 0 END AS public,
       min(n.ref) AS ref_node
FROM storage AS s
LEFT JOIN (
    SELECT i.storage_at, t.ref, t.resource, t.public
    FROM (
        SELECT g.at AS storage_at, e.source, coalesce(max(CASE WHEN e.at <= g.at THEN e.at END), min(e.at)) AS at
        FROM (SELECT DISTINCT at FROM storage) AS g CROSS JOIN (SELECT DISTINCT source, at FROM storage_node) AS e
        GROUP BY g.at, e.source
    ) AS i
    JOIN storage_node AS t ON t.source = i.source AND t.at = i.at
) AS n ON n.storage_at = s.at AND n.resource = s.resource
GROUP BY s.ref, s.source, s.at, s.resource, s.public
