-- Statements, with the person who made them, and the day after their last one.
SELECT s.ref, s.at, s.attests AS test, s.attested_by, s.attested_at, s.conclusion, i.person, p.left_on + 86400 AS left_at
FROM statement AS s LEFT JOIN identity AS i ON i.login = s.attested_by
LEFT JOIN (SELECT email, max(left_on) AS left_on FROM person GROUP BY email) AS p ON p.email = s.attested_by
