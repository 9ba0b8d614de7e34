#include "cmd/retrieve.h"

#include "base/byte_sink.h"
#include "base/byte_source.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "cmd/show.sql.h"
#include "store/query.h"
#include "store/store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static bool out_of_memory(struct command *command) {
    diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to read a record again");
    return false;
}

/* Copies a text of the row, NULL included; false when memory is out. */
static bool keep_text(struct command *command, struct query *row, int column, const char **out) {
    const char *text = query_column_text(row, column);

    *out = text != NULL ? arena_text(command->arena, text) : NULL;
    return text == NULL || *out != NULL;
}

/* The row, if it is of this type; `*found` says so. */
static bool try_type(struct command *command, const struct workspace *workspace, sqlite3 *store, size_t type,
                     int64_t ref, struct retrieved *out, bool *found) {
    struct buffer sql = {0};
    struct query row = {0};
    bool done = false;

    buffer_format(&sql, sql_show_row, workspace->schema->types[type].id);
    if (sql.failed || !query_open(&row, store, "show_row", buffer_text(&sql), command->diagnostics)) {
        goto end;
    }
    query_integer(&row, 1, ref);
    *found = query_step(&row);
    if (!*found) {
        done = !row.failed;
        goto end;
    }
    *out = (struct retrieved){.ref = ref,
                              .type = type,
                              .number = query_column_integer(&row, 3),
                              .line = query_column_integer(&row, 4),
                              .invalid = query_column_integer(&row, 7) != 0,
                              .excerpt = {.packed = query_column_integer(&row, 9) != 0,
                                          .offset = (uint64_t)query_column_integer(&row, 5),
                                          .length = (uint64_t)query_column_integer(&row, 6)}};
    if (!keep_text(command, &row, 0, &out->path) || !keep_text(command, &row, 1, &out->sha256) ||
        !keep_text(command, &row, 2, &out->source) || !keep_text(command, &row, 8, &out->excluded) ||
        !keep_text(command, &row, 10, &out->excerpt.member)) {
        out_of_memory(command);
        goto end;
    }
    out->excerpt.encoding = declared_encoding(workspace, out->source);
    out->file = path_join(command->arena, workspace->evidence, out->path);
    done = out->file != NULL || out_of_memory(command);

end:
    done = query_close(&row) && done;
    buffer_free(&sql);
    return done;
}

bool retrieve_find(struct command *command, const struct workspace *workspace, sqlite3 *store, int64_t ref,
                   struct retrieved *out, bool *found) {
    struct query types = {0};
    bool done = query_open(&types, store, "show_types", sql_show_types, command->diagnostics);

    *found = false;
    query_integer(&types, 1, STORE_REF_EVIDENCE(ref));
    while (done && !*found && query_step(&types)) {
        size_t type = schema_type(workspace->schema, query_column_text(&types, 0));
        done = type == SIZE_MAX || try_type(command, workspace, store, type, ref, out, found);
    }
    return query_close(&types) && done;
}

/* ---- reading it again ---- */

struct kept_file {
    const char *path;
    struct buffer bytes;
};

struct retrieve_files {
    struct kept_file *items;
    size_t count;
    size_t capacity;
    size_t bytes;
};

struct retrieve_files *retrieve_files_new(struct command *command) {
    struct retrieve_files *files = calloc(1, sizeof *files);

    if (files == NULL) {
        out_of_memory(command);
    }
    return files;
}

static void forget_files(struct retrieve_files *files) {
    for (size_t i = 0; i < files->count; i++) {
        buffer_free(&files->items[i].bytes);
    }
    files->count = 0;
    files->bytes = 0;
}

void retrieve_files_free(struct retrieve_files *files) {
    if (files != NULL) {
        forget_files(files);
        free(files->items);
        free(files);
    }
}

/* The evidence on its way: every byte is hashed, and kept where `keep` is given and it is not too much. */
struct retrieve_bytes {
    struct byte_source source;
    struct byte_source_descriptor file;
    struct byte_sink_digest tap;
    struct buffer *keep;
};

