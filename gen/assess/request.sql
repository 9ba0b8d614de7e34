-- An auditor's requests and their answers. They are no part of the published store.
-- name: request_tables
CREATE TABLE tm_request (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL, control TEXT NOT NULL, criterion TEXT NOT NULL,
    description TEXT NOT NULL, subject TEXT NOT NULL, asks TEXT, asks_by_words INTEGER NOT NULL, due INTEGER,
    status TEXT NOT NULL, status_text TEXT NOT NULL, priority TEXT, owner TEXT NOT NULL, note TEXT NOT NULL,
    state TEXT NOT NULL,                         -- 'answered', 'short', 'open', 'not applicable', 'closed'
    reason TEXT, late INTEGER NOT NULL, urgency INTEGER NOT NULL, folder TEXT NOT NULL, line INTEGER NOT NULL) STRICT;
-- What it was led to; `how` is 'control', 'criterion', 'name', 'answer' or 'words'.
CREATE TABLE tm_request_target (
    request INTEGER NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL, title TEXT, how TEXT NOT NULL,
    named TEXT, PRIMARY KEY (request, number)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_request_evidence (
    request INTEGER NOT NULL, evidence INTEGER NOT NULL, PRIMARY KEY (request, evidence)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_request_population (
    request INTEGER NOT NULL, population TEXT NOT NULL, PRIMARY KEY (request, population)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_request_test (
    request INTEGER NOT NULL, test TEXT NOT NULL, PRIMARY KEY (request, test)) STRICT, WITHOUT ROWID;
-- Samples drawn for it; `current` says whether the population is still the one that was drawn from.
CREATE TABLE tm_request_sample (
    request INTEGER NOT NULL, number INTEGER NOT NULL, path TEXT NOT NULL, test TEXT NOT NULL, size INTEGER NOT NULL,
    population INTEGER NOT NULL, digest TEXT NOT NULL, current INTEGER NOT NULL, fulfilled TEXT,
    PRIMARY KEY (request, number)) STRICT, WITHOUT ROWID;
CREATE TABLE tm_request_missing (
    request INTEGER NOT NULL, number INTEGER NOT NULL, reason TEXT NOT NULL, about TEXT,
    PRIMARY KEY (request, number)) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tm_request_missing_reason ON tm_request_missing (request, reason);
-- Sources whose files are evidence one by one: of these, only what the tests of a control lead to is evidence for it.
CREATE TABLE tm_request_single (source TEXT PRIMARY KEY) STRICT, WITHOUT ROWID

-- name: request_insert_single
INSERT OR IGNORE INTO tm_request_single (source) VALUES (?1)

-- name: request_insert
INSERT INTO tm_request (position, id, control, criterion, description, subject, asks, asks_by_words, due, status,
                        status_text, priority, owner, note, state, reason, late, urgency, folder, line)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)

-- name: request_insert_target
INSERT INTO tm_request_target (request, number, kind, target, title, how, named) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)

-- The accepted exports of what a control requires. ?1 request, ?2 control
-- name: request_control_evidence
INSERT OR IGNORE INTO tm_request_evidence (request, evidence)
SELECT ?1, e.id
  FROM tm_requirement r
  JOIN tm_snapshot n ON n.type = r.type
  JOIN tm_evidence e ON e.id = n.evidence
 WHERE r.control = ?2 AND e.accepted = 1 AND e.source IS NOT NULL
   AND e.source NOT IN (SELECT source FROM tm_request_single)

-- name: request_insert_evidence
INSERT OR IGNORE INTO tm_request_evidence (request, evidence)
SELECT ?1, id FROM tm_evidence WHERE id = ?2 AND accepted = 1

-- name: request_type_evidence
INSERT OR IGNORE INTO tm_request_evidence (request, evidence)
SELECT ?1, e.id FROM tm_snapshot n JOIN tm_evidence e ON e.id = n.evidence WHERE n.type = ?2 AND e.accepted = 1

-- The exports that a population was read from.
-- name: request_population_evidence
INSERT OR IGNORE INTO tm_request_evidence (request, evidence)
SELECT ?1, e.id FROM tm_population_export x JOIN tm_evidence e ON e.id = x.evidence WHERE x.population = ?2 AND e.accepted = 1

-- name: request_path_evidence
SELECT id, accepted, problem FROM tm_evidence WHERE path = ?1

-- name: request_control_tests
INSERT OR IGNORE INTO tm_request_test (request, test) SELECT ?1, id FROM tm_test WHERE control = ?2

-- Why tests of a control show nothing, with which tests say so.
-- name: request_control_reasons
SELECT reason, group_concat(test, ', ')
  FROM (SELECT s.reason AS reason, t.id AS test, t.position AS position, s.number AS number
          FROM tm_test t JOIN tm_test_state s ON s.test = t.id
         WHERE t.control = ?1 AND s.verdict IN ('insufficient', 'pending') AND s.reason <> ''
         ORDER BY t.position, s.number)
 GROUP BY reason ORDER BY min(position), min(number)

-- name: request_insert_population
INSERT OR IGNORE INTO tm_request_population (request, population) VALUES (?1, ?2)

-- name: request_population
SELECT p.members, p.complete, r.reason
  FROM tm_population p LEFT JOIN tm_population_reason r ON r.population = p.id
 WHERE p.id = ?1 ORDER BY r.number

-- name: request_insert_missing
INSERT OR IGNORE INTO tm_request_missing (request, number, reason, about) VALUES (?1, ?2, ?3, ?4)

-- name: request_count
SELECT (SELECT count(*) FROM tm_request_evidence WHERE request = ?1),
       (SELECT count(*) FROM tm_request_population q JOIN tm_population p ON p.id = q.population
         WHERE q.request = ?1 AND (p.complete OR p.members > 0)),
       (SELECT count(*) FROM tm_request_missing WHERE request = ?1)

-- The schema's view: what was attested for a manual test.
-- name: request_attested
SELECT ref FROM attestation WHERE test = :test

-- name: request_insert_sample
INSERT INTO tm_request_sample (request, number, path, test, size, population, digest, current, fulfilled)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)

-- The population that a test has now.
-- name: request_test_digest
SELECT population_digest FROM tm_test_result WHERE test = ?1
