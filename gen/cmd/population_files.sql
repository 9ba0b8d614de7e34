-- The populations that were listed, a row each.
-- name: population_files_index
SELECT id AS population, title, members, undetermined, CASE WHEN complete THEN 'yes' ELSE 'no' END AS complete, statement,
       digest, file
  FROM tm_population ORDER BY id

-- The exports that they were read from.
-- name: population_files_exports
SELECT x.population AS population, e.source AS source, e.path AS evidence, e.sha256 AS sha256,
       strftime('%Y-%m-%dT%H:%M:%SZ', e.effective_at, 'unixepoch') AS effective,
       CASE WHEN e.accepted THEN 'yes' ELSE 'no' END AS counts, x.members AS members, e.problem AS problem
  FROM tm_population_export x JOIN tm_evidence e ON e.id = x.evidence ORDER BY x.population, e.path

-- name: population_files_json
SELECT json_object(
           'population', p.id, 'title', p.title, 'meaning', p.meaning, 'members', p.members,
           'undetermined', p.undetermined, 'complete', json(CASE WHEN p.complete THEN 'true' ELSE 'false' END),
           'statement', p.statement, 'digest', p.digest, 'file', p.file, 'rows_with_defused_cells', p.defused,
           'reasons', (SELECT json_group_array(reason)
                         FROM (SELECT reason FROM tm_population_reason r WHERE r.population = p.id ORDER BY number)),
           'exports', (SELECT json_group_array(json(export))
                         FROM (SELECT json_object(
                                          'source', e.source, 'evidence', e.path, 'sha256', e.sha256,
                                          'effective', strftime('%Y-%m-%dT%H:%M:%SZ', e.effective_at, 'unixepoch'),
                                          'counts', json(CASE WHEN e.accepted THEN 'true' ELSE 'false' END),
                                          'members', x.members) AS export
                                 FROM tm_population_export x JOIN tm_evidence e ON e.id = x.evidence
                                WHERE x.population = p.id ORDER BY e.path)))
  FROM tm_population p ORDER BY p.id

-- name: population_files_table
SELECT id, members, undetermined, complete, statement FROM tm_population ORDER BY id
