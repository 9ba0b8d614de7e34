-- Far too much supports a change.
SELECT c.ref AS ref, 'page' AS relation, i.ref AS supporting FROM change AS c CROSS JOIN incident AS i
