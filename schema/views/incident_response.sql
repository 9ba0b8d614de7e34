-- Every incident with the first time each step was taken, from its log. What a service acknowledges, nobody has seen. One that
-- was taken up again is not resolved: some systems keep the old end beside it.
SELECT i.ref, i.incident, i.number, i.title, i.urgency, i.created_at,
       coalesce(CASE WHEN i.status NOT IN ('triggered', 'acknowledged') THEN i.resolved_at END, e.resolved_at) AS resolved_at,
       e.acknowledged_at, e.escalated_at, e.noted_at, e.urgency_changed_at
FROM incident AS i
LEFT JOIN (
    SELECT incident,
           min(CASE WHEN action = 'acknowledged' AND actor_kind IS NOT 'service' THEN happened_at END) AS acknowledged_at,
           min(CASE WHEN action = 'escalated' THEN happened_at END) AS escalated_at,
           min(CASE WHEN action = 'noted' THEN happened_at END) AS noted_at,
           min(CASE WHEN action = 'urgency-changed' THEN happened_at END) AS urgency_changed_at,
           CASE WHEN max(CASE WHEN action = 'resolved' THEN happened_at END)
                     >= coalesce(max(CASE WHEN action IN ('triggered', 'acknowledged') THEN happened_at END), 0)
                THEN max(CASE WHEN action = 'resolved' THEN happened_at END) END AS resolved_at
    FROM incident_event
    GROUP BY incident
) AS e ON e.incident = i.incident
