#include "base/hash_set.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "base/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIRST_CAPACITY 256
#define READ_HASHES    4096 /* of a run, read at a time */
#define DIGIT_BITS     11
#define DIGITS         (1u << DIGIT_BITS)
#define FEW            64    /* hashes that are sorted sooner one by one than by digits */
#define MANY           32768 /* hashes that are compared sooner by a table for each first digit than sorted */
#define SLOTS          2048  /* of such a table, at most half of them filled */
#define FIRST_SHIFT    (64 - DIGIT_BITS)
#define FACTOR         UINT64_C(0x9e3779b97f4a7c15)

struct hash_set {
    const char *folder;
    uint64_t *hashes; /* the run at hand */
    uint64_t *scratch;
    size_t count;
    size_t capacity;
    size_t runs; /* in the file, each of LIMIT_HASH_RUN hashes, sorted */
    int file;
    bool repeats;
};

/* The part of a run that is in memory while runs are merged. */
struct reader {
    uint64_t *hashes;
    size_t at;
    size_t count;
    uint64_t position; /* in the file, of what follows */
    uint64_t end;
};

struct hash_set *hash_set_new(const char *folder) {
    struct hash_set *set = calloc(1, sizeof *set);
    if (set != NULL) {
        set->folder = folder;
        set->file = -1;
    }
    return set;
}

void hash_set_free(struct hash_set *set) {
    if (set == NULL) {
        return;
    }
    if (set->file >= 0) {
        close(set->file); /* it was only ours to read */
    }
    free(set->hashes);
    free(set->scratch);
    free(set);
}

static void sort_few(uint64_t *hashes, size_t count) {
    for (size_t i = 1; i < count; i++) {
        uint64_t hash = hashes[i];
        size_t place = i;
        for (; place > 0 && hashes[place - 1] > hash; place--) {
            hashes[place] = hashes[place - 1];
        }
        hashes[place] = hash;
    }
}

static bool make_scratch(struct hash_set *set) {
    if (set->scratch == NULL) {
        set->scratch = malloc(set->capacity * sizeof *set->scratch);
        if (set->scratch == NULL) {
            return false;
        }
        pages_prefer_large(set->scratch, set->capacity * sizeof *set->scratch);
    }
    return true;
}

/* Turns how many hashes there are of each digit into where they begin. */
static void places_of(size_t *counts) {
    size_t before = 0;

    for (size_t digit = 0; digit < DIGITS; digit++) {
        size_t here = counts[digit];
        counts[digit] = before;
        before += here;
    }
}

/* By digits from the lowest to the highest; passes over digits that are the same in all are left out. */
static bool sort_digits(struct hash_set *set) {
    if (!make_scratch(set)) {
        return false;
    }
    for (unsigned shift = 0; shift < 64; shift += DIGIT_BITS) {
        size_t places[DIGITS] = {0};
        for (size_t i = 0; i < set->count; i++) {
            places[set->hashes[i] >> shift & (DIGITS - 1)]++;
        }
        if (set->count > 0 && places[set->hashes[0] >> shift & (DIGITS - 1)] == set->count) {
            continue;
        }
        places_of(places);
        for (size_t i = 0; i < set->count; i++) {
            set->scratch[places[set->hashes[i] >> shift & (DIGITS - 1)]++] = set->hashes[i];
        }
        uint64_t *swap = set->hashes;
        set->hashes = set->scratch;
        set->scratch = swap;
    }
    return true;
}

/* In order; notes whether two are the same. */
static bool sort(struct hash_set *set) {
    if (set->count <= FEW) {
        sort_few(set->hashes, set->count);
    } else if (!sort_digits(set)) {
        return false;
    }
    for (size_t i = 1; i < set->count; i++) {
        set->repeats = set->repeats || set->hashes[i] == set->hashes[i - 1];
    }
    return true;
}

static bool open_file(struct hash_set *set) {
    struct buffer path = {0};

    buffer_format(&path, "%s/.hashes-XXXXXX", set->folder);
    if (buffer_text(&path) != NULL) {
        set->file = mkostemp(path.data, O_CLOEXEC);
        if (set->file >= 0 && unlink(path.data) != 0) {
            close(set->file);
            set->file = -1;
        }
    }
    buffer_free(&path);
    return set->file >= 0;
}

