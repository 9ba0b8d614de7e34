-- Every alert with what became of it: the incident that names its mark and was raised before the same alert began again, or
-- was still open when it began (one that was resolved at an unknown time was not); its ticket; and the decision that somebody
-- wrote down. All NULL where nothing is known.
SELECT a.ref, a.alert, a.rule, a.category, a.service, a.subject, a.severity, a.started_at, a.ended_at,
       min(i.ref) AS ref_incident, min(i.incident) AS incident, min(i.created_at) AS raised_at,
       min(d.ref) AS ref_decision, min(d.decision) AS decision, min(d.reason) AS reason, min(d.decided_at) AS decided_at,
       coalesce(min(t.ticket), min(d.ticket)) AS ticket
FROM (
    SELECT *, lead(started_at) OVER (PARTITION BY lower(trim(fingerprint)) ORDER BY started_at) AS next_at
    FROM alert
) AS a
LEFT JOIN (
    SELECT n.ref, n.incident, n.alert, n.created_at,
           coalesce(n.resolved_at, max(e.happened_at), CASE n.status WHEN 'resolved' THEN n.created_at END) AS resolved_at
    FROM incident AS n
    LEFT JOIN incident_event AS e ON e.incident = n.incident AND e.action = 'resolved'
    GROUP BY n.ref, n.incident, n.alert, n.status, n.created_at, n.resolved_at
) AS i
  ON lower(trim(i.alert)) = lower(trim(a.fingerprint))
     AND (a.next_at IS NULL OR i.created_at < a.next_at)
     AND (i.resolved_at IS NULL OR i.resolved_at >= a.started_at)
LEFT JOIN incident_ticket AS t ON t.incident = i.incident
LEFT JOIN alert_decision AS d ON d.alert = a.alert
GROUP BY a.ref, a.alert, a.rule, a.category, a.service, a.subject, a.severity, a.started_at, a.ended_at
