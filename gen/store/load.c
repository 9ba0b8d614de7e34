#include "store/load.h"

#include "store/load.sql.h"
#include "store/load_expression.h"
#include "store/load_rows.h"
#include "store/load_value.h"
#include "store/load_write.h"
#include "store/tables.h"
#include "store/tables_fill.h"
#include "store/transaction.sql.h"

#include <stdlib.h>
#include <string.h>

#define DAY_SECONDS  INT64_C(86400)
#define ORDINAL_LAST UINT64_C(0xffffffff)

bool load_begin(struct store *store) {
    if (load_rows_past(store)) {
        return load_rows_end(store) && load_write_kept(store);
    }
    if (!store->loading) {
        store->loading = query_execute(store->connection, "begin", sql_begin, store->diagnostics);
    }
    return store->loading;
}

void load_range(const struct store_evidence *evidence, int64_t *first, int64_t *last) {
    *first = STORE_REF(evidence->id, 0);
    *last = STORE_REF(evidence->id, ORDINAL_LAST);
}

const char *load_shown_path(const struct store_evidence *evidence) {
    return evidence->shown_path == NULL ? evidence->path : evidence->shown_path;
}

/* Remembers how the caller shows paths: the part before the path below the evidence folder. */
static void keep_prefix(struct store *store, const struct store_evidence *evidence) {
    size_t shown = strlen(load_shown_path(evidence));
    size_t length = strlen(evidence->path);
    if (store->shown_prefix == NULL && shown > length &&
        strcmp(evidence->shown_path + (shown - length), evidence->path) == 0) {
        store->shown_prefix = strndup(evidence->shown_path, shown - length); /* without it the path alone is shown */
    }
}

void load_show_path(const struct store *store, const char *path, struct buffer *out) {
    buffer_append_text(out, store->shown_prefix == NULL ? "" : store->shown_prefix);
    buffer_append_text(out, path);
}

/* Marks the types that the kind can give, and says which snapshots their rows belong to: store_load_end makes those. */
static bool prepare_types(struct store *store, const struct store_evidence *evidence) {
    memset(store->counts, 0, store->schema->type_count * sizeof *store->counts);
    store->unknown_values = 0;
    for (size_t i = 0; i < evidence->kind->rule_count; i++) {
        store->counts[evidence->kind->rules[i].type].used = true;
    }
    if (!load_rows_begin(store, STORE_REF(evidence->id, 0))) {
        return false;
    }
    for (size_t i = 0; i < store->schema->type_count; i++) {
        if (store->counts[i].used) {
            load_rows_prepare(store, i, STATE_SNAPSHOT(evidence->id, i));
        }
    }
    return load_silence_begin(store, evidence) && load_expression_prepare(store->expressions, evidence->kind);
}

/* Notes a time of the type's time column, `rows` times. */
static void note_time(struct state_count *count, const struct store_evidence *evidence, int64_t at, int64_t rows) {
    if (count->timed == 0 || at < count->first_at) {
        count->first_at = at;
    }
    if (count->timed == 0 || at > count->last_at) {
        count->last_at = at;
    }
    count->timed += rows;
    if (evidence->dated) {
        count->before += at < evidence->span.from - DAY_SECONDS ? rows : 0;
        count->after += at >= evidence->span.until + DAY_SECONDS ? rows : 0;
    }
}

/* STATE_COLUMN of the columns without a value, which are the same in most rows. */
static uint64_t lacking(const struct value *columns, size_t count) {
    uint64_t bits = 0;

    for (size_t i = 0; i < count; i++) {
        if (columns[i].kind == VALUE_NULL) {
            bits |= STATE_COLUMN(i);
        }
    }
    return bits;
}

static bool insert_row(struct store *store, const struct store_evidence *evidence, const struct record *record,
                       struct value *columns, uint64_t ordinal) {
    size_t type_index = evidence->kind->rules[record->rule].type;
    const struct evidence_type *type = &store->schema->types[type_index];
    struct state_count *count = &store->counts[type_index];
    uint32_t bad = 0;

    if (type->column_count > 0) {
        memcpy(columns, record->values, type->column_count * sizeof *columns);
    }
    if (evidence->kind->rules[record->rule].expression_count > 0) {
        struct load_expression_file file = {
            .kind = evidence->kind, .path = load_shown_path(evidence), .zone = evidence->source->zone};
        load_expression_fill(store->expressions, &file, record, columns, &bad);
        store->unknown_values += (int64_t)file.unknown;
    }
    for (size_t i = 0; !record->fits && i < type->column_count; i++) { /* what expressions gave was looked at */
        if (!load_value_fits(&type->columns[i], &columns[i])) {
            columns[i].kind = VALUE_NULL;
            bad++;
        }
    }
    store->lacking[type_index] |= lacking(columns, type->column_count);
    bool invalid = record->invalid > 0 || bad > 0;
    const struct load_row row = {.type = type_index,
                                 .ref = STORE_REF(evidence->id, ordinal),
                                 .locator = record->locator,
                                 .rule = record->rule,
                                 .invalid = invalid,
                                 .columns = columns};
    if (!load_rows_add(store, &row, load_shown_path(evidence))) {
        return false;
    }
    count->rows++;
    count->invalid += invalid;
    load_key_note(store, evidence, type_index, columns);
    if (type->time_column != SIZE_MAX && columns[type->time_column].kind == VALUE_INTEGER) {
        note_time(count, evidence, columns[type->time_column].integer, 1);
        if (type->shape == TYPE_EVENT) {
            load_silence_note(store, columns[type->time_column].integer);
        }
    }
    return true;
}

