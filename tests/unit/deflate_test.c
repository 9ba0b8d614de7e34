/* Pieces of a DEFLATE stream, made apart and put together; zlib says what they hold. */
#include "base/limits.h"
#include "pack/deflate_choice.h"
#include "pack/deflate_chunk.h"
#include "pack/deflate_pool.h"
#include "pack/deflate_walk.h"
#include "scratch.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/* What pieces are made of: text that repeats, noise, one byte, and a mixture that makes libdeflate change its codes. */
enum matter { MATTER_TEXT, MATTER_NOISE, MATTER_ZEROS, MATTER_MIXED, MATTER_COUNT };

static uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static void fill(uint8_t *bytes, size_t length, enum matter matter, uint32_t seed) {
    static const char words[] = "the account of a leaver was active at an export after the last working day; ";
    uint32_t state = seed;
    for (size_t i = 0; i < length; i++) {
        bool noise = matter == MATTER_NOISE || (matter == MATTER_MIXED && i / 7000 % 3 == 0);
        bool zeros = matter == MATTER_ZEROS || (matter == MATTER_MIXED && i / 7000 % 3 == 1);
        bytes[i] = noise   ? (uint8_t)next_random(&state)
                   : zeros ? 0
                           : (uint8_t)words[(i + next_random(&state) % 3) % (sizeof words - 1)];
    }
}

static void inflates_to(const uint8_t *packed, size_t packed_length, const uint8_t *bytes, size_t length) {
    z_stream stream = {0};
    uint8_t *out = malloc(length + 1);
    assert_non_null(out);
    assert_int_equal(inflateInit2(&stream, -MAX_WBITS), Z_OK);
    stream.next_in = (uint8_t *)(uintptr_t)packed;
    stream.avail_in = (uInt)packed_length;
    stream.next_out = out;
    stream.avail_out = (uInt)length + 1;
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.avail_in, 0);
    assert_int_equal(stream.total_out, length);
    assert_memory_equal(out, bytes, length);
    inflateEnd(&stream);
    free(out);
}

static void pieces_make_one_stream(void **state) {
    (void)state;
    static const size_t pieces[] = {1, 2, 13, 300, 5000, 65535, 65536, 131071, DEFLATE_POOL_BYTES};
    const size_t length = 3 * DEFLATE_POOL_BYTES + 17;
    uint8_t *bytes = malloc(length);
    uint8_t *packed = malloc(2 * length + 1000000);
    struct deflate_chunk *chunk = deflate_chunk_new(DEFLATE_POOL_BYTES);
    assert_true(bytes != NULL && packed != NULL && chunk != NULL);
    for (int matter = 0; matter < MATTER_COUNT; matter++) {
        fill(bytes, length, (enum matter)matter, 7);
        for (size_t p = 0; p < sizeof pieces / sizeof pieces[0]; p++) {
            size_t total = pieces[p] < 100 ? 300 * pieces[p] : length; /* the smallest pieces: not all of the bytes */
            size_t at = 0;
            for (size_t from = 0; from < total; from += pieces[p]) {
                size_t part = total - from < pieces[p] ? total - from : pieces[p];
                size_t made = deflate_chunk_make(chunk, bytes + from, part, from + part == total,
                                                 (enum deflate_effort)(part % 3), packed + at);
                assert_in_range(made, 1, deflate_chunk_room(part));
                at += made;
                assert_true(at < 2 * length + 900000);
            }
            inflates_to(packed, at, bytes, total);
            if (pieces[p] >= 5000) { /* and not because all was stored */
                assert_true(matter != MATTER_ZEROS || at < total / 20);
                assert_true(matter != MATTER_TEXT || at < total / 4 * 3);
            }
        }
    }
    deflate_chunk_free(chunk);
    free(packed);
    free(bytes);
}

