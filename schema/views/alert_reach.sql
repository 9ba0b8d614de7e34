-- Who is told of an alert, at every export of the routing tree, for every severity that some rule gives: the receivers of the
-- branches whose only condition takes that severity, up to the first that lets nothing pass on, or else the trunk's; and the
-- channels by which they tell. channels is NULL where they tell nobody. Branches that look at other labels are not followed.
WITH wanted AS (SELECT DISTINCT lower(trim(severity)) AS severity FROM alert_rule WHERE severity IS NOT NULL),
branch AS (
    SELECT ref, source, at, route, CAST(route AS INTEGER) AS position, receiver, label, operator, coalesce(onward, 0) AS onward,
           lower(replace(replace(replace(replace(replace(value, '^', ''), '$', ''), '(', ''), ')', ''), ' ', '')) AS value,
           count(*) OVER (PARTITION BY source, at, route) AS conditions
    FROM alert_route),
taken AS (
    SELECT b.*, w.severity,
           min(CASE WHEN b.onward = 0 THEN b.position END) OVER (PARTITION BY b.source, b.at, w.severity) AS kept_by
    FROM branch AS b
    JOIN wanted AS w
      ON b.value = w.severity OR (b.operator = '=~' AND instr('|' || b.value || '|', '|' || w.severity || '|') > 0)
    WHERE b.conditions = 1 AND b.label = 'severity' AND b.operator IN ('=', '=~') AND instr(b.route, '.') = 0)
SELECT coalesce(min(t.ref), trunk.ref) AS ref, trunk.source, trunk.at, w.severity,
       group_concat(DISTINCT coalesce(t.receiver, trunk.receiver)) AS receiver, group_concat(DISTINCT r.channel) AS channels
FROM branch AS trunk
CROSS JOIN wanted AS w
LEFT JOIN taken AS t
  ON t.source = trunk.source AND t.at = trunk.at AND t.severity = w.severity
     AND (t.kept_by IS NULL OR t.position <= t.kept_by)
LEFT JOIN alert_receiver AS r
  ON r.source = trunk.source AND r.at = trunk.at AND r.receiver = coalesce(t.receiver, trunk.receiver)
WHERE trunk.label IS NULL
GROUP BY trunk.ref, trunk.source, trunk.at, w.severity
