-- The index: a request each, in the order in which they are due.
-- name: requests_files_index
SELECT q.id AS request, date(q.due, 'unixepoch') AS due, CASE WHEN q.late THEN 'late' END AS late, q.state AS state,
       q.reason AS reason, q.asks AS asks_for, q.control AS control, q.criterion AS criterion, q.description AS description,
       q.subject AS subject, q.status_text AS status, q.priority AS priority, q.owner AS owner, q.note AS note,
       (SELECT group_concat(text, '; ')
          FROM (SELECT CASE t.how WHEN 'words' THEN 'proposed: ' ELSE '' END || t.kind || ' ' || t.target
                           || CASE t.how WHEN 'words' THEN ' ("' || t.named || '")' WHEN 'criterion' THEN ' (by ' || t.named || ')'
                                         ELSE '' END AS text
                  FROM tm_request_target t WHERE t.request = q.position ORDER BY t.number)) AS answered_by,
       (SELECT count(*) FROM tm_request_evidence e WHERE e.request = q.position) AS files,
       (SELECT group_concat(text, '; ')
          FROM (SELECT p.id || ' (' || p.members || CASE WHEN p.complete THEN '' ELSE ', not shown to be all' END || ')' AS text
                  FROM tm_request_population x JOIN tm_population p ON p.id = x.population
                 WHERE x.request = q.position ORDER BY p.id)) AS populations,
       (SELECT group_concat(text, '; ')
          FROM (SELECT x.path || ' (' || x.size || ' of ' || x.population || ' of ' || x.test
                           || CASE WHEN x.current THEN '' ELSE ', of another population' END || ')'
                           || coalesce(', put together in ' || x.fulfilled, '') AS text
                  FROM tm_request_sample x WHERE x.request = q.position ORDER BY x.number)) AS samples,
       (SELECT count(*) FROM tm_request_test t WHERE t.request = q.position) AS tests,
       (SELECT count(*) FROM tm_request_test t JOIN tm_test_result r ON r.test = t.test
         WHERE t.request = q.position AND r.verdict = 'exception') AS tests_with_exceptions,
       (SELECT group_concat(text, '; ')
          FROM (SELECT m.reason || coalesce(' [' || m.about || ']', '') AS text
                  FROM tm_request_missing m WHERE m.request = q.position ORDER BY m.number)) AS missing,
       q.folder AS folder
  FROM tm_request q ORDER BY q.due IS NULL, q.due, q.urgency, q.position

