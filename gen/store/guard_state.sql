-- A guard on a file. What a sort holds before it goes to a temporary file is as large as the cache: 32 MiB.
-- name: guard_file_settings
PRAGMA query_only = 1;
PRAGMA cache_size = -32768;

-- name: guard_evidence_rows
SELECT sum(row_count) FROM tm_evidence

-- name: guard_memory_settings
PRAGMA temp_store = MEMORY;
