-- Every change ticket as the newest export that names it shows it. Older states of a ticket are not judged: it is still being
-- filled in while it is worked on.
SELECT ref, source, at, ticket, title, kind, risk, status, outcome, requester, description, justification, rollback_plan,
       test_evidence, sensitive, architecture, decision_record, documentation, incident, window_from, window_until,
       verified_by, verified_at, review, reviewed_at, created_at, closed_at
FROM (SELECT *, row_number() OVER (PARTITION BY upper(trim(ticket)) ORDER BY at DESC, ref DESC) AS place FROM change_ticket)
WHERE place = 1
