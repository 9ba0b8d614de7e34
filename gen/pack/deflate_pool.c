#include "pack/deflate_pool.h"

#include "base/limits.h"
#include "base/pages.h"
#include "base/processors.h"

#include <assert.h>
#include <libdeflate.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/*
 * While the pool is held back, this many jobs are left waiting; the others are for who hands them in to go on with.
 * Where there are more processors than this, there is one to spare for deflating.
 */
#define HELD_JOBS       (LIMIT_DEFLATE_JOBS / 2)
#define HELD_PROCESSORS 2
#define SLAB_BYTES      ((size_t)2 << 20) /* that rooms are cut from: a large page, where the system has such */
#define SLABS           LIMIT_DEFLATE_JOBS

/* Of a job that is not deflated yet, while it is spare. */
struct room {
    struct room *next;
};

struct place {
    struct deflate_job job;
    uint8_t *room; /* what it is filled in; NULL: nothing */
    bool done;
};

/* What makes jobs, on one thread. */
struct maker {
    struct deflate_chunk *chunk;
    uint8_t *packed; /* what is being made */
};

/* Job n stands at n modulo LIMIT_DEFLATE_JOBS; written <= taken <= submitted <= given, and all only grow. */
struct deflate_pool {
    struct place places[LIMIT_DEFLATE_JOBS];
    size_t room;        /* of a job that is not deflated yet */
    struct room *spare; /* that nobody has: who takes it finds it in the processor's cache, and no page is new */
    void *slabs[SLABS];
    size_t slab_count;
    size_t slab_used; /* of the last one */
    size_t given;
    size_t submitted;
    size_t taken;
    size_t written;
    size_t held; /* that are not taken while no more are waiting */
    bool ending;
    struct maker own; /* the owner's, for jobs that nobody took */
    struct maker makers[LIMIT_DEFLATERS];
    pthread_t threads[LIMIT_DEFLATERS];
    size_t thread_count;
    size_t started; /* makers handed to threads */
    pthread_mutex_t lock;
    pthread_cond_t work;
    pthread_cond_t done;
};

static struct place *place_of(struct deflate_pool *pool, size_t number) {
    return &pool->places[number % LIMIT_DEFLATE_JOBS];
}

/* What comes of the bytes takes their place, and no more room than it needs, for the job may wait for long. */
static void make(const struct deflate_pool *pool, struct maker *maker, struct place *place) {
    struct deflate_job *job = &place->job;
    const uint8_t *bytes = job->bytes;
    uint8_t *packed = maker->packed;

    for (size_t i = 0; i < job->piece_count; i++) {
        struct deflate_piece *piece = &job->pieces[i];
        assert((size_t)(packed - maker->packed) + deflate_chunk_room(piece->length) <= pool->room);
        piece->packed_length =
            deflate_chunk_make(maker->chunk, bytes, piece->length, piece->last, piece->effort, packed);
        piece->crc = libdeflate_crc32(0, bytes, piece->length);
        bytes += piece->length;
        packed += piece->packed_length;
    }
    size_t length = (size_t)(packed - maker->packed);
    uint8_t *smaller = malloc(length + 1);
    memcpy(smaller != NULL ? smaller : job->bytes, maker->packed, length);
    job->bytes = smaller != NULL ? smaller : job->bytes;
}

/* With the lock, as the next two. NULL when memory is out. */
static uint8_t *take_room(struct deflate_pool *pool) {
    struct room *room = pool->spare;

    if (room != NULL) {
        pool->spare = room->next;
        return (uint8_t *)room;
    }
    if (pool->slab_count == 0 || SLAB_BYTES - pool->slab_used < pool->room) {
        void *slab = aligned_alloc(SLAB_BYTES, SLAB_BYTES);
        if (slab == NULL) {
            return NULL;
        }
        pages_prefer_large(slab, SLAB_BYTES);
        assert(pool->slab_count < SLABS);
        pool->slabs[pool->slab_count++] = slab;
        pool->slab_used = 0;
    }
    uint8_t *next = (uint8_t *)pool->slabs[pool->slab_count - 1] + pool->slab_used;
    pool->slab_used += pool->room;
    return next;
}

static void give_room(struct deflate_pool *pool, struct place *place) {
    struct room *room = (struct room *)(void *)place->room;

    if (room != NULL) {
        room->next = pool->spare;
        pool->spare = room;
    }
    place->room = NULL;
}

/* A job is made, and its room may be taken by another. */
static void finish(struct deflate_pool *pool, struct place *place) {
    if (place->job.bytes != place->room) {
        give_room(pool, place);
    }
    place->done = true;
}

