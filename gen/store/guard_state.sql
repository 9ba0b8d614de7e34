-- A guard on a file. What a sort holds before it goes to a temporary file is as large as the cache that is asked for: 1 MiB,
-- which stays in a processor's own cache while it is sorted. The pages that are held are more: see memory_cache.h.
-- name: guard_file_settings
PRAGMA query_only = 1;
PRAGMA cache_size = -1024;

-- name: guard_evidence_rows
SELECT sum(row_count) FROM tm_evidence

-- name: guard_memory_settings
PRAGMA temp_store = MEMORY;
