-- Every document in the evidence of the period, with the quarter for which it was kept.
SELECT d.ref, c.quarter, d.at, d.document, d.category, d.version, d.approved_by,
       CASE WHEN d.approved_by IS NOT NULL AND d.approved_at <= d.at THEN d.approved_at END AS approved_at
FROM document AS d
JOIN calendar AS c ON c.day = d.at - d.at % 86400
