-- Every scan of every endpoint, all its addresses together. complete is 1 when the scan could tell of every version at every
-- address whether it is spoken, and at least one is; else the scan found out too little to rest anything on.
SELECT min(ref) AS ref, source, at, host, port,
       count(offered) = count(*) AND max(offered) = 1 AS complete, max(problem) AS problem
FROM tls_offer
GROUP BY source, at, host, port
