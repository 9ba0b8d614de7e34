#include "assess/unknown.h"

#include "assess/unknown.sql.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "store/tables.h"

#include <pthread.h>
#include <stdlib.h>

enum counted { COUNTED_NOT, COUNTED_BEGUN, COUNTED_DONE, COUNTED_FAILED };

struct unknown {
    const struct store *store;
    const struct schema *schema;
    struct diagnostics *diagnostics;
    struct arena *arena;
    enum counted *counted; /* by type */
    int64_t **rows;        /* by type and column, once it is counted */
    pthread_mutex_t lock;  /* of all the above */
    pthread_cond_t ended;  /* signalled when a type is counted, or will not be */
};

static bool out_of_memory(struct diagnostics *diagnostics) {
    diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to look for values that are unknown");
    return false;
}

static bool make_room(struct unknown *unknown) {
    const struct schema *schema = unknown->schema;

    unknown->arena = arena_new();
    if (unknown->arena == NULL) {
        return false;
    }
    unknown->counted = arena_array(unknown->arena, schema->type_count + 1, sizeof *unknown->counted);
    unknown->rows = arena_array(unknown->arena, schema->type_count + 1, sizeof *unknown->rows);
    bool made = unknown->counted != NULL && unknown->rows != NULL;
    for (size_t type = 0; made && type < schema->type_count; type++) {
        unknown->rows[type] =
            arena_array(unknown->arena, schema->types[type].column_count + 1, sizeof *unknown->rows[type]);
        made = unknown->rows[type] != NULL;
    }
    return made;
}

struct unknown *unknown_new(const struct store *store, const struct schema *schema, struct diagnostics *diagnostics) {
    struct unknown *unknown = calloc(1, sizeof *unknown);

    if (unknown != NULL) {
        *unknown = (struct unknown){.store = store,
                                    .schema = schema,
                                    .diagnostics = diagnostics,
                                    .lock = PTHREAD_MUTEX_INITIALIZER,
                                    .ended = PTHREAD_COND_INITIALIZER};
    }
    if (unknown == NULL || !make_room(unknown)) {
        out_of_memory(diagnostics);
        unknown_free(unknown);
        return NULL;
    }
    return unknown;
}

void unknown_free(struct unknown *unknown) {
    if (unknown == NULL) {
        return;
    }
    pthread_cond_destroy(&unknown->ended);
    pthread_mutex_destroy(&unknown->lock);
    arena_free(unknown->arena);
    free(unknown);
}

static bool matters(const struct evidence_type *type, size_t column) {
    return type->columns[column].null_meaning == NULL;
}

/* Appends the statement that counts a type: all rows, and for each column that matters those with a value. */
static void make_sql(const struct evidence_type *type, struct buffer *sql) {
    struct buffer values = {0};
    struct buffer lacks = {0};

    for (size_t c = 0; c < type->column_count; c++) {
        if (matters(type, c)) {
            buffer_format(&values, sql_unknown_value, type->columns[c].name);
            buffer_format(&lacks, sql_unknown_lack, type->columns[c].name);
        }
    }
    const char *list = buffer_text(&values);
    const char *conditions = buffer_text(&lacks);
    if (list != NULL && conditions != NULL) {
        buffer_format(sql, sql_unknown_values, type->id, list, conditions);
    } else {
        sql->failed = true;
    }
    buffer_free(&values);
    buffer_free(&lacks);
}

/*
 * All columns of a type at once; nobody else has anything to do with its rows meanwhile. Where loading saw none without
 * a value they are not gone through again.
 */
static bool count_type(struct unknown *unknown, struct guard *guard, size_t index) {
    const struct evidence_type *type = &unknown->schema->types[index];
    struct buffer sql = {0};
    struct guard_query *query = NULL;
    bool done = false;
    int asked = 0;

    if (!store_may_lack(unknown->store, index)) {
        return true;
    }
    make_sql(type, &sql);
    const char *text = buffer_text(&sql);
    if (text == NULL) {
        done = out_of_memory(unknown->diagnostics);
        goto end;
    }
    query = guard_prepare(guard, text, &type->place);
    if (query == NULL || guard_step(query) != GUARD_ROW) {
        goto end;
    }
    for (size_t c = 0; c < type->column_count; c++) {
        if (matters(type, c)) {
            unknown->rows[index][c] = guard_integer(query, 0) - guard_integer(query, ++asked);
        }
    }
    done = true;

end:
    guard_query_free(query);
    buffer_free(&sql);
    return done;
}

/* Counts a type, or waits until another thread has done it. */
static bool see_to_type(struct unknown *unknown, struct guard *guard, size_t type) {
    pthread_mutex_lock(&unknown->lock);
    while (unknown->counted[type] == COUNTED_BEGUN) {
        pthread_cond_wait(&unknown->ended, &unknown->lock);
    }
    bool begins = unknown->counted[type] == COUNTED_NOT;
    if (begins) {
        unknown->counted[type] = COUNTED_BEGUN;
    }
    pthread_mutex_unlock(&unknown->lock);
    bool counted = begins && count_type(unknown, guard, type);
    pthread_mutex_lock(&unknown->lock);
    if (begins) {
        unknown->counted[type] = counted ? COUNTED_DONE : COUNTED_FAILED;
        pthread_cond_broadcast(&unknown->ended);
    }
    bool done = unknown->counted[type] == COUNTED_DONE;
    pthread_mutex_unlock(&unknown->lock);
    return done;
}

bool unknown_count(struct unknown *unknown, struct guard *guard, const struct guard_query *query) {
    const struct schema *schema = unknown->schema;
    size_t count = 0;
    const struct guard_read *reads = guard_reads(query, &count);
    bool done = true;

    for (size_t i = 0; done && i < count; i++) {
        size_t type = tables_type(schema, reads[i].table);
        size_t column = type != SIZE_MAX ? schema_column(&schema->types[type], reads[i].column) : SIZE_MAX;
        done = column == SIZE_MAX || !matters(&schema->types[type], column) || see_to_type(unknown, guard, type);
    }
    return done;
}

int64_t unknown_rows(struct unknown *unknown, size_t type, size_t column) {
    pthread_mutex_lock(&unknown->lock);
    int64_t rows = unknown->rows[type][column];
    pthread_mutex_unlock(&unknown->lock);
    return rows;
}
