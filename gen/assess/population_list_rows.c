#include "assess/population_list_private.h"

#include "assess/population.h"
#include "base/csv_cell.h"
#include "store/store.h"

#include <inttypes.h>
#include <string.h>

#define BLOCK_BYTES (64u << 10)

struct population_list_columns population_list_columns(const struct guard_query *query) {
    return (struct population_list_columns){guard_column(query, "ref"), guard_column(query, "item"),
                                            guard_column(query, "undetermined")};
}

static bool is_own(const struct population_list_columns *columns, int column) {
    return column == columns->ref || column == columns->item || column == columns->undetermined;
}

static bool is_reference(const struct guard_query *query, int column) {
    return population_reference(guard_column_name(query, column)) != NULL;
}

static void give(struct population_list_rows *rows) {
    if (rows->text.failed || rows->defused.failed) {
        rows->failed = true;
    } else if (!rows->failed && rows->sink != NULL && rows->text.length > 0) {
        rows->failed = !rows->sink->write(rows->sink, rows->text.data, rows->text.length);
    }
    buffer_clear(&rows->text);
}

static void end_row(struct population_list_rows *rows) {
    buffer_append_text(&rows->text, "\r\n");
    if (rows->text.length >= BLOCK_BYTES) {
        give(rows);
    }
}

/* What else the query tells, in its order; the names of references lose what marks them. */
void population_list_rows_head(struct population_list_rows *rows, const struct guard_query *query,
                               const struct population_list_columns *columns) {
    buffer_append_text(&rows->text, "item");
    for (int pass = 0; pass < 2; pass++) {
        for (int column = 0; column < guard_column_count(query); column++) {
            const char *name = guard_column_name(query, column);
            if (is_own(columns, column) || is_reference(query, column) != (pass == 1)) {
                continue;
            }
            buffer_append_byte(&rows->text, ',');
            csv_cell_text(&rows->text, name, strlen(name));
        }
        if (pass == 0 && columns->undetermined >= 0) {
            buffer_append_text(&rows->text, ",undetermined");
        }
    }
    buffer_append_text(&rows->text, ",reference,evidence,defused");
    end_row(rows);
}

static void text_cell(struct population_list_rows *rows, const char *name, const char *text) {
    if (text != NULL && csv_cell_text(&rows->text, text, strlen(text))) {
        buffer_format(&rows->defused, "%s%s", rows->defused.length > 0 ? " " : "", name);
    }
}

static void reference_cell(struct population_list_rows *rows, struct guard_query *query, int column) {
    if (!guard_is_null(query, column)) {
        int64_t ref = guard_integer(query, column);
        buffer_format(&rows->text, "E%" PRId64 ".%" PRId64, STORE_REF_EVIDENCE(ref), STORE_REF_ORDINAL(ref));
    }
}

static void value_cell(struct population_list_rows *rows, struct guard_query *query, int column) {
    struct value value = guard_value(query, column);

    if (value.kind == VALUE_INTEGER || value.kind == VALUE_REAL) {
        csv_cell_number(&rows->text, guard_text(query, column));
    } else {
        text_cell(rows, guard_column_name(query, column), guard_text(query, column));
    }
}

void population_list_rows_add(struct population_list_rows *rows, struct guard_query *query,
                              const struct population_list_columns *columns, const char *path) {
    buffer_clear(&rows->defused);
    text_cell(rows, "item", guard_text(query, columns->item));
    for (int pass = 0; pass < 2; pass++) {
        for (int column = 0; column < guard_column_count(query); column++) {
            bool reference = is_reference(query, column);
            if (is_own(columns, column) || reference != (pass == 1)) {
                continue;
            }
            buffer_append_byte(&rows->text, ',');
            if (reference) {
                reference_cell(rows, query, column);
            } else {
                value_cell(rows, query, column);
            }
        }
        if (pass == 0 && columns->undetermined >= 0) {
            buffer_append_byte(&rows->text, ',');
            text_cell(rows, "undetermined", guard_text(query, columns->undetermined));
        }
    }
    buffer_append_byte(&rows->text, ',');
    reference_cell(rows, query, columns->ref);
    buffer_append_byte(&rows->text, ',');
    text_cell(rows, "evidence", path);
    buffer_append_byte(&rows->text, ',');
    if (rows->defused.length > 0) {
        buffer_append(&rows->text, rows->defused.data, rows->defused.length);
        rows->defused_rows++;
    }
    end_row(rows);
}

bool population_list_rows_end(struct population_list_rows *rows) {
    give(rows);
    return !rows->failed;
}

void population_list_rows_free(struct population_list_rows *rows) {
    buffer_free(&rows->text);
    buffer_free(&rows->defused);
}
