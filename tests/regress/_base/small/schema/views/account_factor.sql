-- Every account of every export with its second factor, NULL where no report of the same day names it.
SELECT a.ref, a.source, a.at, a.login, a.active, f.enrolled, f.ref AS ref_factor
FROM account AS a
LEFT JOIN second_factor AS f ON f.at = a.at AND f.login = a.login
