-- The answer to a manual test in one interval: one that found exceptions before one that did not, and one that shows
-- something before one that shows nothing. What was attested after :as_of is not known yet. :since is where the interval
-- begins, or, of one that is longer than the period, from when on it may have been attested.
-- name: attestation_find
SELECT ref, said AS exception,
       CASE WHEN said IS NOT NULL THEN NULL
            WHEN attested_by IS NULL THEN 'the document does not say who attests'
            WHEN person IS NULL THEN 'attested by ' || attested_by || ', whom the programme''s people do not name'
            WHEN attested_at IS NULL THEN 'the document does not say when it was attested'
            WHEN attested_at >= left_at THEN 'attested by ' || attested_by || ' on ' || date_of(attested_at)
                || ', after the last day on which the roster has them'
            WHEN attested_at < :since THEN 'attested on ' || date_of(attested_at) || ', before what it speaks of began'
            WHEN conclusion IS NULL THEN 'the document does not say what was concluded'
            WHEN conclusion <> 'no exceptions' THEN 'it concludes "' || conclusion || '"'
       END AS undetermined,
       'attested by ' || attested_by || ' on ' || date_of(attested_at)
           || CASE WHEN attested_at < :from THEN ', before the period' ELSE '' END AS attested
  FROM (SELECT *, CASE conclusion WHEN 'exceptions' THEN 'attested with exceptions by ' || coalesce(attested_by, 'nobody')
                  END AS said
          FROM attestation
         WHERE test = :test AND at >= :from AND at < :until AND (attested_at IS NULL OR attested_at <= :as_of))
 ORDER BY exception IS NULL, undetermined IS NOT NULL, ref
 LIMIT 1