/* The longest row that one of the kind's rules can give. */
static size_t widest(const struct store *store, const struct kind *kind) {
    size_t width = 1;
    for (size_t i = 0; i < kind->rule_count; i++) {
        size_t columns = store->schema->types[kind->rules[i].type].column_count;
        width = columns > width ? columns : width;
    }
    return width;
}

static bool insert_rows(struct store *store, const struct store_evidence *evidence, struct record_source *records) {
    struct value *columns = calloc(widest(store, evidence->kind), sizeof *columns);
    if (columns == NULL) {
        diagnostics_report(store->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while loading evidence");
        return false;
    }
    struct record record;
    enum record_status status;
    bool done = true;
    uint64_t ordinal = 0;
    while (done && (status = records->next(records, &record)) == RECORD_ROW) {
        if (++ordinal > ORDINAL_LAST) {
            diagnostics_report(store->diagnostics, DIAGNOSTIC_STORE_FAILED,
                               &(struct place){.path = load_shown_path(evidence)},
                               "the file gives more than %llu rows; split it", (unsigned long long)ORDINAL_LAST);
            done = false;
        } else {
            done = insert_row(store, evidence, &record, columns, ordinal);
        }
    }
    free(columns);
    return done && status == RECORD_END && load_rows_flush(store, load_shown_path(evidence));
}

/* Sets one value of the document around the records on all rows of its rule. */
static bool set_envelope(struct store *store, const struct store_evidence *evidence,
                         const struct envelope_value *envelope) {
    const struct row_rule *rule = &evidence->kind->rules[envelope->rule];
    const struct evidence_type *type = &store->schema->types[rule->type];
    struct state_count *count = &store->counts[rule->type];
    if (envelope->column >= type->column_count) {
        const struct expression_input *input = &rule->inputs[envelope->column - type->column_count];
        diagnostics_report(store->diagnostics, DIAGNOSTIC_SQL_ERROR, &input->place,
                           "an expression cannot use the value %s, which stands around the records and is known only "
                           "after them; map it to a column and use a view",
                           input->from.text);
        return true;
    }
    const struct column *column = &type->columns[envelope->column];
    store->keys[rule->type].unsure = true; /* it may be part of the key */
    struct value value = envelope->value;
    bool fits = load_value_fits(column, &value);
    if (!fits) {
        value.kind = VALUE_NULL;
    }
    store->lacking[rule->type] |= value.kind == VALUE_NULL ? STATE_COLUMN(envelope->column) : 0;
    bool bad = !fits || (value.kind == VALUE_NULL && column->required);
    const struct tables_part parts[] = {{.placeholder = "type", .name = type->id},
                                        {.placeholder = "column", .name = column->name}};
    struct query update = {0};
    bool done = tables_fill_open(&update, store->connection, "set_envelope", sql_set_envelope, parts,
                                 sizeof parts / sizeof parts[0], store->diagnostics) &&
                load_value_bind(update.statement, 1, &value) == SQLITE_OK;
    if (done) {
        int64_t first;
        int64_t last;
        load_range(evidence, &first, &last);
        query_integer(&update, 2, bad);
        query_integer(&update, 3, first);
        query_integer(&update, 4, last);
        query_integer(&update, 5, (int64_t)envelope->rule);
        done = query_run(&update);
    }
    int64_t rows = done ? sqlite3_changes64(store->connection) : 0;
    if (rows > 0 && envelope->column == type->time_column && value.kind == VALUE_INTEGER) {
        note_time(count, evidence, value.integer, rows);
        if (type->shape == TYPE_EVENT) {
            load_silence_note(store, value.integer);
        }
    }
    return query_close(&update) && done;
}

/* Envelope values may have made rows invalid that were counted as valid. */
static bool recount_invalid(struct store *store, const struct store_evidence *evidence) {
    int64_t first;
    int64_t last;
    load_range(evidence, &first, &last);
    for (size_t i = 0; i < store->schema->type_count; i++) {
        if (!store->counts[i].used) {
            continue;
        }
        struct buffer sql = {0};
        struct query query = {0};
        bool counted =
            tables_fill_name(&sql, sql_count_invalid, "type", store->schema->types[i].id, store->diagnostics) &&
            query_open(&query, store->connection, "count_invalid", buffer_text(&sql), store->diagnostics);
        if (counted) {
            query_integer(&query, 1, first);
            query_integer(&query, 2, last);
            counted = query_step(&query);
            store->counts[i].invalid = query_column_integer(&query, 0);
        }
        buffer_free(&sql);
        if (!query_close(&query) || !counted) {
            return false;
        }
    }
    return true;
}

static bool folds(const struct kind *kind) {
    for (size_t i = 0; i < kind->rule_count; i++) {
        if (kind->rules[i].fold.used) {
            return true;
        }
    }
    return false;
}

bool store_load(struct store *store, const struct store_evidence *evidence, struct record_source *records) {
    keep_prefix(store, evidence);
    if (!prepare_types(store, evidence) || !insert_rows(store, evidence, records)) {
        return false;
    }
    if ((records->envelope_count > 0 || folds(evidence->kind)) && !load_begin(store)) {
        return false;
    }
    for (size_t i = 0; i < records->envelope_count; i++) {
        if (!set_envelope(store, evidence, &records->envelope[i])) {
            return false;
        }
    }
    if (records->envelope_count > 0 && !recount_invalid(store, evidence)) {
        return false;
    }
    for (size_t i = 0; i < evidence->kind->rule_count; i++) {
        if (!evidence->kind->rules[i].fold.used) {
            continue;
        }
        store->keys[evidence->kind->rules[i].type].unsure = true;
        if (!load_fold(store, evidence, i)) {
            return false;
        }
    }
    return true;
}
