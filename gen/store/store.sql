-- The staging file is thrown away in any case, so it needs no protection against a crash, and what is dropped from it need not
-- be overwritten.
-- name: store_settings
PRAGMA page_size = 4096;
PRAGMA encoding = 'UTF-8';
PRAGMA auto_vacuum = 0;
PRAGMA cache_size = -16384;
PRAGMA journal_mode = MEMORY;
PRAGMA synchronous = OFF;
PRAGMA temp_store = FILE;
PRAGMA secure_delete = OFF;
PRAGMA application_id = 1952672621;
PRAGMA user_version = 1;

-- Assessing reads on a second connection while results are written.
-- name: store_concurrent
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
