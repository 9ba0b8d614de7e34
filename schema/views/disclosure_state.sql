-- The register's last word on every disclosure; gone is 1 where the newest register no longer has the line.
SELECT ref, source, disclosure, disclosed_at, recorded_at, subject, recipient, activity, basis, consent, reference,
       authorised_by, authorised_at, use, breach, at < newest AS gone
FROM (
    SELECT *, row_number() OVER (PARTITION BY source, disclosure ORDER BY at DESC) AS nth,
           max(at) OVER (PARTITION BY source) AS newest
    FROM disclosure)
WHERE nth = 1
