-- Every account of every export with the person it belongs to, found by address: the account's own, or its login where the
-- export gives none. An address that any roster gave counts, so that nobody is lost who was renamed; one that several people
-- had belongs to whoever began last. address is NULL when there is nothing that could be matched; employee is NULL when nobody
-- ever had it.
-- many has one row, and SQLite cannot tell: what is joined with it counts as large, and is looked up by an index of its own
-- instead of being gone through for every address.
WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 1),
held AS (
    SELECT CAST(lower(trim(email)) AS TEXT) AS address, employee, min(started_at) AS started_at
    FROM person WHERE email IS NOT NULL GROUP BY lower(trim(email)), employee),
spans AS (
    SELECT address, employee, lag(started_at) OVER same_address IS NULL AS first_holder, started_at AS since,
           lead(started_at) OVER same_address AS until
    FROM many CROSS JOIN held
    WINDOW same_address AS (PARTITION BY address ORDER BY started_at, employee)),
known AS MATERIALIZED (SELECT e.* FROM employment AS e CROSS JOIN many),
holder AS MATERIALIZED (
    SELECT s.address, s.first_holder, s.since, s.until, e.employee, e.name, e.started_at, e.ended_at, e.gone, e.last_seen, e.ref
    FROM spans AS s CROSS JOIN known AS e ON e.employee = s.employee)
SELECT a.ref, a.source, a.at, a.login, a.kind, a.active, a.created_at, a.status_changed_at, a.address,
       h.employee, h.name, h.started_at, h.ended_at, h.gone, h.last_seen, h.ref AS ref_person
FROM account_address AS a
LEFT JOIN holder AS h ON h.address = a.address AND (h.first_holder OR h.since <= a.at) AND (h.until IS NULL OR h.until > a.at)
