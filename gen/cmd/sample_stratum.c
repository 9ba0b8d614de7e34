#include "cmd/sample_stratum.h"

#include "base/text.h"
#include "cmd/sample.h"
#include "cmd/sample.sql.h"
#include "store/query.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NO_RECORD "(no record)"
#define NO_VALUE  "(no value)"

static const char *const kinds[] = {"quarter", "month", "source"};
enum by { BY_QUARTER, BY_MONTH, BY_SOURCE, BY_COLUMN, BY_NOTHING };

struct sample_stratum_finder {
    struct command *command;
    const struct schema *schema;
    sqlite3 *store;
    const char *by_text;
    enum by by;
    struct query *queries; /* by type; opened when a row may be of it */
    bool *unknown;         /* by type: it has no such column */
    size_t last;           /* the type of the last row, which the next one's most often is */
    struct buffer name;
};

struct sample_stratum_finder *sample_stratum_open(struct command *command, const struct schema *schema, sqlite3 *store,
                                                  const char *by) {
    struct sample_stratum_finder *finder = calloc(1, sizeof *finder);

    if (finder != NULL) {
        *finder = (struct sample_stratum_finder){
            .command = command, .schema = schema, .store = store, .by_text = by, .by = BY_COLUMN};
        finder->queries = calloc(schema->type_count + 1, sizeof *finder->queries);
        finder->unknown = calloc(schema->type_count + 1, sizeof *finder->unknown);
    }
    if (finder == NULL || finder->queries == NULL || finder->unknown == NULL) {
        sample_out_of_memory(command);
        sample_stratum_free(finder);
        return NULL;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        finder->by = strcmp(by, kinds[i]) == 0 ? (enum by)i : finder->by;
    }
    finder->by = *by == '\0' ? BY_NOTHING : finder->by;
    return finder;
}

void sample_stratum_free(struct sample_stratum_finder *finder) {
    if (finder == NULL) {
        return;
    }
    for (size_t i = 0; finder->queries != NULL && i < finder->schema->type_count; i++) {
        (void)query_close(&finder->queries[i]); /* a failure was reported where it happened */
    }
    free(finder->queries);
    free(finder->unknown);
    buffer_free(&finder->name);
    free(finder);
}

static bool open_query(struct sample_stratum_finder *finder, size_t index) {
    const struct evidence_type *type = &finder->schema->types[index];
    struct buffer time = {0};
    struct buffer value = {0};
    struct buffer sql = {0};
    bool done = false;
    size_t column = finder->by == BY_COLUMN ? schema_column(type, finder->by_text) : SIZE_MAX;

    finder->unknown[index] = finder->by == BY_COLUMN && column == SIZE_MAX;
    if (type->shape == TYPE_EVENT && type->time_column != SIZE_MAX) {
        buffer_format(&time, sql_sample_time_event, type->columns[type->time_column].name);
    } else {
        buffer_append_text(&time, sql_sample_time_snapshot);
    }
    if (column != SIZE_MAX) {
        buffer_format(&value, sql_sample_value, type->columns[column].name);
    } else {
        buffer_append_text(&value, sql_sample_no_value);
    }
    if (buffer_text(&time) != NULL && buffer_text(&value) != NULL) {
        buffer_format(&sql, sql_sample_stratum, buffer_text(&time), buffer_text(&value), type->id);
    }
    if (time.failed || value.failed || sql.failed) {
        sample_out_of_memory(finder->command);
    } else {
        done = query_open(&finder->queries[index], finder->store, "sample_stratum", buffer_text(&sql),
                          finder->command->diagnostics);
    }
    buffer_free(&time);
    buffer_free(&value);
    buffer_free(&sql);
    return done;
}

/* Steps to the row of a reference if it is of this type; `*found` says so. */
static bool try_type(struct sample_stratum_finder *finder, size_t index, int64_t ref, bool *found) {
    struct query *query = &finder->queries[index];

    *found = false;
    if (query->statement == NULL && !open_query(finder, index)) {
        return false;
    }
    if (!query_reset(query)) {
        return false;
    }
    query_integer(query, 1, ref);
    *found = query_step(query);
    return !query->failed;
}

