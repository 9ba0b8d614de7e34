-- Every incident with the first time each step was taken, from its log. What a service acknowledges, nobody has seen.
SELECT i.ref, i.incident, i.number, i.title, i.urgency, i.created_at,
       coalesce(i.resolved_at, e.resolved_at) AS resolved_at,
       e.acknowledged_at, e.escalated_at, e.noted_at, e.urgency_changed_at
FROM incident AS i
LEFT JOIN (
    SELECT incident,
           min(CASE WHEN action = 'acknowledged' AND actor_kind IS NOT 'service' THEN happened_at END) AS acknowledged_at,
           min(CASE WHEN action = 'escalated' THEN happened_at END) AS escalated_at,
           min(CASE WHEN action = 'noted' THEN happened_at END) AS noted_at,
           min(CASE WHEN action = 'urgency-changed' THEN happened_at END) AS urgency_changed_at,
           max(CASE WHEN action = 'resolved' THEN happened_at END) AS resolved_at
    FROM incident_event
    GROUP BY incident
) AS e ON e.incident = i.incident
