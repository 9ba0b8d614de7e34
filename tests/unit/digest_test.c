#include "base/digest.h"

#include "base/byte_sink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

/* The examples of FIPS 180 for SHA-256; the multiset sums were added up by Python's integers. */
static const char empty_hex[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
static const char abc_hex[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
static const char two_blocks_hex[] = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";
static const char million_a_hex[] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

static void assert_digest(const uint8_t digest[DIGEST_BYTES], const char *expected) {
    char hex[DIGEST_HEX_BYTES];
    digest_hex(digest, hex);
    assert_string_equal(hex, expected);
}

static void standard_vectors(void **state) {
    (void)state;
    const char *two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    uint8_t out[DIGEST_BYTES];
    assert_true(digest_bytes(NULL, 0, out));
    assert_digest(out, empty_hex);
    assert_true(digest_bytes("abc", 3, out));
    assert_digest(out, abc_hex);
    assert_true(digest_bytes(two_blocks, strlen(two_blocks), out));
    assert_digest(out, two_blocks_hex);
}

static void streams_and_starts_over(void **state) {
    (void)state;
    uint8_t out[DIGEST_BYTES];
    struct digest *digest = digest_new();
    assert_non_null(digest);
    char block[1000];
    memset(block, 'a', sizeof block);
    for (int i = 0; i < 1000; i++) {
        assert_true(digest_update(digest, block, sizeof block));
    }
    assert_true(digest_finish(digest, out));
    assert_digest(out, million_a_hex);
    for (const char *c = "abc"; *c != '\0'; c++) {
        assert_true(digest_update(digest, c, 1));
    }
    assert_true(digest_finish(digest, out));
    assert_digest(out, abc_hex);
    assert_true(digest_finish(digest, out));
    assert_digest(out, empty_hex);
    digest_free(digest);
    digest_free(NULL);
}

static void hexadecimal_is_strict(void **state) {
    (void)state;
    uint8_t out[DIGEST_BYTES];
    assert_true(digest_from_hex(abc_hex, 64, out));
    assert_digest(out, abc_hex);
    uint8_t untouched[DIGEST_BYTES];
    memcpy(untouched, out, sizeof out);
    char text[65];
    memcpy(text, empty_hex, sizeof text);
    text[63] = 'G';
    assert_false(digest_from_hex(text, 64, out));
    text[63] = 'A';
    assert_false(digest_from_hex(text, 64, out));
    assert_false(digest_from_hex(empty_hex, 63, out));
    assert_false(digest_from_hex(empty_hex, 65, out));
    assert_memory_equal(out, untouched, sizeof out);
}

static void sum_of_a_multiset(void **state) {
    (void)state;
    struct digest *by = digest_new();
    assert_non_null(by);
    struct digest_sum ab = {0};
    struct digest_sum ba = {0};
    struct digest_sum aa = {0};
    assert_true(digest_sum_add(&ab, NULL, "a", 1) && digest_sum_add(&ab, NULL, "b", 1));
    assert_true(digest_sum_add(&ba, by, "b", 1) && digest_sum_add(&ba, by, "a", 1));
    assert_true(digest_sum_add(&aa, by, "a", 1) && digest_sum_add(&aa, by, "a", 1));
    assert_digest(ab.bytes, "08bb6928ca5517152e4b8118ff058d82334469f89d507abd84f46634858a4958");
    assert_memory_equal(&ab, &ba, sizeof ab);
    assert_digest(aa.bytes, "952f022594377b95f58463673447b89b4f0ddff028f89ce57300ef0b5fdc9176");
    assert_int_equal(aa.members, 2);
    struct digest_sum four = {0};
    static const char *const words[] = {"four", "two", "one", "three"};
    for (size_t i = 0; i < 4; i++) {
        assert_true(digest_sum_add(&four, by, words[i], strlen(words[i])));
    }
    assert_digest(four.bytes, "46a2dd647a311d1a35667173be65ec6398fb9607c4af06439582b15e9751093f");
    digest_free(by);
}

struct counting_sink {
    struct byte_sink sink;
    size_t most;
    size_t bytes;
};

static bool count(struct byte_sink *sink, const void *bytes, size_t length) {
    struct counting_sink *counting = (struct counting_sink *)sink;
    (void)bytes;
    counting->bytes += length;
    return counting->bytes <= counting->most;
}

static void sink_hashes_and_passes_on(void **state) {
    (void)state;
    struct counting_sink next = {.sink.write = count, .most = 3};
    struct byte_sink_digest tap;
    uint8_t out[DIGEST_BYTES];
    assert_true(byte_sink_digest_open(&tap, &next.sink));
    assert_true(tap.sink.write(&tap.sink, "ab", 2));
    assert_true(tap.sink.write(&tap.sink, "c", 1));
    assert_int_equal(tap.bytes, 3);
    assert_int_equal(next.bytes, 3);
    assert_true(byte_sink_digest_close(&tap, out));
    assert_digest(out, abc_hex);
    assert_true(byte_sink_digest_open(&tap, &next.sink));
    assert_false(tap.sink.write(&tap.sink, "d", 1));
    assert_true(byte_sink_digest_close(&tap, out));
    struct byte_sink_digest zeroed = {0};
    assert_false(byte_sink_digest_close(&zeroed, out));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(standard_vectors),          cmocka_unit_test(streams_and_starts_over),
        cmocka_unit_test(hexadecimal_is_strict),     cmocka_unit_test(sum_of_a_multiset),
        cmocka_unit_test(sink_hashes_and_passes_on),
    };
    return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
