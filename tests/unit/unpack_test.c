#include "base/buffer.h"
#include "base/limits.h"
#include "read/unpack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

/* Appends the gzip of some bytes, or of as many zeros. */
static void gzip(struct buffer *out, const char *bytes, size_t length) {
    static char zeros[1 << 16];
    z_stream stream = {0};
    int result = Z_OK;

    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
    for (size_t at = 0; result != Z_STREAM_END;) {
        size_t piece = length - at < sizeof zeros ? length - at : sizeof zeros;
        stream.next_in = bytes != NULL ? (Bytef *)(uintptr_t)(bytes + at) : (Bytef *)zeros;
        stream.avail_in = (uInt)piece;
        at += piece;
        do {
            char block[4096];
            stream.next_out = (Bytef *)block;
            stream.avail_out = sizeof block;
            result = deflate(&stream, at == length ? Z_FINISH : Z_NO_FLUSH);
            assert_true(result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR);
            buffer_append(out, block, sizeof block - stream.avail_out);
        } while (stream.avail_out == 0);
    }
    deflateEnd(&stream);
    assert_false(out->failed);
}

/* What comes out, as text: "name(bytes) ... ", "!id " for a problem. */
static void show(const struct buffer *file, size_t most, struct buffer *out) {
    struct byte_source_memory memory;
    static char block[1 << 16];

    byte_source_memory(&memory, file->data, file->length);
    memory.most = most;
    struct unpack *unpack = unpack_open(&memory.source);
    assert_non_null(unpack);
    for (enum unpack_event event; (event = unpack_next(unpack)) != UNPACK_END;) {
        assert_int_not_equal(event, UNPACK_FAILED);
        if (event == UNPACK_PROBLEM) {
            buffer_format(out, "!%s ", diagnostic_name(unpack_problem(unpack)));
            continue;
        }
        struct byte_source *source = unpack_bytes(unpack);
        size_t length = 0;
        ssize_t got;
        while ((got = source->read(source, block, sizeof block)) > 0) {
            length += (size_t)got;
        }
        assert_int_equal(got, 0);
        buffer_format(out, "%s(%zu) ", unpack_name(unpack) != NULL ? unpack_name(unpack) : "-", length);
    }
    unpack_close(unpack);
}

static void expect(const struct buffer *file, const char *expected) {
    for (size_t most = 0; most < 3; most++) {
        struct buffer out = {0};
        show(file, most == 0 ? 0 : most * 7, &out);
        assert_string_equal(buffer_text(&out), expected);
        buffer_free(&out);
    }
}

static void streams(void **state) {
    (void)state;
    struct buffer file = {0};
    buffer_append_text(&file, "id,n\na,1\n");
    expect(&file, "-(9) ");
    buffer_clear(&file);
    gzip(&file, "id,n\na,1\n", 9);
    size_t one = file.length;
    gzip(&file, "b,2\n", 4);
    buffer_append(&file, "\0\0\0", 3);
    expect(&file, "-(13) ");
    buffer_append_text(&file, "x");
    expect(&file, "-(13) !archive-damaged ");
    file.length = one - 1;
    expect(&file, "-(9) !archive-damaged ");
    file.length = 0;
    expect(&file, "-(0) ");
    buffer_free(&file);
}

static void levels(void **state) {
    (void)state;
    struct buffer file = {0};
    buffer_append_text(&file, "id,n\na,1\n");
    for (int depth = 1; depth <= LIMIT_ARCHIVE_DEPTH + 1; depth++) {
        struct buffer packed = {0};
        gzip(&packed, file.data, file.length);
        buffer_free(&file);
        file = packed;
        expect(&file, depth <= LIMIT_ARCHIVE_DEPTH ? "-(9) " : "!archive-limit ");
    }
    buffer_free(&file);
}

/* Zeros are a thousandth of themselves when deflated: the ratio stops them long before they are all there. */
static void bomb(void **state) {
    (void)state;
    struct buffer file = {0};
    struct buffer out = {0};
    gzip(&file, NULL, (size_t)LIMIT_UNPACKED_RATIO_ABOVE * 4);
    show(&file, 0, &out);
    char *problem = strchr(buffer_text(&out), '!');
    assert_non_null(problem);
    assert_string_equal(problem, "!archive-limit ");
    assert_true(strtoull(buffer_text(&out) + 2, NULL, 10) <= LIMIT_UNPACKED_RATIO_ABOVE);
    buffer_clear(&out);
    /* The same is right where it is small. */
    buffer_clear(&file);
    gzip(&file, NULL, (size_t)LIMIT_UNPACKED_RATIO_ABOVE / 2);
    show(&file, 0, &out);
    assert_string_equal(buffer_text(&out), "-(33554432) ");
    buffer_free(&file);
    buffer_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams),
        cmocka_unit_test(levels),
        cmocka_unit_test(bomb),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
