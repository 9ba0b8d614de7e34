#include "read/ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define BLOCKS       4            /* of which one is filled, and one is taken from */
#define BLOCK_BYTES  (256u << 10) /* of texts, unless one record has more */
#define BLOCK_ROWS   1024u
#define BLOCK_VALUES (16u * BLOCK_ROWS) /* unless one record has more */

/* Rows with their values and texts. It is not moved while rows point into it. */
struct block {
    struct record rows[BLOCK_ROWS];
    size_t row_count;
    struct value *values;
    size_t value_count, value_capacity;
    char *texts;
    size_t text_length, text_capacity;
    enum record_status status; /* what came after the rows: RECORD_ROW, when more of them follow in the next block */
};

/* Block n stands at n modulo BLOCKS; taken <= filled <= taken + BLOCKS, and both only grow. */
struct ahead {
    struct record_source source; /* first: the taker holds a pointer to it */
    struct record_source *inner;
    const char *path;
    struct diagnostics *diagnostics;
    struct block blocks[BLOCKS];
    size_t row; /* the next one of the block that is taken from */
    size_t filled;
    size_t taken;
    bool stopped; /* the taker wants no more */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t room;
    pthread_cond_t rows;
};

/* Room for one more record; a block that is empty grows as far as the record needs. */
static bool make_room(struct block *block, size_t values, size_t bytes, bool *full) {
    *full = block->row_count == BLOCK_ROWS || block->value_count + values > block->value_capacity ||
            block->text_length + bytes > block->text_capacity;
    if (!*full || block->row_count > 0) {
        return true;
    }
    if (values > block->value_capacity) {
        struct value *grown = reallocarray(block->values, values, sizeof *grown);
        if (grown == NULL) {
            return false;
        }
        block->values = grown;
        block->value_capacity = values;
    }
    if (bytes > block->text_capacity) {
        char *grown = realloc(block->texts, bytes);
        if (grown == NULL) {
            return false;
        }
        block->texts = grown;
        block->text_capacity = bytes;
    }
    *full = false;
    return true;
}

static void copy_record(struct block *block, const struct record *record) {
    struct record *row = &block->rows[block->row_count++];
    struct value *values = block->values + block->value_count;

    *row = *record;
    row->values = values;
    for (size_t i = 0; i < record->value_count; i++) {
        values[i] = record->values[i];
        if (values[i].kind == VALUE_TEXT) {
            char *text = block->texts + block->text_length;
            if (values[i].text.length > 0) {
                memcpy(text, values[i].text.bytes, values[i].text.length);
            }
            values[i].text.bytes = text;
            block->text_length += values[i].text.length;
        }
    }
    block->value_count += record->value_count;
}

/* Waits for a block that may be filled, and empties it; NULL when no more rows are wanted. */
static struct block *begin_block(struct ahead *ahead) {
    struct block *block = NULL;

    pthread_mutex_lock(&ahead->lock);
    while (!ahead->stopped && ahead->filled - ahead->taken == BLOCKS) {
        pthread_cond_wait(&ahead->room, &ahead->lock);
    }
    if (!ahead->stopped) {
        block = &ahead->blocks[ahead->filled % BLOCKS];
        block->row_count = 0;
        block->value_count = 0;
        block->text_length = 0;
    }
    pthread_mutex_unlock(&ahead->lock);
    return block;
}

static void end_block(struct ahead *ahead, struct block *block, enum record_status status) {
    block->status = status;
    pthread_mutex_lock(&ahead->lock);
    ahead->filled++;
    pthread_cond_signal(&ahead->rows);
    pthread_mutex_unlock(&ahead->lock);
}

