#include "base/text.h"
#include "read/transcode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A text of characters of every length, in the encoding and in UTF-8, with the place of each in both. */
struct sample {
    struct buffer raw;
    struct buffer text;
    uint64_t *raw_at;
    uint64_t *text_at;
    size_t count;
};

#define SAMPLE_CHARACTERS 120000

static void add(struct sample *sample, const char *raw, size_t raw_length, uint32_t c) {
    sample->raw_at[sample->count] = sample->raw.length;
    sample->text_at[sample->count++] = sample->text.length;
    buffer_append(&sample->raw, raw, raw_length);
    text_utf8_append(&sample->text, c);
}

static void begin(struct sample *sample) {
    *sample = (struct sample){.raw_at = calloc(SAMPLE_CHARACTERS, sizeof(uint64_t)),
                              .text_at = calloc(SAMPLE_CHARACTERS, sizeof(uint64_t))};
    assert_non_null(sample->raw_at);
    assert_non_null(sample->text_at);
}

static void end(struct sample *sample) {
    buffer_free(&sample->raw);
    buffer_free(&sample->text);
    free(sample->raw_at);
    free(sample->text_at);
}

/* Reads all of it in pieces, and asks for every place, forgetting what lies before some of them. */
static void check(const struct sample *sample, const char *encoding, size_t most, size_t capacity) {
    struct byte_source_memory memory;
    struct transcode transcode;
    struct buffer got = {0};
    char block[8192];
    ssize_t length;
    size_t asked = 0;

    byte_source_memory(&memory, sample->raw.data, sample->raw.length);
    memory.most = most;
    transcode_open(&transcode, &memory.source, encoding != NULL ? encoding_find(encoding) : NULL);
    while ((length = transcode.source.read(&transcode.source, block, capacity)) > 0) {
        buffer_append(&got, block, (size_t)length);
        for (; asked < sample->count && sample->text_at[asked] <= got.length; asked++) {
            assert_int_equal(transcode_offset(&transcode, sample->text_at[asked]), sample->raw_at[asked]);
            if (asked % 1000 == 999) {
                transcode_release(&transcode, sample->text_at[asked - 500]);
                assert_int_equal(transcode_offset(&transcode, sample->text_at[asked - 500]),
                                 sample->raw_at[asked - 500]);
            }
        }
    }
    assert_int_equal(length, 0);
    assert_int_equal(asked, sample->count);
    assert_int_equal(got.length, sample->text.length);
    assert_memory_equal(got.data, sample->text.data, got.length);
    assert_false(transcode.conflict);
    buffer_free(&got);
    transcode_close(&transcode);
}

static void code_pages(void **state) {
    (void)state;
    struct sample sample;
    begin(&sample);
    for (size_t i = 0; i < SAMPLE_CHARACTERS; i++) {
        switch (i * 7919 % 11) {
        case 0:
            add(&sample, "\x80", 1, 0x20AC);
            break;
        case 1:
            add(&sample, "\xE9", 1, 0xE9);
            break;
        default:
            add(&sample, &"a\n"[i % 2], 1, i % 2 ? '\n' : 'a');
        }
    }
    check(&sample, "cp1252", 0, 8192);
    check(&sample, "windows-1252", 3, 1);
    end(&sample);
}

static void utf16(void **state) {
    (void)state;
    for (int big = 0; big < 2; big++) {
        struct sample sample;
        begin(&sample);
        add(&sample, big ? "\xFE\xFF" : "\xFF\xFE", 2, 0xFEFF);
        while (sample.count < SAMPLE_CHARACTERS) {
            static const uint32_t characters[] = {'a', 0xE9, 0x20AC, 0x1F600, 'b', '\n'};
            uint32_t c = characters[sample.count * 7919 % 6];
            uint32_t units[2] = {c, 0};
            size_t count = 1;
            char raw[4];
            if (c > 0xFFFF) {
                units[0] = 0xD800 + ((c - 0x10000) >> 10);
                units[1] = 0xDC00 + ((c - 0x10000) & 0x3FF);
                count = 2;
            }
            for (size_t i = 0; i < count; i++) {
                raw[2 * i + (big ? 0 : 1)] = (char)(units[i] >> 8);
                raw[2 * i + (big ? 1 : 0)] = (char)units[i];
            }
            add(&sample, raw, 2 * count, c);
        }
        check(&sample, NULL, 0, 4096);
        check(&sample, big ? "utf-16be" : "UTF-16LE", 1, 3);
        end(&sample);
    }
}

