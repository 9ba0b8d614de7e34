-- What people attested on documents, as manual tests are answered: `test` is the one that a document speaks to, `at` when the
-- document took effect, `person` whose login `attested_by` is, or NULL where the programme's people do not say. `left_at` is
-- from when on the roster no longer has them: after their last day, or after the last roster that names them.
SELECT d.ref, d.at, trim(d.attests) AS test, d.document, d.attested_by, d.attested_at, d.conclusion, h.person,
       86400 + CASE WHEN e.ended_at IS NOT NULL THEN e.ended_at
                    WHEN e.gone = 1 OR e.status = 'terminated' THEN e.last_seen
               END AS left_at
FROM document AS d
LEFT JOIN (SELECT login, min(person) AS person FROM identity GROUP BY login) AS h ON h.login = lower(trim(d.attested_by))
LEFT JOIN person_name AS n ON n.name = lower(trim(d.attested_by))
LEFT JOIN employment AS e ON e.employee = coalesce(n.employee, h.person)
WHERE d.attests IS NOT NULL
