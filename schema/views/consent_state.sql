-- The register's last word on every consent; gone is 1 where the newest register no longer has the line.
SELECT ref, source, consent, subject, activity, form, wording, given_at, withdrawn_at, first_used_at, stopped_at,
       at < newest AS gone
FROM (
    SELECT *, row_number() OVER (PARTITION BY source, consent ORDER BY at DESC) AS nth,
           max(at) OVER (PARTITION BY source) AS newest
    FROM consent)
WHERE nth = 1
