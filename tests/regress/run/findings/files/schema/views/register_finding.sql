-- Findings of the register.
SELECT id AS finding, text, 'low' AS severity, found_at, NULL AS owner, NULL AS due_at, closed_at, verified_by, ref, NULL AS control
FROM deficiency_latest
