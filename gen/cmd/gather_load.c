#include "cmd/gather_load.h"

#include "base/limits.h"
#include "base/processors.h"
#include "read/ahead.h"
#include "read/read.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define PACKAGE_FOLDER "evidence/"
/* A smaller export is read while those before it are loaded, and its bytes are kept until its turn comes. */
#define LARGE_BYTES (1u << 20)

/* Keeps what passes. */
struct keeping {
    struct byte_sink sink;
    struct buffer bytes;
    const struct gather_file *file;
    struct diagnostics *diagnostics;
};

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

/* A file that was added and is not loaded yet. */
struct item {
    struct gather_file file;
    struct gather_reading reading;
    struct record_source *records;   /* NULL: it is opened when its turn comes */
    struct diagnostics *diagnostics; /* of reading: those of files behind one that fails are nobody's concern */
    struct keeping keeping;
};

/* Item n stands at n modulo AHEAD_SOURCES. */
struct gather_load {
    struct command *command;
    const struct workspace *workspace;
    struct store *store;
    struct package *package;
    struct ahead *ahead; /* NULL: files are read when they are loaded */
    struct item items[AHEAD_SOURCES];
    size_t added;
    size_t loaded;
    int64_t next_id;
    bool failed;
};

/* A time of the sidecar; `*present` stays false when there is none. */
static void sidecar_time(struct command *command, const struct gather_file *file, const char *key, int64_t *out,
                         bool *present) {
    const struct yaml_node *node = gather_sidecar_scalar(file, key);

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

static struct store_evidence describe_evidence(struct command *command, const struct gather_file *file, int64_t id) {
    const struct yaml_node *collected_by = gather_sidecar_scalar(file, "collected_by");
    const struct yaml_node *records = gather_sidecar_scalar(file, "records");
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

static bool keep_bytes(struct byte_sink *sink, const void *bytes, size_t length) {
    struct keeping *keeping = (struct keeping *)sink;

    buffer_append(&keeping->bytes, bytes, length);
    if (keeping->bytes.failed) {
        diagnostics_report(keeping->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to read %s", keeping->file->path);
    }
    return !keeping->bytes.failed;
}

static bool open_item(struct gather_load *load, struct item *item, struct byte_sink *sink) {
    const struct schema *schema = load->workspace->schema;

    return gather_open(schema, &schema->kinds[item->file.source->kind], &item->file, sink, &item->reading,
                       item->diagnostics);
}

/* Reads one claimed file into the store, its bytes passing to `sink` on the way, or from where they were kept. */
static bool load_file(struct gather_load *load, struct item *item, struct byte_sink *sink,
                      struct store_evidence_end *end) {
    struct command *command = load->command;
    struct store_evidence evidence = describe_evidence(command, &item->file, load->next_id++);
    struct read_facts facts;
    struct watch watch = {.sink.write = watch_bytes, .next = sink, .progress = &command->progress};
    bool kept = item->records != NULL;

    *end = (struct store_evidence_end){0};
    evidence.kind = &load->workspace->schema->kinds[item->file.source->kind];
    if (!kept) {
        if (!open_item(load, item, &watch.sink)) {
            return false;
        }
        watch.records = item->reading.records;
        item->records = load->ahead != NULL && item->file.size >= LARGE_BYTES
                            ? ahead_add(load->ahead, item->reading.records, item->file.full_path, item->diagnostics)
                            : item->reading.records;
    }
    if (!store_load(load->store, &evidence, item->records)) {
        return false;
    }
    watch.records = item->reading.records;
    if (kept && !watch.sink.write(&watch.sink, item->keeping.bytes.data, item->keeping.bytes.length)) {
        return false;
    }
    read_facts(item->reading.records, &facts);
    end->bytes = item->reading.tap.bytes;
    end->has_effective = facts.has_effective;
    end->effective = facts.effective;
    if (!byte_sink_digest_close(&item->reading.tap, end->sha256)) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no digest of %s", item->file.path);
        return false;
    }
    tell(&watch, 0);
    return store_load_end(load->store, &evidence, item->reading.records, end);
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

static struct byte_sink *begin_entry(struct gather_load *load, const struct gather_file *file) {
    struct buffer name = {0};
    struct byte_sink *sink = NULL;

    buffer_format(&name, PACKAGE_FOLDER "%s", file->path);
    if (buffer_text(&name) != NULL) {
        sink = package_entry_begin_hashed(load->package, buffer_text(&name));
    }
    buffer_free(&name);
    return sink;
}

static bool load_item(struct gather_load *load, struct item *item) {
    struct command *command = load->command;
    const struct gather_file *file = &item->file;
    struct byte_sink *sink = load->package != NULL ? begin_entry(load, file) : NULL;
    struct store_evidence_end end;
    bool done = false;

    if (load->package != NULL && sink == NULL) {
        return false;
    }
    if (file->source != NULL) {
        done = load_file(load, item, sink, &end);
    } else {
        done = copy_file(command, file->full_path, sink, &end);
        if (done && !gather_is_sidecar(file->path)) {
            const struct store_evidence evidence = describe_evidence(command, file, load->next_id++);
            done = store_note_evidence(load->store, &evidence, &end);
        }
    }
    return done && (load->package == NULL || package_entry_end_hashed(load->package, end.sha256));
}

/* Takes the diagnostics of an item over, so that it can be used again. */
static bool settle_diagnostics(struct gather_load *load, struct item *item) {
    if (diagnostics_count(item->diagnostics, DIAGNOSTIC_NOTE) == 0) {
        return true;
    }
    diagnostics_join(load->command->diagnostics, item->diagnostics);
    diagnostics_free(item->diagnostics);
    item->diagnostics = diagnostics_new();
    if (item->diagnostics == NULL) {
        diagnostics_report(load->command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to read evidence");
    }
    return item->diagnostics != NULL;
}

static bool load_oldest(struct gather_load *load) {
    struct item *item = &load->items[load->loaded++ % AHEAD_SOURCES];

    load->failed = !load_item(load, item);
    if (load->failed) { /* the thread may still be at it */
        ahead_free(load->ahead);
        load->ahead = NULL;
    }
    load->failed = !settle_diagnostics(load, item) || load->failed;
    gather_close(&item->reading);
    item->records = NULL;
    return !load->failed;
}

static bool load_all(struct gather_load *load) {
    while (!load->failed && load->loaded < load->added) {
        load_oldest(load);
    }
    return !load->failed;
}

static void free_load(struct gather_load *load) {
    ahead_free(load->ahead); /* first: it reads the items */
    for (size_t i = 0; i < AHEAD_SOURCES; i++) {
        gather_close(&load->items[i].reading);
        diagnostics_free(load->items[i].diagnostics);
        buffer_free(&load->items[i].keeping.bytes);
    }
    free(load);
}

struct gather_load *gather_load_new(struct command *command, const struct workspace *workspace, struct store *store,
                                    struct package *package) {
    struct gather_load *load = calloc(1, sizeof *load);
    bool made = load != NULL;

    if (made) {
        *load = (struct gather_load){command, workspace, store, package, .next_id = 1};
    }
    for (size_t i = 0; made && i < AHEAD_SOURCES; i++) {
        load->items[i].reading.descriptor = -1; /* before anything can fail */
    }
    for (size_t i = 0; made && i < AHEAD_SOURCES; i++) {
        load->items[i].keeping.sink.write = keep_bytes;
        load->items[i].diagnostics = diagnostics_new();
        made = load->items[i].diagnostics != NULL;
    }
    if (!made) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to read evidence");
        if (load != NULL) {
            free_load(load);
        }
        return NULL;
    }
    load->ahead = processors(2) > 1 ? ahead_new() : NULL;
    return load;
}

bool gather_load_add(struct command *command, void *context, const struct gather_file *file) {
    struct gather_load *load = context;

    (void)command;
    if (load->added - load->loaded == AHEAD_SOURCES && !load_oldest(load)) {
        return false;
    }
    struct item *item = &load->items[load->added++ % AHEAD_SOURCES];
    item->file = *file;
    if (load->ahead == NULL || file->size >= LARGE_BYTES) {
        return load_all(load); /* it is read and packed at the same time: nothing else may be under way */
    }
    if (file->source == NULL) {
        return true; /* it is copied when its turn comes */
    }
    buffer_clear(&item->keeping.bytes);
    item->keeping.file = &item->file;
    item->keeping.diagnostics = item->diagnostics;
    if (!open_item(load, item, &item->keeping.sink)) {
        load->added--; /* those before it come first */
        load_all(load);
        settle_diagnostics(load, item);
        load->failed = true;
        return false;
    }
    item->records = ahead_add(load->ahead, item->reading.records, item->file.full_path, item->diagnostics);
    return true;
}

bool gather_load_end(struct gather_load *load) {
    bool done = load_all(load);

    free_load(load);
    return done;
}
