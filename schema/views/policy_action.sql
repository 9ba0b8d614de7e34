-- Every rule of a policy by action, without the rows of whole statements that lists of actions were taken from. `unread` is
-- 1 where the actions are still a list, so that nobody knows which they are.
SELECT ref, source, at, policy, statement, position, sort, effect, principal, action, all_but, resource, condition, scope,
       substr(trim(action), 1, 1) = '[' AS unread
FROM policy_rule
WHERE NOT (position = '-' AND substr(trim(action), 1, 1) = '[')
