#include "cmd/show_row.h"

#include "base/path.h"
#include "cmd/report.h"
#include "cmd/retrieve.h"
#include "cmd/show.sql.h"
#include "store/query.h"
#include "store/store.h"

#include <inttypes.h>
#include <string.h>

bool show_row_reference(const char *text, int64_t *ref) {
    const char *point = strchr(text, '.');
    int64_t evidence = 0;
    int64_t ordinal = 0;

    if (text[0] != 'E' || point == NULL || !value_integer(text + 1, (size_t)(point - text - 1), &evidence) ||
        !value_integer(point + 1, strlen(point + 1), &ordinal) || evidence < 1 || evidence > INT32_MAX || ordinal < 1 ||
        ordinal > (int64_t)UINT32_MAX) {
        return false;
    }
    *ref = STORE_REF(evidence, ordinal);
    return true;
}

/* Appends a value as a person reads it: times as ISO text, flags as words. */
static void print_value(struct buffer *out, struct query *values, int index, enum column_kind kind) {
    char iso[DATETIME_ISO_BYTES];

    if (query_column_null(values, index)) {
        buffer_append_text(out, "(none)");
    } else if (kind == COLUMN_TIME) {
        datetime_iso(query_column_integer(values, index), iso);
        buffer_append_text(out, iso);
    } else if (kind == COLUMN_BOOLEAN) {
        buffer_append_text(out, query_column_integer(values, index) != 0 ? "yes" : "no");
    } else {
        buffer_append_text(out, query_column_text(values, index));
    }
}

static bool print_values(struct command *command, const struct evidence_type *type, sqlite3 *store, int64_t ref,
                         struct buffer *out) {
    struct buffer sql = {0};
    struct query values = {0};
    bool done = false;

    buffer_format(&sql, sql_show_values, type->id);
    if (sql.failed || !query_open(&values, store, "show_values", buffer_text(&sql), command->diagnostics)) {
        goto end;
    }
    query_integer(&values, 1, ref);
    if (query_step(&values)) {
        for (int i = 0; i < sqlite3_column_count(values.statement); i++) {
            size_t column = schema_column(type, sqlite3_column_name(values.statement, i));
            if (column != SIZE_MAX) {
                buffer_format(out, "  %-24s", type->columns[column].name);
                print_value(out, &values, i, type->columns[column].kind);
                buffer_append_byte(out, '\n');
            }
        }
    }
    done = true;

end:
    done = query_close(&values) && done;
    buffer_free(&sql);
    return done;
}

static bool print_record(struct command *command, const struct workspace *workspace, sqlite3 *store,
                         const struct retrieved *record, const char *shown, struct buffer *out) {
    const struct evidence_type *type = &workspace->schema->types[record->type];
    const char *printed = shown != NULL ? path_join(command->arena, shown, record->path) : record->file;
    struct buffer text = {0};
    bool done = false;

    if (printed == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the path of %s", record->path);
        goto end;
    }
    if (!retrieve_read(command, NULL, record, &text)) {
        goto end;
    }
    buffer_format(out, "E%" PRId64 ".%" PRId64 "  %s, from source %s\n\nFile     %s\nSHA-256  %s (checked)\n",
                  STORE_REF_EVIDENCE(record->ref), STORE_REF_ORDINAL(record->ref), type->id, record->source, printed,
                  record->sha256);
    if (record->excerpt.packed) {
        buffer_format(out, "Member   %s\n",
                      record->excerpt.member != NULL ? record->excerpt.member : "(the file, uncompressed)");
    }
    buffer_format(out,
                  "Record   %" PRId64 ", line %" PRId64 ", byte %" PRIu64 ", %" PRIu64 " bytes\nState    %s%s%s\n\n",
                  record->number, record->line, record->excerpt.offset, record->excerpt.length,
                  record->invalid ? "invalid" : "valid", record->excluded != NULL ? ", left out: " : "",
                  record->excluded != NULL ? record->excluded : "");
    done = print_values(command, type, store, record->ref, out);
    buffer_append_text(out, "\nThe record as it stands in the file:\n");
    buffer_append(out, text.data, text.length);
    buffer_append_byte(out, '\n');

end:
    buffer_free(&text);
    return done;
}

bool show_row_append(struct command *command, const struct workspace *workspace, sqlite3 *store, int64_t ref,
                     const char *shown, struct buffer *out, bool *found) {
    struct retrieved record;

    return retrieve_find(command, workspace, store, ref, &record, found) &&
           (!*found || print_record(command, workspace, store, &record, shown, out));
}

bool show_row_print(struct command *command, const struct workspace *workspace, int64_t ref) {
    struct workspace_period period;
    const char *path = NULL;
    sqlite3 *store = NULL;
    bool found = false;
    bool done = false;

    if (!workspace_choose_period(command, workspace, &period)) {
        return false;
    }
    store = report_open_last(command, workspace, &period, &path);
    done = store != NULL && show_row_append(command, workspace, store, ref, NULL, &command->out, &found);
    if (done && !found) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &(struct place){.path = path},
                           "no row E%" PRId64 ".%" PRId64
                           " in this assessment (rows of high-volume types are only in the "
                           "evidence); take a reference from the report of the same run",
                           STORE_REF_EVIDENCE(ref), STORE_REF_ORDINAL(ref));
        done = false;
    }
    sqlite3_close(store);
    return done;
}
