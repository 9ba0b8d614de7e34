#include "cmd/gather.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/processors.h"
#include "cmd/gather_earlier.h"
#include "read/ahead.h"
#include "read/read.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIDECAR_SUFFIX ".meta.yaml"
#define PACKAGE_FOLDER "evidence/"
/* An export may be taken this long after the period and still serve its last interval (the grace decides). */
#define GRACE_SECONDS (INT64_C(31) * 86400)
/* From this size on an export is read on a thread of its own while it is loaded; below, a thread costs more than it
 * saves. */
#define AHEAD_LEAST_BYTES (1u << 20)

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

static bool load_sidecar(struct command *command, struct gather_file *file) {
    char *path = arena_format(command->arena, "%s%s", file->full_path, SIDECAR_SUFFIX);

    file->sidecar = NULL;
    if (path == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the sidecar of %s",
                           file->path);
        return false;
    }
    if (!file_exists(path)) {
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

static const struct yaml_node *sidecar_scalar(const struct gather_file *file, const char *key) {
    const struct yaml_node *node = file->sidecar != NULL ? yaml_get(file->sidecar, key) : NULL;

    return node != NULL && node->kind == YAML_SCALAR ? node : NULL;
}

/* A time of the sidecar; `*present` stays false when there is none. */
static void sidecar_time(struct command *command, const struct gather_file *file, const char *key, int64_t *out,
                         bool *present) {
    const struct yaml_node *node = sidecar_scalar(file, key);

    *present = false;
    if (node == NULL) {
        return;
    }
    *present = datetime_parse(node->text, node->length, DATETIME_ISO, 0, out) == DATETIME_OK;
    if (!*present) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_SIDECAR, &node->place,
                           "%s is no time such as 2025-12-31 or 2025-12-31T08:00:00Z; correct it", key);
    }
}

bool gather_claimed_digest(struct command *command, const struct gather_file *file, uint8_t out[DIGEST_BYTES]) {
    const struct yaml_node *node = sidecar_scalar(file, "sha256");

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

static struct store_evidence describe_evidence(struct command *command, const struct gather_file *file, int64_t id) {
    const struct yaml_node *collected_by = sidecar_scalar(file, "collected_by");
    const struct yaml_node *records = sidecar_scalar(file, "records");
    bool collected = false;
    struct store_evidence evidence = {
        .id = id,
        .path = file->path,
        .shown_path = file->full_path,
        .source = file->source,
        .dated = file->match.dated,
        .span = file->match.span,
        .collected_by = collected_by != NULL ? collected_by->text : NULL,
        .claimed_records = -1,
        .earlier = file->earlier,
    };

    sidecar_time(command, file, "collected_at", &evidence.collected_at, &collected);
    if (!collected) {
        evidence.collected_at = INT64_MIN;
    }
    sidecar_time(command, file, "effective_at", &evidence.effective, &evidence.sidecar_effective);
    if (records != NULL && !value_integer(records->text, records->length, &evidence.claimed_records)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_SIDECAR, &records->place,
                           "records wants the number of records that the source counted, not \"%s\"", records->text);
    }
    evidence.has_claimed_sha256 = gather_claimed_digest(command, file, evidence.claimed_sha256);
    return evidence;
}

