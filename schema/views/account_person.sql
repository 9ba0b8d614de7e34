-- Every account of every export with the person it belongs to, found by address: the account's own, or its login where the
-- export gives none. address is NULL when there is nothing that could be matched; employee is NULL when nobody has it.
SELECT a.ref, a.source, a.at, a.login, a.kind, a.active, a.created_at, a.status_changed_at, a.address,
       e.employee, e.name, e.started_at, e.ended_at, e.gone, e.last_seen, e.ref AS ref_person
FROM account_address AS a
LEFT JOIN employment AS e ON e.email = a.address