/* Where the walk says the last block ends is where zlib stops reading, for streams of many lengths. */
static void finds_the_end(void **state) {
    (void)state;
    enum { MOST = 60000 };
    uint8_t *bytes = malloc(MOST);
    uint8_t *packed = malloc(2 * MOST + 64);
    struct deflate_walk *walk = deflate_walk_new();
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(6);
    assert_true(bytes != NULL && packed != NULL && walk != NULL && compressor != NULL);
    uint32_t random = 3;
    for (int round = 0; round < 2000; round++) {
        size_t length = next_random(&random) % (round % 10 == 0 ? MOST : 700);
        fill(bytes, length, (enum matter)(round % MATTER_COUNT), (uint32_t)round);
        memset(packed, 0, 2 * MOST + 64);
        size_t size = libdeflate_deflate_compress(compressor, bytes, length, packed, 2 * MOST);
        struct deflate_ends ends;
        assert_true(deflate_walk_find(walk, packed, size, &ends));
        assert_int_equal((ends.end + 7) / 8, size);
        assert_int_equal(packed[ends.last / 8] >> ends.last % 8 & 1, 1); /* BFINAL */
        /* zlib says how many bits of its last byte it did not use. */
        z_stream stream = {0};
        uint8_t *out = malloc(length + 1);
        assert_non_null(out);
        assert_int_equal(inflateInit2(&stream, -MAX_WBITS), Z_OK);
        stream.next_in = packed;
        stream.avail_in = (uInt)size;
        stream.next_out = out;
        stream.avail_out = (uInt)length + 1;
        int status = Z_OK;
        size_t begin = 0; /* of the last block */
        while (status == Z_OK) {
            status = inflate(&stream, Z_BLOCK);
            size_t bits = 8 * (size_t)stream.total_in - (stream.data_type & 7);
            if (status == Z_OK && (stream.data_type & 128) != 0) {
                begin = (stream.data_type & 64) != 0 ? begin : bits;
                if ((stream.data_type & 64) != 0) {
                    assert_int_equal(bits, ends.end);
                }
            }
        }
        assert_int_equal(status, Z_STREAM_END);
        assert_int_equal(begin, ends.last);
        inflateEnd(&stream);
        free(out);
    }
    libdeflate_free_compressor(compressor);
    deflate_walk_free(walk);
    free(packed);
    free(bytes);
}

static void refuses_what_is_no_stream(void **state) {
    (void)state;
    struct deflate_walk *walk = deflate_walk_new();
    struct deflate_ends ends;
    uint8_t bytes[64 + DEFLATE_WALK_SLACK];
    uint32_t random = 11;
    unsigned refused = 0;
    assert_non_null(walk);
    assert_false(deflate_walk_find(walk, bytes, 0, &ends));
    for (int round = 0; round < 20000; round++) {
        for (size_t i = 0; i < sizeof bytes; i++) {
            bytes[i] = (uint8_t)next_random(&random);
        }
        refused += !deflate_walk_find(walk, bytes, 1 + (size_t)round % 64, &ends);
    }
    assert_in_range(refused, 15000, 20000); /* a few end by chance where they should */
    deflate_walk_free(walk);
}

static void the_pool_keeps_the_order(void **state) {
    (void)state;
    const size_t length = 40 * (size_t)DEFLATE_POOL_BYTES + 5;
    uint8_t *bytes = malloc(length);
    uint8_t *packed = malloc(length + 1000000);
    struct deflate_pool *pool = deflate_pool_new();
    assert_true(bytes != NULL && packed != NULL && pool != NULL);
    fill(bytes, length, MATTER_MIXED, 5);
    assert_null(deflate_pool_oldest(pool));
    size_t from = 0;
    size_t at = 0;
    uint32_t crc = 0;
    uint32_t state_of_pieces = 3;
    while (from < length || deflate_pool_oldest(pool) != NULL) {
        struct deflate_job *job = from < length ? deflate_pool_job(pool) : NULL;
        if (job != NULL) {
            /* From one piece that fills the job to as many as it takes. */
            size_t pieces = 1 + (size_t)next_random(&state_of_pieces) % DEFLATE_POOL_PIECES;
            size_t filled = 0;
            while (job->piece_count < pieces && from < length) {
                size_t left = length - from < DEFLATE_POOL_BYTES - filled ? length - from : DEFLATE_POOL_BYTES - filled;
                size_t part = job->piece_count + 1 == pieces ? left : left / (pieces - job->piece_count);
                memcpy(job->bytes + filled, bytes + from, part);
                from += part;
                filled += part;
                job->pieces[job->piece_count++] = (struct deflate_piece){.length = part, .last = from == length};
            }
            deflate_pool_submit(pool);
            continue;
        }
        job = deflate_pool_oldest(pool);
        const uint8_t *made = job->bytes;
        for (size_t i = 0; i < job->piece_count; i++) {
            memcpy(packed + at, made, job->pieces[i].packed_length);
            made += job->pieces[i].packed_length;
            at += job->pieces[i].packed_length;
            crc = (uint32_t)crc32_combine(crc, job->pieces[i].crc, (z_off_t)job->pieces[i].length);
        }
        deflate_pool_release(pool);
    }
    inflates_to(packed, at, bytes, length);
    assert_int_equal(crc, crc32_z(0, bytes, length));
    deflate_pool_free(pool);
    free(packed);
    free(bytes);
}

