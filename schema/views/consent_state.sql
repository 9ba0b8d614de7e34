-- The register's last word on every consent; gone is 1 where the newest register no longer has the line. given_at is the
-- latest and withdrawn_at the earliest time that any export gives, so that a later correction does not make a use rightful.
SELECT ref, source, consent, subject, activity, form, wording, last_given AS given_at, first_withdrawn AS withdrawn_at,
       first_used_at, stopped_at, at < newest AS gone
FROM (
    SELECT *, row_number() OVER (PARTITION BY source, consent ORDER BY at DESC) AS nth,
           max(given_at) OVER (PARTITION BY source, consent) AS last_given,
           min(withdrawn_at) OVER (PARTITION BY source, consent) AS first_withdrawn,
           max(at) OVER (PARTITION BY source) AS newest
    FROM consent)
WHERE nth = 1
