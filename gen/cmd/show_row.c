#include "cmd/show_row.h"

#include "base/byte_sink.h"
#include "base/byte_source.h"
#include "base/file.h"
#include "base/path.h"
#include "cmd/report.h"
#include "cmd/show.sql.h"
#include "read/excerpt.h"
#include "store/query.h"
#include "store/store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* Where the bytes of a record are. */
struct row_place {
    const char *path;
    const char *sha256;
    struct excerpt excerpt;
};

/* The evidence on its way: every byte is hashed. */
struct row_bytes {
    struct byte_source source;
    struct byte_source_descriptor file;
    struct byte_sink_digest tap;
};

static ssize_t read_hashed(struct byte_source *source, void *into, size_t capacity) {
    struct row_bytes *bytes = (struct row_bytes *)source;
    ssize_t got = bytes->file.source.read(&bytes->file.source, into, capacity);

    if (got > 0 && !bytes->tap.sink.write(&bytes->tap.sink, into, (size_t)got)) {
        errno = EIO;
        return -1;
    }
    return got;
}

/*
 * Reads the evidence once: its digest is compared and the record's bytes are kept on the way, so that what is shown is
 * what was hashed.
 */
static bool read_record(struct command *command, const char *path, const struct row_place *row, struct buffer *record) {
    struct place place = {.path = path};
    struct row_bytes bytes = {.source = {.read = read_hashed}};
    uint8_t digest[DIGEST_BYTES];
    char hex[DIGEST_HEX_BYTES];
    int descriptor = file_open(path);
    bool done = false;

    if (descriptor < 0 || !byte_sink_digest_open(&bytes.tap, NULL)) {
        diagnostics_report_errno(command->diagnostics, DIAGNOSTIC_FILE_READ, &place, errno,
                                 "cannot open the evidence; put the file back where it was");
        goto end;
    }
    byte_source_descriptor(&bytes.file, descriptor);
    if (!excerpt_read(&row->excerpt, &bytes.source, record)) {
        diagnostics_report_errno(command->diagnostics, DIAGNOSTIC_FILE_READ, &place, errno,
                                 "cannot read the evidence; check the disk");
        goto end;
    }
    if (!byte_sink_digest_close(&bytes.tap, digest)) {
        goto end;
    }
    digest_hex(digest, hex);
    if (strcmp(hex, row->sha256) != 0) {
        diagnostics_report(
            command->diagnostics, DIAGNOSTIC_EVIDENCE_CHANGED, &place,
            "the file is not the one that was assessed (SHA-256 %s, then %s); run `tickmark run` again, or "
            "restore it from the package",
            hex, row->sha256);
        goto end;
    }
    done = !record->failed;

end:
    byte_sink_digest_close(&bytes.tap, digest);
    if (descriptor >= 0) {
        close(descriptor);
    }
    return done;
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

/* What is declared of the text of a source's exports; NULL when nothing is. */
static const struct encoding *declared_encoding(const struct workspace *workspace, const char *id) {
    const struct programme *programme = workspace->programme;

    for (size_t i = 0; i < programme->source_count; i++) {
        const struct programme_source *source = &programme->sources[i];
        if (strcmp(source->id, id) == 0) {
            return source->encoding != NULL ? source->encoding : workspace->schema->kinds[source->kind].encoding;
        }
    }
    return NULL;
}

/* Prints the row if it is of this type; `*found` says so. */
static bool try_type(struct command *command, const struct workspace *workspace, sqlite3 *store,
                     const struct evidence_type *type, int64_t ref, const char *shown, struct buffer *out,
                     bool *found) {
    struct buffer sql = {0};
    struct buffer record = {0};
    struct query row = {0};
    bool done = false;

    buffer_format(&sql, sql_show_row, type->id);
    if (sql.failed || !query_open(&row, store, "show_row", buffer_text(&sql), command->diagnostics)) {
        goto end;
    }
    query_integer(&row, 1, ref);
    *found = query_step(&row);
    if (!*found) {
        done = !row.failed;
        goto end;
    }
    const struct row_place place = {.path = query_column_text(&row, 0),
                                    .sha256 = query_column_text(&row, 1),
                                    .excerpt = {.packed = query_column_integer(&row, 9) != 0,
                                                .member = query_column_text(&row, 10),
                                                .offset = (uint64_t)query_column_integer(&row, 5),
                                                .length = (uint64_t)query_column_integer(&row, 6),
                                                .encoding = declared_encoding(workspace, query_column_text(&row, 2))}};
    const char *path = path_join(command->arena, workspace->evidence, place.path);
    const char *excluded = query_column_text(&row, 8);
    const char *printed = shown != NULL ? path_join(command->arena, shown, place.path) : path;
    if (path == NULL || printed == NULL || !read_record(command, path, &place, &record)) {
        goto end;
    }
    buffer_format(out, "E%" PRId64 ".%" PRId64 "  %s, from source %s\n\nFile     %s\nSHA-256  %s (checked)\n",
                  STORE_REF_EVIDENCE(ref), STORE_REF_ORDINAL(ref), type->id, query_column_text(&row, 2), printed,
                  place.sha256);
    if (place.excerpt.packed) {
        buffer_format(out, "Member   %s\n",
                      place.excerpt.member != NULL ? place.excerpt.member : "(the file, uncompressed)");
    }
    buffer_format(out,
                  "Record   %" PRId64 ", line %" PRId64 ", byte %" PRIu64 ", %" PRIu64 " bytes\nState    %s%s%s\n\n",
                  query_column_integer(&row, 3), query_column_integer(&row, 4), place.excerpt.offset,
                  place.excerpt.length, query_column_integer(&row, 7) != 0 ? "invalid" : "valid",
                  excluded != NULL ? ", left out: " : "", excluded != NULL ? excluded : "");
    done = print_values(command, type, store, ref, out);
    buffer_append_text(out, "\nThe record as it stands in the file:\n");
    buffer_append(out, record.data, record.length);
    buffer_append_byte(out, '\n');

end:
    done = query_close(&row) && done;
    buffer_free(&record);
    buffer_free(&sql);
    return done;
}

bool show_row_append(struct command *command, const struct workspace *workspace, sqlite3 *store, int64_t ref,
                     const char *shown, struct buffer *out, bool *found) {
    struct query types = {0};
    bool done = query_open(&types, store, "show_types", sql_show_types, command->diagnostics);

    *found = false;
    while (done && !*found && query_step(&types)) {
        size_t type = schema_type(workspace->schema, query_column_text(&types, 0));
        done = type == SIZE_MAX ||
               try_type(command, workspace, store, &workspace->schema->types[type], ref, shown, out, found);
    }
    return query_close(&types) && done;
}

bool show_row_print(struct command *command, const struct workspace *workspace, int64_t ref) {
    struct workspace_period period;
    bool found = false;

    if (!workspace_choose_period(command, workspace, &period)) {
        return false;
    }
    const char *out = command->options.out != NULL ? command->options.out : workspace_path(command, workspace, "out");
    char *path = out != NULL ? arena_format(command->arena, "%s/%s/assessment.sqlite", out, period.id) : NULL;
    if (path == NULL) {
        return false;
    }
    if (!file_exists(path)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, &(struct place){.path = path},
                           "no assessment of %s yet; make one with `tickmark run --period %s`", period.id, period.id);
        return false;
    }
    sqlite3 *store = report_open_store(command, path);
    bool done = store != NULL && show_row_append(command, workspace, store, ref, NULL, &command->out, &found);
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
