#include "read/ahead.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define BLOCKS               8            /* of which one is filled, and one is taken from */
#define BLOCK_BYTES          (256u << 10) /* of texts, unless one record has more */
#define BLOCK_ROWS           1024u
#define BLOCK_VALUES         (16u * BLOCK_ROWS) /* unless one record has more */
#define SOURCES_WORTH_WAKING (AHEAD_SOURCES / 2)

/* Where the rows of a source end in a block, and with what. */
struct ending {
    size_t row; /* the first that is not its own */
    enum record_status status;
};

/* Rows with their values and texts, of one or more sources. It is not moved while rows point into it. */
struct block {
    struct record rows[BLOCK_ROWS];
    size_t row_count;
    struct value *values;
    size_t value_count, value_capacity;
    char *texts;
    size_t text_length, text_capacity;
    struct ending endings[AHEAD_SOURCES];
    size_t ending_count; /* a source that does not end goes on in the next block */
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
 * modulo AHEAD_SOURCES, and its rows follow on those of the one before.
 */
struct ahead {
    struct reading readings[AHEAD_SOURCES];
    size_t added;
    size_t ended; /* the taker's alone */
    struct block blocks[BLOCKS];
    bool taking;           /* a block is known to be filled, from which this is the next to be taken: */
    size_t row;            /* a row */
    size_t ending;         /* an end */
    struct block *filling; /* the thread's alone; NULL: none is begun */
    size_t filled;
    size_t taken;
    size_t idle_at; /* the thread sleeps until this reading is added; SIZE_MAX: it does not */
    bool hungry;    /* the taker waits for rows */
    bool stopped;   /* the taker wants no more */
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

/* Appends a record of so many bytes; there is room. */
static void copy_record(struct block *block, const struct record *record, size_t bytes) {
    struct record *row = &block->rows[block->row_count++];
    struct value *values = block->values + block->value_count;

    *row = *record;
    row->values = values;
    row->texts = (struct value_run){0};
    value_copy(values, record->values, record->value_count, record->texts, block->texts + block->text_length);
    block->value_count += record->value_count;
    block->text_length += bytes;
}

/*
 * Makes sure of a block that may be filled; false when no more rows are wanted. Once all are filled the thread sleeps
 * until half of them were taken, so that it is not woken for every one.
 */
static bool begin_block(struct ahead *ahead) {
    if (ahead->filling != NULL) {
        return true;
    }
    pthread_mutex_lock(&ahead->lock);
    if (ahead->filled - ahead->taken == BLOCKS) {
        while (!ahead->stopped && ahead->filled - ahead->taken > BLOCKS / 2) {
            pthread_cond_wait(&ahead->room, &ahead->lock);
        }
    }
    if (!ahead->stopped) {
        ahead->filling = &ahead->blocks[ahead->filled % BLOCKS];
        ahead->filling->row_count = 0;
        ahead->filling->value_count = 0;
        ahead->filling->text_length = 0;
        ahead->filling->ending_count = 0;
    }
    pthread_mutex_unlock(&ahead->lock);
    return ahead->filling != NULL;
}

/* Gives what is filled to the taker. Called with the lock. */
static void hand_over(struct ahead *ahead) {
    ahead->filling = NULL;
    ahead->filled++;
    pthread_cond_signal(&ahead->rows);
}

/* The next block; false when no more rows are wanted. */
static bool next_filling(struct ahead *ahead) {
    pthread_mutex_lock(&ahead->lock);
    hand_over(ahead);
    pthread_mutex_unlock(&ahead->lock);
    return begin_block(ahead);
}

/* Appends a record; false when no more rows are wanted (no block is begun then), or after reporting. */
static bool add_record(struct ahead *ahead, const struct reading *reading, const struct record *record) {
    size_t bytes = value_text_bytes(record->values, record->value_count, record->texts);
    bool full = false;
    bool made = make_room(ahead->filling, record->value_count, bytes, &full);

    if (made && full) {
        if (!next_filling(ahead)) {
            return false;
        }
        made = make_room(ahead->filling, record->value_count, bytes, &full);
    }
    if (!made) {
        diagnostics_report(reading->diagnostics, DIAGNOSTIC_MEMORY, &(struct place){.path = reading->path},
                           "no memory for a record of this size; raise the limit");
        return false;
    }
    copy_record(ahead->filling, record, bytes);
    return true;
}

/* Reads one source to its end; false when no more rows are wanted. */
static bool read_source(struct ahead *ahead, const struct reading *reading) {
    enum record_status status = RECORD_ROW;
    struct record record;

    if (!begin_block(ahead)) {
        return false;
    }
    while ((status = reading->inner->next(reading->inner, &record)) == RECORD_ROW) {
        if (!add_record(ahead, reading, &record)) {
            status = RECORD_FAILED;
            break;
        }
    }
    struct block *block = ahead->filling;
    if (block == NULL) {
        return false;
    }
    block->endings[block->ending_count++] = (struct ending){block->row_count, status};
    return true;
}

/*
 * Whether the thread, which sleeps, has something to do: being woken for every small file would take both threads as
 * long as reading it.
 */
static bool worth_waking(const struct ahead *ahead) {
    size_t waiting = ahead->added - ahead->idle_at;
    return ahead->stopped || waiting >= SOURCES_WORTH_WAKING || (waiting > 0 && ahead->hungry);
}

/* Waits for a source to be read; false when no more rows are wanted. Nobody waits for rows that lie in a block
 * meanwhile. */
static bool await_source(struct ahead *ahead, size_t number) {
    pthread_mutex_lock(&ahead->lock);
    if (number == ahead->added) {
        if (ahead->filling != NULL) {
            hand_over(ahead);
        }
        ahead->idle_at = number;
        while (!worth_waking(ahead)) {
            pthread_cond_wait(&ahead->work, &ahead->lock);
        }
        ahead->idle_at = SIZE_MAX;
    }
    bool wanted = !ahead->stopped;
    pthread_mutex_unlock(&ahead->lock);
    return wanted;
}

static void *read_ahead(void *context) {
    struct ahead *ahead = context;

    for (size_t next = 0; await_source(ahead, next); next++) {
        if (!read_source(ahead, &ahead->readings[next % AHEAD_SOURCES])) {
            break;
        }
    }
    return NULL;
}

/* Called with the lock. */
static void wake(struct ahead *ahead) {
    if (ahead->idle_at != SIZE_MAX && worth_waking(ahead)) {
        pthread_cond_signal(&ahead->work);
    }
}

static void give_back(struct ahead *ahead) {
    ahead->taking = false;
    pthread_mutex_lock(&ahead->lock);
    ahead->taken++;
    if (ahead->filled - ahead->taken == BLOCKS / 2) {
        pthread_cond_signal(&ahead->room);
    }
    pthread_mutex_unlock(&ahead->lock);
}

/* The block that comes next, which is waited for where it is not at hand. */
static struct block *next_block(struct ahead *ahead) {
    if (!ahead->taking) {
        pthread_mutex_lock(&ahead->lock);
        ahead->hungry = ahead->filled == ahead->taken;
        wake(ahead);
        while (ahead->filled == ahead->taken) {
            pthread_cond_wait(&ahead->rows, &ahead->lock);
        }
        ahead->hungry = false;
        pthread_mutex_unlock(&ahead->lock);
        ahead->taking = true;
        ahead->row = 0;
        ahead->ending = 0;
    }
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
    return status;
}

static enum record_status next_row(struct record_source *source, struct record *out) {
    struct reading *reading = (struct reading *)source;
    struct ahead *ahead = reading->ahead;

    if (reading->over) {
        return reading->status;
    }
    assert(reading == &ahead->readings[ahead->ended % AHEAD_SOURCES]);
    for (;;) {
        const struct block *block = next_block(ahead);
        bool ends = ahead->ending < block->ending_count && block->endings[ahead->ending].row == ahead->row;
        if (ends) {
            return end_reading(reading, block->endings[ahead->ending++].status);
        }
        if (ahead->row < block->row_count) {
            *out = block->rows[ahead->row++];
            return RECORD_ROW;
        }
        give_back(ahead);
    }
}

struct record_source *ahead_add(struct ahead *ahead, struct record_source *inner, const char *path,
                                struct diagnostics *diagnostics) {
    assert(ahead->added - ahead->ended < AHEAD_SOURCES);
    struct reading *reading = &ahead->readings[ahead->added % AHEAD_SOURCES];

    *reading = (struct reading){
        .source = {.next = next_row}, .ahead = ahead, .inner = inner, .path = path, .diagnostics = diagnostics};
    pthread_mutex_lock(&ahead->lock);
    ahead->added++;
    wake(ahead);
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
    ahead->idle_at = SIZE_MAX;
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
