#include "store/guard_state.h"

#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct guard_query {
    struct guard *guard;
    sqlite3_stmt *statement;
    struct arena *arena;
    struct guard_read *reads;
    size_t read_count;
    struct place place;
    int64_t steps;   /* since the last reset */
    int64_t started; /* milliseconds of the thread's processor time at the first look; 0: not yet */
    int64_t begun;   /* milliseconds of the clock at that look */
};

/* Of the thread's own processor time, so that others who are busy end nobody's query. Never 0. */
static int64_t spent_milliseconds(void) {
    struct timespec now;
    return clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0 ? now.tv_sec * 1000 + now.tv_nsec / 1000000 + 1 : 1;
}

/* Of a clock that costs hardly anything to look at, and is exact to some milliseconds. */
static int64_t passed_milliseconds(void) {
    struct timespec now;
    return clock_gettime(CLOCK_MONOTONIC_COARSE, &now) == 0 ? now.tv_sec * 1000 + now.tv_nsec / 1000000 : INT64_MAX;
}

static bool is_stopped(const struct guard *guard) {
    return guard->stop != NULL && atomic_load(guard->stop);
}

static int progress(void *context) {
    struct guard *guard = context;
    struct guard_query *query = guard->running;
    if (query == NULL) {
        return 0;
    }
    query->steps += guard->pace;
    if (query->started == 0) { /* asking for the time costs more than all that most expressions do */
        query->started = spent_milliseconds();
        query->begun = passed_milliseconds();
    }
    if (is_stopped(guard) || query->steps > guard->budget) {
        return 1;
    }
    /* No more of the processor can be spent than time has passed. */
    return passed_milliseconds() - query->begun >= guard->seconds * 1000 &&
           spent_milliseconds() - query->started > guard->seconds * 1000;
}

#define SUBJECT_BYTES 128

/* "test CC6.1-01.1: ", or nothing. */
static void about_whom(const struct guard *guard, char out[SUBJECT_BYTES]) {
    snprintf(out, SUBJECT_BYTES, "%.*s%s", SUBJECT_BYTES - 3, guard->subject != NULL ? guard->subject : "",
             guard->subject != NULL ? ": " : "");
}

static void report_limit(struct guard *guard, const struct place *place, const char *about) {
    long long seconds = (long long)guard->seconds;
    if (guard->rows > 0) {
        diagnostics_report(guard->diagnostics, DIAGNOSTIC_SQL_LIMIT, place,
                           "%sthe query takes more than %.1f million steps (%d million, and %d for each of the %lld "
                           "rows of evidence), or %lld s of the processor; join what it reads by columns that are "
                           "equal, or make it read less",
                           about, (double)guard->budget / 1e6, LIMIT_SQL_STEPS / 1000000, LIMIT_SQL_STEPS_EACH,
                           (long long)guard->rows, seconds);
    } else {
        diagnostics_report(
            guard->diagnostics, DIAGNOSTIC_SQL_LIMIT, place,
            "%sthe query takes more than %lld million steps, or %lld s of the processor; make it read less", about,
            (long long)(guard->budget / 1000000), seconds);
    }
}

static void report_failure(struct guard *guard, const char *sql, const struct place *place, int result) {
    char about[SUBJECT_BYTES];
    about_whom(guard, about);
    if (guard->rules.memory || (result == SQLITE_NOMEM && guard->account.exhausted)) {
        diagnostics_report(guard->diagnostics, DIAGNOSTIC_MEMORY, place,
                           "memory ran out in a query; give the process more, or less to do");
    } else if (guard->rules.refusal[0] != '\0') {
        diagnostics_report(guard->diagnostics, DIAGNOSTIC_SQL_REFUSED, place,
                           "%sthe SQL is refused, because %s; a query may only read evidence, with functions whose "
                           "result is always the same",
                           about, guard->rules.refusal);
    } else if (result == SQLITE_INTERRUPT && is_stopped(guard)) {
        return; /* why it was stopped has been said */
    } else if (result == SQLITE_INTERRUPT) {
        report_limit(guard, place, about);
    } else if (result == SQLITE_NOMEM || result == SQLITE_TOOBIG) {
        diagnostics_report(guard->diagnostics, DIAGNOSTIC_SQL_LIMIT, place,
                           "%sthe query needs more memory than the %d MiB, or a value longer than the %d KiB, that one "
                           "may use; make it read or build less",
                           about, (int)(guard->account.limit >> 20),
                           sqlite3_limit(guard->connection, SQLITE_LIMIT_LENGTH, -1) >> 10);
    } else {
        guard_state_report(guard->connection, sql, 0, place, guard->diagnostics);
    }
}

