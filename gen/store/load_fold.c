#include "store/load.h"

#include "store/load_fold.sql.h"
#include "store/load_value.h"
#include "store/tables_fill.h"

#include <stdlib.h>
#include <string.h>

/*
 * An event log of one entity is folded into one row: the rows of a file that agree in the key are read in the order
 * of `by` (of an enumeration, that of its values), the first row of the file stays with the value that each column
 * takes, and the others are marked.
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

/* The place of the value in the list of an enumeration, whose values stand in their order; -1: in none. */
static int rank(const struct column *column, sqlite3_value *value) {
    const char *text = (const char *)sqlite3_value_text(value);
    size_t place = text != NULL ? load_value_place(&column->values, text, strlen(text)) : SIZE_MAX;
    return place == SIZE_MAX ? -1 : (int)place;
}

/* As compare, in the order of the column. */
static int compare_in(const struct column *column, sqlite3_value *a, sqlite3_value *b) {
    return column->kind == COLUMN_ENUMERATION ? rank(column, a) - rank(column, b) : compare(a, b);
}

static bool taken(const struct column *column, enum fold_take take, sqlite3_value *held, sqlite3_value *next) {
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
        return compare_in(column, next, held) < 0;
    case FOLD_MAXIMUM:
        return compare_in(column, next, held) > 0;
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
        if (taken(&folding->type->columns[i], take_of(folding->fold, i), folding->held[i], next)) {
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

/* The template once for each column of the type. */
static bool fill_all(struct buffer *out, const char *template, struct folding *folding) {
    bool filled = true;
    for (size_t i = 0; filled && i < folding->type->column_count; i++) {
        filled = tables_fill_columns(out, template, folding->type, &i, 1, "", folding->store->diagnostics);
    }
    return filled;
}

static bool fill_select(struct buffer *out, struct folding *folding) {
    const struct evidence_type *type = folding->type;
    const struct fold *fold = folding->fold;
    struct diagnostics *diagnostics = folding->store->diagnostics;
    struct buffer columns = {0};
    struct buffer present = {0};
    struct buffer key = {0};
    bool filled =
        fill_all(&columns, sql_fold_column, folding) &&
        tables_fill_columns(&present, sql_fold_key_present, type, fold->key, fold->key_count, " ", diagnostics) &&
        tables_fill_columns(&key, sql_fold_key_column, type, fold->key, fold->key_count, ", ", diagnostics);
    if (filled) {
        const struct tables_part parts[] = {{.placeholder = "columns", .text = buffer_text(&columns)},
                                            {.placeholder = "type", .name = type->id},
                                            {.placeholder = "key_present", .text = buffer_text(&present)},
                                            {.placeholder = "key", .text = buffer_text(&key)},
                                            {.placeholder = "by", .name = type->columns[fold->by].name}};
        filled = tables_fill(out, sql_fold_select, parts, sizeof parts / sizeof parts[0], diagnostics);
    }
    buffer_free(&columns);
    buffer_free(&present);
    buffer_free(&key);
    return filled;
}

static bool fill_keep(struct buffer *out, struct folding *folding) {
    struct buffer columns = {0};
    bool filled = fill_all(&columns, sql_fold_keep_column, folding);
    if (filled) {
        const struct tables_part parts[] = {{.placeholder = "type", .name = folding->type->id},
                                            {.placeholder = "columns", .text = buffer_text(&columns)}};
        filled = tables_fill(out, sql_fold_keep, parts, sizeof parts / sizeof parts[0], folding->store->diagnostics);
    }
    buffer_free(&columns);
    return filled;
}

static bool open_query(struct folding *folding, struct query *query, const char *name, const struct buffer *sql) {
    return query_open(query, folding->store->connection, name, buffer_text(sql), folding->store->diagnostics);
}

static bool open_queries(struct folding *folding) {
    struct buffer select = {0};
    struct buffer mark = {0};
    struct buffer keep = {0};
    bool opened = fill_select(&select, folding) && open_query(folding, &folding->select, "fold_select", &select) &&
                  tables_fill_name(&mark, sql_fold_mark, "type", folding->type->id, folding->store->diagnostics) &&
                  open_query(folding, &folding->mark, "fold_mark", &mark) && fill_keep(&keep, folding) &&
                  open_query(folding, &folding->keep, "fold_keep", &keep);
    buffer_free(&select);
    buffer_free(&mark);
    buffer_free(&keep);
    return opened;
}

/* Tells the statement the order of the values, where the column that orders the rows is an enumeration. */
static bool bind_order(struct folding *folding, int parameter) {
    const struct column *column = &folding->type->columns[folding->fold->by];
    struct buffer values = {0};
    if (column->kind != COLUMN_ENUMERATION) {
        query_null(&folding->select, parameter);
        return true;
    }
    buffer_append_byte(&values, '\n');
    for (size_t i = 0; i < column->values.count; i++) {
        buffer_append_text(&values, column->values.items[i]);
        buffer_append_byte(&values, '\n');
    }
    bool done = buffer_text(&values) != NULL || out_of_memory(folding);
    query_text(&folding->select, parameter, buffer_text(&values));
    buffer_free(&values);
    return done;
}

bool load_fold(struct store *store, const struct store_evidence *evidence, size_t rule) {
    const struct row_rule *row_rule = &evidence->kind->rules[rule];
    struct folding folding = {.store = store, .type = &store->schema->types[row_rule->type], .fold = &row_rule->fold};
    folding.held = calloc(folding.type->column_count + 1, sizeof *folding.held);
    store->lacking[row_rule->type] = UINT64_MAX; /* what is taken from the rows may be that they say nothing */
    bool done = folding.held == NULL ? out_of_memory(&folding) : open_queries(&folding);
    if (done) {
        int64_t first;
        int64_t last;
        load_range(evidence, &first, &last);
        query_integer(&folding.select, 1, first);
        query_integer(&folding.select, 2, last);
        query_integer(&folding.select, 3, (int64_t)rule);
        done = bind_order(&folding, 4);
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
