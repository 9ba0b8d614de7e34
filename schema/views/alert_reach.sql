-- Who is told of an alert, at every export of the routing tree, for every severity that some rule gives: the receiver of the
-- first branch whose only condition takes that severity, or else the trunk's; and the channels by which it tells. channels
-- is NULL where the receiver tells nobody. Branches that look at other labels are not followed.
WITH wanted AS (SELECT DISTINCT lower(trim(severity)) AS severity FROM alert_rule WHERE severity IS NOT NULL),
branch AS (
    SELECT ref, source, at, route, receiver, label, operator,
           lower(replace(replace(replace(replace(replace(value, '^', ''), '$', ''), '(', ''), ')', ''), ' ', '')) AS value,
           count(*) OVER (PARTITION BY source, at, route) AS conditions
    FROM alert_route),
taken AS (
    SELECT b.source, b.at, w.severity, min(b.route) AS route
    FROM branch AS b
    JOIN wanted AS w
      ON b.value = w.severity OR (b.operator = '=~' AND instr('|' || b.value || '|', '|' || w.severity || '|') > 0)
    WHERE b.conditions = 1 AND b.label = 'severity' AND b.operator IN ('=', '=~') AND instr(b.route, '.') = 0
    GROUP BY b.source, b.at, w.severity)
SELECT coalesce(b.ref, trunk.ref) AS ref, trunk.source, trunk.at, w.severity,
       coalesce(b.receiver, trunk.receiver) AS receiver,
       (SELECT group_concat(r.channel, ',') FROM alert_receiver AS r
        WHERE r.source = trunk.source AND r.at = trunk.at AND r.receiver = coalesce(b.receiver, trunk.receiver)) AS channels
FROM branch AS trunk
CROSS JOIN wanted AS w
LEFT JOIN taken AS t ON t.source = trunk.source AND t.at = trunk.at AND t.severity = w.severity
LEFT JOIN branch AS b ON b.source = t.source AND b.at = t.at AND b.route = t.route
WHERE trunk.label IS NULL
