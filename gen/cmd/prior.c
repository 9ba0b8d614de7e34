#include "cmd/prior.h"

#include "base/byte_sink.h"
#include "base/file.h"
#include "base/file_remove.h"
#include "base/limits.h"
#include "base/path.h"
#include "pack/bag.h"
#include "pack/zip_read.h"
#include "store/prior.h"
#include "trust/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define PRIOR_STORE     BAG_PAYLOAD_FOLDER "store/assessment.sqlite"
#define PRIOR_PROFILE   "portfolio" /* of a period's package, where the run's own profile has none */
#define PRIOR_BLOCK     (256u << 10)
#define PRIOR_MAGIC     "PK\003\004"
#define STORE_SIGNATURE "none, a store without its package"

static bool out_of_memory(struct command *command) {
    diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the prior assessments");
    return false;
}

/* ---- finding them ---- */

/* How reports name a file: nothing of the machine it was read on. */
static const char *shown_path(const struct workspace *workspace, const char *path) {
    size_t length = strlen(workspace->folder);

    if (strcmp(workspace->folder, ".") == 0) {
        return path[0] == '/' || strncmp(path, "../", 3) == 0 ? path_name(path) : path;
    }
    return strncmp(path, workspace->folder, length) == 0 && path[length] == '/' ? path + length + 1 : path_name(path);
}

const char *prior_package(struct command *command, const struct workspace *workspace, const char *out,
                          const char *period) {
    const char *const profiles[] = {command->options.profile, PRIOR_PROFILE};

    for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
        const char *path = arena_format(command->arena, "%s/%s/%s-%s-%s.zip", out, period,
                                        workspace->programme->organisation_slug, period, profiles[i]);
        if (path == NULL || file_exists(path)) {
            return path;
        }
    }
    return NULL;
}

static bool add_file(struct command *command, const struct workspace *workspace, const char *path,
                     struct prior_files *files) {
    struct prior_file *file = arena_push(command->arena, &files->files, &files->count, sizeof *file);

    if (file == NULL) {
        return out_of_memory(command);
    }
    *file = (struct prior_file){path, shown_path(workspace, path)};
    return true;
}

static bool add_declared(struct command *command, const struct workspace *workspace, const char *out,
                         const struct programme_period *period, struct prior_files *files) {
    struct buffer missing = {0};
    bool done = true;

    for (size_t i = 0; done && i < period->prior.count; i++) {
        const char *name = period->prior.items[i];
        const char *path = NULL;
        if (programme_find_period(workspace->programme, name) == NULL) {
            path = workspace_path(command, workspace, name);
            done = path != NULL && add_file(command, workspace, path, files);
        } else if ((path = prior_package(command, workspace, out, name)) != NULL) {
            done = add_file(command, workspace, path, files);
        } else {
            buffer_format(&missing, "%s%s", missing.length > 0 ? ", " : "", name);
        }
    }
    if (done && (missing.length > 0 || missing.failed)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_PRIOR_MISSING, &period->place,
                           "no finding is carried from %s, which has no package yet; run the earlier periods first, "
                           "or name a package with --prior",
                           buffer_text(&missing) != NULL ? buffer_text(&missing) : "an earlier period");
    }
    buffer_free(&missing);
    return done;
}

static bool find_anchors(struct command *command, const struct workspace *workspace, struct prior_files *files) {
    const struct text_list *declared = &workspace->programme->signing_anchors;
    const char **items = arena_array(command->arena, declared->count + 1, sizeof *items);

    if (items == NULL) {
        return out_of_memory(command);
    }
    for (size_t i = 0; i < declared->count; i++) {
        items[i] = workspace_path(command, workspace, declared->items[i]);
        if (items[i] == NULL) {
            return false;
        }
    }
    files->anchors = (struct text_list){items, declared->count};
    return true;
}

static bool make_readable(struct command *command, struct workspace *workspace, const struct prior_files *files) {
    const char **paths = arena_array(command->arena, files->count + files->anchors.count + 1, sizeof *paths);

    if (paths == NULL) {
        return out_of_memory(command);
    }
    for (size_t i = 0; i < files->count; i++) {
        paths[i] = files->files[i].path;
    }
    for (size_t i = 0; i < files->anchors.count; i++) {
        paths[files->count + i] = files->anchors.items[i];
    }
    workspace->more_readable = paths;
    return true;
}

