-- name: run_meta
INSERT INTO tm_meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value

-- What is not in order: evidence that a person still owes is evidence that is not there.
-- name: run_shortcomings
SELECT count(*) FROM tm_control_result WHERE verdict IN ('exception', 'insufficient', 'pending')
