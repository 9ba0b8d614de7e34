-- What a sort cannot hold stays in memory: the sealed process has no folder for temporary files.
-- name: report_settings
PRAGMA temp_store = MEMORY
