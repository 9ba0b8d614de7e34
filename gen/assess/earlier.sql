-- name: earlier_list
SELECT id, effective_at FROM tm_evidence WHERE before_period = 1 ORDER BY id
