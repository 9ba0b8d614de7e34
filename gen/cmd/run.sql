-- name: run_meta
INSERT INTO tm_meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value

-- name: run_shortcomings
SELECT count(*) FROM tm_control_result WHERE verdict IN ('exception', 'insufficient')