static void *read_ahead(void *context) {
    struct ahead *ahead = context;
    struct block *block = begin_block(ahead);
    struct record record;

    while (block != NULL) {
        enum record_status status = ahead->inner->next(ahead->inner, &record);
        if (status != RECORD_ROW) {
            end_block(ahead, block, status);
            break;
        }
        size_t bytes = 0;
        for (size_t i = 0; i < record.value_count; i++) {
            bytes += record.values[i].kind == VALUE_TEXT ? record.values[i].text.length : 0;
        }
        bool full = false;
        bool made = make_room(block, record.value_count, bytes, &full);
        if (made && full) {
            end_block(ahead, block, RECORD_ROW);
            block = begin_block(ahead);
            made = block == NULL || make_room(block, record.value_count, bytes, &full);
        }
        if (!made) {
            diagnostics_report(ahead->diagnostics, DIAGNOSTIC_MEMORY, &(struct place){.path = ahead->path},
                               "no memory for a record of this size; raise the limit");
            end_block(ahead, block, RECORD_FAILED);
            break;
        }
        if (block != NULL) {
            copy_record(block, &record);
        }
    }
    return NULL;
}

/* Gives the block that was taken from back, and waits for the next one. */
static struct block *next_block(struct ahead *ahead, bool give_back) {
    pthread_mutex_lock(&ahead->lock);
    if (give_back) {
        ahead->taken++;
        ahead->row = 0;
        pthread_cond_signal(&ahead->room);
    }
    while (ahead->filled == ahead->taken) {
        pthread_cond_wait(&ahead->rows, &ahead->lock);
    }
    pthread_mutex_unlock(&ahead->lock);
    return &ahead->blocks[ahead->taken % BLOCKS];
}

static enum record_status next_row(struct record_source *source, struct record *out) {
    struct ahead *ahead = (struct ahead *)source;
    /* The block at hand is known to be filled once a row was taken from it. */
    struct block *block = ahead->row > 0 ? &ahead->blocks[ahead->taken % BLOCKS] : next_block(ahead, false);

    while (ahead->row == block->row_count) {
        if (block->status != RECORD_ROW) {
            source->tally = ahead->inner->tally;
            source->envelope = ahead->inner->envelope;
            source->envelope_count = ahead->inner->envelope_count;
            source->members = ahead->inner->members;
            source->member_count = ahead->inner->member_count;
            return block->status;
        }
        block = next_block(ahead, true);
    }
    *out = block->rows[ahead->row++];
    return RECORD_ROW;
}

static void free_ahead(struct ahead *ahead) {
    for (size_t i = 0; i < BLOCKS; i++) {
        free(ahead->blocks[i].values);
        free(ahead->blocks[i].texts);
    }
    pthread_cond_destroy(&ahead->rows);
    pthread_cond_destroy(&ahead->room);
    pthread_mutex_destroy(&ahead->lock);
    free(ahead);
}

struct record_source *ahead_open(struct record_source *inner, const char *path, struct diagnostics *diagnostics) {
    struct ahead *ahead = calloc(1, sizeof *ahead);

    if (ahead == NULL) {
        return NULL;
    }
    ahead->source.next = next_row;
    ahead->inner = inner;
    ahead->path = path;
    ahead->diagnostics = diagnostics;
    pthread_mutex_init(&ahead->lock, NULL);
    pthread_cond_init(&ahead->room, NULL);
    pthread_cond_init(&ahead->rows, NULL);
    bool made = true;
    for (size_t i = 0; made && i < BLOCKS; i++) {
        struct block *block = &ahead->blocks[i];
        block->values = reallocarray(NULL, BLOCK_VALUES, sizeof *block->values);
        block->texts = malloc(BLOCK_BYTES);
        block->value_capacity = BLOCK_VALUES;
        block->text_capacity = BLOCK_BYTES;
        made = block->values != NULL && block->texts != NULL;
    }
    if (!made || pthread_create(&ahead->thread, NULL, read_ahead, ahead) != 0) {
        free_ahead(ahead);
        return NULL;
    }
    return &ahead->source;
}

void ahead_close(struct record_source *source) {
    struct ahead *ahead = (struct ahead *)source;

    if (ahead == NULL) {
        return;
    }
    pthread_mutex_lock(&ahead->lock);
    ahead->stopped = true;
    pthread_cond_signal(&ahead->room);
    pthread_mutex_unlock(&ahead->lock);
    pthread_join(ahead->thread, NULL);
    free_ahead(ahead);
}