/* No more than the limit are under way; one that is written makes room for another. */
static void fill_and_empty(struct deflate_pool *pool) {
    size_t submitted = 0;
    for (struct deflate_job *job = NULL; (job = deflate_pool_job(pool)) != NULL; submitted++) {
        memcpy(job->bytes, &submitted, sizeof submitted);
        job->pieces[job->piece_count++] = (struct deflate_piece){.length = sizeof submitted, .last = true};
        deflate_pool_submit(pool);
    }
    assert_int_equal(submitted, LIMIT_DEFLATE_JOBS);
    for (size_t i = 0; i < submitted; i++) {
        const struct deflate_job *job = deflate_pool_oldest(pool);
        assert_non_null(job);
        assert_true(deflate_pool_done(pool));
        assert_int_equal(job->pieces[0].crc, crc32_z(0, (const uint8_t *)&i, sizeof i));
        inflates_to(job->bytes, job->pieces[0].packed_length, (const uint8_t *)&i, sizeof i);
        deflate_pool_release(pool);
        if (i == 0) { /* two may be filled at a time, and need not be handed in */
            assert_non_null(deflate_pool_job(pool));
            assert_null(deflate_pool_job(pool));
        }
    }
    assert_null(deflate_pool_oldest(pool));
    assert_false(deflate_pool_done(pool));
    deflate_pool_free(pool);
}

static void the_pool_is_bounded(void **state) {
    (void)state;
    struct deflate_pool *pool = deflate_pool_new();
    assert_non_null(pool);
    fill_and_empty(pool);
}

static void a_pool_that_is_held_back_does_its_work(void **state) {
    (void)state;
    struct deflate_pool *pool = deflate_pool_new();
    assert_non_null(pool);
    deflate_pool_hold(pool, true);
    fill_and_empty(pool);

    pool = deflate_pool_new();
    assert_non_null(pool);
    deflate_pool_hold(pool, true);
    struct deflate_job *job = deflate_pool_job(pool);
    assert_non_null(job);
    memset(job->bytes, 'x', 1000);
    job->pieces[job->piece_count++] = (struct deflate_piece){.length = 1000, .last = true};
    deflate_pool_submit(pool);
    deflate_pool_hold(pool, false);
    for (int tries = 0; tries < 5000 && !deflate_pool_done(pool); tries++) {
        usleep(1000); /* until a thread has done it */
    }
    assert_true(deflate_pool_done(pool));
    deflate_pool_free(pool);
}