static ssize_t read_hashed(struct byte_source *source, void *into, size_t capacity) {
    struct retrieve_bytes *bytes = (struct retrieve_bytes *)source;
    ssize_t got = bytes->file.source.read(&bytes->file.source, into, capacity);

    if (got > 0 && !bytes->tap.sink.write(&bytes->tap.sink, into, (size_t)got)) {
        errno = EIO;
        return -1;
    }
    if (got > 0 && bytes->keep != NULL) {
        buffer_append(bytes->keep, into, (size_t)got);
        if (bytes->keep->failed || bytes->keep->length > LIMIT_KEPT_FILE_BYTES) {
            buffer_free(bytes->keep);
            bytes->keep = NULL;
        }
    }
    return got;
}

/* Moves a checked file's bytes into the store of them; whether they fit or not, nothing has failed. */
static void keep_file(struct retrieve_files *files, const char *path, struct buffer *bytes) {
    if (files->bytes + bytes->length > LIMIT_KEPT_FILES_BYTES) {
        forget_files(files);
    }
    if (files->count == files->capacity) {
        size_t capacity = files->capacity == 0 ? 16 : 2 * files->capacity;
        struct kept_file *grown = reallocarray(files->items, capacity, sizeof *grown);
        if (grown == NULL) {
            return;
        }
        files->items = grown;
        files->capacity = capacity;
    }
    files->bytes += bytes->length;
    files->items[files->count++] = (struct kept_file){path, *bytes};
    *bytes = (struct buffer){0};
}

static bool cannot_read(struct command *command, const char *path, const char *what) {
    diagnostics_report_errno(command->diagnostics, DIAGNOSTIC_FILE_READ, &(struct place){.path = path}, errno, "%s",
                             what);
    return false;
}

static bool same_digest(struct command *command, const struct retrieved *record, const uint8_t digest[DIGEST_BYTES]) {
    char hex[DIGEST_HEX_BYTES];

    digest_hex(digest, hex);
    if (strcmp(hex, record->sha256) != 0) {
        diagnostics_report(
            command->diagnostics, DIAGNOSTIC_EVIDENCE_CHANGED, &(struct place){.path = record->file},
            "the file is not the one that was assessed (SHA-256 %s, then %s); run `tickmark run` again, or "
            "restore it from the package",
            hex, record->sha256);
        return false;
    }
    return true;
}

static bool read_file(struct command *command, struct retrieve_files *files, const struct retrieved *record,
                      struct buffer *out) {
    struct buffer kept = {0};
    struct retrieve_bytes bytes = {.source = {.read = read_hashed}, .keep = files != NULL ? &kept : NULL};
    uint8_t digest[DIGEST_BYTES];
    int descriptor = file_open(record->file);
    bool done = false;

    if (descriptor < 0 || !byte_sink_digest_open(&bytes.tap, NULL)) {
        cannot_read(command, record->file, "cannot open the evidence; put the file back where it was");
        goto end;
    }
    byte_source_descriptor(&bytes.file, descriptor);
    if (!excerpt_read(&record->excerpt, &bytes.source, out)) {
        cannot_read(command, record->file, "cannot read the evidence; check the disk");
        goto end;
    }
    if (!byte_sink_digest_close(&bytes.tap, digest) || !same_digest(command, record, digest)) {
        goto end;
    }
    if (bytes.keep != NULL) {
        keep_file(files, record->file, &kept);
    }
    done = !out->failed || out_of_memory(command);

end:
    byte_sink_digest_close(&bytes.tap, digest);
    buffer_free(&kept);
    if (descriptor >= 0) {
        close(descriptor);
    }
    return done;
}

bool retrieve_read(struct command *command, struct retrieve_files *files, const struct retrieved *record,
                   struct buffer *out) {
    for (size_t i = 0; files != NULL && i < files->count; i++) {
        if (strcmp(files->items[i].path, record->file) == 0) {
            struct byte_source_memory memory;
            byte_source_memory(&memory, files->items[i].bytes.data, files->items[i].bytes.length);
            return excerpt_read(&record->excerpt, &memory.source, out) ||
                   cannot_read(command, record->file, "cannot read the evidence; check the disk");
        }
    }
    return read_file(command, files, record, out);
}
