#include "store/load_rows.h"

#include "store/load.h"
#include "store/load_bulk.h"
#include "store/load_rows.sql.h"
#include "store/query.h"
#include "store/tables.h"
#include "store/tables_fill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS       128         /* gathered at a time: they stay in the processor's cache */
#define TEXT_BYTES (64u << 10) /* of their texts, unless one row has more */
#define NONE       SIZE_MAX
#define NUMBER     24
#define BULK_AFTER 1024 /* rows: what follows is worth a transaction's end */

/* The virtual table's columns; the type's own follow. */
enum {
    GATHERED_REF,
    GATHERED_RECORD,
    GATHERED_LINE,
    GATHERED_OFFSET,
    GATHERED_LENGTH,
    GATHERED_INVALID,
    GATHERED_RULE,
    GATHERED_FIRST
};

struct gathered {
    struct load_row row;
    size_t next; /* of the same type, or NONE */
};

/* What stands ready for one type. */
struct gathered_type {
    struct query insert; /* both are opened when they are first of use */
    struct query append;
    int64_t snapshot;
    int64_t newest; /* the highest ref that was inserted */
    size_t first;   /* of its rows, or NONE: then there are none */
    size_t last;
    bool follows; /* their refs go on from the newest, without a gap */
    bool goes_on; /* those behind the first go on from that */
};

struct load_rows {
    struct gathered rows[ROWS];
    size_t count;
    struct value *values; /* ROWS times the columns of the widest type */
    size_t width;
    char *text;
    size_t text_length, text_capacity;
    struct gathered_type *types; /* by type */
    size_t type_count;
    size_t shown;           /* the first row that the virtual table shows */
    size_t given;           /* rows, since they last went past SQLite */
    struct load_bulk *bulk; /* takes them, once they are many; or NULL */
};

struct table {
    sqlite3_vtab base; /* first: SQLite hands its address back */
    struct load_rows *rows;
};
struct cursor {
    sqlite3_vtab_cursor base; /* the same */
    const struct load_rows *rows;
    size_t at;
};

static int table_disconnect(sqlite3_vtab *table) {
    free(table);
    return SQLITE_OK;
}

static bool fill_columns(struct buffer *out, size_t count, struct diagnostics *diagnostics) {
    char number[NUMBER];
    bool filled = true;

    for (size_t i = 0; filled && i < count; i++) {
        snprintf(number, sizeof number, "%zu", i);
        const struct tables_part part = {.placeholder = "number", .text = number};
        filled = tables_fill(out, sql_gathered_column, &part, 1, diagnostics);
    }
    return filled;
}

/* The one shape fits all types: a narrower one leaves the last columns alone. */
static int table_connect(sqlite3 *connection, void *context, int argument_count, const char *const *arguments,
                         sqlite3_vtab **out, char **error) {
    struct store *store = context;
    struct table *table = calloc(1, sizeof *table);
    struct buffer columns = {0};
    struct buffer sql = {0};
    int result = SQLITE_NOMEM;

    (void)argument_count;
    (void)arguments;
    (void)error;
    if (table != NULL && fill_columns(&columns, store->rows->width, store->diagnostics)) {
        const struct tables_part part = {.placeholder = "columns", .text = buffer_text(&columns)};
        if (part.text != NULL && tables_fill(&sql, sql_gathered, &part, 1, store->diagnostics)) {
            table->rows = store->rows;
            result = sqlite3_declare_vtab(connection, buffer_text(&sql));
        }
    }
    buffer_free(&columns);
    buffer_free(&sql);
    if (result != SQLITE_OK) {
        free(table);
        return result;
    }
    *out = &table->base;
    return SQLITE_OK;
}

static int table_plan(sqlite3_vtab *table, sqlite3_index_info *info) {
    (void)table;
    info->estimatedRows = ROWS;
    return SQLITE_OK;
}

static int cursor_open(sqlite3_vtab *base, sqlite3_vtab_cursor **out) {
    struct cursor *cursor = calloc(1, sizeof *cursor);

    if (cursor == NULL) {
        return SQLITE_NOMEM;
    }
    cursor->rows = ((const struct table *)base)->rows;
    *out = &cursor->base;
    return SQLITE_OK;
}

