#include "pack/deflate_pool.h"

#include "base/limits.h"
#include "base/processors.h"
#include "pack/deflate_chunk.h"

#include <assert.h>
#include <libdeflate.h>
#include <pthread.h>
#include <stdlib.h>

#define JOBS_EACH 3 /* for every thread: one at work, one waiting, one being written */

struct place {
    struct deflate_job job;
    bool done;
};

/* Job n stands at n modulo the number of places; written <= taken <= submitted, and all only grow. */
struct deflate_pool {
    struct place *places;
    size_t place_count;
    size_t packed_room; /* of each */
    size_t submitted;
    size_t taken;
    size_t written;
    bool ending;
    struct deflate_chunk *own; /* the owner's, for jobs that nobody took */
    struct deflate_chunk *chunks[LIMIT_DEFLATERS];
    pthread_t threads[LIMIT_DEFLATERS];
    size_t thread_count;
    size_t started; /* chunks handed to threads */
    pthread_mutex_t lock;
    pthread_cond_t work;
    pthread_cond_t done;
};

static struct place *place_of(struct deflate_pool *pool, size_t number) {
    return &pool->places[number % pool->place_count];
}

static void make(const struct deflate_pool *pool, struct deflate_chunk *chunk, struct deflate_job *job) {
    const uint8_t *bytes = job->bytes;
    uint8_t *packed = job->packed;

    for (size_t i = 0; i < job->piece_count; i++) {
        struct deflate_piece *piece = &job->pieces[i];
        assert((size_t)(packed - job->packed) + deflate_chunk_room(piece->length) <= pool->packed_room);
        piece->packed_length = deflate_chunk_make(chunk, bytes, piece->length, piece->last, piece->quick, packed);
        piece->crc = libdeflate_crc32(0, bytes, piece->length);
        bytes += piece->length;
        packed += piece->packed_length;
    }
}

static void *deflate(void *context) {
    struct deflate_pool *pool = context;

    pthread_mutex_lock(&pool->lock);
    struct deflate_chunk *chunk = pool->chunks[pool->started++];
    for (;;) {
        while (pool->taken == pool->submitted && !pool->ending) {
            pthread_cond_wait(&pool->work, &pool->lock);
        }
        if (pool->ending) {
            break;
        }
        struct place *place = place_of(pool, pool->taken++);
        pthread_mutex_unlock(&pool->lock);
        make(pool, chunk, &place->job);
        pthread_mutex_lock(&pool->lock);
        place->done = true;
        pthread_cond_signal(&pool->done);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static bool make_places(struct deflate_pool *pool, size_t count) {
    pool->places = calloc(count, sizeof *pool->places);
    if (pool->places == NULL) {
        return false;
    }
    pool->place_count = count;
    pool->packed_room = deflate_chunk_room(DEFLATE_POOL_BYTES) + DEFLATE_POOL_PIECES * deflate_chunk_room(0);
    for (size_t i = 0; i < count; i++) {
        pool->places[i].job.bytes = malloc(DEFLATE_POOL_BYTES);
        pool->places[i].job.packed = malloc(pool->packed_room);
        if (pool->places[i].job.bytes == NULL || pool->places[i].job.packed == NULL) {
            return false;
        }
    }
    return true;
}

struct deflate_pool *deflate_pool_new(void) {
    struct deflate_pool *pool = calloc(1, sizeof *pool);
    size_t wanted = processors(LIMIT_DEFLATERS);

    if (pool == NULL) {
        return NULL;
    }
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->done, NULL);
    pool->own = deflate_chunk_new(DEFLATE_POOL_BYTES);
    if (pool->own == NULL || !make_places(pool, JOBS_EACH * wanted)) {
        deflate_pool_free(pool);
        return NULL;
    }
    while (pool->thread_count < wanted) {
        size_t next = pool->thread_count;
        pool->chunks[next] = deflate_chunk_new(DEFLATE_POOL_BYTES);
        if (pool->chunks[next] == NULL || pthread_create(&pool->threads[next], NULL, deflate, pool) != 0) {
            break; /* fewer threads are only slower */
        }
        pool->thread_count++;
    }
    return pool;
}

void deflate_pool_free(struct deflate_pool *pool) {
    if (pool == NULL) {
        return;
    }
    pthread_mutex_lock(&pool->lock);
    pool->ending = true;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < pool->thread_count; i++) {
        pthread_join(pool->threads[i], NULL);
    }
    for (size_t i = 0; i < LIMIT_DEFLATERS; i++) {
        deflate_chunk_free(pool->chunks[i]);
    }
    deflate_chunk_free(pool->own);
    for (size_t i = 0; i < pool->place_count; i++) {
        free(pool->places[i].job.bytes);
        free(pool->places[i].job.packed);
    }
    free(pool->places);
    pthread_cond_destroy(&pool->done);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

struct deflate_job *deflate_pool_job(struct deflate_pool *pool) {
    /* Only the owner moves `submitted` and `written`. */
    if (pool->submitted - pool->written == pool->place_count) {
        return NULL;
    }
    struct place *place = place_of(pool, pool->submitted);
    place->done = false;
    place->job.piece_count = 0;
    return &place->job;
}

void deflate_pool_submit(struct deflate_pool *pool) {
    assert(pool->submitted - pool->written < pool->place_count);
    pthread_mutex_lock(&pool->lock);
    pool->submitted++;
    pthread_cond_signal(&pool->work);
    pthread_mutex_unlock(&pool->lock);
}

struct deflate_job *deflate_pool_oldest(struct deflate_pool *pool) {
    if (pool->written == pool->submitted) {
        return NULL;
    }
    struct place *place = place_of(pool, pool->written);
    pthread_mutex_lock(&pool->lock);
    if (pool->taken == pool->written) {
        pool->taken++;
        pthread_mutex_unlock(&pool->lock);
        make(pool, pool->own, &place->job);
        place->done = true;
        return &place->job;
    }
    while (!place->done) {
        pthread_cond_wait(&pool->done, &pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
    return &place->job;
}

void deflate_pool_release(struct deflate_pool *pool) {
    assert(pool->written < pool->submitted);
    pool->written++;
}
