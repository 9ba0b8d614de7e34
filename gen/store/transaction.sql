-- name: begin
BEGIN

-- name: commit
COMMIT
