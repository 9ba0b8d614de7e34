#include "write/pdf_deflate.h"

#include "base/limits.h"
#include "base/processors.h"

#include <libdeflate.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* What the threads share. */
struct work {
    struct buffer **texts;
    size_t count;
    atomic_size_t next;
    atomic_bool memory_out;
};

static bool deflate_one(struct libdeflate_compressor *compressor, struct buffer *text) {
    size_t bound = libdeflate_zlib_compress_bound(compressor, text->length);
    struct buffer deflated = {0};
    if (!buffer_reserve(&deflated, bound)) {
        return false;
    }
    deflated.length =
        libdeflate_zlib_compress(compressor, text->length > 0 ? text->data : "", text->length, deflated.data, bound);
    buffer_free(text);
    *text = deflated;
    return deflated.length > 0;
}

static void *take_texts(void *context) {
    struct work *work = context;
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(PDF_DEFLATE_LEVEL);
    bool good = compressor != NULL;
    while (good && !atomic_load(&work->memory_out)) {
        size_t index = atomic_fetch_add(&work->next, 1);
        if (index >= work->count) {
            break;
        }
        good = deflate_one(compressor, work->texts[index]);
    }
    if (!good) {
        atomic_store(&work->memory_out, true);
    }
    libdeflate_free_compressor(compressor);
    return NULL;
}

bool pdf_deflate(struct buffer **texts, size_t count) {
    struct work work = {.texts = texts, .count = count};
    pthread_t threads[LIMIT_DEFLATERS];
    size_t wanted = processors(LIMIT_DEFLATERS);
    size_t started = 0;
    while (started + 1 < wanted && pthread_create(&threads[started], NULL, take_texts, &work) == 0) {
        started++;
    }
    take_texts(&work);
    for (size_t i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
    return !atomic_load(&work.memory_out);
}