static int cursor_close(sqlite3_vtab_cursor *cursor) {
    free(cursor);
    return SQLITE_OK;
}

static int cursor_filter(sqlite3_vtab_cursor *base, int plan, const char *name, int count, sqlite3_value **values) {
    struct cursor *cursor = (struct cursor *)base;

    (void)plan;
    (void)name;
    (void)count;
    (void)values;
    cursor->at = cursor->rows->shown;
    return SQLITE_OK;
}

static int cursor_next(sqlite3_vtab_cursor *base) {
    struct cursor *cursor = (struct cursor *)base;

    cursor->at = cursor->rows->rows[cursor->at].next;
    return SQLITE_OK;
}

static int cursor_end(sqlite3_vtab_cursor *cursor) {
    return ((const struct cursor *)cursor)->at == NONE;
}

static void give_value(sqlite3_context *context, const struct value *value) {
    switch (value->kind) {
    case VALUE_INTEGER:
        sqlite3_result_int64(context, value->integer);
        return;
    case VALUE_REAL:
        sqlite3_result_double(context, value->real);
        return;
    case VALUE_TEXT:
        sqlite3_result_text64(context, value->text.bytes, value->text.length, SQLITE_STATIC, SQLITE_UTF8);
        return;
    case VALUE_NULL:
        return; /* which is what a result is that nobody sets */
    }
}

static int cursor_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column) {
    const struct cursor *cursor = (const struct cursor *)base;
    const struct load_row *row = &cursor->rows->rows[cursor->at].row;

    switch (column) {
    case GATHERED_REF:
        sqlite3_result_int64(context, row->ref);
        break;
    case GATHERED_RECORD:
        sqlite3_result_int64(context, (int64_t)row->locator.record);
        break;
    case GATHERED_LINE:
        sqlite3_result_int64(context, (int64_t)row->locator.line);
        break;
    case GATHERED_OFFSET:
        sqlite3_result_int64(context, (int64_t)row->locator.offset);
        break;
    case GATHERED_LENGTH:
        sqlite3_result_int64(context, (int64_t)row->locator.length);
        break;
    case GATHERED_INVALID:
        sqlite3_result_int64(context, row->invalid);
        break;
    case GATHERED_RULE:
        sqlite3_result_int64(context, (int64_t)row->rule);
        break;
    default:
        give_value(context, &row->columns[column - GATHERED_FIRST]);
        break;
    }
    return SQLITE_OK;
}

static int cursor_row(sqlite3_vtab_cursor *base, sqlite3_int64 *out) {
    const struct cursor *cursor = (const struct cursor *)base;

    *out = cursor->rows->rows[cursor->at].row.ref;
    return SQLITE_OK;
}

static const sqlite3_module module = {
    .xConnect = table_connect,
    .xBestIndex = table_plan,
    .xDisconnect = table_disconnect,
    .xOpen = cursor_open,
    .xClose = cursor_close,
    .xFilter = cursor_filter,
    .xNext = cursor_next,
    .xEof = cursor_end,
    .xColumn = cursor_column,
    .xRowid = cursor_row,
};

