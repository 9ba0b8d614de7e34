#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/diagnostics.h"
#include "base/digest.h"
#include "base/record_source.h"
#include "config/programme.h"
#include "config/schema.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * assessment.sqlite: the one thing that all stages share. Engine tables are in engine.sql. For each evidence type T the
 * schema generates:
 *
 *   table  tm_row_T     ref INTEGER PRIMARY KEY, snapshot, record, line, offset, length, invalid, row_rule, excluded,
 *                       then the type's columns (STRICT; times and booleans are integers)
 *   view   T            what tests read: ref, source, at (the snapshot's effective time), evidence (id), and the
 *                       columns, of rows whose `excluded` is NULL and whose evidence is accepted
 *   view   T_latest     the same for the newest accepted snapshot of each source
 *   view   T_readable   the same as T for people: times as ISO text, evidence as its path; made by store_publish
 *
 * and the schema's own views. `ref` is evidence id * 2^32 + ordinal of the row in the file, so that it is unique, fixed
 * by the inputs, and leads to file, record, line and bytes. Where a type has a column called source, at or evidence,
 * that column takes the engine's place in the views.
 */
#define STORE_REF(evidence, ordinal) (((int64_t)(evidence) << 32) | (int64_t)(ordinal))
#define STORE_REF_EVIDENCE(ref)      ((int64_t)(ref) >> 32)
#define STORE_REF_ORDINAL(ref)       ((int64_t)(ref)&INT64_C(0xffffffff))

struct store;

/* Counts the forms of the engine's tables; raised when a later tickmark could not read an earlier one's findings. */
#define STORE_FORMAT 1

struct store_options {
    const char *period; /* "2025-Q4" */
    struct span span;
    int64_t as_of;       /* UTC seconds; nothing later is known */
    const char *profile; /* "portfolio" */
    const char *version; /* of tickmark */
};

/*
 * Once in the process, before any SQLite call: memory limits (a counting allocator), no shared cache, and the VFS whose
 * clock is the connection's as_of.
 */
bool store_start(void);

/*
 * Creates the database at `path` (a new file in the staging folder) with engine tables, generated tables and views, and
 * fills in what configuration says (criteria, controls, parameters with overrides, sources, waivers, calendar). A view
 * or generated name that SQLite refuses is reported at its file and line; what a view reads and calls is looked at by
 * guard_open_challenge, which every run needs too.
 */
struct store *store_create(const char *path, const struct schema *schema, const struct programme *programme,
                           const struct store_options *options, struct diagnostics *diagnostics);
void store_free(struct store *store);
/* The writing connection: for the engine's own statements only, never for SQL from the schema. */
sqlite3 *store_connection(struct store *store);
const struct store_options *store_options(const struct store *store);
/* The folder that the store stands in, where files may be made that are gone when it is published. */
const char *store_folder(const struct store *store);
/* Whether some row of the type may lack a value where that means that nobody knows it. */
bool store_may_lack(const struct store *store, size_t type);

/* ---- loading ---- */

struct store_evidence {
    int64_t id;             /* from 1, in bytewise order of path */
    const char *path;       /* below inputs/evidence */
    const char *shown_path; /* for diagnostics, as the reader's own show it; NULL: `path` */
    const struct programme_source *source;
    const struct kind *kind;
    bool dated; /* the name says what it covers */
    struct span span;
    const char *collected_by; /* from the sidecar, or NULL */
    int64_t collected_at;     /* INT64_MIN when unknown */
    int64_t claimed_records;  /* the source's own count, or -1 */
    bool has_claimed_sha256;  /* the sidecar says what the file was when it was collected */
    uint8_t claimed_sha256[DIGEST_BYTES];
    bool sidecar_effective; /* the sidecar says when it was taken */
    int64_t effective;
    bool earlier; /* from before the period, and still serves it: its snapshots stand at the period's beginning */
};
/* What the reader knows only at the end. */
struct store_evidence_end {
    uint8_t sha256[DIGEST_BYTES];
    uint64_t bytes;
    bool has_effective; /* the content says when it was taken */
    int64_t effective;
};

/*
 * Loads one evidence file: pulls the source to its end, inserts the rows, sets envelope values, folds, and counts. The
 * file's own row is written by store_load_end, which needs the digest. False only when the system failed: the store is
 * then good for nothing any more.
 */
bool store_load(struct store *store, const struct store_evidence *evidence, struct record_source *records);
bool store_load_end(struct store *store, const struct store_evidence *evidence, const struct record_source *records,
                    const struct store_evidence_end *end);
/* A file in the evidence folder that no source claims (source and kind NULL): kept in the package, and said. */
bool store_note_evidence(struct store *store, const struct store_evidence *evidence,
                         const struct store_evidence_end *end);
/*
 * After the last file: effective times (content over sidecar over name over period; a conflict is a diagnostic), copies
 * (same digest under another date), duplicates, supersession of events, dispositions, snapshots with `until`, indexes
 * of small tables, and which evidence is accepted. Ends the loading transaction.
 */
bool store_load_finish(struct store *store);

/*
 * Records every diagnostic so far that points at a file in tm_diagnostic, for the reports; call once, before writing.
 * Paths below `folder`, the programme's, are kept relative to it, so that the store does not tell where it was made.
 */
bool store_note_diagnostics(struct store *store, struct diagnostics *diagnostics, const char *folder);
/*
 * Brings the store into the form in which it is published: drops the tables of high volume, with the views that read
 * them, and adds the views for people. Guards on the store are freed first.
 */
bool store_settle(struct store *store);
/*
 * Writes the final file of a settled store by VACUUM INTO: the same bytes for the same content. It may run on a thread
 * of its own, while others read the store's file and nobody uses `store`.
 */
bool store_publish(struct store *store, const char *path);

#endif
