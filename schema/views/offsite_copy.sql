-- Every attempt to bring a backup to another place: copies of backups, and backups that were written there at once. offsite
-- is NULL where a copy's export does not say where it lies.
SELECT ref, resource, copy AS attempt, started_at, result, offsite FROM backup_copy
UNION ALL
SELECT ref, resource, run, started_at, result, offsite FROM backup_run WHERE offsite
