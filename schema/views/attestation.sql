-- What people attested on documents, as manual tests are answered: `test` is the one that a document speaks to, `at` when the
-- document took effect, `person` whose login `attested_by` is, or NULL where the programme's people do not say.
SELECT d.ref, d.at, trim(d.attests) AS test, d.document, d.attested_by, d.attested_at, d.conclusion, h.person
FROM document AS d
LEFT JOIN (SELECT login, min(person) AS person FROM identity GROUP BY login) AS h ON h.login = lower(trim(d.attested_by))
WHERE d.attests IS NOT NULL