/* The type of a row, with its query at the row; SIZE_MAX when it is in no table. */
static bool find_row(struct sample_stratum_finder *finder, int64_t ref, size_t *type) {
    bool found = false;

    *type = SIZE_MAX;
    if (finder->last < finder->schema->type_count && !try_type(finder, finder->last, ref, &found)) {
        return false;
    }
    for (size_t i = 0; !found && i < finder->schema->type_count; i++) {
        if (!try_type(finder, i, ref, &found)) {
            return false;
        }
        finder->last = found ? i : finder->last;
    }
    *type = found ? finder->last : SIZE_MAX;
    return true;
}

static void print_time(struct buffer *out, enum by by, int64_t at) {
    struct civil civil = datetime_to_civil(at);

    if (by == BY_QUARTER) {
        buffer_format(out, "%04" PRId64 "-Q%d", civil.year, (civil.month + 2) / 3);
    } else {
        buffer_format(out, "%04" PRId64 "-%02d", civil.year, civil.month);
    }
}

static void print_value(struct buffer *out, struct query *query, const struct column *column) {
    char iso[DATETIME_ISO_BYTES];

    if (column->kind == COLUMN_TIME) {
        datetime_iso(query_column_integer(query, 2), iso);
        buffer_append_text(out, iso);
    } else if (column->kind == COLUMN_BOOLEAN) {
        buffer_append_text(out, query_column_integer(query, 2) != 0 ? "yes" : "no");
    } else {
        buffer_append_text(out, query_column_text(query, 2));
    }
}

static bool no_such_column(struct sample_stratum_finder *finder, const struct evidence_type *type) {
    const char *near = text_nearest(finder->by_text, type->columns, type->column_count, sizeof *type->columns);

    if (near == NULL) {
        near = text_nearest(finder->by_text, kinds, sizeof kinds / sizeof kinds[0], sizeof kinds[0]);
    }
    diagnostics_report(finder->command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                       "--stratum is quarter, month, source, or a column of the test's query or of its records, which "
                       "are of type %s; it is not \"%s\"%s%s%s",
                       type->id, finder->by_text, near != NULL ? " (did you mean " : "", near != NULL ? near : "",
                       near != NULL ? "?)" : "");
    return false;
}

/* What the record says, appended to the name. */
static bool name_by_record(struct sample_stratum_finder *finder, const struct sample_population_row *row) {
    size_t type = SIZE_MAX;

    if (!row->has_ref) {
        buffer_append_text(&finder->name, NO_RECORD);
        return true;
    }
    if (!find_row(finder, row->ref, &type)) {
        return false;
    }
    if (type == SIZE_MAX) {
        buffer_append_text(&finder->name, NO_RECORD);
        return true;
    }
    if (finder->unknown[type]) {
        return no_such_column(finder, &finder->schema->types[type]);
    }
    struct query *query = &finder->queries[type];
    int column = finder->by == BY_SOURCE ? 0 : finder->by == BY_COLUMN ? 2 : 1;
    if (query_column_null(query, column)) {
        buffer_append_text(&finder->name, NO_VALUE);
    } else if (finder->by == BY_SOURCE) {
        buffer_append_text(&finder->name, query_column_text(query, 0));
    } else if (finder->by == BY_COLUMN) {
        const struct evidence_type *known = &finder->schema->types[type];
        print_value(&finder->name, query, &known->columns[schema_column(known, finder->by_text)]);
    } else {
        print_time(&finder->name, finder->by, query_column_integer(query, 1));
    }
    return true;
}

const char *sample_stratum_name(struct sample_stratum_finder *finder, const struct sample_population_row *row) {
    int column = finder->by == BY_COLUMN ? guard_column(row->query, finder->by_text) : -1;

    buffer_clear(&finder->name);
    if (finder->by == BY_NOTHING) {
        return "";
    }
    if (column >= 0) {
        const char *text = guard_text(row->query, column);
        buffer_append_text(&finder->name, text != NULL ? text : NO_VALUE);
    } else if (!name_by_record(finder, row)) {
        return NULL;
    }
    if (buffer_text(&finder->name) == NULL) {
        sample_out_of_memory(finder->command);
        return NULL;
    }
    return buffer_text(&finder->name);
}
