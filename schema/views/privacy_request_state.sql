-- The register's last word on every request. received_at is the earliest date of receipt that any export gives, so that a
-- later correction of it does not make an answer timely. gone is 1 where the newest register no longer has the line.
SELECT ref, source, request, kind, subject, first_received AS received_at, acknowledged_at, identity_verified_at,
       extended_to, extension_told_at, extension_reason, answered_at, outcome, refusal_reason, redress_told, recipients,
       disclosures_listed, handler, at < newest AS gone
FROM (
    SELECT *, row_number() OVER (PARTITION BY source, request ORDER BY at DESC) AS nth,
           min(received_at) OVER (PARTITION BY source, request) AS first_received,
           max(at) OVER (PARTITION BY source) AS newest
    FROM privacy_request)
WHERE nth = 1
