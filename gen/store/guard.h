#ifndef STORE_GUARD_H
#define STORE_GUARD_H

#include "base/diagnostics.h"
#include "config/schema.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * SQL that comes from the schema or a template is hostile. It runs on a second, read-only connection behind every guard
 * of notes/engine.md: DEFENSIVE, TRUSTED_SCHEMA off, no extensions, no double-quoted strings, query_only, an authorizer
 * that allows SELECT, READ, RECURSIVE and a list of functions, limits, one statement only, sqlite3_stmt_readonly, a
 * heap limit, and a budget of steps.
 */
struct guard;

/* On the store's file. `as_of` is the only clock that SQL can see. The budget grows with the evidence in the store. */
struct guard *guard_open(const char *path, int64_t as_of, struct diagnostics *diagnostics);
/* Whose SQL runs from here on ("test CC6.1-01.1"), for diagnostics; not copied. NULL: nobody's in particular. */
void guard_about(struct guard *guard, const char *subject);
/* From here on a statement fails, with nothing reported, once `stop` is set: its result is not wanted any more. */
void guard_heed(struct guard *guard, const atomic_bool *stop);
/* Its queries are freed first. */
void guard_free(struct guard *guard);

/* What a statement reads: base tables behind views, as SQLite's authorizer reports them. */
struct guard_read {
    const char *table;
    const char *column;
};

/* A prepared statement. */
struct guard_query;

/* NULL after reporting at `place` (its line is the SQL's first) with SQLite's own message and the line within the SQL.
 */
struct guard_query *guard_prepare(struct guard *guard, const char *sql, const struct place *place);
void guard_query_free(struct guard_query *query);
/* Distinct, sorted. */
const struct guard_read *guard_reads(const struct guard_query *query, size_t *count);
/* Whether the statement has a parameter :name. */
bool guard_has_parameter(const struct guard_query *query, const char *name);
/* Every parameter's name without its colon, by index from 0; NULL past the end. */
const char *guard_parameter(const struct guard_query *query, int index);
/* Binds :name where the statement has it. Text is copied. */
bool guard_bind(struct guard_query *query, const char *name, const struct value *value);
/* The same, but text is not copied: it lives until the query is reset and bound anew, or freed. */
bool guard_lend(struct guard_query *query, const char *name, const struct value *value);
/* The column's index, or -1. */
int guard_column(const struct guard_query *query, const char *name);
int guard_column_count(const struct guard_query *query);
const char *guard_column_name(const struct guard_query *query, int column);
/*
 * Has the query's rows kept by `create`, a statement of the engine's around the query's own SQL, on a guard that may
 * add a database. The bounds are the same. False after reporting; the query can only be freed then, and afterwards too.
 */
bool guard_keep(struct guard_query *query, const char *create);
enum guard_step { GUARD_ROW, GUARD_DONE, GUARD_FAILED }; /* failed: reported (deadline, memory, SQL error) */
enum guard_step guard_step(struct guard_query *query);
void guard_reset(struct guard_query *query);
/* Values of the current row, until the next step. Text is NUL-terminated; NULL for SQL NULL. */
const char *guard_text(struct guard_query *query, int column);
int64_t guard_integer(struct guard_query *query, int column);
double guard_real(struct guard_query *query, int column);
bool guard_is_null(struct guard_query *query, int column);
/* The value as stored, for digests: text, integer, real or NULL. */
struct value guard_value(struct guard_query *query, int column);

/*
 * A guarded in-memory database with the same tables and views as a store, for challenges and `schema test`: rows are
 * put in by guard_give. A view of the schema that reads or calls what it may not is reported at its
 * file and line, and the result is NULL.
 */
struct guard *guard_open_challenge(const struct schema *schema, const struct span *period, int64_t as_of,
                                   struct diagnostics *diagnostics);
/*
 * Gives the rows of a challenge's `given` (checked by config already): one snapshot for each distinct (type, source,
 * at), `at` defaulting to the period's last day and source to "challenge". guard_take_back removes them all.
 */
bool guard_give(struct guard *guard, const struct schema *schema, const struct yaml_node *given);
bool guard_take_back(struct guard *guard);

#endif
