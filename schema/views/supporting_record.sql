-- Which records support which: `supporting` is the reference of a record that an auditor looks at beside the one of `ref`, and
-- `relation` says what it is to it. `tickmark sample --fulfil` puts them together; no test reads this. Of snapshots only
-- records of the same export belong together.
SELECT c.ref AS ref, 'review' AS relation, a.ref AS supporting
FROM change AS c JOIN approval AS a ON a.repository = c.repository AND a.change = c.number
UNION ALL
SELECT c.ref, 'check', k.ref
FROM change AS c JOIN check_run AS k ON k.repository = c.repository AND k.change = c.number
UNION ALL
SELECT c.ref, 'deployment', d.ref
FROM change AS c JOIN deployment AS d ON d.repository = c.repository AND d.commit_sha = c.merge_sha
UNION ALL
SELECT c.ref, 'ticket', t.ref
FROM change AS c JOIN ticket_state AS t ON t.mark = upper(trim(c.ticket))
UNION ALL
SELECT c.ref, 'approval of the ticket', p.ref
FROM change AS c
JOIN ticket_state AS t ON t.mark = upper(trim(c.ticket))
JOIN ticket_approval AS p ON p.source = t.source AND p.at = t.at AND p.ticket = t.ticket
UNION ALL
SELECT d.ref, 'status', s.ref
FROM deployment AS d JOIN deployment_status AS s ON s.repository = d.repository AND s.deployment = d.deployment
UNION ALL
SELECT d.ref, 'change', c.ref
FROM deployment AS d JOIN change AS c ON c.repository = d.repository AND c.merge_sha = d.commit_sha
UNION ALL
SELECT d.ref, 'review', a.ref
FROM deployment AS d
JOIN change AS c ON c.repository = d.repository AND c.merge_sha = d.commit_sha
JOIN approval AS a ON a.repository = c.repository AND a.change = c.number
UNION ALL
SELECT t.ref, 'approval of the ticket', p.ref
FROM change_ticket AS t JOIN ticket_approval AS p ON p.source = t.source AND p.at = t.at AND p.ticket = t.ticket
UNION ALL
SELECT t.ref, 'change', c.ref
FROM change_ticket AS t JOIN change AS c ON upper(trim(c.ticket)) = upper(trim(t.ticket))
UNION ALL
SELECT i.ref, 'entry of the incident', e.ref
FROM incident AS i JOIN incident_event AS e ON e.incident = i.incident
UNION ALL
SELECT i.ref, 'ticket', t.ref
FROM incident AS i JOIN incident_ticket AS t ON t.incident = i.incident
UNION ALL
SELECT i.ref, 'report', r.ref
FROM incident AS i JOIN incident_report AS r ON r.incident = i.incident
UNION ALL
SELECT a.ref, 'decision', d.ref
FROM alert AS a JOIN alert_decision AS d ON d.alert = a.alert
UNION ALL
SELECT a.ref, 'incident', o.ref_incident
FROM alert AS a JOIN alert_outcome AS o ON o.ref = a.ref
UNION ALL
SELECT b.ref, 'restore test', t.ref
FROM backup_run AS b JOIN restore_test AS t ON t.backup_run = b.run
UNION ALL
SELECT t.ref, 'backup', b.ref
FROM restore_test AS t JOIN backup_run AS b ON b.run = t.backup_run
UNION ALL
SELECT v.ref, 'report of the vendor', r.ref
FROM vendor AS v JOIN vendor_report AS r ON r.vendor = v.vendor AND r.at = v.at
UNION ALL
SELECT v.ref, 'review of the vendor', w.ref
FROM vendor AS v JOIN vendor_review AS w ON w.vendor = v.vendor
UNION ALL
SELECT m.ref, 'attendance', a.ref
FROM meeting AS m JOIN attendance AS a ON a.meeting = m.meeting
UNION ALL
SELECT r.ref, 'control of the risk', c.ref
FROM risk AS r JOIN risk_control AS c ON c.source = r.source AND c.at = r.at AND c.risk = r.risk
UNION ALL
SELECT s.ref, 'vulnerability', v.ref
FROM vulnerability_scan AS s JOIN vulnerability AS v ON v.source = s.source AND v.at = s.at AND v.artifact = s.artifact
UNION ALL
SELECT p.ref, 'erasure', e.ref
FROM privacy_request AS p JOIN erasure AS e ON e.request = p.request AND e.at = p.at
UNION ALL
SELECT p.ref, 'rejected input', r.ref
FROM processing_run AS p JOIN rejected_input AS r ON r.run = p.run
