-- Every vendor of every register with each report that was known then: the reports of the newest report register taken no
-- later than a day after. ref_report is NULL for a vendor without a report; exported is NULL, and nothing is known, where no
-- report register is as old as the vendor register.
SELECT v.ref, v.vendor, v.at, v.status, v.criticality, e.exported,
       r.ref AS ref_report, r.report, r.kind, r.period_from, r.period_until, r.gap_letter_until
FROM vendor AS v
LEFT JOIN (
    SELECT known.at, max(export.at) AS exported
    FROM (SELECT DISTINCT at FROM vendor) AS known
    JOIN (SELECT DISTINCT at FROM vendor_report) AS export ON export.at <= known.at + 86400
    GROUP BY known.at
) AS e ON e.at = v.at
LEFT JOIN vendor_report AS r ON r.at = e.exported AND lower(trim(r.vendor)) = lower(trim(v.vendor))
