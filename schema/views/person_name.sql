-- What registers may call a person by, in lower case: the number on the roster, or the company address.
SELECT name, min(employee) AS employee
FROM (
    SELECT lower(trim(employee)) AS name, employee FROM person
    UNION
    SELECT lower(trim(email)), employee FROM person WHERE email IS NOT NULL)
GROUP BY name
