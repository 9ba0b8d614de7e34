-- What registers may call a person by, in lower case: the number on the roster, or the company address.
WITH known AS MATERIALIZED (SELECT DISTINCT employee, email FROM person)
SELECT name, CAST(min(employee) AS TEXT) AS employee -- as TEXT it is found through an index
FROM (
    SELECT lower(trim(employee)) AS name, employee FROM known
    UNION ALL
    SELECT lower(trim(email)), employee FROM known WHERE email IS NOT NULL)
GROUP BY name
