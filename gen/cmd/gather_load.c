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
#define KEPT_BYTES  (16u << 20) /* of all files under way, by what the folder says of them */
#define SPARE_BYTES (64u << 10) /* of a buffer that is used again */

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
    const struct item *item;
    uint64_t told; /* records */
};

/* A file that was added and is not loaded yet. It is opened for its first record. */
struct item {
    struct record_source source; /* first: read_item is handed its address */
    const struct schema *schema;
    struct gather_file file;
    struct byte_sink *sink; /* what its bytes pass to while it is read: `keeping`, or `watch` */
    bool opened;
    struct gather_reading reading;
    struct store_evidence_end end;   /* known with its last record */
    struct record_source *records;   /* its own, read ahead; NULL: it is read when its turn comes */
    struct diagnostics *diagnostics; /* of reading: those of files behind one that fails are nobody's concern */
    struct keeping keeping;
    struct watch watch;
};

static void tell(struct watch *watch, uint64_t bytes) {
    const struct record_source *open = watch->item->reading.records;
    uint64_t records = open != NULL ? open->tally.records : watch->item->source.tally.records;

    progress_add(watch->progress, bytes, records - watch->told);
    watch->told = records;
}

static bool watch_bytes(struct byte_sink *sink, const void *bytes, size_t length) {
    struct watch *watch = (struct watch *)sink;

    tell(watch, length);
    return watch->next == NULL || watch->next->write(watch->next, bytes, length);
}

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
    uint64_t kept; /* bytes, of files under way */
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

/*
 * What is known of a file when its last record was read. Where nothing points into what it was read with, that is given
 * back at once: few files are open then, and the next one finds the memory at hand.
 */
static bool end_item(struct item *item) {
    struct gather_reading *reading = &item->reading;
    struct record_source *source = &item->source;
    const struct record_source *records = reading->records;
    struct read_facts facts;

    read_facts(records, &facts);
    item->end = (struct store_evidence_end){
        .bytes = reading->tap.bytes, .has_effective = facts.has_effective, .effective = facts.effective};
    source->tally = records->tally;
    source->envelope = records->envelope;
    source->envelope_count = records->envelope_count;
    source->members = records->members;
    source->member_count = records->member_count;
    if (!byte_sink_digest_close(&reading->tap, item->end.sha256)) {
        diagnostics_report(item->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no digest of %s", item->file.path);
        return false;
    }
    if (source->envelope_count == 0 && source->member_count == 0) {
        gather_close(reading);
    }
    return true;
}

static enum record_status read_item(struct record_source *source, struct record *out) {
    struct item *item = (struct item *)source;
    struct gather_reading *reading = &item->reading;

    if (item->opened && reading->records == NULL) {
        return RECORD_END;
    }
    if (!item->opened) {
        item->opened = gather_open(item->schema, &item->schema->kinds[item->file.source->kind], &item->file, item->sink,
                                   reading, item->diagnostics);
        if (!item->opened) {
            return RECORD_FAILED;
        }
    }
    enum record_status status = reading->records->next(reading->records, out);
    return status != RECORD_END || end_item(item) ? status : RECORD_FAILED;
}

/* Reads one claimed file into the store, its bytes passing to `sink` on the way, or from where they were kept. */
static bool load_file(struct gather_load *load, struct item *item, struct byte_sink *sink) {
    struct command *command = load->command;
    struct store_evidence evidence = describe_evidence(command, &item->file, load->next_id++);
    struct watch *watch = &item->watch;
    struct record_source *records = item->records;

    evidence.kind = &load->workspace->schema->kinds[item->file.source->kind];
    *watch = (struct watch){.sink.write = watch_bytes, .next = sink, .progress = &command->progress, .item = item};
    if (records == NULL) {
        item->sink = &watch->sink;
        records = load->ahead != NULL && item->file.size >= LARGE_BYTES
                      ? ahead_add(load->ahead, &item->source, item->file.full_path, item->diagnostics)
                      : &item->source;
    }
    if (!store_load(load->store, &evidence, records)) {
        return false;
    }
    if (item->records != NULL &&
        !watch->sink.write(&watch->sink, item->keeping.bytes.data, item->keeping.bytes.length)) {
        return false;
    }
    tell(watch, 0);
    return store_load_end(load->store, &evidence, &item->source, &item->end);
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
    } else {
        diagnostics_report(load->command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to package evidence");
    }
    buffer_free(&name);
    return sink;
}

static bool load_item(struct gather_load *load, struct item *item) {
    struct command *command = load->command;
    const struct gather_file *file = &item->file;
    struct byte_sink *sink = load->package != NULL ? begin_entry(load, file) : NULL;
    bool done = false;

    if (load->package != NULL && sink == NULL) {
        return false;
    }
    if (file->source != NULL) {
        done = load_file(load, item, sink);
    } else {
        done = copy_file(command, file->full_path, sink, &item->end);
        if (done && !gather_is_sidecar(file->path)) {
            const struct store_evidence evidence = describe_evidence(command, file, load->next_id++);
            done = store_note_evidence(load->store, &evidence, &item->end);
        }
    }
    return done && (load->package == NULL || package_entry_end_hashed(load->package, item->end.sha256));
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
    load->kept -= item->records != NULL ? item->file.size : 0;
    item->records = NULL;
    if (item->keeping.bytes.capacity > SPARE_BYTES) {
        buffer_free(&item->keeping.bytes);
    }
    return !load->failed;
}

/* Loads all but the last so many. */
static bool load_but(struct gather_load *load, size_t most) {
    while (!load->failed && load->added - load->loaded > most) {
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
        load->items[i].source.next = read_item;
        load->items[i].schema = workspace->schema;
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

/* Has the file read while those before it are loaded. */
static void read_item_ahead(struct gather_load *load, struct item *item) {
    load->kept += item->file.size;
    buffer_clear(&item->keeping.bytes);
    item->keeping.file = &item->file;
    item->keeping.diagnostics = item->diagnostics;
    item->sink = &item->keeping.sink;
    item->records = ahead_add(load->ahead, &item->source, item->file.full_path, item->diagnostics);
}

bool gather_load_add(struct command *command, void *context, const struct gather_file *file) {
    struct gather_load *load = context;
    size_t under_way = load->added - load->loaded;

    (void)command;
    /* Many are loaded at a time, and many added, so that the thread that reads is not woken for every one. */
    if (under_way == AHEAD_SOURCES && !load_but(load, AHEAD_SOURCES / 2)) {
        return false;
    }
    if (load->kept > 0 && load->kept + file->size > KEPT_BYTES && !load_but(load, under_way / 2)) {
        return false;
    }
    struct item *item = &load->items[load->added++ % AHEAD_SOURCES];
    item->file = *file;
    item->opened = false;
    item->source.tally = (struct record_tally){0};
    if (load->ahead == NULL || file->size >= LARGE_BYTES) {
        return load_but(load, 0); /* it is read and packed at the same time: nothing else may be under way */
    }
    if (file->source != NULL) {
        read_item_ahead(load, item);
    } /* else it is copied when its turn comes */
    return true;
}

bool gather_load_end(struct gather_load *load) {
    bool done = load_but(load, 0);

    free_load(load);
    return done;
}
