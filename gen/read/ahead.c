#include "read/ahead.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define BLOCKS       8            /* of which one is filled, and one is taken from; a small source needs one */
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

/* One of the sources. */
struct reading {
    struct record_source source; /* first: the taker holds a pointer to it */
    struct ahead *ahead;
    struct record_source *inner;
    const char *path;
    struct diagnostics *diagnostics;
    bool over; /* its end was taken: `status` */
    enum record_status status;
};

/*
 * Block n stands at n modulo BLOCKS; taken <= filled <= taken + BLOCKS, and both only grow. Reading n stands at n
 * modulo AHEAD_SOURCES, and its blocks follow on those of the one before.
 */
struct ahead {
    struct reading readings[AHEAD_SOURCES];
    size_t added;
    size_t ended; /* the taker's alone */
    struct block blocks[BLOCKS];
    size_t row; /* the next one of the block that is taken from */
    size_t filled;
    size_t taken;
    bool stopped; /* the taker wants no more */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work;
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

/* Appends a record whose texts have so many bytes; there is room. */
static void copy_record(struct block *block, const struct record *record, size_t bytes) {
    struct record *row = &block->rows[block->row_count++];
    struct value *values = block->values + block->value_count;

    *row = *record;
    row->values = values;
    value_copy(values, record->values, record->value_count, block->texts + block->text_length);
    block->value_count += record->value_count;
    block->text_length += bytes;
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

/* Reads one source to its end; false when no more rows are wanted. */
static bool read_source(struct ahead *ahead, struct reading *reading) {
    struct block *block = begin_block(ahead);
    struct record record;

    while (block != NULL) {
        enum record_status status = reading->inner->next(reading->inner, &record);
        if (status != RECORD_ROW) {
            end_block(ahead, block, status);
            return true;
        }
        size_t bytes = value_text_bytes(record.values, record.value_count);
        bool full = false;
        bool made = make_room(block, record.value_count, bytes, &full);
        if (made && full) {
            end_block(ahead, block, RECORD_ROW);
            block = begin_block(ahead);
            made = block == NULL || make_room(block, record.value_count, bytes, &full);
        }
        if (!made) {
            diagnostics_report(reading->diagnostics, DIAGNOSTIC_MEMORY, &(struct place){.path = reading->path},
                               "no memory for a record of this size; raise the limit");
            end_block(ahead, block, RECORD_FAILED);
            return true;
        }
        if (block != NULL) {
            copy_record(block, &record, bytes);
        }
    }
    return false;
}

static void *read_ahead(void *context) {
    struct ahead *ahead = context;
    bool wanted = true;

    for (size_t next = 0; wanted; next++) {
        pthread_mutex_lock(&ahead->lock);
        while (!ahead->stopped && next == ahead->added) {
            pthread_cond_wait(&ahead->work, &ahead->lock);
        }
        wanted = !ahead->stopped;
        pthread_mutex_unlock(&ahead->lock);
        wanted = wanted && read_source(ahead, &ahead->readings[next % AHEAD_SOURCES]);
    }
    return NULL;
}

static void give_back(struct ahead *ahead) {
    pthread_mutex_lock(&ahead->lock);
    ahead->taken++;
    ahead->row = 0;
    pthread_cond_signal(&ahead->room);
    pthread_mutex_unlock(&ahead->lock);
}

/* Waits for the block that comes next. */
static struct block *next_block(struct ahead *ahead) {
    pthread_mutex_lock(&ahead->lock);
    while (ahead->filled == ahead->taken) {
        pthread_cond_wait(&ahead->rows, &ahead->lock);
    }
    pthread_mutex_unlock(&ahead->lock);
    return &ahead->blocks[ahead->taken % BLOCKS];
}

/* The thread has left the source behind. */
static enum record_status end_reading(struct reading *reading, enum record_status status) {
    struct record_source *source = &reading->source;
    const struct record_source *inner = reading->inner;

    source->tally = inner->tally;
    source->envelope = inner->envelope;
    source->envelope_count = inner->envelope_count;
    source->members = inner->members;
    source->member_count = inner->member_count;
    reading->over = true;
    reading->status = status;
    reading->ahead->ended++;
    give_back(reading->ahead);
    return status;
}

static enum record_status next_row(struct record_source *source, struct record *out) {
    struct reading *reading = (struct reading *)source;
    struct ahead *ahead = reading->ahead;

    if (reading->over) {
        return reading->status;
    }
    assert(reading == &ahead->readings[ahead->ended % AHEAD_SOURCES]);
    /* The block at hand is known to be filled once a row was taken from it. */
    struct block *block = ahead->row > 0 ? &ahead->blocks[ahead->taken % BLOCKS] : next_block(ahead);
    while (ahead->row == block->row_count) {
        if (block->status != RECORD_ROW) {
            return end_reading(reading, block->status);
        }
        give_back(ahead);
        block = next_block(ahead);
    }
    *out = block->rows[ahead->row++];
    return RECORD_ROW;
}

struct record_source *ahead_add(struct ahead *ahead, struct record_source *inner, const char *path,
                                struct diagnostics *diagnostics) {
    assert(ahead->added - ahead->ended < AHEAD_SOURCES);
    struct reading *reading = &ahead->readings[ahead->added % AHEAD_SOURCES];

    *reading = (struct reading){
        .source = {.next = next_row}, .ahead = ahead, .inner = inner, .path = path, .diagnostics = diagnostics};
    pthread_mutex_lock(&ahead->lock);
    ahead->added++;
    pthread_cond_signal(&ahead->work);
    pthread_mutex_unlock(&ahead->lock);
    return &reading->source;
}

static void free_parts(struct ahead *ahead) {
    for (size_t i = 0; i < BLOCKS; i++) {
        free(ahead->blocks[i].values);
        free(ahead->blocks[i].texts);
    }
    pthread_cond_destroy(&ahead->rows);
    pthread_cond_destroy(&ahead->room);
    pthread_cond_destroy(&ahead->work);
    pthread_mutex_destroy(&ahead->lock);
    free(ahead);
}

struct ahead *ahead_new(void) {
    struct ahead *ahead = calloc(1, sizeof *ahead);

    if (ahead == NULL) {
        return NULL;
    }
    pthread_mutex_init(&ahead->lock, NULL);
    pthread_cond_init(&ahead->work, NULL);
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
        free_parts(ahead);
        return NULL;
    }
    return ahead;
}

void ahead_free(struct ahead *ahead) {
    if (ahead == NULL) {
        return;
    }
    pthread_mutex_lock(&ahead->lock);
    ahead->stopped = true;
    pthread_cond_signal(&ahead->room);
    pthread_cond_signal(&ahead->work);
    pthread_mutex_unlock(&ahead->lock);
    pthread_join(ahead->thread, NULL);
    free_parts(ahead);
}
