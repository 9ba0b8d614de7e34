#include "cmd/sample_package.h"

#include "base/file.h"
#include "base/path.h"
#include "cmd/anchors.h"
#include "cmd/report.h"
#include "cmd/sample.h"
#include "cmd/sample.sql.h"
#include "cmd/workspace.h"
#include "pack/bag.h"
#include "pack/zip_read.h"
#include "store/query.h"
#include "trust/verify.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define STORE_FOLDER "store"
#define STORE_FILE   STORE_FOLDER "/assessment.sqlite"

/* Where the parts of a package stand in a programme folder. */
static const struct {
    const char *from;
    const char *to;
} parts[] = {{BAG_PAYLOAD_FOLDER "evidence/", "inputs/evidence"},
             {BAG_PAYLOAD_FOLDER "programme/", "inputs"},
             {BAG_PAYLOAD_FOLDER "schema/", "schema"},
             {BAG_PAYLOAD_FOLDER "templates/", "templates"},
             {BAG_PAYLOAD_FOLDER "store/", STORE_FOLDER}};

static bool verify(struct command *command, const char *path, struct verify_report *report) {
    struct text_list anchors;

    return anchors_find(command, &anchors) &&
           verify_package(path, anchors.items, anchors.count, report, command->diagnostics) && report->intact &&
           report->trusted;
}

/* Pours one entry into a new file; what is wrong is reported. */
static bool pour(struct command *command, struct zip_read *zip, const struct zip_entry *entry, const char *to) {
    struct byte_sink_descriptor sink;
    const char *reason = NULL;
    const char *parent = path_parent(command->arena, to);

    if (parent == NULL || !file_make_directory(parent, command->diagnostics)) {
        return parent != NULL || sample_out_of_memory(command);
    }
    int descriptor = file_open_new(to, 0600);
    int error = descriptor < 0 ? errno : 0;
    bool done = descriptor >= 0;
    if (done) {
        byte_sink_descriptor(&sink, descriptor);
        done = zip_read_entry(zip, entry, &sink.sink, &reason, command->diagnostics);
        error = sink.error;
        if (close(descriptor) != 0 && done) {
            error = errno;
            done = false;
        }
    }
    if (error != 0) {
        diagnostics_report_errno(command->diagnostics, DIAGNOSTIC_FILE_WRITE, &(struct place){.path = to}, error,
                                 "a file of the package cannot be taken out; check the free space");
    } else if (reason != NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_PACKAGE_CONTENT,
                           &(struct place){.path = command->options.package}, "%s: %s; get the package again",
                           entry->name, reason);
    }
    return done;
}

static bool pour_all(struct command *command, struct zip_read *zip, const char *folder) {
    size_t count = 0;
    const struct zip_entry *entries = zip_read_entries(zip, &count);
    bool done = true;

    for (size_t i = 0; done && i < count; i++) {
        for (size_t p = 0; done && p < sizeof parts / sizeof parts[0]; p++) {
            size_t length = strlen(parts[p].from);
            if (strncmp(entries[i].name, parts[p].from, length) == 0) {
                const char *to =
                    arena_format(command->arena, "%s/%s/%s", folder, parts[p].to, entries[i].name + length);
                done = to != NULL ? pour(command, zip, &entries[i], to) : sample_out_of_memory(command);
            }
        }
    }
    return done;
}

/* The file must be the one that was verified: it is digested again on the descriptor that its parts come from. */
static bool unpack(struct command *command, const char *path, const struct verify_report *report, const char *folder) {
    uint8_t digest[DIGEST_BYTES];
    struct zip_read *zip = zip_read_open(path, command->diagnostics);
    bool done = zip != NULL && zip_read_digest(zip, digest, command->diagnostics);

    if (done && memcmp(digest, report->digest, DIGEST_BYTES) != 0) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_PACKAGE_CONTENT, &(struct place){.path = path},
                           "the file was changed while it was read; try again when nobody writes to it");
        done = false;
    }
    done = done && zip_read_directory(zip, command->diagnostics) && pour_all(command, zip, folder);
    zip_read_free(zip);
    return done;
}

/* The period that the package is of, which the command line may name too. */
static bool take_period(struct command *command, const char *path) {
    struct query query = {0};
    sqlite3 *store = report_open_store(command, path);
    bool done = store != NULL &&
                query_open(&query, store, "sample_package_period", sql_sample_package_period, command->diagnostics);

    if (done && query_step(&query)) {
        const char *period = arena_text(command->arena, query_column_text(&query, 0));
        const char *asked = command->options.period;
        if (period == NULL) {
            done = sample_out_of_memory(command);
        } else if (asked != NULL && strcmp(asked, period) != 0) {
            diagnostics_report(
                command->diagnostics, DIAGNOSTIC_USAGE, &(struct place){.path = command->options.package},
                "the package is of %s, and %s is asked for; give the package of that period", period, asked);
            done = false;
        }
        command->options.period = period;
    }
    done = query_close(&query) && done;
    sqlite3_close(store);
    return done;
}

bool sample_package_open(struct command *command, struct sample_package *out) {
    const char *path = command->options.package;
    const struct workspace workspace = {.folder = command->options.folder};
    struct verify_report report;

    *out = (struct sample_package){0};
    if (path == NULL) {
        return true;
    }
    if (!verify(command, path, &report)) {
        return false;
    }
    const char *outputs = workspace_out(command, &workspace);
    const char *target = outputs != NULL ? path_join(command->arena, outputs, "package") : NULL;
    if (target == NULL) {
        return sample_out_of_memory(command);
    }
    out->staging = staging_begin(target, command->diagnostics);
    if (out->staging == NULL || !unpack(command, path, &report, staging_path(out->staging))) {
        return false;
    }
    out->store = path_join(command->arena, staging_path(out->staging), STORE_FILE);
    if (out->store == NULL) {
        return sample_out_of_memory(command);
    }
    command->options.out = outputs;
    command->options.folder = staging_path(out->staging);
    return take_period(command, out->store);
}

void sample_package_close(struct sample_package *package) {
    staging_end(package->staging);
    package->staging = NULL;
}
