-- The register's last word on every breach. detected_at and recorded_at are the earliest that any export gives for the
-- former and the latest for the latter. gone is 1 where the newest register no longer has the line.
SELECT ref, source, breach, kind, first_detected AS detected_at, last_recorded AS recorded_at, risk, assessed_at,
       authority_told_at, customers_told_at, people_told_at, reason_not_told, closed_at, at < newest AS gone
FROM (
    SELECT *, row_number() OVER (PARTITION BY source, breach ORDER BY at DESC) AS nth,
           min(detected_at) OVER (PARTITION BY source, breach) AS first_detected,
           max(recorded_at) OVER (PARTITION BY source, breach) AS last_recorded,
           max(at) OVER (PARTITION BY source) AS newest
    FROM personal_data_breach)
WHERE nth = 1
