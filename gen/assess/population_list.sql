-- Populations that were listed. They are no part of the published store: evidence and schema make them again.
-- name: population_list_tables
CREATE TABLE tm_population (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, meaning TEXT NOT NULL, many TEXT NOT NULL,
    members INTEGER NOT NULL, undetermined INTEGER NOT NULL, digest TEXT NOT NULL, complete INTEGER NOT NULL,
    statement TEXT NOT NULL, defused INTEGER NOT NULL, -- rows with a cell that has an apostrophe in front
    file TEXT) STRICT;
-- The exports that were read, with how many members came of each.
CREATE TABLE tm_population_export (
    population TEXT NOT NULL, evidence INTEGER NOT NULL, members INTEGER NOT NULL,
    PRIMARY KEY (population, evidence)) STRICT, WITHOUT ROWID;
-- Why it could not be shown that all are there.
CREATE TABLE tm_population_reason (
    population TEXT NOT NULL, number INTEGER NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (population, number)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_population_control (
    population TEXT NOT NULL, control TEXT NOT NULL, PRIMARY KEY (population, control)) STRICT, WITHOUT ROWID

-- ?1 what requires it, ?2 type, ?3 cadence, ?4 grace
-- name: population_list_insert_requirement
INSERT INTO tm_requirement (id, control, type, cadence, grace, automated)
SELECT ifnull(max(id), 0) + 1, ?1, ?2, ?3, ?4, 0 FROM tm_requirement

-- name: population_list_insert_control
INSERT OR IGNORE INTO tm_population_control (population, control) VALUES (?1, ?2)

-- name: population_list_evidence
SELECT id, path FROM tm_evidence ORDER BY id

-- Which sources the types that were read come from, and how many of their exports count.
-- name: population_list_sources
SELECT e.source, count(DISTINCT CASE WHEN e.accepted THEN e.id END)
  FROM tm_test_type t
  JOIN tm_snapshot n ON n.type = t.type
  JOIN tm_evidence e ON e.id = n.evidence
  JOIN tm_source s ON s.id = e.source
 WHERE t.test = ?1
 GROUP BY e.source ORDER BY s.position

-- name: population_list_insert
INSERT INTO tm_population (id, title, meaning, many, members, undetermined, digest, complete, statement, defused, file)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)

-- name: population_list_insert_exports
INSERT INTO tm_population_export (population, evidence, members)
SELECT DISTINCT t.test, n.evidence, 0
  FROM tm_test_type t JOIN tm_snapshot n ON n.type = t.type
 WHERE t.test = ?1

-- name: population_list_count_export
INSERT INTO tm_population_export (population, evidence, members) VALUES (?1, ?2, ?3)
    ON CONFLICT (population, evidence) DO UPDATE SET members = excluded.members

-- name: population_list_insert_reason
INSERT INTO tm_population_reason (population, number, reason) VALUES (?1, ?2, ?3)
