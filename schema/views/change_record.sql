-- Every change with its ticket. ref_ticket is NULL when the change names no ticket, or one that no export shows.
SELECT c.ref, c.repository, c.number, c.title, c.author, c.author_kind, c.base_branch, c.merged_at, c.merge_sha, c.files,
       c.ticket AS named, t.ref AS ref_ticket, t.ticket, t.kind, t.risk, t.requester, t.sensitive, t.architecture,
       t.decision_record, t.documentation, t.created_at, t.outcome
FROM change AS c
LEFT JOIN ticket_state AS t ON t.mark = upper(trim(c.ticket))
