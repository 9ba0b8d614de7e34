-- What each scan says of each version of SSL and TLS at each address of each endpoint. offered is NULL where the scan could
-- not tell or left the version out; an endpoint whose scan failed has a row for every version, none of them known.
SELECT coalesce(p.ref, s.ref) AS ref, s.source, s.at, s.host, s.address, s.port, v.protocol, p.offered, s.problem
FROM (
    SELECT min(ref) AS ref, source, at, host, address, port, max(problem) AS problem
    FROM (
        SELECT ref, source, at, lower(trim(host)) AS host, coalesce(address, '') AS address, port, NULL AS problem
        FROM tls_protocol
        UNION ALL
        SELECT ref, source, at, lower(trim(host)), coalesce(address, ''), port, problem
        FROM tls_problem)
    GROUP BY source, at, host, address, port
) AS s
CROSS JOIN (
    SELECT 'SSL 2' AS protocol
    UNION ALL SELECT 'SSL 3' UNION ALL SELECT 'TLS 1.0' UNION ALL SELECT 'TLS 1.1'
    UNION ALL SELECT 'TLS 1.2' UNION ALL SELECT 'TLS 1.3'
) AS v
LEFT JOIN tls_protocol AS p
  ON p.source = s.source AND p.at = s.at AND lower(trim(p.host)) = s.host AND coalesce(p.address, '') = s.address
     AND p.port = s.port AND p.protocol = v.protocol