-- name: requests_files_json
SELECT json_object(
           'request', q.id, 'due', date(q.due, 'unixepoch'), 'late', json(CASE WHEN q.late THEN 'true' ELSE 'false' END),
           'state', q.state, 'reason', q.reason, 'asks_for', q.asks,
           'asks_by_words', json(CASE WHEN q.asks_by_words THEN 'true' ELSE 'false' END), 'control', q.control,
           'criterion', q.criterion, 'description', q.description, 'subject', q.subject, 'status', q.status,
           'status_text', q.status_text, 'priority', q.priority, 'owner', q.owner, 'note', q.note, 'line', q.line,
           'folder', q.folder,
           'answered_by', (SELECT json_group_array(json(x))
                             FROM (SELECT json_object('kind', t.kind, 'id', t.target, 'title', t.title, 'how', t.how,
                                                      'named', t.named,
                                                      'proposed', json(CASE t.how WHEN 'words' THEN 'true' ELSE 'false' END)) AS x
                                     FROM tm_request_target t WHERE t.request = q.position ORDER BY t.number)),
           'populations', (SELECT json_group_array(json(x))
                             FROM (SELECT json_object('population', p.id, 'members', p.members,
                                                      'complete', json(CASE WHEN p.complete THEN 'true' ELSE 'false' END),
                                                      'statement', p.statement, 'digest', p.digest,
                                                      'file', 'populations/' || p.file) AS x
                                     FROM tm_request_population y JOIN tm_population p ON p.id = y.population
                                    WHERE y.request = q.position ORDER BY p.id)),
           'samples', (SELECT json_group_array(json(x))
                         FROM (SELECT json_object('folder', y.path, 'test', y.test, 'items', y.size, 'population', y.population,
                                                  'digest', y.digest,
                                                  'current', json(CASE WHEN y.current THEN 'true' ELSE 'false' END),
                                                  'put_together', y.fulfilled) AS x
                                 FROM tm_request_sample y WHERE y.request = q.position ORDER BY y.number)),
           'tests', (SELECT json_group_array(json(x))
                       FROM (SELECT json_object('test', t.id, 'control', t.control, 'title', t.title, 'verdict', r.verdict,
                                                'printed', r.printed, 'population', r.population, 'exceptions', r.exceptions,
                                                'undetermined', r.undetermined) AS x
                               FROM tm_request_test y JOIN tm_test t ON t.id = y.test JOIN tm_test_result r ON r.test = t.id
                              WHERE y.request = q.position ORDER BY t.position)),
           'evidence', (SELECT json_group_array(json(x))
                          FROM (SELECT json_object('path', e.path, 'sha256', e.sha256, 'source', e.source,
                                                   'effective', strftime('%Y-%m-%dT%H:%M:%SZ', e.effective_at, 'unixepoch')) AS x
                                  FROM tm_request_evidence y JOIN tm_evidence e ON e.id = y.evidence
                                 WHERE y.request = q.position ORDER BY e.path)),
           'missing', (SELECT json_group_array(json(x))
                         FROM (SELECT json_object('reason', m.reason, 'about', m.about) AS x
                                 FROM tm_request_missing m WHERE m.request = q.position ORDER BY m.number)))
  FROM tm_request q
 WHERE ?1 IS NULL OR q.position = ?1
 ORDER BY q.due IS NULL, q.due, q.urgency, q.position

-- name: requests_files_evidence
SELECT e.path AS evidence, e.sha256 AS sha256, e.bytes AS bytes, e.source AS source,
       strftime('%Y-%m-%dT%H:%M:%SZ', e.effective_at, 'unixepoch') AS effective,
       strftime('%Y-%m-%dT%H:%M:%SZ', e.first_at, 'unixepoch') AS first_record,
       strftime('%Y-%m-%dT%H:%M:%SZ', e.last_at, 'unixepoch') AS last_record, e.records AS records, e.collected_by AS collected_by
  FROM tm_request_evidence y JOIN tm_evidence e ON e.id = y.evidence
 WHERE y.request = ?1 ORDER BY e.path

-- name: requests_files_folders
SELECT position, folder FROM tm_request ORDER BY position

-- name: requests_files_copies
SELECT e.path, e.sha256 FROM tm_request_evidence y JOIN tm_evidence e ON e.id = y.evidence
 WHERE y.request = ?1 ORDER BY e.path

-- For the terminal.
-- name: requests_files_table
SELECT q.position, q.id, date(q.due, 'unixepoch'), q.late, q.state, q.description, q.reason,
       (SELECT group_concat(text, ', ')
          FROM (SELECT CASE t.how WHEN 'words' THEN 'proposed: ' ELSE '' END || t.target AS text
                  FROM tm_request_target t WHERE t.request = q.position ORDER BY t.number)),
       (SELECT count(*) FROM tm_request_evidence e WHERE e.request = q.position),
       (SELECT count(*) FROM tm_request_population e WHERE e.request = q.position)
  FROM tm_request q ORDER BY q.due IS NULL, q.due, q.urgency, q.position

-- name: requests_files_missing
SELECT reason, about FROM tm_request_missing WHERE request = ?1 ORDER BY number

-- name: requests_files_counts
SELECT state, count(*), sum(late) FROM tm_request GROUP BY state
 ORDER BY CASE state WHEN 'answered' THEN 0 WHEN 'short' THEN 1 WHEN 'open' THEN 2 WHEN 'not applicable' THEN 3 ELSE 4 END

-- name: requests_files_listings
SELECT p.file FROM tm_request_population x JOIN tm_population p ON p.id = x.population
 WHERE x.request = ?1 ORDER BY p.id