static void *deflate(void *context) {
    struct deflate_pool *pool = context;

    /* Jobs are waited for when the container ends; what makes them, and the documents, is waited for all the time. */
    processors_give_way();
    pthread_mutex_lock(&pool->lock);
    struct maker *maker = &pool->makers[pool->started++];
    for (;;) {
        while (pool->submitted - pool->taken <= pool->held && !pool->ending) {
            pthread_cond_wait(&pool->work, &pool->lock);
        }
        if (pool->ending) {
            break;
        }
        struct place *place = place_of(pool, pool->taken++);
        pthread_mutex_unlock(&pool->lock);
        make(pool, maker, place);
        pthread_mutex_lock(&pool->lock);
        finish(pool, place);
        pthread_cond_signal(&pool->done);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static bool open_maker(const struct deflate_pool *pool, struct maker *maker) {
    maker->chunk = deflate_chunk_new(DEFLATE_POOL_BYTES);
    maker->packed = malloc(pool->room);
    return maker->chunk != NULL && maker->packed != NULL;
}

static void close_maker(struct maker *maker) {
    deflate_chunk_free(maker->chunk);
    free(maker->packed);
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
    pool->room = deflate_chunk_room(DEFLATE_POOL_BYTES) + DEFLATE_POOL_PIECES * deflate_chunk_room(0);
    pool->room += -pool->room % _Alignof(struct room);
    if (!open_maker(pool, &pool->own)) {
        deflate_pool_free(pool);
        return NULL;
    }
    while (pool->thread_count < wanted) {
        size_t next = pool->thread_count;
        if (!open_maker(pool, &pool->makers[next]) || pthread_create(&pool->threads[next], NULL, deflate, pool) != 0) {
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
        close_maker(&pool->makers[i]);
    }
    close_maker(&pool->own);
    for (size_t i = 0; i < LIMIT_DEFLATE_JOBS; i++) {
        if (pool->places[i].job.bytes != pool->places[i].room) {
            free(pool->places[i].job.bytes);
        }
    }
    for (size_t i = 0; i < pool->slab_count; i++) {
        free(pool->slabs[i]);
    }
    pthread_cond_destroy(&pool->done);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

struct deflate_job *deflate_pool_job(struct deflate_pool *pool) {
    /* Only the owner moves `given`, `submitted` and `written`. */
    if (pool->given - pool->written == LIMIT_DEFLATE_JOBS) {
        return NULL;
    }
    struct place *place = place_of(pool, pool->given);
    pthread_mutex_lock(&pool->lock);
    place->room = take_room(pool);
    pthread_mutex_unlock(&pool->lock);
    place->job.bytes = place->room;
    if (place->job.bytes == NULL) {
        return NULL;
    }
    place->done = false;
    place->job.piece_count = 0;
    pool->given++;
    return &place->job;
}

void deflate_pool_hold(struct deflate_pool *pool, bool hold) {
    pthread_mutex_lock(&pool->lock);
    pool->held = hold && pool->thread_count <= HELD_PROCESSORS ? HELD_JOBS : 0;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
}

enum deflate_effort deflate_pool_effort(struct deflate_pool *pool, const uint8_t *bytes, size_t length) {
    return deflate_chunk_effort(pool->own.chunk, bytes, length, pool->own.packed);
}

bool deflate_pool_quick_share(struct deflate_pool *pool, const uint8_t *bytes, size_t length, unsigned *share) {
    return deflate_chunk_quick_share(pool->own.chunk, bytes, length, pool->own.packed, share);
}

void deflate_pool_submit(struct deflate_pool *pool) {
    assert(pool->submitted < pool->given);
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
        make(pool, &pool->own, place);
        pthread_mutex_lock(&pool->lock);
        finish(pool, place);
        pthread_mutex_unlock(&pool->lock);
        return &place->job;
    }
    while (!place->done) {
        pthread_cond_wait(&pool->done, &pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
    return &place->job;
}

bool deflate_pool_done(struct deflate_pool *pool) {
    pthread_mutex_lock(&pool->lock);
    bool done = pool->written < pool->taken && place_of(pool, pool->written)->done;
    pthread_mutex_unlock(&pool->lock);
    return done;
}

void deflate_pool_release(struct deflate_pool *pool) {
    assert(pool->written < pool->submitted);
    struct place *place = place_of(pool, pool->written++);
    if (place->job.bytes != place->room) {
        free(place->job.bytes);
    } else {
        pthread_mutex_lock(&pool->lock);
        give_room(pool, place);
        pthread_mutex_unlock(&pool->lock);
    }
    place->job.bytes = NULL;
}
