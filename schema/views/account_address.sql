-- Every account of every export with the address by which its person is found: the account's own, or its login where the
-- export gives none; NULL when there is nothing that could be matched.
SELECT *, lower(CASE WHEN email IS NOT NULL THEN email WHEN instr(login, '@') > 1 THEN login END) AS address
FROM account
