#include "cmd/gather.h"

#include "base/file.h"
#include "cmd/gather_earlier.h"
#include "cmd/gather_load.h"
#include "read/read.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIDECAR_SUFFIX ".meta.yaml"
/* An export may be taken this long after the period and still serve its last interval (the grace decides). */
#define GRACE_SECONDS (INT64_C(31) * 86400)

bool gather_is_sidecar(const char *path) {
    size_t length = strlen(path);
    size_t suffix = sizeof SIDECAR_SUFFIX - 1;

    return length > suffix && strcmp(path + length - suffix, SIDECAR_SUFFIX) == 0;
}

/* The source whose pattern a path matches; two are an error that names both. */
static bool find_source(struct command *command, const struct workspace *workspace, struct gather_file *file) {
    const struct programme *programme = workspace->programme;

    file->source = NULL;
    for (size_t i = 0; i < programme->source_count; i++) {
        struct path_match match;
        if (!path_match(programme->sources[i].path, file->path, &match)) {
            continue;
        }
        if (file->source != NULL) {
            diagnostics_report(
                command->diagnostics, DIAGNOSTIC_SOURCE_AMBIGUOUS, &(struct place){.path = file->full_path},
                "the sources %s (%s) and %s (%s) both claim this file; make one path narrower", file->source->id,
                file->source->path, programme->sources[i].id, programme->sources[i].path);
            return false;
        }
        file->source = &programme->sources[i];
        file->match = match;
    }
    return true;
}

/* Whether a dated file speaks of the period, and is known by the assessment's date. */
static bool in_period(const struct gather_file *file, const struct workspace_period *period) {
    const struct span *span = &file->match.span;

    if (!file->match.dated) {
        return true;
    }
    return span->until > period->span.from && span->from < period->span.until + GRACE_SECONDS &&
           span->from <= period->as_of;
}

/*
 * Whether the list has a sidecar of a file. It is in the order of paths, so that what begins as the file does lies
 * behind it; a sidecar that is no regular file is not in it.
 */
static bool lists_sidecar(const struct file_list *list, size_t index, const struct gather_file *file) {
    size_t length = strlen(file->path);

    for (size_t i = index + 1; i < list->count && strncmp(list->entries[i].path, file->path, length) == 0; i++) {
        const char *rest = list->entries[i].path + length;
        size_t suffix = sizeof SIDECAR_SUFFIX - 1;
        if (strncmp(rest, SIDECAR_SUFFIX, suffix) == 0 && (rest[suffix] == '\0' || rest[suffix] == '/')) {
            return true;
        }
    }
    return false;
}

static bool load_sidecar(struct command *command, const struct file_list *list, size_t index,
                         struct gather_file *file) {
    bool listed = lists_sidecar(list, index, file);

    if (!listed && !list->partial) {
        return true;
    }
    char *path = arena_format(command->arena, "%s%s", file->full_path, SIDECAR_SUFFIX);
    if (path == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the sidecar of %s",
                           file->path);
        return false;
    }
    if (!listed && !file_exists(path)) { /* where the list lacks something, it must not pass unseen */
        return true;
    }
    const struct yaml_node *node = yaml_load(command->arena, path, command->diagnostics);
    if (node == NULL) {
        return false;
    }
    if (node->kind != YAML_MAPPING) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_SIDECAR, &node->place,
                           "a sidecar is a mapping such as `approved_by: Name`; write one");
        return true;
    }
    file->sidecar = node;
    return true;
}

bool gather_sidecar_beside(struct command *command, struct gather_file *file) {
    static const struct file_list unlisted = {.partial = true};

    return load_sidecar(command, &unlisted, 0, file);
}

const struct yaml_node *gather_sidecar_scalar(const struct gather_file *file, const char *key) {
    const struct yaml_node *node = file->sidecar != NULL ? yaml_get(file->sidecar, key) : NULL;

    return node != NULL && node->kind == YAML_SCALAR ? node : NULL;
}

bool gather_claimed_digest(struct command *command, const struct gather_file *file, uint8_t out[DIGEST_BYTES]) {
    const struct yaml_node *node = gather_sidecar_scalar(file, "sha256");

    if (node == NULL) {
        return false;
    }
    bool good = digest_from_hex(node->text, node->length, out);
    if (!good) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_SIDECAR, &node->place,
                           "sha256 wants 64 lower-case hexadecimal digits, as sha256sum prints them");
    }
    return good;
}