bool prior_find(struct command *command, struct workspace *workspace, const struct workspace_period *period,
                const char *out, struct prior_files *files) {
    const struct command_texts *given = &command->options.prior;
    const struct programme_period *declared = programme_find_period(workspace->programme, period->id);

    *files = (struct prior_files){0};
    for (size_t i = 0; i < given->count; i++) {
        if (!add_file(command, workspace, given->items[i], files)) {
            return false;
        }
    }
    if (given->count == 0 && declared != NULL && !add_declared(command, workspace, out, declared, files)) {
        return false;
    }
    if (files->count > LIMIT_PRIORS) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "%zu prior assessments are named, and %d are the limit", files->count, LIMIT_PRIORS);
        return false;
    }
    return find_anchors(command, workspace, files) && make_readable(command, workspace, files);
}

/* ---- taking their stores ---- */

struct taking {
    struct command *command;
    const struct prior_file *file;
    const struct text_list *anchors;
    struct place place;
    const char *copy;
    struct prior *prior;
};

static bool refuse(const struct taking *taking, const char *why) {
    diagnostics_report(taking->command->diagnostics, DIAGNOSTIC_PRIOR_UNREADABLE, &taking->place,
                       "this cannot be read as an assessment: %.*s; give a package or store that `tickmark run` wrote, "
                       "unaltered",
                       (int)strcspn(why, ";"), why);
    return false;
}

static bool refuse_unread(const struct taking *taking, int error) {
    diagnostics_report_errno(taking->command->diagnostics, DIAGNOSTIC_FILE_READ, &taking->place, error,
                             "the prior assessment cannot be read");
    return false;
}

static bool refuse_size(const struct taking *taking) {
    diagnostics_report(taking->command->diagnostics, DIAGNOSTIC_FILE_TOO_LARGE, &taking->place,
                       "its store is larger than %llu bytes, the limit of a prior assessment",
                       (unsigned long long)LIMIT_PRIOR_BYTES);
    return false;
}

static bool refuse_copy(const struct taking *taking, int error) {
    diagnostics_report_errno(taking->command->diagnostics, DIAGNOSTIC_FILE_WRITE, &(struct place){.path = taking->copy},
                             error, "a prior assessment cannot be copied");
    return false;
}

/* What verification says of a package is told as one fault of a prior assessment. */
static bool first_fault(void *context, const struct diagnostic_view *view) {
    const struct taking *taking = context;

    if (view->id == DIAGNOSTIC_PACKAGE_NO_ANCHOR || view->id == DIAGNOSTIC_PACKAGE_UNTRUSTED) {
        return true;
    }
    refuse(taking, view->text);
    return false;
}

static bool verify(const struct taking *taking, struct verify_report *report) {
    struct diagnostics *unheard = diagnostics_new();

    if (unheard == NULL) {
        return out_of_memory(taking->command);
    }
    bool read = verify_package(taking->file->path, taking->anchors->items, taking->anchors->count, report, unheard);
    bool intact = read && report->intact;
    if (!intact) {
        (void)diagnostics_visit(unheard, first_fault, (void *)taking);
    }
    diagnostics_free(unheard);
    return intact;
}

static bool pour_store(const struct taking *taking, struct zip_read *zip, struct byte_sink *sink) {
    size_t count = 0;
    const struct zip_entry *entries = zip_read_entries(zip, &count);

    for (size_t i = 0; i < count; i++) {
        const char *reason = NULL;
        if (strcmp(entries[i].name, PRIOR_STORE) != 0) {
            continue;
        }
        if (entries[i].size > LIMIT_PRIOR_BYTES) {
            return refuse_size(taking);
        }
        return zip_read_entry(zip, &entries[i], sink, &reason, taking->command->diagnostics) ||
               (reason != NULL && refuse(taking, reason));
    }
    return refuse(taking, "the package holds no " PRIOR_STORE);
}

/* The file must be the one that was verified: it is digested again on the descriptor that the store comes from. */
static bool extract(const struct taking *taking, const struct verify_report *report, int descriptor) {
    struct diagnostics *diagnostics = taking->command->diagnostics;
    struct byte_sink_descriptor sink;
    uint8_t digest[DIGEST_BYTES];
    struct zip_read *zip = zip_read_open(taking->file->path, diagnostics);
    bool done = zip != NULL && zip_read_digest(zip, digest, diagnostics);

    if (done && memcmp(digest, report->digest, DIGEST_BYTES) != 0) {
        done = refuse(taking, "the file was changed while it was read");
    }
    byte_sink_descriptor(&sink, descriptor);
    done = done && zip_read_directory(zip, diagnostics) && pour_store(taking, zip, &sink.sink);
    if (!done && sink.error != 0) {
        refuse_copy(taking, sink.error);
    }
    zip_read_free(zip);
    return done;
}

static const char *signature_words(const struct taking *taking, const struct verify_report *report) {
    if (report->trusted) {
        return "verified";
    }
    diagnostics_report(
        taking->command->diagnostics, DIAGNOSTIC_PRIOR_UNVERIFIED, &taking->place,
        "its signature holds, and no certificate under `signing: anchors:` vouches for the signer \"%s\"; "
        "findings are carried from it all the same",
        report->signer);
    return "holds, the signer is not known";
}

