-- The tables and views of one evidence type. What stands in braces comes from the schema: see tables_fill.h.

-- Columns: each with a comma before it.
-- name: create_table
CREATE TABLE "tm_row_{type}" (ref INTEGER PRIMARY KEY, snapshot INTEGER NOT NULL, record INTEGER NOT NULL,
    line INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    invalid INTEGER NOT NULL, row_rule INTEGER NOT NULL, excluded TEXT{columns}) STRICT

-- name: table_column_integer
, "{column}" INTEGER

-- name: table_column_real
, "{column}" REAL

-- name: table_column_text
, "{column}" TEXT

-- name: create_view
CREATE VIEW "{type}" AS SELECT r.ref AS ref{columns}
    FROM "tm_row_{type}" AS r JOIN tm_snapshot AS s ON s.id = r.snapshot
    WHERE r.excluded IS NULL AND s.accepted = 1{known}

-- Of a snapshot where a date is looked at (Type I), not a time.
-- name: create_view_of_date
CREATE VIEW "{type}" AS SELECT r.ref AS ref{columns}
    FROM "tm_row_{type}" AS r JOIN tm_snapshot AS s ON s.id = r.snapshot
    WHERE r.excluded IS NULL AND s.accepted = 1 AND s.latest = 1{known}

-- name: create_view_latest
CREATE VIEW "{type}_latest" AS SELECT r.ref AS ref{columns}
    FROM "tm_row_{type}" AS r JOIN tm_snapshot AS s ON s.id = r.snapshot
    WHERE r.excluded IS NULL AND s.accepted = 1 AND s.latest = 1{known}

-- name: create_view_readable
CREATE VIEW "{type}_readable" AS SELECT r.ref AS ref{columns}
    FROM "tm_row_{type}" AS r JOIN tm_snapshot AS s ON s.id = r.snapshot
    WHERE r.excluded IS NULL AND s.accepted = 1{known}

-- The engine's columns of a view.
-- name: view_source
, s.source AS source

-- name: view_at
, s.stands_at AS at

-- name: view_at_readable
, strftime('%Y-%m-%dT%H:%M:%SZ', s.stands_at, 'unixepoch') AS at

-- name: view_evidence
, s.evidence AS evidence

-- name: view_evidence_readable
, (SELECT path FROM tm_evidence WHERE id = s.evidence) AS evidence

-- The type's own.
-- name: view_column
, r."{column}" AS "{column}"

-- name: view_time_readable
, strftime('%Y-%m-%dT%H:%M:%SZ', r."{column}", 'unixepoch') AS "{column}"

-- Of events, where what was known before the period was over counts: those until then.
-- name: view_known
 AND (r."{column}" IS NULL OR r."{column}" <= {as_of})

-- Parameters: each with a comma before it.
-- name: insert_row
INSERT INTO "tm_row_{type}" VALUES (?{parameters})

-- Stops counting at the limit.
-- name: count_rows
SELECT count(*) FROM (SELECT 1 FROM "tm_row_{type}" LIMIT ?)

-- name: create_index
CREATE INDEX "tm_key_{type}" ON "tm_row_{type}" ({key})

-- name: index_column
"{column}"

-- name: drop_type
DROP VIEW "{type}";
DROP VIEW IF EXISTS "{type}_latest";
DROP TABLE "tm_row_{type}"