bool gather_open(const struct schema *schema, const struct kind *kind, const struct gather_file *file,
                 struct byte_sink *sink, struct gather_reading *out, struct diagnostics *diagnostics) {
    const struct programme_source *source = file->source;

    *out = (struct gather_reading){.descriptor = file_open(file->full_path)};
    if (out->descriptor < 0) {
        diagnostics_report_errno(diagnostics, DIAGNOSTIC_FILE_READ, &(struct place){.path = file->full_path}, errno,
                                 "cannot open the evidence; check the file and its permissions");
        return false;
    }
    byte_source_descriptor(&out->bytes, out->descriptor);
    if (!byte_sink_digest_open(&out->tap, sink)) {
        goto no_memory;
    }
    const struct read_request request = {
        .schema = schema,
        .kind = kind,
        .path = file->full_path,
        .match = &file->match,
        .zone = source != NULL ? source->zone : DATETIME_ZONE_UNDECLARED,
        .sidecar = file->sidecar,
        .approved_by = source != NULL ? source->approved_by : NULL,
        .day_order = source != NULL && source->has_day_order ? &source->day_order : NULL,
        .encoding = source != NULL ? source->encoding : NULL,
        .sheet = source != NULL ? source->sheet : NULL,
        .members = source != NULL ? &source->members : NULL,
        .bytes = &out->bytes.source,
        .sink = &out->tap.sink,
        .diagnostics = diagnostics,
    };
    out->records = read_open(&request);
    if (out->records == NULL) {
        goto no_memory;
    }
    return true;

no_memory:
    diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to read %s", file->full_path);
    gather_close(out);
    return false;
}

void gather_close(struct gather_reading *reading) {
    uint8_t ignored[DIGEST_BYTES];

    read_close(reading->records);
    byte_sink_digest_close(&reading->tap, ignored);
    if (reading->descriptor >= 0) {
        close(reading->descriptor);
    }
    *reading = (struct gather_reading){.descriptor = -1};
}

/*
 * The sidecar of a file goes where the file goes; `kept` says which of the files before it were kept. A sidecar without
 * its file is said.
 */
static bool sidecar_belongs(struct command *command, const struct file_list *list, size_t index, const char *full_path,
                            const bool *kept) {
    const char *path = list->entries[index].path;
    size_t length = strlen(path) - (sizeof SIDECAR_SUFFIX - 1);

    for (size_t i = index; i-- > 0;) {
        const char *other = list->entries[i].path;
        if (strncmp(other, path, length) != 0) {
            break;
        }
        if (other[length] == '\0') {
            return kept[i];
        }
    }
    diagnostics_report(command->diagnostics, DIAGNOSTIC_SIDECAR, &(struct place){.path = full_path},
                       "a sidecar without its file; add the file or remove the sidecar");
    return true;
}

/* Every file with its source; `files` has room for them all. */
static bool find_files(struct command *command, const struct workspace *workspace, const struct file_list *list,
                       struct gather_file *files) {
    for (size_t i = 0; i < list->count; i++) {
        struct gather_file *file = &files[i];
        *file = (struct gather_file){.path = list->entries[i].path, .size = list->entries[i].size};
        file->full_path = path_join(command->arena, workspace->evidence, file->path);
        if (file->full_path == NULL) {
            diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the list of evidence");
            return false;
        }
        if (!gather_is_sidecar(file->path) && !find_source(command, workspace, file)) {
            return false;
        }
    }
    return true;
}

bool gather_walk(struct command *command, const struct workspace *workspace, const struct workspace_period *period,
                 const struct file_list *list, gather_visit *visit, void *context) {
    bool *kept = arena_array(command->arena, list->count + 1, sizeof *kept);
    struct gather_file *files = arena_array(command->arena, list->count + 1, sizeof *files);
    uint64_t left_out = 0;

    if (kept == NULL || files == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the list of evidence");
        return false;
    }
    if (!find_files(command, workspace, list, files) ||
        (period != NULL && !gather_earlier(command, workspace, period, files, list->count))) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        struct gather_file *file = &files[i];
        if (gather_is_sidecar(file->path)) {
            kept[i] = sidecar_belongs(command, list, i, file->full_path, kept);
        } else {
            kept[i] = period == NULL || file->earlier || in_period(file, period);
            left_out += !kept[i];
            if (kept[i] && !load_sidecar(command, list, i, file)) {
                return false;
            }
        }
        if (kept[i] && !visit(command, context, file)) {
            return false;
        }
    }
    if (left_out > 0) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_OTHER_PERIOD, &(struct place){.path = workspace->evidence},
                           "%" PRIu64 " file%s dated outside %s %s left out of store and package", left_out,
                           left_out == 1 ? "" : "s", period->id, left_out == 1 ? "was" : "were");
    }
    return true;
}

bool gather_evidence(struct command *command, const struct workspace *workspace, const struct workspace_period *period,
                     struct store *store, struct package *package) {
    struct file_list list;
    uint64_t bytes = 0;

    if (!file_list(command->arena, workspace->evidence, false, &list, command->diagnostics)) {
        return false;
    }
    for (size_t i = 0; i < list.count; i++) {
        bytes += list.entries[i].size;
    }
    progress_stage_bytes(&command->progress, "Reading evidence", bytes);
    struct gather_load *load = gather_load_new(command, workspace, store, package);
    if (load == NULL) {
        return false;
    }
    if (package != NULL) { /* while controls are tested, there is a processor to spare */
        package_hold(package, true);
    }
    bool walked = gather_walk(command, workspace, period, &list, gather_load_add, load);
    bool loaded = gather_load_end(load); /* what came before a file that failed, too */
    if (package != NULL) {
        package_hold(package, false);
    }
    return walked && loaded;
}
