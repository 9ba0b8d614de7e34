#include "assess/sample_draw.h"

#include "base/buffer.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

const char *const sample_draw_methods[] = {
    [SAMPLE_RANDOM] = "random",
    [SAMPLE_STRATIFIED] = "stratified",
    [SAMPLE_SYSTEMATIC] = "systematic",
    NULL,
};

bool sample_draw_seed(const char *population_digest, const char *nonce, uint8_t seed[DIGEST_BYTES]) {
    struct buffer text = {0};

    buffer_format(&text, SAMPLE_FORMAT "\n%s\n%s\n", population_digest, nonce);
    bool done = !text.failed && digest_bytes(text.data, text.length, seed);
    buffer_free(&text);
    return done;
}

bool sample_draw_rank(const uint8_t seed[DIGEST_BYTES], const char *item, uint8_t rank[DIGEST_BYTES]) {
    unsigned length = DIGEST_BYTES;

    return HMAC(EVP_sha256(), seed, DIGEST_BYTES, (const unsigned char *)item, strlen(item), rank, &length) != NULL;
}

/* The stratum that holds the most; of several the first. */
static size_t largest(const uint64_t *allocated, size_t count) {
    size_t found = 0;

    for (size_t i = 1; i < count; i++) {
        found = allocated[i] > allocated[found] ? i : found;
    }
    return found;
}

void sample_draw_allocate(const uint64_t *populations, size_t count, uint64_t size, uint64_t *allocated) {
    uint64_t total = 0;
    uint64_t given = 0;

    for (size_t i = 0; i < count; i++) {
        total += populations[i];
    }
    for (size_t i = 0; i < count; i++) {
        allocated[i] = size * populations[i] / total;
        given += allocated[i];
    }
    /* Each round gives one to the largest remainder; one that was used up is marked by what it was given. */
    for (; given < size; given++) {
        size_t best = SIZE_MAX;
        uint64_t remainder = 0;
        for (size_t i = 0; i < count; i++) {
            uint64_t own = size * populations[i] % total;
            if (allocated[i] == size * populations[i] / total && own > remainder) {
                best = i;
                remainder = own;
            }
        }
        if (best == SIZE_MAX) {
            return; /* cannot be: what is not given yet is the sum of the remainders that are left */
        }
        allocated[best]++;
    }
    for (size_t i = 0; i < count && size >= count; i++) {
        if (allocated[i] == 0) {
            allocated[largest(allocated, count)]--;
            allocated[i] = 1;
        }
    }
}

/* The seed as a number of 256 bits, highest byte first, modulo `divisor`, which is below 2^56. */
static uint64_t seed_modulo(const uint8_t seed[DIGEST_BYTES], uint64_t divisor) {
    uint64_t rest = 0;

    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        rest = (rest << 8 | seed[i]) % divisor;
    }
    return rest;
}

uint64_t sample_draw_position(const uint8_t seed[DIGEST_BYTES], uint64_t population, uint64_t size, uint64_t number) {
    return (seed_modulo(seed, population) + number * population) / size;
}

/* A heap whose first entry has the highest rank: it is the one to give way. */
struct sample_draw_lowest {
    struct sample_draw_kept *kept;
    size_t count;
    size_t capacity;
    uint64_t most;
};

struct sample_draw_lowest *sample_draw_lowest_new(uint64_t most) {
    struct sample_draw_lowest *lowest = calloc(1, sizeof *lowest);

    if (lowest != NULL) {
        lowest->most = most;
    }
    return lowest;
}

void sample_draw_lowest_free(struct sample_draw_lowest *lowest) {
    if (lowest == NULL) {
        return;
    }
    for (size_t i = 0; i < lowest->count; i++) {
        free(lowest->kept[i].item);
    }
    free(lowest->kept);
    free(lowest);
}

/* By rank, and should two ever be equal by the item. */
static int compare(const void *a, const void *b) {
    const struct sample_draw_kept *first = a;
    const struct sample_draw_kept *second = b;
    int order = memcmp(first->rank, second->rank, DIGEST_BYTES);

    return order != 0 ? order : strcmp(first->item, second->item);
}

static void swap(struct sample_draw_kept *a, struct sample_draw_kept *b) {
    struct sample_draw_kept other = *a;

    *a = *b;
    *b = other;
}

static void sift_up(struct sample_draw_lowest *lowest, size_t at) {
    while (at > 0 && compare(&lowest->kept[at], &lowest->kept[(at - 1) / 2]) > 0) {
        swap(&lowest->kept[at], &lowest->kept[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

static void sift_down(struct sample_draw_lowest *lowest) {
    for (size_t at = 0;;) {
        size_t highest = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < lowest->count; child++) {
            highest = compare(&lowest->kept[child], &lowest->kept[highest]) > 0 ? child : highest;
        }
        if (highest == at) {
            return;
        }
        swap(&lowest->kept[at], &lowest->kept[highest]);
        at = highest;
    }
}

static bool grow(struct sample_draw_lowest *lowest) {
    size_t capacity = lowest->capacity == 0 ? 64 : lowest->capacity * 2;
    struct sample_draw_kept *kept = reallocarray(lowest->kept, capacity, sizeof *kept);

    if (kept == NULL) {
        return false;
    }
    lowest->kept = kept;
    lowest->capacity = capacity;
    return true;
}

bool sample_draw_lowest_offer(struct sample_draw_lowest *lowest, const uint8_t seed[DIGEST_BYTES], const char *item,
                              uint64_t position) {
    struct sample_draw_kept offered = {.position = position};

    if (lowest->most == 0) {
        return true;
    }
    if (!sample_draw_rank(seed, item, offered.rank)) {
        return false;
    }
    bool full = lowest->count == lowest->most;
    if (full && memcmp(offered.rank, lowest->kept[0].rank, DIGEST_BYTES) >= 0) {
        return true;
    }
    if (!full && lowest->count == lowest->capacity && !grow(lowest)) {
        return false;
    }
    offered.item = strdup(item);
    if (offered.item == NULL) {
        return false;
    }
    if (full) {
        free(lowest->kept[0].item);
        lowest->kept[0] = offered;
        sift_down(lowest);
    } else {
        lowest->kept[lowest->count] = offered;
        sift_up(lowest, lowest->count++);
    }
    return true;
}

const struct sample_draw_kept *sample_draw_lowest_finish(struct sample_draw_lowest *lowest, size_t *count) {
    if (lowest->count > 1) {
        qsort(lowest->kept, lowest->count, sizeof *lowest->kept, compare);
    }
    *count = lowest->count;
    return lowest->kept;
}