bool gather_open(struct command *command, const struct schema *schema, const struct kind *kind,
                 const struct gather_file *file, struct byte_sink *sink, struct gather_reading *out) {
    const struct programme_source *source = file->source;

    *out = (struct gather_reading){.descriptor = file_open(file->full_path)};
    if (out->descriptor < 0) {
        diagnostics_report_errno(command->diagnostics, DIAGNOSTIC_FILE_READ, &(struct place){.path = file->full_path},
                                 errno, "cannot open the evidence; check the file and its permissions");
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
        .diagnostics = command->diagnostics,
    };
    out->records = read_open(&request);
    if (out->records == NULL) {
        goto no_memory;
    }
    return true;

no_memory:
    diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to read %s", file->full_path);
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

/* Tells how far reading has come while a file is read, which may be a large one. */
struct watch {
    struct byte_sink sink;
    struct byte_sink *next;
    struct progress *progress;
    const struct record_source *records; /* NULL until it is open */
    uint64_t told;                       /* records */
};

static void tell(struct watch *watch, uint64_t bytes) {
    uint64_t records = watch->records != NULL ? watch->records->tally.records : 0;

    progress_add(watch->progress, bytes, records - watch->told);
    watch->told = records;
}

static bool watch_bytes(struct byte_sink *sink, const void *bytes, size_t length) {
    struct watch *watch = (struct watch *)sink;

    tell(watch, length);
    return watch->next == NULL || watch->next->write(watch->next, bytes, length);
}

/* Reads one claimed file into the store, its bytes passing to `sink` on the way. */
static bool load_file(struct command *command, const struct workspace *workspace, struct store *store,
                      const struct gather_file *file, int64_t id, struct byte_sink *sink,
                      struct store_evidence_end *end) {
    struct store_evidence evidence = describe_evidence(command, file, id);
    struct read_facts facts;
    struct gather_reading reading;
    struct watch watch = {.sink.write = watch_bytes, .next = sink, .progress = &command->progress};
    struct record_source *ahead = NULL;
    bool done = false;

    *end = (struct store_evidence_end){0};
    evidence.kind = &workspace->schema->kinds[file->source->kind];
    if (!gather_open(command, workspace->schema, evidence.kind, file, &watch.sink, &reading)) {
        return false;
    }
    watch.records = reading.records;
    if (file->size >= AHEAD_LEAST_BYTES && processors(2) > 1) {
        ahead = ahead_open(reading.records, file->full_path, command->diagnostics);
    }
    if (!store_load(store, &evidence, ahead != NULL ? ahead : reading.records)) {
        goto end;
    }
    read_facts(reading.records, &facts);
    end->bytes = reading.tap.bytes;
    end->has_effective = facts.has_effective;
    end->effective = facts.effective;
    if (!byte_sink_digest_close(&reading.tap, end->sha256)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no digest of %s", file->path);
        goto end;
    }
    tell(&watch, 0);
    done = store_load_end(store, &evidence, reading.records, end);

end:
    ahead_close(ahead);
    gather_close(&reading);
    return done;
}

/* Copies a file that is no evidence of a declared source: it is hashed and packed, and the store notes it. */
static bool copy_file(struct command *command, const char *path, struct byte_sink *sink,
                      struct store_evidence_end *end) {
    struct byte_source_descriptor bytes;
    struct byte_sink_digest tap = {0};
    char *block = malloc(LIMIT_BLOCK_BYTES);
    int descriptor = file_open(path);
    bool done = false;

    if (descriptor < 0 || block == NULL || !byte_sink_digest_open(&tap, sink)) {
        diagnostics_report_errno(command->diagnostics, DIAGNOSTIC_FILE_READ, &(struct place){.path = path}, errno,
                                 "cannot open the file; check its permissions");
        goto end;
    }
    byte_source_descriptor(&bytes, descriptor);
    for (;;) {
        ssize_t length = bytes.source.read(&bytes.source, block, LIMIT_BLOCK_BYTES);
        if (length < 0) {
            diagnostics_report_errno(command->diagnostics, DIAGNOSTIC_FILE_READ, &(struct place){.path = path}, errno,
                                     "cannot read the file; check the disk");
            goto end;
        }
        if (length == 0) {
            break;
        }
        if (!tap.sink.write(&tap.sink, block, (size_t)length)) {
            goto end;
        }
    }
    *end = (struct store_evidence_end){.bytes = tap.bytes};
    done = byte_sink_digest_close(&tap, end->sha256);
    progress_add(&command->progress, end->bytes, 0);

end:
    byte_sink_digest_close(&tap, (uint8_t[DIGEST_BYTES]){0});
    if (descriptor >= 0) {
        close(descriptor);
    }
    free(block);
    return done;
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
            if (kept[i] && !load_sidecar(command, file)) {
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

/* Where gathered files go. */
struct gathering {
    const struct workspace *workspace;
    struct store *store;
    struct package *package;
    int64_t next_id;
};

static bool gather_file(struct command *command, void *context, const struct gather_file *file) {
    struct gathering *gathering = context;
    struct byte_sink *sink = NULL;

    if (gathering->package != NULL) {
        struct buffer name = {0};
        buffer_format(&name, PACKAGE_FOLDER "%s", file->path);
        sink = buffer_text(&name) != NULL ? package_entry_begin_hashed(gathering->package, buffer_text(&name)) : NULL;
        buffer_free(&name);
        if (sink == NULL) {
            return false;
        }
    }
    struct store_evidence_end end;
    bool done = false;
    if (file->source != NULL) {
        done = load_file(command, gathering->workspace, gathering->store, file, gathering->next_id++, sink, &end);
    } else {
        done = copy_file(command, file->full_path, sink, &end);
        if (done && !gather_is_sidecar(file->path)) {
            const struct store_evidence evidence = describe_evidence(command, file, gathering->next_id++);
            done = store_note_evidence(gathering->store, &evidence, &end);
        }
    }
    return done && (gathering->package == NULL || package_entry_end_hashed(gathering->package, end.sha256));
}

bool gather_evidence(struct command *command, const struct workspace *workspace, const struct workspace_period *period,
                     struct store *store, struct package *package) {
    struct gathering gathering = {workspace, store, package, 1};
    struct file_list list;
    uint64_t bytes = 0;

    if (!file_list(command->arena, workspace->evidence, false, &list, command->diagnostics)) {
        return false;
    }
    for (size_t i = 0; i < list.count; i++) {
        bytes += list.entries[i].size;
    }
    progress_stage_bytes(&command->progress, "Reading evidence", bytes);
    return gather_walk(command, workspace, period, &list, gather_file, &gathering) && store_load_finish(store);
}
