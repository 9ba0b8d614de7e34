-- Every change ticket as the newest export that names it shows it. Older states of a ticket are not judged: it is still being
-- filled in while it is worked on. `mark` is how a ticket is found: its name as it is compared.
SELECT ref, mark, source, at, ticket, title, kind, risk, status, outcome, requester, description, justification, rollback_plan,
       test_evidence, sensitive, architecture, decision_record, documentation, incident, window_from, window_until,
       verified_by, verified_at, review, reviewed_at, created_at, closed_at
FROM (
    SELECT *, row_number() OVER (PARTITION BY mark ORDER BY at DESC, ref DESC) AS place
    FROM (SELECT *, upper(trim(ticket)) AS mark FROM change_ticket))
WHERE place = 1
