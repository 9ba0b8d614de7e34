-- Everybody on every roster, and until when that roster was the newest one; NULL where no newer one is in the evidence.
SELECT p.ref, p.source, p.at, r.until, p.employee, p.name, p.title, p.manager, p.employment, p.status, p.started_at, p.ended_at
FROM person AS p
JOIN roster_span AS r ON r.source = p.source AND r.at = p.at
