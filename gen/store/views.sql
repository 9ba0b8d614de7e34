-- Views that the schema's authors wrote.
-- name: create_written_view
CREATE VIEW "{view}" AS {select}

-- name: try_written_view
SELECT * FROM "{view}"

-- name: drop_written_view
DROP VIEW "{view}"
