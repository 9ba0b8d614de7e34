/* Numbers taken apart, ranges of them, and holes split by what is known of them. */
#include "base/sequence.h"
#include "scratch.h"

#include <stdlib.h>
#include <string.h>

static void splits_prefix_and_number(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t prefix;
        int64_t number; /* -1: none */
    } cases[] = {
        {"CHG-1041", 4, 1041},
        {"INV-2025-0042", 9, 42},
        {"7", 0, 7},
        {"0000", 0, 0},
        {"A-000000000000000042", 2, 42},
        {"x999999999999999999", 1, INT64_C(999999999999999999)},
        {"x1000000000000000000", 0, -1}, /* nineteen digits */
        {"CHG-", 0, -1},
        {"CHG-1041a", 0, -1},
        {"CHG-1041 ", 0, -1},
        {"", 0, -1},
        {"\xc3\xa4-12", 3, 12},
        {"\xd9\xa3", 0, -1}, /* a digit of another script */
    };
    size_t prefix = 0;
    int64_t number = -1;
    assert_false(sequence_split("A\0B-7", 5, &prefix, &number)); /* what is behind it would not be seen */
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        prefix = 0;
        number = -1;
        bool split = sequence_split(cases[i].text, strlen(cases[i].text), &prefix, &number);
        assert_int_equal(split, cases[i].number >= 0);
        assert_int_equal(prefix, cases[i].prefix);
        assert_int_equal(number, cases[i].number);
    }
}

static void reads_ranges(void **state) {
    (void)state;
    size_t prefix = 0;
    int64_t first = 0;
    int64_t last = 0;
    assert_true(sequence_range("CHG-1043", &prefix, &first, &last));
    assert_true(prefix == 4 && first == 1043 && last == 1043);
    assert_true(sequence_range("CHG-0998..chg-1002", &prefix, &first, &last));
    assert_true(prefix == 4 && first == 998 && last == 1002);
    static const char *const wrong[] = {
        "CHG-",       "CHG-1..",  "..CHG-2", "CHG-1..INC-2",  "CHG-2..CHG-1", "CHG-1..CHG-1",
        "CHG-1..CHG", "1..2..3a", "",        "CHG-1.. CHG-2", "CHG-1..XCHG-2"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(sequence_range(wrong[i], &prefix, &first, &last));
    }
}

/* Texts in the order in which their numbers are followed: by the length of the prefix, the prefix, the number. */
static void keys_sort_as_numbers_do(void **state) {
    (void)state;
    static const char *const texts[] = {"0",    "9",   "10",  "999999999999999999", "b7", "B08", "b9", "C1", "A-9",
                                        "a-10", "AB1", "A0x1"};
    struct buffer keys[2] = {{0}, {0}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        buffer_clear(&keys[i % 2]);
        assert_true(sequence_key(texts[i], strlen(texts[i]), &keys[i % 2]));
        assert_true(i == 0 || strcmp(buffer_text(&keys[(i + 1) % 2]), buffer_text(&keys[i % 2])) < 0);
    }
    buffer_clear(&keys[0]);
    buffer_clear(&keys[1]);
    assert_true(sequence_key("INV-0042", 8, &keys[0]) && sequence_key("inv-42", 6, &keys[1]));
    assert_string_equal(buffer_text(&keys[0]), buffer_text(&keys[1]));
    assert_false(sequence_key("INV-", 4, &keys[0]));
    buffer_free(&keys[0]);
    buffer_free(&keys[1]);
}

static void trims_blanks(void **state) {
    (void)state;
    const char *text = "  A 1 ";
    size_t length = 6;
    sequence_trim(&text, &length);
    assert_int_equal(length, 3);
    assert_memory_equal(text, "A 1", 3);
    text = "   ";
    length = 3;
    sequence_trim(&text, &length);
    assert_int_equal(length, 0);
}

static void tells_prefixes_apart_without_case(void **state) {
    (void)state;
    assert_int_equal(sequence_compare("CHG-", "chg-"), 0);
    assert_true(sequence_compare("CHG-", "CHG") > 0);
    assert_true(sequence_compare("a", "B") < 0);
}

static void prints_as_the_sequence_does(void **state) {
    (void)state;
    struct buffer out = {0};
    sequence_print(&out, "INV-", 4, 42);
    buffer_append_byte(&out, ' ');
    sequence_print(&out, "", 1, 10);
    buffer_append_byte(&out, ' ');
    sequence_print(&out, "a%s", 2, 0);
    assert_string_equal(buffer_text(&out), "INV-0042 10 a%s00");
    buffer_free(&out);
}

/* Every hole between 0 and 20 against entries of every shape: each number is in one part, with its own entry. */
static void splits_holes(void **state) {
    (void)state;
    srand(7);
    for (int round = 0; round < 300; round++) {
        struct sequence_known known[10];
        size_t count = 0;
        for (int64_t next = rand() % 4; next < 20 && count < 10; next += rand() % 4) {
            known[count] = (struct sequence_known){.first = next, .last = next + rand() % 3};
            next = known[count++].last + 1;
        }
        for (int64_t first = 0; first < 20; first++) {
            for (int64_t last = first; last < 20; last++) {
                const struct sequence_known *before = NULL;
                for (int64_t at = first; at <= last;) {
                    struct sequence_part part = sequence_part(at, last, known, count);
                    assert_true(part.last >= at && part.last <= last);
                    assert_true(at == first || part.known != before); /* as long as they can be */
                    for (int64_t number = at; number <= part.last; number++) {
                        const struct sequence_known *entry = NULL;
                        for (size_t i = 0; i < count; i++) {
                            entry = known[i].first <= number && number <= known[i].last ? &known[i] : entry;
                        }
                        assert_ptr_equal(part.known, entry);
                    }
                    before = part.known;
                    at = part.last + 1;
                }
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_prefix_and_number),
        cmocka_unit_test(reads_ranges),
        cmocka_unit_test(keys_sort_as_numbers_do),
        cmocka_unit_test(trims_blanks),
        cmocka_unit_test(tells_prefixes_apart_without_case),
        cmocka_unit_test(prints_as_the_sequence_does),
        cmocka_unit_test(splits_holes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
