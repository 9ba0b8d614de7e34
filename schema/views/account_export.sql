-- Every export of accounts that names any, by source and time.
SELECT DISTINCT source, at FROM account
