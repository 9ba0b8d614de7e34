#include "store/load_write.h"

#include "base/arena.h"
#include "store/load.h"
#include "store/load.sql.h"
#include "store/load_rows.h"
#include "store/snapshot.sql.h"

#include <stdlib.h>
#include <string.h>

#define KEPT_FILES 1024

struct load_kept {
    struct load_write_file files[KEPT_FILES];
    size_t count;
    struct arena *arena; /* has their texts and types; NULL: there are none */
};

static bool out_of_memory(struct store *store) {
    diagnostics_report(store->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while loading evidence");
    return false;
}

/* The types' counts, times and snapshots; sums go to `*sum`. */
static bool write_types(struct store *store, const struct load_write_file *file, struct state_count *sum) {
    struct query *insert = &store->insert_evidence_type;
    struct query *snapshot = &store->insert_snapshot;
    bool done =
        query_ready(insert, store->connection, "insert_evidence_type", sql_insert_evidence_type, store->diagnostics) &&
        query_ready(snapshot, store->connection, "insert_snapshot", sql_insert_snapshot, store->diagnostics);
    for (size_t i = 0; done && i < file->type_count; i++) {
        const struct load_write_type *type = &file->types[i];
        const struct state_count *count = &type->count;
        const char *id = store->schema->types[type->type].id;
        query_integer(insert, 1, file->id);
        query_text(insert, 2, id);
        query_integer(insert, 3, count->rows);
        query_integer(insert, 4, count->invalid);
        query_integer(insert, 5, file->unknown_values);
        query_integer(insert, 6, count->folded);
        query_integer(snapshot, 1, STATE_SNAPSHOT(file->id, type->type));
        query_integer(snapshot, 2, file->id);
        query_text(snapshot, 3, file->source);
        query_text(snapshot, 4, id);
        query_integer(snapshot, 5, type->effective_at);
        query_integer(snapshot, 6, file->problem == NULL);
        query_integer(snapshot, 7, type->stands_at);
        done = query_run(insert) && query_run(snapshot);
        if (count->timed > 0) {
            sum->first_at = sum->timed == 0 || count->first_at < sum->first_at ? count->first_at : sum->first_at;
            sum->last_at = sum->timed == 0 || count->last_at > sum->last_at ? count->last_at : sum->last_at;
        }
        sum->timed += count->timed;
        sum->invalid += count->invalid;
        sum->folded += count->folded;
    }
    return done;
}

static bool write_evidence(struct store *store, const struct load_write_file *file, const struct state_count *sum) {
    const struct record_tally *tally = &file->tally;
    char sha256[DIGEST_HEX_BYTES];
    digest_hex(file->sha256, sha256);
    struct query *insert = &store->insert_evidence;
    if (!query_ready(insert, store->connection, "insert_evidence", sql_insert_evidence, store->diagnostics)) {
        return false;
    }
    query_integer(insert, 1, file->id);
    query_text(insert, 2, file->path);
    query_text(insert, 3, file->source);
    query_text(insert, 4, file->kind);
    query_text(insert, 5, sha256);
    query_integer(insert, 6, file->bytes);
    query_integer(insert, 7, (int64_t)tally->records);
    query_integer(insert, 8, (int64_t)tally->loaded);
    query_integer(insert, 9, (int64_t)tally->passed_over);
    query_integer(insert, 10, (int64_t)tally->rejected);
    query_integer(insert, 11, (int64_t)tally->rows);
    query_integer(insert, 12, sum->invalid);
    query_integer(insert, 13, file->unknown_values);
    query_integer(insert, 14, sum->folded);
    query_integer(insert, 15, tally->truncated);
    query_integer(insert, 16, tally->wrong_shape);
    query_integer(insert, 17, tally->list_seen);
    query_integer_or_null(insert, 18, file->span.from, file->dated);
    query_integer_or_null(insert, 19, file->span.until, file->dated);
    query_integer_or_null(insert, 20, file->effective_at, file->effective_by != NULL);
    query_text(insert, 21, file->effective_by);
    query_integer_or_null(insert, 22, sum->first_at, sum->timed > 0);
    query_integer_or_null(insert, 23, sum->last_at, sum->timed > 0);
    query_integer_or_null(insert, 24, file->silent_from, file->timed);
    query_integer_or_null(insert, 25, file->silent_for, file->timed);
    query_text(insert, 26, file->collected_by);
    query_integer_or_null(insert, 27, file->collected_at, file->collected_at != INT64_MIN);
    query_integer_or_null(insert, 28, file->claimed_records, file->claimed_records >= 0);
    query_integer(insert, 29, file->problem == NULL);
    query_text(insert, 30, file->problem);
    query_integer(insert, 31, file->before_period);
    return query_run(insert);
}

static bool write_members(struct store *store, int64_t evidence, const struct record_member *members, size_t count) {
    struct query insert = {0};
    if (count == 0) {
        return true;
    }
    if (!query_open(&insert, store->connection, "insert_member", sql_insert_member, store->diagnostics)) {
        return false;
    }
    bool done = true;
    for (size_t i = 0; done && i < count; i++) {
        const struct record_member *member = &members[i];
        query_integer(&insert, 1, evidence);
        query_integer(&insert, 2, (int64_t)i + 1);
        query_text(&insert, 3, member->name);
        query_integer(&insert, 4, (int64_t)member->first_record);
        query_integer(&insert, 5, (int64_t)member->records);
        query_integer(&insert, 6, (int64_t)member->bytes);
        done = query_run(&insert);
    }
    return query_close(&insert) && done;
}

static bool write_file(struct store *store, const struct load_write_file *file) {
    struct state_count sum = {0};
    return write_types(store, file, &sum) && write_evidence(store, file, &sum);
}

/* Keeps a copy; there is room. */
static bool keep(struct store *store, const struct load_write_file *file) {
    struct load_kept *kept = store->kept;

    kept->arena = kept->arena == NULL ? arena_new() : kept->arena;
    if (kept->arena == NULL) {
        return out_of_memory(store);
    }
    struct load_write_file *copy = &kept->files[kept->count];
    struct load_write_type *types = arena_array(kept->arena, file->type_count + 1, sizeof *types);
    *copy = *file;
    copy->path = arena_text(kept->arena, file->path);
    copy->collected_by = file->collected_by == NULL ? NULL : arena_text(kept->arena, file->collected_by);
    copy->types = types;
    if (types == NULL || copy->path == NULL || (copy->collected_by == NULL) != (file->collected_by == NULL)) {
        return out_of_memory(store);
    }
    if (file->type_count > 0) {
        memcpy(types, file->types, file->type_count * sizeof *types);
    }
    kept->count++;
    return true;
}

/* Makes room for one more: what is kept is written, and rows go past SQLite again. */
static bool make_room(struct store *store, int64_t evidence) {
    if (store->kept == NULL) {
        store->kept = calloc(1, sizeof *store->kept);
        return store->kept != NULL || out_of_memory(store);
    }
    return store->kept->count < KEPT_FILES ||
           (load_begin(store) && load_rows_resume(store, STORE_REF(evidence + 1, 0)));
}

bool load_write_add(struct store *store, const struct load_write_file *file, const struct record_member *members,
                    size_t member_count) {
    if (member_count == 0 && load_rows_past(store)) {
        if (!make_room(store, file->id)) {
            return false;
        }
        if (load_rows_past(store)) {
            return keep(store, file);
        }
    }
    return load_begin(store) && write_file(store, file) && write_members(store, file->id, members, member_count);
}

bool load_write_kept(struct store *store) {
    struct load_kept *kept = store->kept;
    bool done = true;

    for (size_t i = 0; kept != NULL && done && i < kept->count; i++) {
        done = write_file(store, &kept->files[i]);
    }
    if (kept != NULL) {
        arena_free(kept->arena);
        kept->arena = NULL;
        kept->count = 0;
    }
    return done;
}

void load_write_free(struct load_kept *kept) {
    if (kept != NULL) {
        arena_free(kept->arena);
    }
    free(kept);
}