static void expect(const char *encoding, const char *raw, size_t length, const char *text, bool conflict) {
    for (size_t most = 0; most < 3; most++) {
        struct byte_source_memory memory;
        struct transcode transcode;
        char block[64];
        size_t used = 0;
        ssize_t got;
        byte_source_memory(&memory, raw, length);
        memory.most = most;
        transcode_open(&transcode, &memory.source, encoding != NULL ? encoding_find(encoding) : NULL);
        while ((got = transcode.source.read(&transcode.source, block + used, sizeof block - used)) > 0) {
            used += (size_t)got;
        }
        assert_int_equal(got, 0);
        assert_int_equal(used, strlen(text));
        assert_memory_equal(block, text, used);
        assert_int_equal(transcode.conflict, conflict);
        assert_false(transcode.failed);
        transcode_close(&transcode);
    }
}

static void faults(void **state) {
    (void)state;
    expect(NULL, "a\xE9", 2, "a\xE9", false); /* nothing is guessed */
    expect("cp1252", "\x81\x8D\xA0", 3, "\xFF\xFF\xC2\xA0", false);
    expect("utf-16le", "\x00\xD8g\0h\0", 6, "\xFFgh", false);
    expect("utf-16be", "\xDC\x00\0gx", 5, "\xFFg\xFF", false);
    expect("cp1252", "\xEF\xBB\xBFg", 4, "\xEF\xBB\xBFg", true);
    expect("utf-8", "\xFF\xFEg\0", 4, "\xEF\xBB\xBFg", true);
    expect("utf-8", "\xEF\xBB\xBFg", 4, "\xEF\xBB\xBFg", false);
    expect(NULL, "", 0, "", false);
    expect("utf-16le", "x", 1, "\xFF", false);
    assert_null(encoding_find("utf-7"));
    assert_null(encoding_find("ebcdic"));
}

/* Every encoding of the list is one that the system's library has. */
static void known_encodings(void **state) {
    (void)state;
    static const char *const names[] = {"utf-8",        "utf-16le",     "utf-16be",     "windows-1250", "windows-1251",
                                        "windows-1252", "windows-1253", "windows-1254", "windows-1257", "iso-8859-1",
                                        "iso-8859-2",   "iso-8859-15",  "ibm437",       "ibm850",       "macintosh",
                                        "latin1",       "CP850"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct encoding_decoder decoder;
        char character[4];
        size_t length;
        assert_non_null(encoding_find(names[i]));
        assert_true(encoding_decoder_open(&decoder, encoding_find(names[i])));
        if (strncmp(names[i], "utf", 3) != 0) {
            assert_int_equal(encoding_step(&decoder, (const unsigned char *)"A", 1, true, character, &length), 1);
            assert_int_equal(length, 1);
            assert_int_equal(character[0], 'A');
        }
    }
    expect("iso-8859-15", "\xA4", 1, "\xE2\x82\xAC", false);
    expect("ibm437", "\x81", 1, "\xC3\xBC", false);
    expect("macintosh", "\x8E", 1, "\xC3\xA9", false);
    expect("windows-1251", "\xC6", 1, "\xD0\x96", false);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_pages),
        cmocka_unit_test(utf16),
        cmocka_unit_test(faults),
        cmocka_unit_test(known_encodings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