static bool take_package(const struct taking *taking, int descriptor) {
    struct verify_report report;

    if (!verify(taking, &report) || !extract(taking, &report, descriptor)) {
        return false;
    }
    memcpy(taking->prior->sha256, report.digest, DIGEST_BYTES);
    taking->prior->signature = signature_words(taking, &report);
    taking->prior->signer = arena_text(taking->command->arena, report.signer);
    return taking->prior->signer != NULL || out_of_memory(taking->command);
}

static bool copy_store(const struct taking *taking, int from, int descriptor) {
    struct byte_sink_digest tap = {0};
    struct byte_sink_descriptor sink;
    char *block = arena_allocate(taking->command->arena, PRIOR_BLOCK);
    bool done = false;

    byte_sink_descriptor(&sink, descriptor);
    if (block == NULL || !byte_sink_digest_open(&tap, &sink.sink)) {
        out_of_memory(taking->command);
        goto end;
    }
    for (;;) {
        ssize_t got = read(from, block, PRIOR_BLOCK);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            refuse_unread(taking, errno);
            goto end;
        }
        if (got == 0) {
            break;
        }
        if (tap.bytes + (uint64_t)got > LIMIT_PRIOR_BYTES) {
            refuse_size(taking);
            goto end;
        }
        if (!tap.sink.write(&tap.sink, block, (size_t)got)) {
            refuse_copy(taking, sink.error);
            goto end;
        }
    }
    done = true;

end:
    if (!byte_sink_digest_close(&tap, taking->prior->sha256) && done) {
        done = out_of_memory(taking->command);
    }
    return done;
}

static bool take_store(const struct taking *taking, int from, int descriptor) {
    if (!copy_store(taking, from, descriptor)) {
        return false;
    }
    taking->prior->signature = STORE_SIGNATURE;
    return true;
}

/* Of stores that could be read, which were given without the package that signs them. */
static void report_unsigned(struct command *command, const struct prior_files *files, const struct prior *priors) {
    for (size_t i = 0; i < files->count; i++) {
        if (strcmp(priors[i].signature, STORE_SIGNATURE) == 0) {
            diagnostics_report(command->diagnostics, DIAGNOSTIC_PRIOR_UNVERIFIED,
                               &(struct place){.path = files->files[i].shown},
                               "a store without its package is signed by nobody; findings are carried from it all the "
                               "same, and the report says so");
        }
    }
}

/* Which of the two a file is, its first bytes tell. */
static bool take_file(const struct taking *taking) {
    char head[sizeof PRIOR_MAGIC - 1] = "";
    bool done = false;
    int descriptor = -1;
    int from = file_open(taking->file->path);

    if (from < 0) {
        return refuse_unread(taking, errno);
    }
    ssize_t got = pread(from, head, sizeof head, 0);
    if (got < 0) {
        refuse_unread(taking, errno);
        goto end;
    }
    descriptor = file_open_new(taking->copy, 0600);
    if (descriptor < 0) {
        refuse_copy(taking, errno);
        goto end;
    }
    bool package = got == (ssize_t)sizeof head && memcmp(head, PRIOR_MAGIC, sizeof head) == 0;
    done = package ? take_package(taking, descriptor) : take_store(taking, from, descriptor);

end:
    if (descriptor >= 0 && close(descriptor) != 0 && done) {
        done = refuse_copy(taking, errno);
    }
    close(from); /* was only read */
    return done;
}

bool prior_take(struct command *command, const struct prior_files *files, const char *scratch, struct store *store) {
    struct prior *priors = arena_array(command->arena, files->count + 1, sizeof *priors);
    bool done = priors != NULL || out_of_memory(command);

    if (!done || files->count == 0) {
        return done;
    }
    done = file_make_directory(scratch, command->diagnostics);
    for (size_t i = 0; done && i < files->count; i++) {
        const struct prior_file *file = &files->files[i];
        struct taking taking = {
            .command = command,
            .file = file,
            .anchors = &files->anchors,
            .place = {.path = file->shown},
            .copy = arena_format(command->arena, "%s/%zu.sqlite", scratch, i + 1),
            .prior = &priors[i],
        };
        priors[i] = (struct prior){.path = file->shown, .copy = taking.copy};
        done = taking.copy != NULL ? take_file(&taking) : out_of_memory(command);
    }
    done = done && prior_import(store, priors, files->count);
    if (done) {
        report_unsigned(command, files, priors);
    }
    return file_remove_tree(scratch, command->diagnostics) && done;
}
