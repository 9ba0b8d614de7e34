-- Every roster, and until when it was the newest one; NULL where no newer one is in the evidence.
SELECT source, at, lead(at) OVER (PARTITION BY source ORDER BY at) AS until
FROM (SELECT DISTINCT source, at FROM person)