static bool write_run(struct hash_set *set) {
    const char *bytes = (const char *)set->hashes;
    size_t left = set->count * sizeof *set->hashes;

    if (set->file < 0 && !open_file(set)) {
        return false;
    }
    while (left > 0) {
        ssize_t written = write(set->file, bytes, left);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        bytes += written;
        left -= (size_t)written;
    }
    set->runs++;
    set->count = 0;
    return true;
}

static bool grow(struct hash_set *set) {
    size_t capacity = set->capacity == 0 ? FIRST_CAPACITY : set->capacity * 2;
    uint64_t *grown = reallocarray(set->hashes, capacity, sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    pages_prefer_large(grown, capacity * sizeof *grown);
    set->hashes = grown;
    set->capacity = capacity;
    return true;
}

bool hash_set_add(struct hash_set *set, uint64_t hash) {
    if (set->repeats) {
        return true; /* the answer is known */
    }
    if (set->count == set->capacity && !(set->capacity < LIMIT_HASH_RUN ? grow(set) : sort(set) && write_run(set))) {
        return false;
    }
    set->hashes[set->count++] = hash;
    return true;
}

/* Reads on where all that was read is used up; the run has ended where that leaves nothing. */
static bool refill(const struct hash_set *set, struct reader *reader) {
    if (reader->at < reader->count || reader->position == reader->end) {
        return true;
    }
    uint64_t left = reader->end - reader->position;
    size_t wanted = left < READ_HASHES * sizeof(uint64_t) ? (size_t)left : READ_HASHES * sizeof(uint64_t);
    char *into = (char *)reader->hashes;
    for (size_t done = 0; done < wanted;) {
        ssize_t got = pread(set->file, into + done, wanted - done, (off_t)(reader->position + done));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            errno = got == 0 ? EIO : errno;
            return false;
        }
        done += (size_t)got;
    }
    reader->at = 0;
    reader->count = wanted / sizeof(uint64_t);
    reader->position += wanted;
    return true;
}

/* A reader in the heap of those that have hashes left, with its first one. */
struct head {
    uint64_t hash;
    struct reader *reader;
};

/* Puts a head into the heap from its top down, where there is room; the order of the others is right. */
static void sift(struct head *heap, size_t count, struct head in) {
    size_t at = 0;

    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= count) {
            break;
        }
        child += child + 1 < count && heap[child + 1].hash < heap[child].hash;
        if (heap[child].hash >= in.hash) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = in;
}

/* Makes the heap of readers, which all have hashes: sorted, which is one. */
static void order(struct head *heap, struct reader *readers, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct head in = {readers[i].hashes[readers[i].at], &readers[i]};
        size_t place = i;
        for (; place > 0 && heap[place - 1].hash > in.hash; place--) {
            heap[place] = heap[place - 1];
        }
        heap[place] = in;
    }
}

/* Goes through all runs at once, in order. */
static bool merge(struct hash_set *set, struct head *heap, size_t count) {
    uint64_t last = 0;
    bool any = false;

    while (count > 0) {
        struct head top = heap[0];
        if (any && top.hash == last) {
            set->repeats = true;
            return true;
        }
        last = top.hash;
        any = true;
        if (++top.reader->at == top.reader->count && !refill(set, top.reader)) {
            return false;
        }
        if (top.reader->at == top.reader->count) {
            top = heap[--count];
        } else {
            top.hash = top.reader->hashes[top.reader->at];
        }
        sift(heap, count, top);
    }
    return true;
}

static bool merge_runs(struct hash_set *set) {
    const uint64_t run_bytes = (uint64_t)LIMIT_HASH_RUN * sizeof(uint64_t);
    struct reader *readers = calloc(set->runs + 1, sizeof *readers);
    struct head *heap = calloc(set->runs + 1, sizeof *heap);
    size_t opened = 0;
    bool done = readers != NULL && heap != NULL;

    while (done && opened < set->runs) {
        struct reader *reader = &readers[opened];
        *reader = (struct reader){.position = opened * run_bytes, .end = (opened + 1) * run_bytes};
        reader->hashes = malloc(READ_HASHES * sizeof *reader->hashes);
        opened++;
        done = reader->hashes != NULL && refill(set, reader);
    }
    size_t count = opened;
    if (done && set->count > 0) { /* the run at hand never went to the file */
        readers[count++] = (struct reader){.hashes = set->hashes, .count = set->count};
    }
    if (done) {
        order(heap, readers, count);
        done = merge(set, heap, count);
    }
    for (size_t i = 0; readers != NULL && i < count; i++) {
        if (readers[i].hashes != set->hashes) {
            free(readers[i].hashes);
        }
    }
    free(readers);
    free(heap);
    return done;
}

