#include "store/load.h"

#include "store/tables.h"

#include <stdlib.h>
#include <string.h>

/*
 * An event log of one entity is folded into one row: the rows of a file that agree in the key are read in the order
 * of `by`, the first row of the file stays with the value that each column takes, and the others are marked.
 */
enum { SELECTED_REF, SELECTED_INVALID, SELECTED_FIRST };

struct folding {
    struct store *store;
    const struct evidence_type *type;
    const struct fold *fold;
    struct query select;
    struct query mark;
    struct query keep;
    sqlite3_value **held; /* by column: what the group's rows have given so far */
    int64_t group;        /* rows of the group; 0 before the first */
    int64_t survivor;     /* its lowest ref */
    int64_t invalid_rows; /* of the group */
    bool bad;             /* a row was invalid for more than columns that others may fill */
};

static bool out_of_memory(struct folding *folding) {
    diagnostics_report(folding->store->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while folding rows");
    return false;
}

/* -1, 0 or 1 in SQLite's order; both values are of one column and not NULL. */
static int compare(sqlite3_value *a, sqlite3_value *b) {
    if (sqlite3_value_type(a) == SQLITE_TEXT) {
        const void *x = sqlite3_value_text(a);
        const void *y = sqlite3_value_text(b);
        int x_bytes = sqlite3_value_bytes(a);
        int y_bytes = sqlite3_value_bytes(b);
        if (x == NULL || y == NULL) {
            return 0;
        }
        int order = memcmp(x, y, (size_t)(x_bytes < y_bytes ? x_bytes : y_bytes));
        return order != 0 ? (order > 0) - (order < 0) : (x_bytes > y_bytes) - (x_bytes < y_bytes);
    }
    if (sqlite3_value_type(a) == SQLITE_INTEGER) {
        int64_t x = sqlite3_value_int64(a);
        int64_t y = sqlite3_value_int64(b);
        return (x > y) - (x < y);
    }
    double x = sqlite3_value_double(a);
    double y = sqlite3_value_double(b);
    return (x > y) - (x < y);
}

static enum fold_take take_of(const struct fold *fold, size_t column) {
    for (size_t i = 0; i < fold->take_count; i++) {
        if (fold->columns[i] == column) {
            return fold->takes[i];
        }
    }
    return FOLD_LAST;
}

static bool taken(enum fold_take take, sqlite3_value *held, sqlite3_value *next) {
    if (sqlite3_value_type(next) == SQLITE_NULL) {
        return false;
    }
    if (held == NULL) {
        return true;
    }
    switch (take) {
    case FOLD_FIRST:
        return false;
    case FOLD_LAST:
        return true;
    case FOLD_MINIMUM:
        return compare(next, held) < 0;
    case FOLD_MAXIMUM:
        return compare(next, held) > 0;
    }
    return false;
}

static sqlite3_value *selected(struct folding *folding, size_t column) {
    return sqlite3_column_value(folding->select.statement, (int)column + SELECTED_FIRST);
}

/* Whether the current row has the key of the group. */
static bool same_group(struct folding *folding) {
    if (folding->group == 0) {
        return false;
    }
    for (size_t i = 0; i < folding->fold->key_count; i++) {
        size_t column = folding->fold->key[i];
        if (compare(selected(folding, column), folding->held[column]) != 0) {
            return false;
        }
    }
    return true;
}

static void forget(struct folding *folding) {
    for (size_t i = 0; i < folding->type->column_count; i++) {
        sqlite3_value_free(folding->held[i]);
        folding->held[i] = NULL;
    }
    folding->group = 0;
    folding->invalid_rows = 0;
    folding->bad = false;
}

/* Writes the group's row and counts. */
static bool end_group(struct folding *folding) {
    bool done = true;
    if (folding->group > 1) {
        struct state_count *count = &folding->store->counts[folding->type - folding->store->schema->types];
        bool invalid = folding->bad;
        for (size_t i = 0; done && i < folding->type->column_count; i++) {
            invalid = invalid || (folding->held[i] == NULL && folding->type->columns[i].required);
            if (folding->held[i] == NULL) {
                query_null(&folding->keep, (int)i + SELECTED_FIRST + 1);
            } else {
                done = sqlite3_bind_value(folding->keep.statement, (int)i + SELECTED_FIRST + 1, folding->held[i]) ==
                           SQLITE_OK ||
                       out_of_memory(folding);
            }
        }
        query_integer(&folding->keep, SELECTED_REF + 1, folding->survivor);
        query_integer(&folding->keep, SELECTED_INVALID + 1, invalid);
        done = done && query_run(&folding->keep);
        count->folded += folding->group - 1;
        count->invalid += invalid - folding->invalid_rows;
    }
    forget(folding);
    return done;
}

static bool take_row(struct folding *folding) {
    int64_t ref = query_column_integer(&folding->select, SELECTED_REF);
    bool invalid = query_column_integer(&folding->select, SELECTED_INVALID) != 0;
    bool lacking = false;
    for (size_t i = 0; i < folding->type->column_count; i++) {
        sqlite3_value *next = selected(folding, i);
        lacking = lacking || (folding->type->columns[i].required && sqlite3_value_type(next) == SQLITE_NULL);
        if (taken(take_of(folding->fold, i), folding->held[i], next)) {
            sqlite3_value_free(folding->held[i]);
            folding->held[i] = sqlite3_value_dup(next);
            if (folding->held[i] == NULL) {
                return out_of_memory(folding);
            }
        }
    }
    folding->invalid_rows += invalid;
    folding->bad = folding->bad || (invalid && !lacking);
    if (++folding->group == 1) {
        folding->survivor = ref;
        return true;
    }
    int64_t folded = ref > folding->survivor ? ref : folding->survivor;
    folding->survivor = ref > folding->survivor ? folding->survivor : ref;
    query_integer(&folding->mark, 1, folded);
    return query_run(&folding->mark);
}

static void select_sql(struct buffer *out, const struct evidence_type *type, const struct fold *fold) {
    buffer_append_text(out, "SELECT ref, invalid");
    for (size_t i = 0; i < type->column_count; i++) {
        buffer_append_text(out, ", ");
        tables_name(out, type->columns[i].name);
    }
    buffer_append_text(out, " FROM ");
    tables_row_name(out, type);
    buffer_append_text(out, " WHERE ref BETWEEN ? AND ? AND row_rule = ?");
    for (size_t i = 0; i < fold->key_count; i++) {
        buffer_append_text(out, " AND ");
        tables_name(out, type->columns[fold->key[i]].name);
        buffer_append_text(out, " IS NOT NULL");
    }
    buffer_append_text(out, " ORDER BY ");
    for (size_t i = 0; i < fold->key_count; i++) {
        tables_name(out, type->columns[fold->key[i]].name);
        buffer_append_text(out, ", ");
    }
    tables_name(out, type->columns[fold->by].name);
    buffer_append_text(out, ", ref");
}

static void keep_sql(struct buffer *out, const struct evidence_type *type) {
    buffer_append_text(out, "UPDATE ");
    tables_row_name(out, type);
    buffer_append_text(out, " SET excluded = NULL, invalid = ?2");
    for (size_t i = 0; i < type->column_count; i++) {
        buffer_append_text(out, ", ");
        tables_name(out, type->columns[i].name);
        buffer_format(out, " = ?%zu", i + SELECTED_FIRST + 1);
    }
    buffer_append_text(out, " WHERE ref = ?1");
}

static bool open_query(struct folding *folding, struct query *query, const char *name, const struct buffer *sql) {
    const char *text = tables_text(sql, folding->store->diagnostics);
    return text != NULL && query_open(query, folding->store->connection, name, text, folding->store->diagnostics);
}

static bool open_queries(struct folding *folding) {
    struct buffer select = {0};
    struct buffer mark = {0};
    struct buffer keep = {0};
    select_sql(&select, folding->type, folding->fold);
    buffer_append_text(&mark, "UPDATE ");
    tables_row_name(&mark, folding->type);
    buffer_append_text(&mark, " SET excluded = 'folded' WHERE ref = ?");
    keep_sql(&keep, folding->type);
    bool opened = open_query(folding, &folding->select, "fold_select", &select) &&
                  open_query(folding, &folding->mark, "fold_mark", &mark) &&
                  open_query(folding, &folding->keep, "fold_keep", &keep);
    buffer_free(&select);
    buffer_free(&mark);
    buffer_free(&keep);
    return opened;
}

bool load_fold(struct store *store, const struct store_evidence *evidence, size_t rule) {
    const struct row_rule *row_rule = &evidence->kind->rules[rule];
    struct folding folding = {.store = store, .type = &store->schema->types[row_rule->type], .fold = &row_rule->fold};
    folding.held = calloc(folding.type->column_count + 1, sizeof *folding.held);
    bool done = folding.held == NULL ? out_of_memory(&folding) : open_queries(&folding);
    if (done) {
        int64_t first;
        int64_t last;
        load_range(evidence, &first, &last);
        query_integer(&folding.select, 1, first);
        query_integer(&folding.select, 2, last);
        query_integer(&folding.select, 3, (int64_t)rule);
    }
    /* The rows are changed while they are read: the sorter has taken in all of them before it gives the first. */
    while (done && query_step(&folding.select)) {
        done = (same_group(&folding) || end_group(&folding)) && take_row(&folding);
    }
    done = done && end_group(&folding);
    if (folding.held != NULL) {
        forget(&folding);
    }
    free(folding.held);
    done = query_close(&folding.select) && done;
    done = query_close(&folding.mark) && done;
    return query_close(&folding.keep) && done;
}