static bool out_of_memory(struct store *store) {
    diagnostics_report(store->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while loading evidence");
    return false;
}

static bool failed(struct store *store, const char *path) {
    diagnostics_report(store->diagnostics, query_failure(store->connection), &(struct place){.path = path},
                       "SQLite failed to store a row: %s; check the disk's space and run again",
                       sqlite3_errmsg(store->connection));
    return false;
}

static void forget(struct load_rows *rows) {
    for (size_t i = 0; i < rows->type_count; i++) {
        rows->types[i].first = NONE;
    }
    rows->count = 0;
    rows->text_length = 0;
}

static bool make(struct store *store) {
    const struct schema *schema = store->schema;
    struct load_rows *rows = calloc(1, sizeof *rows);

    if (rows == NULL) {
        return out_of_memory(store);
    }
    store->rows = rows;
    rows->width = 1;
    for (size_t i = 0; i < schema->type_count; i++) {
        size_t columns = schema->types[i].column_count;
        rows->width = columns > rows->width ? columns : rows->width;
    }
    rows->type_count = schema->type_count;
    rows->types = calloc(schema->type_count + 1, sizeof *rows->types);
    rows->values = reallocarray(NULL, rows->width * ROWS, sizeof *rows->values);
    rows->text = malloc(TEXT_BYTES);
    rows->text_capacity = TEXT_BYTES;
    if (rows->types == NULL || rows->values == NULL || rows->text == NULL) {
        return out_of_memory(store);
    }
    return sqlite3_create_module_v2(store->connection, "tm_gathered", &module, store, NULL) == SQLITE_OK ||
           failed(store, NULL);
}

bool load_rows_begin(struct store *store, int64_t first) {
    if (store->rows == NULL && !make(store)) {
        return false;
    }
    forget(store->rows);
    return (load_rows_past(store) && load_bulk_takes(store, store->rows->bulk, first)) || load_begin(store);
}

static bool open_insert(struct store *store, const struct evidence_type *type, struct query *insert) {
    struct buffer columns = {0};
    bool opened = fill_columns(&columns, type->column_count, store->diagnostics);

    if (opened) {
        const struct tables_part parts[] = {
            {.placeholder = "type", .name = type->id},
            {.placeholder = "columns", .text = tables_text(&columns, store->diagnostics)}};
        opened =
            parts[1].text != NULL && tables_fill_open(insert, store->connection, "insert_gathered", sql_insert_gathered,
                                                      parts, sizeof parts / sizeof parts[0], store->diagnostics);
    }
    buffer_free(&columns);
    return opened;
}

static bool open_append(struct store *store, const struct evidence_type *type, struct query *append) {
    struct buffer names = {0};
    struct buffer columns = {0};
    bool opened = fill_columns(&columns, type->column_count, store->diagnostics);

    for (size_t i = 0; opened && i < type->column_count; i++) {
        opened = tables_fill_name(&names, sql_append_column, "column", type->columns[i].name, store->diagnostics);
    }
    if (opened) {
        const struct tables_part parts[] = {
            {.placeholder = "type", .name = type->id},
            {.placeholder = "names", .text = tables_text(&names, store->diagnostics)},
            {.placeholder = "columns", .text = tables_text(&columns, store->diagnostics)}};
        opened = parts[1].text != NULL && parts[2].text != NULL &&
                 tables_fill_open(append, store->connection, "append_gathered", sql_append_gathered, parts,
                                  sizeof parts / sizeof parts[0], store->diagnostics);
    }
    buffer_free(&names);
    buffer_free(&columns);
    return opened;
}

void load_rows_prepare(struct store *store, size_t type, int64_t snapshot) {
    store->rows->types[type].snapshot = snapshot;
}

/* Runs a statement over the rows from `first` to `last`, which is the end of its list. */
static bool insert_from(struct store *store, struct gathered_type *type, struct query *query, size_t first, size_t last,
                        const char *path) {
    int64_t ref = store->rows->rows[last].row.ref;

    query_integer(query, 1, type->snapshot);
    store->rows->shown = first;
    bool done = !query->failed && (sqlite3_step(query->statement) == SQLITE_DONE || failed(store, path));
    (void)sqlite3_reset(query->statement); /* repeats an error that was reported */
    if (done && sqlite3_last_insert_rowid(store->connection) != ref) {
        diagnostics_report(store->diagnostics, DIAGNOSTIC_STORE_FAILED, &(struct place){.path = path},
                           "SQLite gave a row another number than was meant; this is an error in tickmark, please "
                           "report it");
        done = false;
    }
    type->newest = ref > type->newest ? ref : type->newest;
    return done;
}

/* Inserts the first row alone, with its number; those behind it can then be appended. */
static bool insert_first(struct store *store, struct gathered_type *type, const char *path) {
    struct gathered *first = &store->rows->rows[type->first];
    size_t next = first->next;

    first->next = NONE;
    bool done = insert_from(store, type, &type->insert, type->first, type->first, path);
    first->next = next;
    return done;
}

static bool insert_type(struct store *store, size_t index, const char *path) {
    struct gathered_type *type = &store->rows->types[index];
    const struct gathered *first = &store->rows->rows[type->first];
    size_t from = type->first;
    bool append = type->follows;

    if (type->insert.statement == NULL && !open_insert(store, &store->schema->types[index], &type->insert)) {
        return false;
    }
    if (!append && type->goes_on && first->next != NONE && first->row.ref > type->newest) { /* a file begins */
        if (!insert_first(store, type, path)) {
            return false;
        }
        from = first->next;
        append = true;
    }
    if (append && type->append.statement == NULL && !open_append(store, &store->schema->types[index], &type->append)) {
        return false;
    }
    return insert_from(store, type, append ? &type->append : &type->insert, from, type->last, path);
}

static bool insert_gathered(struct store *store, const char *path) {
    struct load_rows *rows = store->rows;
    bool done = true;

    for (size_t i = 0; done && i < rows->count; i++) {
        size_t type = rows->rows[i].row.type;
        done = rows->types[type].first != i || insert_type(store, type, path);
    }
    forget(rows);
    return done;
}

bool load_rows_flush(struct store *store, const char *path) {
    return load_rows_past(store) || insert_gathered(store, path);
}

bool load_rows_past(const struct store *store) {
    return store->rows != NULL && store->rows->bulk != NULL;
}

bool load_rows_end(struct store *store) {
    struct load_bulk *bulk = store->rows->bulk;

    store->rows->bulk = NULL;
    return load_bulk_end(store, bulk, NULL);
}

bool load_rows_resume(struct store *store, int64_t first) {
    return load_bulk_begin(store, first, &store->rows->bulk);
}

/* Room for a row; false when memory is out. Called with nothing gathered where there is no room. */
static bool make_room(struct load_rows *rows, size_t bytes) {
    if (bytes <= rows->text_capacity) {
        return true;
    }
    char *grown = realloc(rows->text, bytes);
    if (grown == NULL) {
        return false;
    }
    rows->text = grown;
    rows->text_capacity = bytes;
    return true;
}

static bool gather(struct store *store, const struct load_row *row, const char *path) {
    struct load_rows *rows = store->rows;
    size_t columns = store->schema->types[row->type].column_count;
    size_t bytes = value_text_bytes(row->columns, columns, (struct value_run){0});

    if ((rows->count == ROWS || rows->text_length + bytes > rows->text_capacity) && !insert_gathered(store, path)) {
        return false;
    }
    if (!make_room(rows, bytes)) {
        return out_of_memory(store);
    }
    size_t index = rows->count++;
    struct gathered *gathered = &rows->rows[index];
    struct value *values = rows->values + index * rows->width;
    *gathered = (struct gathered){.row = *row, .next = NONE};
    gathered->row.columns = values;
    value_copy(values, row->columns, columns, (struct value_run){0}, rows->text + rows->text_length);
    rows->text_length += bytes;
    struct gathered_type *type = &rows->types[row->type];
    if (type->first == NONE) {
        type->first = index;
        type->follows = row->ref == type->newest + 1;
        type->goes_on = true;
    } else {
        type->goes_on = type->goes_on && row->ref == rows->rows[type->last].row.ref + 1;
        type->follows = type->follows && type->goes_on;
        rows->rows[type->last].next = index;
    }
    type->last = index;
    return true;
}

bool load_rows_add(struct store *store, const struct load_row *row, const char *path) {
    struct load_rows *rows = store->rows;
    struct gathered_type *type = &rows->types[row->type];

    if (rows->bulk == NULL && rows->given++ == BULK_AFTER) {
        rows->given = 0; /* where SQLite goes on, it is tried again as many rows later */
        if (!insert_gathered(store, path) || !load_bulk_begin(store, row->ref, &rows->bulk)) {
            return false;
        }
    }
    if (rows->bulk == NULL) {
        return gather(store, row, path);
    }
    type->newest = row->ref;
    return load_bulk_add(store, rows->bulk, row, type->snapshot, path);
}

void load_rows_free(struct load_rows *rows) {
    if (rows == NULL) {
        return;
    }
    load_bulk_free(rows->bulk);
    for (size_t i = 0; rows->types != NULL && i < rows->type_count; i++) {
        (void)query_close(&rows->types[i].insert);
        (void)query_close(&rows->types[i].append);
    }
    free(rows->types);
    free(rows->values);
    free(rows->text);
    free(rows);
}