/* As many streams of one job as it takes: noise does not shrink, so that each takes all the room that it may. */
static void a_job_holds_many_streams(void **state) {
    (void)state;
    struct deflate_pool *pool = deflate_pool_new();
    assert_non_null(pool);
    struct deflate_job *job = deflate_pool_job(pool);
    size_t length = DEFLATE_POOL_BYTES / DEFLATE_POOL_PIECES;
    uint8_t *bytes = malloc(DEFLATE_POOL_BYTES);
    assert_non_null(bytes);
    fill(bytes, DEFLATE_POOL_BYTES, MATTER_NOISE, 11);
    memcpy(job->bytes, bytes, DEFLATE_POOL_BYTES);
    while (job->piece_count < DEFLATE_POOL_PIECES) {
        job->pieces[job->piece_count] =
            (struct deflate_piece){.length = length, .last = true, .owner = 1000 + job->piece_count};
        job->piece_count++;
    }
    deflate_pool_submit(pool);
    job = deflate_pool_oldest(pool);
    const uint8_t *packed = job->bytes;
    for (size_t i = 0; i < DEFLATE_POOL_PIECES; i++) {
        const struct deflate_piece *piece = &job->pieces[i];
        assert_int_equal(piece->owner, 1000 + i);
        assert_int_equal(piece->crc, crc32_z(0, bytes + i * length, length));
        inflates_to(packed, piece->packed_length, bytes + i * length, length);
        packed += piece->packed_length;
    }
    deflate_pool_free(pool);
    free(bytes);
}

static void a_pool_may_end_with_work_left(void **state) {
    (void)state;
    struct deflate_pool *pool = deflate_pool_new();
    assert_non_null(pool);
    for (struct deflate_job *job; (job = deflate_pool_job(pool)) != NULL;) {
        job->pieces[job->piece_count++] = (struct deflate_piece){.length = 1000};
        memset(job->bytes, 'x', 1000);
        deflate_pool_submit(pool);
    }
    deflate_pool_free(pool);
    deflate_pool_free(NULL);
}

/* Rows as a system exports them: what gzip makes of them leaves room for quick pieces, and not for those alone. */
static void fill_rows(uint8_t *bytes, size_t length) {
    static const char *const actions[] = {"record.read", "record.write", "report.export", "session.begin"};
    uint32_t state = 5;
    char row[160];
    size_t at = 0;
    for (unsigned number = 0; at < length; number++) {
        int written = snprintf(
            row, sizeof row, "e%010u,2025-10-%02uT%02u:%02u:%02uZ,person%03u@example.com,%s,%u,%06x\n", number,
            number / 90000 % 31 + 1, number / 3600 % 24, number / 60 % 60, number % 60, next_random(&state) % 400,
            actions[next_random(&state) % 4], next_random(&state) % 60000, next_random(&state) & 0xffffff);
        size_t part = (size_t)written < length - at ? (size_t)written : length - at;
        memcpy(bytes + at, row, part);
        at += part;
    }
}

static size_t gzip_length(const uint8_t *bytes, size_t length) {
    uLongf made = compressBound(length);
    uint8_t *out = malloc(made);
    assert_non_null(out);
    assert_int_equal(compress2(out, &made, bytes, length, 6), Z_OK);
    free(out);
    return made;
}

static void quick_pieces_are_as_many_as_gzip_leaves_room_for(void **state) {
    (void)state;
    const size_t length = DEFLATE_CHUNK_SHARE * (size_t)DEFLATE_POOL_BYTES;
    uint8_t *bytes = malloc(length);
    struct deflate_chunk *chunk = deflate_chunk_new(DEFLATE_POOL_BYTES);
    uint8_t *out = malloc(deflate_chunk_room(DEFLATE_POOL_BYTES));
    unsigned share = 0;
    size_t mixed = 0;
    size_t quick = 0;
    assert_true(bytes != NULL && chunk != NULL && out != NULL);
    fill_rows(bytes, length);
    assert_true(deflate_chunk_quick_share(chunk, bytes, DEFLATE_POOL_BYTES, out, &share));
    assert_in_range(share, 1, DEFLATE_CHUNK_SHARE - 1);
    for (size_t i = 0; i < DEFLATE_CHUNK_SHARE; i++) {
        const uint8_t *piece = bytes + i * DEFLATE_POOL_BYTES;
        size_t made = deflate_chunk_make(chunk, piece, DEFLATE_POOL_BYTES, false, DEFLATE_QUICK, out);
        quick += made;
        mixed += i < share ? made : deflate_chunk_make(chunk, piece, DEFLATE_POOL_BYTES, false, DEFLATE_FAIR, out);
    }
    size_t gzip = gzip_length(bytes, length);
    assert_true(mixed < gzip);
    assert_true(mixed > gzip / 100 * 95); /* the room is used */
    assert_true(quick > gzip);

    fill(bytes, DEFLATE_POOL_BYTES, MATTER_NOISE, 3); /* no effort makes it smaller than gzip does */
    assert_true(deflate_chunk_quick_share(chunk, bytes, DEFLATE_POOL_BYTES, out, &share));
    assert_int_equal(share, 0);
    for (size_t few = 1; few < 5; few++) {
        assert_true(deflate_chunk_quick_share(chunk, bytes, few, out, &share));
    }
    deflate_chunk_free(chunk);
    free(out);
    free(bytes);
}

