-- Accounts as the newest exports have them, with their factors.
SELECT f.* FROM account_factor AS f JOIN account_latest AS a ON a.ref = f.ref
