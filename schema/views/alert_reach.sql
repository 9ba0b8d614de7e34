-- Who is told of an alert, at every export of the routing tree, for every severity that some rule gives: the receivers of the
-- branches whose only condition takes that severity, up to the first that lets nothing pass on (`kept_by` is its position),
-- or else the trunk's; and the channels by which they tell. channels is NULL where they tell nobody; `steady` are those of
-- branches that are never muted. Branches that look at other labels are not followed.
WITH wanted AS (SELECT DISTINCT lower(trim(severity)) AS severity FROM alert_rule WHERE severity IS NOT NULL),
branch AS (
    SELECT ref, source, at, route, CAST(route AS INTEGER) AS position, receiver, label, operator, coalesce(onward, 0) AS onward,
           lower(replace(replace(replace(replace(replace(value, '^', ''), '$', ''), '(', ''), ')', ''), ' ', '')) AS value,
           count(CASE WHEN operator = 'at' THEN NULL ELSE 1 END) OVER (PARTITION BY source, at, route) AS conditions,
           max(coalesce(operator = 'at', 0)) OVER (PARTITION BY source, at, route) AS muted
    FROM alert_route),
taken AS (
    SELECT b.*, w.severity,
           min(CASE WHEN b.onward = 0 THEN b.position END) OVER (PARTITION BY b.source, b.at, w.severity) AS kept_by
    FROM branch AS b
    JOIN wanted AS w
      ON CASE WHEN b.label IS NULL THEN 1
              WHEN b.operator = '=' THEN b.value = w.severity
              WHEN b.operator = '!=' THEN b.value <> w.severity
              WHEN b.operator = '=~' THEN b.value IN ('.*', '.+') OR instr('|' || b.value || '|', '|' || w.severity || '|') > 0
              WHEN b.operator = '!~' THEN instr('|' || b.value || '|', '|' || w.severity || '|') = 0 END
    WHERE b.conditions = 1 AND b.operator IS NOT 'at' AND (b.label = 'severity' OR b.label IS NULL)
      AND b.route <> 'trunk' AND instr(b.route, '.') = 0)
SELECT coalesce(min(t.ref), trunk.ref) AS ref, trunk.source, trunk.at, w.severity, min(t.kept_by) AS kept_by,
       group_concat(DISTINCT coalesce(t.receiver, trunk.receiver)) AS receiver, group_concat(DISTINCT r.channel) AS channels,
       group_concat(DISTINCT CASE WHEN coalesce(t.muted, 0) = 0 THEN r.channel END) AS steady
FROM branch AS trunk
CROSS JOIN wanted AS w
LEFT JOIN taken AS t
  ON t.source = trunk.source AND t.at = trunk.at AND t.severity = w.severity
     AND (t.kept_by IS NULL OR t.position <= t.kept_by)
LEFT JOIN alert_receiver AS r
  ON r.source = trunk.source AND r.at = trunk.at AND r.receiver = coalesce(t.receiver, trunk.receiver)
WHERE trunk.route = 'trunk'
GROUP BY trunk.ref, trunk.source, trunk.at, w.severity
