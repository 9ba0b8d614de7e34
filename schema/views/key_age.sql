-- Every key of every export with the moment from which its material dates: its last renewal, or its making. The keys that
-- the provider keeps for its own services are among them.
SELECT k.ref, k.source, k.at, k.key, coalesce(k.name, k.key) AS name, k.manager, k.state, k.material,
       max(k.created_at, coalesce(max(r.rotated_at), k.created_at)) AS material_at, max(r.ref) AS ref_rotation
FROM encryption_key AS k
LEFT JOIN key_rotation AS r
  ON r.source = k.source AND r.at = k.at AND (r.key = k.key OR r.key = k.short_id)
GROUP BY k.ref, k.source, k.at, k.key, k.name, k.manager, k.state, k.material, k.created_at