static bool refuse(struct guard *guard, const struct place *place, const char *why) {
    char about[SUBJECT_BYTES];
    about_whom(guard, about);
    diagnostics_report(guard->diagnostics, DIAGNOSTIC_SQL_REFUSED, place, "%sthe SQL is refused, because %s", about,
                       why);
    return false;
}

/* Whether only blanks, comments and semicolons follow the statement. */
static bool nothing_follows(sqlite3 *connection, const char *tail) {
    while (*tail != '\0') {
        sqlite3_stmt *next = NULL;
        const char *rest = tail;
        int result = sqlite3_prepare_v2(connection, tail, -1, &next, &rest);
        bool empty = result == SQLITE_OK && next == NULL;
        (void)sqlite3_finalize(next); /* never stepped: nothing can fail */
        if (!empty || rest == tail) {
            return false;
        }
        tail = rest;
    }
    return true;
}

static bool acceptable(struct guard_query *query, const char *tail) {
    struct guard *guard = query->guard;
    if (query->statement == NULL) {
        return refuse(guard, &query->place, "it is empty; write a SELECT");
    }
    if (!nothing_follows(guard->connection, tail)) {
        return refuse(guard, &query->place, "a second statement follows the first; keep one SELECT");
    }
    if (!sqlite3_stmt_readonly(query->statement) || sqlite3_stmt_isexplain(query->statement) != 0 ||
        sqlite3_column_count(query->statement) == 0) {
        return refuse(guard, &query->place, "it is no SELECT; write one");
    }
    int parameters = sqlite3_bind_parameter_count(query->statement);
    for (int i = 1; i <= parameters; i++) {
        const char *name = sqlite3_bind_parameter_name(query->statement, i);
        if (name == NULL || name[0] != ':') {
            return refuse(guard, &query->place, "a parameter is not written as :name; name it");
        }
    }
    return true;
}

static bool keep_reads(struct guard_query *query) {
    struct guard_rules *rules = &query->guard->rules;
    bool kept = guard_rules_finish(rules, query->guard->connection, query->arena);
    query->read_count = rules->read_count;
    query->reads = rules->reads;
    return kept;
}

struct guard_query *guard_prepare(struct guard *guard, const char *sql, const struct place *place) {
    struct memory_account *before = memory_enter(&guard->account);
    struct guard_query *query = calloc(1, sizeof *query);
    struct arena *arena = arena_new();
    if (query == NULL || arena == NULL) {
        goto memory;
    }
    query->guard = guard;
    query->arena = arena;
    if (place != NULL) {
        query->place = *place;
        query->place.path = place->path == NULL ? NULL : arena_text(arena, place->path);
    }
    sqlite3_progress_handler(guard->connection, guard->pace, progress, guard);
    guard_rules_begin(&guard->rules, arena);
    const char *tail = sql;
    int result = sqlite3_prepare_v3(guard->connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &query->statement, &tail);
    if (result != SQLITE_OK) {
        report_failure(guard, sql, &query->place, result);
        goto failed;
    }
    guard->rules.arena = NULL; /* what is prepared from here on to look at the rest is not noted */
    if (!acceptable(query, tail)) {
        goto failed;
    }
    if (!keep_reads(query)) {
        goto memory;
    }
    memory_leave(before);
    return query;

memory:
    diagnostics_report(guard->diagnostics, DIAGNOSTIC_MEMORY, place, "memory ran out while preparing a query");
    if (query == NULL || query->arena == NULL) {
        arena_free(arena);
    }
failed:
    guard->rules.arena = NULL;
    guard_query_free(query);
    memory_leave(before);
    return NULL;
}

void guard_query_free(struct guard_query *query) {
    if (query == NULL) {
        return;
    }
    struct memory_account *before = NULL;
    if (query->guard != NULL) {
        before = memory_enter(&query->guard->account);
    }
    (void)sqlite3_finalize(query->statement); /* repeats an error that guard_step reported */
    if (query->guard != NULL) {
        memory_leave(before);
    }
    arena_free(query->arena);
    free(query);
}

const struct guard_read *guard_reads(const struct guard_query *query, size_t *count) {
    *count = query->read_count;
    return query->reads;
}

/* The index of :name, or 0. */
static int parameter_index(const struct guard_query *query, const char *name) {
    int count = sqlite3_bind_parameter_count(query->statement);
    for (int i = 1; i <= count; i++) {
        const char *parameter = sqlite3_bind_parameter_name(query->statement, i);
        if (parameter != NULL && strcmp(parameter + 1, name) == 0) {
            return i;
        }
    }
    return 0;
}

bool guard_has_parameter(const struct guard_query *query, const char *name) {
    return parameter_index(query, name) != 0;
}

const char *guard_parameter(const struct guard_query *query, int index) {
    const char *name = sqlite3_bind_parameter_name(query->statement, index + 1);
    return name == NULL ? NULL : name + 1;
}

