-- Statements, with the person who made them.
SELECT s.ref, s.at, s.attests AS test, s.attested_by, s.attested_at, s.conclusion, i.person, NULL AS left_at
FROM statement AS s LEFT JOIN identity AS i ON i.login = s.attested_by
