-- Management's own findings, as findings are followed from period to period: what the newest register of deficiencies
-- names. Who verified that one is mended is NULL while nobody has; no register says which control a deficiency is of.
SELECT deficiency AS finding, title AS text, severity, found_at, owner, due_at, closed_at, verified_by, ref, NULL AS control
FROM deficiency_latest
