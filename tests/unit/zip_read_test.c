#include "package_fixture.h"

#include "pack/zip_header.h"
#include "pack/zip_read.h"

#include <zlib.h>

/* A ZIP in memory, made entry by entry with the records of zip_header.c, and its offsets. */
struct archive {
    struct buffer bytes;
    struct buffer directory;
    uint64_t count;
};

static const struct zip_time archive_time = {.time = 0x46aa, .date = 0x5b49};

/* Adds an entry whose data is `packed`, as it is. */
static void add(struct archive *archive, struct zip_entry entry, const void *packed) {
    entry.name_length = entry.name_length ? entry.name_length : strlen(entry.name);
    entry.offset = archive->bytes.length;
    zip_header_local(&entry, archive_time, &archive->bytes);
    buffer_append(&archive->bytes, packed, entry.packed);
    zip_header_central(&entry, archive_time, &archive->directory);
    archive->count++;
}

static void add_stored(struct archive *archive, const char *name, const char *text) {
    size_t length = strlen(text);
    struct zip_entry entry = {
        .name = name, .crc = (uint32_t)crc32(0, (const Bytef *)text, (uInt)length), .packed = length, .size = length};
    add(archive, entry, text);
}

/* Adds deflated data with a header of our choice. */
static void add_deflated(struct archive *archive, const char *name, const void *packed, size_t length, const char *text,
                         uint64_t size) {
    struct zip_entry entry = {.name = name,
                              .method = ZIP_DEFLATED,
                              .crc = (uint32_t)crc32(0, (const Bytef *)text, (uInt)strlen(text)),
                              .packed = length,
                              .size = size};
    add(archive, entry, packed);
}

static void close_archive(struct archive *archive) {
    uint64_t start = archive->bytes.length;
    buffer_append(&archive->bytes, archive->directory.data, archive->directory.length);
    zip_header_end(archive->count, start, archive->directory.length, &archive->bytes);
    buffer_free(&archive->directory);
}

static bool swallow(struct byte_sink *sink, const void *bytes, size_t length) {
    (void)sink;
    (void)bytes;
    (void)length;
    return true;
}

/* Reads a whole archive. Returns 0 when it is in order, 1 when the directory is refused, 2 when an entry is. */
static int read_archive(const void *bytes, size_t length, const char **reason) {
    struct diagnostics *diagnostics = diagnostics_new();
    struct byte_sink sink = {.write = swallow};
    const char *path = fixture_path("read.zip");
    const char *why = NULL;
    size_t count = 0;
    int result = 0;
    fixture_write(path, bytes, length, 0644);
    struct zip_read *zip = zip_read_open(path, diagnostics);
    assert_non_null(zip);
    if (!zip_read_directory(zip, diagnostics)) {
        assert_int_equal(diagnostics_count_id(diagnostics, DIAGNOSTIC_PACKAGE_CONTAINER), 1);
        result = 1;
    } else {
        const struct zip_entry *entries = zip_read_entries(zip, &count);
        for (size_t i = 0; i < count && result == 0; i++) {
            if (!zip_read_entry(zip, &entries[i], &sink, &why, diagnostics)) {
                assert_non_null(why);
                result = 2;
            }
        }
    }
    assert_false(zip_read_failed(zip));
    zip_read_free(zip);
    diagnostics_free(diagnostics);
    if (reason) {
        *reason = why;
    }
    return result;
}