static bool bind_value(struct guard_query *query, const char *name, const struct value *value,
                       sqlite3_destructor_type destructor) {
    int index = parameter_index(query, name);
    if (index == 0) {
        return true;
    }
    struct memory_account *before = memory_enter(&query->guard->account);
    int result = SQLITE_OK;
    switch (value->kind) {
    case VALUE_NULL:
        result = sqlite3_bind_null(query->statement, index);
        break;
    case VALUE_INTEGER:
        result = sqlite3_bind_int64(query->statement, index, value->integer);
        break;
    case VALUE_REAL:
        result = sqlite3_bind_double(query->statement, index, value->real);
        break;
    case VALUE_TEXT:
        result = sqlite3_bind_text64(query->statement, index, value->text.bytes, value->text.length, destructor,
                                     SQLITE_UTF8);
        break;
    }
    if (result != SQLITE_OK) {
        report_failure(query->guard, "", &query->place, result);
    }
    memory_leave(before);
    return result == SQLITE_OK;
}

bool guard_bind(struct guard_query *query, const char *name, const struct value *value) {
    return bind_value(query, name, value, SQLITE_TRANSIENT);
}

bool guard_lend(struct guard_query *query, const char *name, const struct value *value) {
    return bind_value(query, name, value, SQLITE_STATIC);
}

int guard_column(const struct guard_query *query, const char *name) {
    for (int i = 0; i < guard_column_count(query); i++) {
        if (strcmp(guard_column_name(query, i), name) == 0) {
            return i;
        }
    }
    return -1;
}

int guard_column_count(const struct guard_query *query) {
    return sqlite3_column_count(query->statement);
}

const char *guard_column_name(const struct guard_query *query, int column) {
    const char *name = sqlite3_column_name(query->statement, column);
    return name == NULL ? "" : name;
}

enum guard_step guard_step(struct guard_query *query) {
    struct guard *guard = query->guard;
    struct memory_account *before = memory_enter(&guard->account);
    guard->rules.refusal[0] = '\0';
    guard->running = query;
    int result = sqlite3_step(query->statement);
    guard->running = NULL;
    if (result != SQLITE_ROW && result != SQLITE_DONE) {
        report_failure(guard, "", &query->place, result & 0xff);
    }
    memory_leave(before);
    return result == SQLITE_ROW ? GUARD_ROW : result == SQLITE_DONE ? GUARD_DONE : GUARD_FAILED;
}

bool guard_keep(struct guard_query *query, const char *create) {
    struct guard *guard = query->guard;
    struct memory_account *before = memory_enter(&guard->account);
    (void)sqlite3_finalize(query->statement); /* never stepped: nothing can fail */
    query->statement = NULL;
    guard->rules.engine = true;
    int result = sqlite3_prepare_v2(guard->connection, create, -1, &query->statement, NULL);
    enum guard_step step = GUARD_FAILED;
    if (result == SQLITE_OK) {
        step = guard_step(query);
    } else {
        report_failure(guard, create, &query->place, result);
    }
    guard->rules.engine = false;
    memory_leave(before);
    return step == GUARD_DONE;
}

void guard_reset(struct guard_query *query) {
    struct memory_account *before = memory_enter(&query->guard->account);
    (void)sqlite3_reset(query->statement); /* repeats an error that guard_step reported */
    memory_leave(before);
    query->steps = 0;
    query->started = 0;
}

const char *guard_text(struct guard_query *query, int column) {
    struct memory_account *before = memory_enter(&query->guard->account);
    const char *text = (const char *)sqlite3_column_text(query->statement, column);
    memory_leave(before);
    return text;
}

int64_t guard_integer(struct guard_query *query, int column) {
    return sqlite3_column_int64(query->statement, column);
}

double guard_real(struct guard_query *query, int column) {
    return sqlite3_column_double(query->statement, column);
}

bool guard_is_null(struct guard_query *query, int column) {
    return sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

struct value guard_value(struct guard_query *query, int column) {
    struct value value = {.kind = VALUE_NULL};
    switch (sqlite3_column_type(query->statement, column)) {
    case SQLITE_INTEGER:
        value.kind = VALUE_INTEGER;
        value.integer = sqlite3_column_int64(query->statement, column);
        break;
    case SQLITE_FLOAT:
        value.kind = VALUE_REAL;
        value.real = sqlite3_column_double(query->statement, column);
        break;
    case SQLITE_NULL:
        break;
    default: /* a blob is taken for the text that its bytes are */
        value.kind = VALUE_TEXT;
        value.text.bytes = guard_text(query, column);
        value.text.length = (size_t)sqlite3_column_bytes(query->statement, column);
        if (value.text.bytes == NULL) {
            value.text.bytes = "";
            value.text.length = 0;
        }
        break;
    }
    return value;
}
