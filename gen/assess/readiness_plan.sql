-- The dated plans of `readiness`.
-- In the texts {period} and {package} become what they are called here.
-- name: readiness_plan_insert_week
INSERT INTO tm_readiness_week (position, id, weeks, title, from_at, until_at, auditor, management, produces)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, replace(replace(?9, '{package}', package), '{period}', period)
  FROM (SELECT (SELECT value FROM tm_readiness WHERE key = 'package') AS package,
               (SELECT value FROM tm_meta WHERE key = 'period') AS period)

-- name: readiness_plan_insert_phase
INSERT INTO tm_readiness_phase (position, id, months, title, text, from_at, until_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)

-- name: readiness_plan_insert_step
INSERT INTO tm_readiness_step (position, phase, title, tasks) VALUES (?1, ?2, ?3, ?4)

-- name: readiness_plan_insert_task
INSERT INTO tm_readiness_task (step, number, subject, text, owner) VALUES (?1, ?2, ?3, ?4, ?5)