static size_t deflate_text(const char *text, int level, uint8_t *out, size_t capacity) {
    z_stream stream = {0};
    assert_int_equal(deflateInit2(&stream, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (Bytef *)(uintptr_t)text;
    stream.avail_in = (uInt)strlen(text);
    stream.next_out = out;
    stream.avail_out = (uInt)capacity;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    size_t length = stream.total_out;
    deflateEnd(&stream);
    return length;
}

static const char text[] = "one line of evidence, another line of evidence, a third line of evidence\n";

static void small_archive(struct archive *archive) {
    uint8_t packed[256];
    *archive = (struct archive){0};
    add_stored(archive, "mimetype", "application/vnd.etsi.asic-e+zip");
    add_deflated(archive, "data/deflated", packed, deflate_text(text, 6, packed, sizeof packed), text, strlen(text));
    add_deflated(archive, "data/blocks", packed, deflate_text(text, 0, packed, sizeof packed), text, strlen(text));
    add_stored(archive, "data/\303\251", "x");
    add_stored(archive, "data/empty", "");
    close_archive(archive);
}

static void reads_what_is_in_order(void **state) {
    (void)state;
    struct archive archive;
    small_archive(&archive);
    assert_int_equal(read_archive(archive.bytes.data, archive.bytes.length, NULL), 0);
    buffer_free(&archive.bytes);
}

static void refuses_every_flipped_bit(void **state) {
    (void)state;
    struct archive archive;
    small_archive(&archive);
    for (size_t i = 0; i < archive.bytes.length; i++) {
        for (int bit = 0; bit < 8; bit++) {
            archive.bytes.data[i] ^= (char)(1 << bit);
            if (read_archive(archive.bytes.data, archive.bytes.length, NULL) == 0) {
                fail_msg("bit %d of byte %zu", bit, i);
            }
            archive.bytes.data[i] ^= (char)(1 << bit);
        }
    }
    buffer_free(&archive.bytes);
}

static void refuses_every_cut_and_every_byte_more(void **state) {
    (void)state;
    struct archive archive;
    struct buffer bytes = {0};
    small_archive(&archive);
    for (size_t i = 0; i <= archive.bytes.length; i++) {
        if (i < archive.bytes.length) {
            assert_int_equal(read_archive(archive.bytes.data, i, NULL), 1);
            assert_int_equal(read_archive(archive.bytes.data + i + 1, archive.bytes.length - i - 1, NULL), 1);
        }
        buffer_clear(&bytes);
        buffer_append(&bytes, archive.bytes.data, i);
        buffer_append_byte(&bytes, 0);
        buffer_append(&bytes, archive.bytes.data + i, archive.bytes.length - i);
        assert_int_not_equal(read_archive(bytes.data, bytes.length, NULL), 0);
    }
    buffer_free(&bytes);
    buffer_free(&archive.bytes);
}

static void refuses_entry(const void *packed, size_t length, uint64_t size, const char *expected) {
    struct archive archive = {0};
    const char *reason = NULL;
    add_deflated(&archive, "data/a", packed, length, text, size);
    close_archive(&archive);
    assert_int_equal(read_archive(archive.bytes.data, archive.bytes.length, &reason), 2);
    assert_non_null(strstr(reason, expected));
    buffer_free(&archive.bytes);
}

static void refuses_sizes_that_lie(void **state) {
    (void)state;
    uint8_t packed[256];
    size_t length = deflate_text(text, 6, packed, sizeof packed);
    refuses_entry(packed, length, strlen(text) - 1, "more than its declared size");
    refuses_entry(packed, length, 0, "more than its declared size");
    refuses_entry(packed, length, strlen(text) + 1, "less than its declared size");
    refuses_entry(packed, length - 1, strlen(text), "cannot be inflated");
    refuses_entry(packed, 0, 0, "cannot be inflated");
    packed[length] = 0;
    refuses_entry(packed, length + 1, strlen(text), "bytes behind the end");
}

/* RFC 1951 3.2.4: five bits of padding after the header of a stored block at a byte's start; 3.2.6: ten bits end a
 * fixed block, so that six are left over. */
static void refuses_bits_that_inflating_ignores(void **state) {
    (void)state;
    const uint8_t stored[] = {0x01 | 0x80, 0x01, 0x00, 0xfe, 0xff, 'x'};
    const uint8_t behind[] = {0x03, 0x04};
    const uint8_t between[] = {0x02, 0x20, 0x00, 0x00, 0xff, 0xff, 0x03, 0x00};
    struct archive archive = {0};
    const char *reason = NULL;
    add_deflated(&archive, "data/a", stored, sizeof stored, "x", 1);
    close_archive(&archive);
    assert_int_equal(read_archive(archive.bytes.data, archive.bytes.length, &reason), 2);
    assert_non_null(strstr(reason, "bits"));
    buffer_free(&archive.bytes);
    refuses_entry(behind, sizeof behind, 0, "bits");
    refuses_entry(between, sizeof between, 0, "bits");
}

/* The same streams with the bits clear, so that it was the bits that were refused; and blocks joined by a flush. */
static void takes_clear_padding(void **state) {
    (void)state;
    const uint8_t stored[] = {0x01, 0x01, 0x00, 0xfe, 0xff, 'x'};
    const uint8_t between[] = {0x02, 0x00, 0x00, 0x00, 0xff, 0xff, 0x03, 0x00};
    struct archive archive = {0};
    add_deflated(&archive, "data/a", stored, sizeof stored, "x", 1);
    add_deflated(&archive, "data/b", between, sizeof between, "", 0);
    close_archive(&archive);
    assert_int_equal(read_archive(archive.bytes.data, archive.bytes.length, NULL), 0);
    buffer_free(&archive.bytes);
}

static void reads_blocks_across_buffers(void **state) {
    (void)state;
    size_t length = 3u << 20;
    struct diagnostics *diagnostics = diagnostics_new();
    struct package_identity identity = fixture_identity();
    struct package *package = package_create(fixture_path("blocks.zip"), &identity, diagnostics);
    char *bytes = malloc(length);
    unsigned seed = 7;
    struct buffer archive = {0};
    for (size_t i = 0; i < length; i++) {
        seed = seed * 1664525u + 1013904223u;
        /* Noise, which is deflated to stored blocks, and runs, which are not. */
        bytes[i] = i / 100000 % 2 ? (char)(seed >> 24) : (char)('a' + (seed >> 30));
    }
    assert_true(package_add_bytes(package, "noise", bytes, length));
    assert_true(package_end_payload(package) && package_finish(package, NULL));
    package_free(package);
    fixture_read(fixture_path("blocks.zip"), &archive);
    assert_int_equal(read_archive(archive.data, archive.length, NULL), 0);
    buffer_free(&archive);
    free(bytes);
    diagnostics_free(diagnostics);
}

static void refuses_bombs(void **state) {
    (void)state;
    struct archive archive = {0};
    uint8_t packed[20000] = {0};
    add_deflated(&archive, "data/a", packed, sizeof packed, "", (uint64_t)sizeof packed * 100 + 1);
    close_archive(&archive);
    assert_int_equal(read_archive(archive.bytes.data, archive.bytes.length, NULL), 1);
    buffer_free(&archive.bytes);
}

static void makes_names_printable(void **state) {
    (void)state;
    char out[64];
    zip_read_printable("data/\303\251", 7, out, sizeof out);
    assert_string_equal(out, "data/\303\251");
    zip_read_printable("a\0b", 3, out, sizeof out);
    assert_string_equal(out, "a\\x00b");
    zip_read_printable("\033[31m", 5, out, sizeof out);
    assert_string_equal(out, "\\x1b[31m");
    /* Whatever fills a name, it must not be written past the end: text, characters of four bytes, stray bytes. */
    static const char *const parts[] = {"n", "\360\237\223\204", "\x80", "\n"};
    for (size_t part = 0; part < sizeof parts / sizeof parts[0]; part++) {
        struct buffer name = {0};
        for (size_t i = 0; i < 100; i++) {
            buffer_append_text(&name, parts[part]);
        }
        for (size_t capacity = 8; capacity < sizeof out; capacity++) {
            char *exact = malloc(capacity);
            zip_read_printable(buffer_text(&name), name.length, exact, capacity);
            assert_true(strlen(exact) < capacity && strlen(exact) + 8 >= capacity);
            assert_string_equal(exact + strlen(exact) - 3, "...");
            free(exact);
        }
        buffer_free(&name);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_is_in_order),
        cmocka_unit_test(refuses_every_flipped_bit),
        cmocka_unit_test(refuses_every_cut_and_every_byte_more),
        cmocka_unit_test(refuses_sizes_that_lie),
        cmocka_unit_test(refuses_bits_that_inflating_ignores),
        cmocka_unit_test(takes_clear_padding),
        cmocka_unit_test(reads_blocks_across_buffers),
        cmocka_unit_test(refuses_bombs),
        cmocka_unit_test(makes_names_printable),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