/* Whether one of some hashes with the same first digit comes twice; they are at most half as many as slots. */
static bool repeats_among(const uint64_t *hashes, size_t count) {
    uint64_t slots[SLOTS];

    for (size_t i = 0; i < SLOTS; i++) {
        slots[i] = ~hashes[0]; /* has another first digit: it is none of them */
    }
    for (size_t i = 0; i < count; i++) {
        size_t at = hashes[i] >> (FIRST_SHIFT - DIGIT_BITS) & (SLOTS - 1);
        while (slots[at] != ~hashes[0]) {
            if (slots[at] == hashes[i]) {
                return true;
            }
            at = (at + 1) & (SLOTS - 1);
        }
        slots[at] = hashes[i];
    }
    return false;
}

/* The same as sorting all that is in memory, where nothing was written: each hash is moved once. */
static bool compare(struct hash_set *set) {
    size_t ends[DIGITS] = {0};
    size_t first = 0;

    for (size_t i = 0; i < set->count; i++) {
        ends[set->hashes[i] >> FIRST_SHIFT]++;
    }
    for (size_t digit = 0; digit < DIGITS; digit++) {
        if (ends[digit] > SLOTS / 2) {
            return sort(set);
        }
    }
    if (!make_scratch(set)) {
        return false;
    }
    places_of(ends);
    for (size_t i = 0; i < set->count; i++) {
        set->scratch[ends[set->hashes[i] >> FIRST_SHIFT]++] = set->hashes[i];
    }
    for (size_t digit = 0; !set->repeats && digit < DIGITS; first = ends[digit++]) {
        set->repeats = ends[digit] > first && repeats_among(set->scratch + first, ends[digit] - first);
    }
    return true;
}

bool hash_set_repeats(struct hash_set *set, bool *repeats) {
    if (!set->repeats && set->runs == 0 && set->count >= MANY) {
        if (!compare(set)) {
            return false;
        }
        *repeats = set->repeats;
        return true;
    }
    if (!set->repeats && (!sort(set) || (set->runs > 0 && !set->repeats && !merge_runs(set)))) {
        return false;
    }
    *repeats = set->repeats;
    return true;
}

/* A product's low bits hang on the low bits of its factors alone: hence twice. */
static inline uint64_t stir(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * FACTOR;
    hash = (hash ^ hash >> 32) * FACTOR;
    return hash ^ hash >> 29;
}

static inline uint64_t word_at(const unsigned char *at) {
    uint64_t word;

    memcpy(&word, at, sizeof word);
    return word;
}

/* Less than eight bytes. */
static inline uint64_t short_word(const unsigned char *at, uint64_t length) {
    uint32_t halves[2] = {0};

    if (length >= sizeof halves[0]) { /* some bytes may count twice */
        memcpy(&halves[0], at, sizeof halves[0]);
        memcpy(&halves[1], at + length - sizeof halves[1], sizeof halves[1]);
        return (uint64_t)halves[1] << 32 | halves[0];
    }
    return (uint64_t)at[0] | (uint64_t)at[length / 2] << 8 | (uint64_t)at[length - 1] << 16;
}

uint64_t hash_set_bytes(uint64_t hash, const void *bytes, uint64_t length) {
    const unsigned char *at = bytes;
    uint64_t left = length;

    hash = (hash ^ (UINT64_C(0xcbf29ce484222325) + length)) * FACTOR; /* so that no first byte undoes the length */
    for (; left > sizeof hash; left -= sizeof hash, at += sizeof hash) {
        hash = stir(hash, word_at(at));
    }
    if (left > 0 && length >= sizeof hash) { /* the last eight bytes, of which some may count twice */
        hash = stir(hash, word_at(at + left - sizeof hash));
    } else if (left > 0) {
        hash = stir(hash, short_word(at, left));
    }
    return hash;
}
