-- Views that are kept as tables for several tests. What stands in braces comes from the schema: see tables_fill.h.
-- name: share_attach
ATTACH ? AS shared

-- It is thrown away at the end of the assessment. A journal in memory lets a table that was begun be dropped.
-- name: share_settings
PRAGMA shared.journal_mode = MEMORY;
PRAGMA shared.synchronous = OFF;

-- name: share_open
PRAGMA query_only = 0;
PRAGMA shared.cache_size = -16384;

-- name: share_close
PRAGMA query_only = 1;

-- name: share_keep
CREATE TABLE shared."{view}" AS {select}

-- A view of the connection's own comes before that of the store.
-- name: share_show
CREATE TEMP VIEW "{view}" AS SELECT * FROM shared."{view}"

-- name: share_redirect
CREATE TEMP VIEW "{view}" AS {select}