/* How many of the entry's next pieces are deflated quickly; each is learned from. */
static unsigned count_quick(struct deflate_choice *choice, struct deflate_pool *pool, const uint8_t *bytes,
                            unsigned pieces, bool *first) {
    unsigned quick = 0;
    for (unsigned i = 0; i < pieces; i++) {
        struct deflate_piece piece = {
            .length = DEFLATE_POOL_BYTES, .first = *first, .effort = deflate_choice_next(choice)};
        assert_true(!piece.first || piece.effort == choice->effort);
        assert_true(deflate_choice_learn(choice, pool, &piece, bytes + DEFLATE_POOL_BYTES));
        quick += piece.effort == DEFLATE_QUICK;
        *first = false;
    }
    return quick;
}

static void an_entry_chooses_by_its_bytes(void **state) {
    (void)state;
    uint8_t *bytes = malloc(DEFLATE_POOL_BYTES);
    struct deflate_pool *pool = deflate_pool_new();
    struct deflate_choice choice;
    bool first = true;
    assert_true(bytes != NULL && pool != NULL);

    fill_rows(bytes, DEFLATE_POOL_BYTES);
    deflate_choice_begin(&choice, false);
    assert_int_equal(choice.effort, DEFLATE_SMALL);
    assert_int_equal(count_quick(&choice, pool, bytes, 16, &first), 0);
    assert_int_equal(choice.effort, DEFLATE_FAIR);
    unsigned share = choice.quick;
    assert_in_range(share, 1, DEFLATE_CHUNK_SHARE - 1);
    assert_int_equal(count_quick(&choice, pool, bytes, DEFLATE_CHUNK_SHARE, &first), share);
    fill(bytes, DEFLATE_POOL_BYTES, MATTER_NOISE, 3); /* the bytes become others, which is found out later */
    (void)count_quick(&choice, pool, bytes, 256, &first);
    assert_int_equal(choice.quick, 0);
    assert_int_equal(count_quick(&choice, pool, bytes, DEFLATE_CHUNK_SHARE, &first), 0);

    fill(bytes, DEFLATE_POOL_BYTES, MATTER_ZEROS, 3); /* what repeats is made as small as can be */
    deflate_choice_begin(&choice, false);
    first = true;
    assert_int_equal(count_quick(&choice, pool, bytes, 2 * DEFLATE_CHUNK_SHARE, &first), 0);
    assert_int_equal(choice.effort, DEFLATE_SMALL);

    deflate_choice_begin(&choice, true);
    first = true;
    assert_int_equal(count_quick(&choice, pool, bytes, 40, &first), 40);
    deflate_pool_free(pool);
    free(bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_make_one_stream),
        cmocka_unit_test(finds_the_end),
        cmocka_unit_test(refuses_what_is_no_stream),
        cmocka_unit_test(the_pool_keeps_the_order),
        cmocka_unit_test(the_pool_is_bounded),
        cmocka_unit_test(a_job_holds_many_streams),
        cmocka_unit_test(a_pool_may_end_with_work_left),
        cmocka_unit_test(a_pool_that_is_held_back_does_its_work),
        cmocka_unit_test(quick_pieces_are_as_many_as_gzip_leaves_room_for),
        cmocka_unit_test(an_entry_chooses_by_its_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
