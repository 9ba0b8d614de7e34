-- Approvals support changes.
SELECT c.ref AS ref, 'approval' AS relation, a.ref AS supporting
FROM change AS c JOIN approval AS a ON a.change = c.number
