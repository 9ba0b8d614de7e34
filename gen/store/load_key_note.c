#include "store/load.h"

/*
 * Values that SQLite holds to be equal in a column have the same hash: a column of real numbers takes whole ones for
 * real, and zero has one sign.
 */
static uint64_t hash_value(uint64_t hash, const struct column *column, const struct value *value) {
    double real;

    if (value->kind == VALUE_TEXT) {
        return hash_set_bytes(hash, value->text.bytes, value->text.length);
    }
    if (column->kind != COLUMN_REAL) {
        return hash_set_bytes(hash, &value->integer, sizeof value->integer);
    }
    real = value->kind == VALUE_INTEGER ? (double)value->integer : value->real;
    real = real == 0 ? 0 : real;
    return hash_set_bytes(hash, &real, sizeof real);
}

void load_key_note(struct store *store, const struct store_evidence *evidence, size_t type,
                   const struct value *columns) {
    const struct evidence_type *evidence_type = &store->schema->types[type];
    struct state_keys *keys = &store->keys[type];
    /* A key names one thing in one file of snapshots, and in all files of events. */
    uint64_t hash = evidence_type->shape == TYPE_SNAPSHOT ? (uint64_t)evidence->id : 0;

    if (keys->unsure || evidence_type->key_count == 0) {
        return;
    }
    for (size_t i = 0; i < evidence_type->key_count; i++) {
        size_t column = evidence_type->key[i];
        if (columns[column].kind == VALUE_NULL) {
            return;
        }
        hash = hash_value(hash, &evidence_type->columns[column], &columns[column]);
    }
    if (keys->hashes == NULL) {
        keys->hashes = hash_set_new(store->folder);
    }
    keys->unsure = keys->hashes == NULL || !hash_set_add(keys->hashes, hash);
}

bool load_key_may_repeat(struct store *store, size_t type) {
    struct state_keys *keys = &store->keys[type];
    bool repeats = true;

    if (keys->unsure) {
        return true;
    }
    if (keys->hashes == NULL) {
        return false; /* no row has a key */
    }
    return !hash_set_repeats(keys->hashes, &repeats) || repeats;
}

void load_key_forget(struct store *store, size_t type) {
    struct state_keys *keys = &store->keys[type];

    hash_set_free(keys->hashes);
    *keys = (struct state_keys){.unsure = true};
}
