#include "store/guard_state.h"

#include "base/limits.h"
#include "store/functions.h"
#include "store/guard_state.sql.h"
#include "store/query.h"

#include <stdlib.h>
#include <string.h>

/*
 * Steps between two looks at the bounds. Some take long, such as a search in a long text, so that where a second is all
 * there is it is looked at often.
 */
#define PACE       10000
#define PACE_TIGHT 100
/*
 * The budget in steps is what decides, the same on every machine; should single steps be slow beyond all measure, the
 * clock ends the statement: when it takes this many times what the steps are taken for, where data may be many.
 */
#define CLOCK_GRACE      5
#define STEPS_PER_SECOND INT64_C(20000000)

static bool prepare_connection(struct guard *guard, bool file) {
    guard->rules.engine = true;
    bool ready = functions_register(guard->connection) && guard_rules_apply(&guard->rules, guard->connection) &&
                 sqlite3_exec(guard->connection, file ? sql_guard_file_settings : sql_guard_memory_settings, NULL, NULL,
                              NULL) == SQLITE_OK;
    guard->rules.engine = false;
    return ready;
}

/* What a guard's database is opened with. */
static int flags_of(enum guard_base base) {
    switch (base) {
    case GUARD_READS:
        return SQLITE_OPEN_READONLY;
    case GUARD_ADDS:
        return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE; /* what it adds is opened with the same flags */
    case GUARD_IN_MEMORY:
        break;
    }
    return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY;
}

struct guard *guard_state_open(enum guard_base base, const char *path, int64_t as_of, int64_t steps,
                               struct diagnostics *diagnostics) {
    struct guard *guard = calloc(1, sizeof *guard);
    if (guard == NULL) {
        goto memory;
    }
    guard->diagnostics = diagnostics;
    guard->budget = steps;
    guard->seconds = steps / STEPS_PER_SECOND * (path != NULL ? CLOCK_GRACE : 1);
    guard->pace = path != NULL ? PACE : PACE_TIGHT;
    guard->account.limit = LIMIT_SQL_HEAP_BYTES;
    guard->clock = clock_open(as_of, path);
    if (guard->clock == NULL) {
        goto memory;
    }
    struct memory_account *before = memory_enter(&guard->account);
    int result = sqlite3_open_v2(path == NULL ? ":memory:" : path, &guard->connection,
                                 flags_of(base) | SQLITE_OPEN_NOMUTEX, clock_name(guard->clock));
    /* A connection that closes keeps the file to itself for a moment, to see whether it was the last one. */
    bool ready = result == SQLITE_OK && sqlite3_busy_timeout(guard->connection, LIMIT_SQL_WAIT) == SQLITE_OK &&
                 prepare_connection(guard, path != NULL);
    memory_leave(before);
    if (!ready) {
        enum diagnostic failure = query_failure(guard->connection);
        diagnostics_report(diagnostics, failure, &(struct place){.path = path},
                           "the database cannot be opened for queries: %s",
                           failure == DIAGNOSTIC_MEMORY ? "memory ran out" : sqlite3_errmsg(guard->connection));
        goto failed;
    }
    return guard;

memory:
    diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while opening a database for queries");
failed:
    guard_free(guard);
    return NULL;
}

void guard_state_tighten(struct guard *guard) {
    guard->account.limit = LIMIT_CHALLENGE_HEAP_BYTES;
    sqlite3_limit(guard->connection, SQLITE_LIMIT_LENGTH, (int)LIMIT_CHALLENGE_BYTES);
}

void guard_about(struct guard *guard, const char *subject) {
    guard->subject = subject;
}

void guard_heed(struct guard *guard, const atomic_bool *stop) {
    guard->stop = stop;
}

void guard_state_measure(struct guard *guard) {
    struct diagnostics *said = guard->diagnostics;
    /* What no run made may not say how much evidence is in it, which is no fault of its own. */
    guard->diagnostics = diagnostics_new();
    struct guard_query *query =
        guard->diagnostics == NULL ? NULL : guard_prepare(guard, sql_guard_evidence_rows, &(struct place){0});
    int64_t rows = query != NULL && guard_step(query) == GUARD_ROW ? guard_integer(query, 0) : 0;
    guard_query_free(query);
    diagnostics_free(guard->diagnostics);
    guard->diagnostics = said;
    guard->rows = rows < 0 ? 0 : rows > LIMIT_SQL_ROWS ? LIMIT_SQL_ROWS : rows;
    guard->budget = LIMIT_SQL_STEPS + guard->rows * LIMIT_SQL_STEPS_EACH;
    guard->seconds = (guard->budget / STEPS_PER_SECOND + 1) * CLOCK_GRACE;
}

struct guard *guard_open(const char *path, int64_t as_of, struct diagnostics *diagnostics) {
    struct guard *guard = guard_state_open(GUARD_READS, path, as_of, LIMIT_SQL_STEPS, diagnostics);
    if (guard != NULL) {
        guard_state_measure(guard);
    }
    return guard;
}

void guard_free(struct guard *guard) {
    if (guard == NULL) {
        return;
    }
    struct memory_account *before = memory_enter(&guard->account);
    guard_challenge_free(guard->challenge);
    (void)sqlite3_close_v2(guard->connection); /* always succeeds; a query still open keeps the connection alive */
    memory_leave(before);
    clock_free(guard->clock);
    free(guard);
}

void guard_state_report(sqlite3 *connection, const char *sql, size_t skip, const struct place *place,
                        struct diagnostics *diagnostics) {
    struct place at = place == NULL ? (struct place){0} : *place;
    if (sqlite3_errcode(connection) == SQLITE_NOMEM) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, &at, "memory ran out while SQL was prepared");
        return;
    }
    int offset = sqlite3_error_offset(connection);
    if (offset > 0 && (size_t)offset <= strlen(sql) && at.line > 0) {
        at.column = 0; /* the SQL may be indented in its file: only the line is known */
        for (size_t i = skip; i < (size_t)offset; i++) {
            at.line += sql[i] == '\n';
        }
    }
    diagnostics_report(diagnostics, DIAGNOSTIC_SQL_ERROR, &at, "%s; correct the SQL", sqlite3_errmsg(connection));
}
