-- name: letter_prior
SELECT until_at, as_of, path FROM tm_prior ORDER BY position DESC LIMIT 1
