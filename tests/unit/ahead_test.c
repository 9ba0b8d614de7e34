#include "read/ahead.h"

#include "scratch.h"

#include <stdint.h>

/* Rows that are made from their number, so that what comes out can be told without what went in. */
struct counted {
    struct record_source source;
    uint64_t given;
    uint64_t most;
    size_t long_text; /* bytes of the text of every 1000th row */
    size_t many;      /* values of every 777th row */
    enum record_status end;
    char text[300000];
    struct value values[40000];
    struct envelope_value envelope;
    struct record_member member;
};

static size_t text_length(const struct counted *counted, uint64_t number) {
    return number % 1000 == 999 ? counted->long_text : number % 97;
}

static size_t value_count(const struct counted *counted, uint64_t number) {
    return number % 777 == 776 ? counted->many : 1 + number % 13;
}

static char letter(uint64_t number, size_t value) {
    return (char)('a' + (number * 7 + value) % 26);
}

/* The text is overwritten by the next row, as those of readers are. */
static enum record_status next_counted(struct record_source *source, struct record *out) {
    struct counted *counted = (struct counted *)source;
    if (counted->given == counted->most) {
        source->tally.rows = counted->given;
        source->envelope = &counted->envelope;
        source->envelope_count = 1;
        source->members = &counted->member;
        source->member_count = 1;
        return counted->end;
    }
    uint64_t number = counted->given++;
    size_t count = value_count(counted, number);
    size_t length = text_length(counted, number);
    memset(counted->text, letter(number, 0), length);
    for (size_t i = 0; i < count; i++) {
        switch (i % 4) {
        case 0:
            counted->values[i] = (struct value){.kind = VALUE_TEXT, .text = {counted->text, length}};
            break;
        case 1:
            counted->values[i] = (struct value){.kind = VALUE_INTEGER, .integer = (int64_t)(number + i)};
            break;
        case 2:
            counted->values[i] = (struct value){.kind = VALUE_REAL, .real = (double)number / 2};
            break;
        default:
            counted->values[i] = (struct value){.kind = VALUE_NULL};
            break;
        }
    }
    *out = (struct record){.rule = number % 3,
                           .locator = {number + 1, number + 2, number * 10, 9},
                           .values = counted->values,
                           .value_count = count,
                           .invalid = (uint32_t)(number % 5)};
    if (number % 2 == 1) { /* the texts stand where they are said to, or reach beyond it */
        out->texts = (struct value_run){counted->text, number % 4 == 1 ? length : length / 2};
    }
    return RECORD_ROW;
}

static struct counted *new_counted(uint64_t most, enum record_status end) {
    struct counted *counted = calloc(1, sizeof *counted);
    assert_non_null(counted);
    counted->source.next = next_counted;
    counted->most = most;
    counted->long_text = 97;
    counted->many = 3;
    counted->end = end;
    return counted;
}

static void expect_row(const struct counted *counted, const struct record *record, uint64_t number) {
    size_t length = text_length(counted, number);
    assert_int_equal(record->rule, number % 3);
    assert_int_equal(record->locator.record, number + 1);
    assert_int_equal(record->locator.offset, number * 10);
    assert_int_equal(record->invalid, number % 5);
    assert_int_equal(record->texts.length, 0);
    assert_int_equal(record->value_count, value_count(counted, number));
    for (size_t i = 0; i < record->value_count; i++) {
        const struct value *value = &record->values[i];
        switch (i % 4) {
        case 0:
            assert_int_equal(value->kind, VALUE_TEXT);
            assert_int_equal(value->text.length, length);
            for (size_t at = 0; at < length; at++) {
                if (value->text.bytes[at] != letter(number, 0)) {
                    fail_msg("row %llu, value %zu: other text", (unsigned long long)number, i);
                }
            }
            break;
        case 1:
            assert_int_equal(value->integer, number + i);
            break;
        case 2:
            assert_true(value->real == (double)number / 2);
            break;
        default:
            assert_int_equal(value->kind, VALUE_NULL);
            break;
        }
    }
}

static void expect_all(struct counted *counted) {
    struct scratch scratch;
    struct record record;
    scratch_begin(&scratch);
    struct ahead *ahead = ahead_new();
    assert_non_null(ahead);
    struct record_source *source = ahead_add(ahead, &counted->source, "x", scratch.diagnostics);
    for (uint64_t number = 0; number < counted->most; number++) {
        assert_int_equal(source->next(source, &record), RECORD_ROW);
        expect_row(counted, &record, number);
    }
    for (int again = 0; again < 2; again++) {
        assert_int_equal(source->next(source, &record), counted->end);
        assert_int_equal(source->tally.rows, counted->most);
        assert_ptr_equal(source->envelope, &counted->envelope);
        assert_int_equal(source->envelope_count, 1);
        assert_ptr_equal(source->members, &counted->member);
        assert_int_equal(source->member_count, 1);
    }
    ahead_free(ahead);
    scratch_end(&scratch);
    free(counted);
}

static void rows_come_as_they_were_read(void **state) {
    (void)state;
    static const uint64_t counts[] = {0, 1, 2, 1023, 1024, 1025, 5 * 1024, 50000};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        expect_all(new_counted(counts[i], RECORD_END));
        expect_all(new_counted(counts[i], RECORD_FAILED));
    }
}

static void a_record_may_be_larger_than_a_block(void **state) {
    (void)state;
    struct counted *counted = new_counted(5000, RECORD_END);
    counted->long_text = sizeof counted->text;
    counted->many = 40000;
    for (size_t i = 0; i < counted->many; i++) {
        counted->values[i].kind = VALUE_NULL;
    }
    expect_all(counted);
}

static void the_taker_may_stop_early(void **state) {
    (void)state;
    static const uint64_t taken[] = {0, 1, 1024, 5000};
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        struct scratch scratch;
        struct record record;
        struct counted *counted = new_counted(UINT64_MAX, RECORD_END);
        scratch_begin(&scratch);
        struct ahead *ahead = ahead_new();
        assert_non_null(ahead);
        struct record_source *source = ahead_add(ahead, &counted->source, "x", scratch.diagnostics);
        for (uint64_t number = 0; number < taken[i]; number++) {
            assert_int_equal(source->next(source, &record), RECORD_ROW);
            expect_row(counted, &record, number);
        }
        ahead_free(ahead);
        assert_in_range(counted->given, taken[i], taken[i] + 10 * 1024); /* and no further */
        scratch_end(&scratch);
        free(counted);
    }
    ahead_free(NULL);
}

/* Small and large sources behind each other, as many under way as may be: each gives its own rows and its own end. */
static void many_sources_are_read_in_turn(void **state) {
    (void)state;
    enum { SOURCES = 300 };
    static const uint64_t sizes[] = {33, 0, 1, 2000, 5, 0, 1024, 40000};
    struct counted *counted[SOURCES];
    struct record_source *source[SOURCES];
    struct scratch scratch;
    struct record record;
    scratch_begin(&scratch);
    struct ahead *ahead = ahead_new();
    assert_non_null(ahead);
    size_t added = 0;
    for (size_t next = 0; next < SOURCES; next++) {
        for (; added < SOURCES && added - next < AHEAD_SOURCES; added++) {
            enum record_status end = added % 3 == 2 ? RECORD_FAILED : RECORD_END;
            counted[added] = new_counted(sizes[added % (sizeof sizes / sizeof sizes[0])], end);
            source[added] = ahead_add(ahead, &counted[added]->source, "x", scratch.diagnostics);
        }
        for (uint64_t number = 0; number < counted[next]->most; number++) {
            assert_int_equal(source[next]->next(source[next], &record), RECORD_ROW);
            expect_row(counted[next], &record, number);
        }
        assert_int_equal(source[next]->next(source[next], &record), counted[next]->end);
        assert_int_equal(source[next]->tally.rows, counted[next]->most);
        assert_ptr_equal(source[next]->envelope, &counted[next]->envelope);
        assert_int_equal(source[next]->next(source[next], &record), counted[next]->end);
    }
    ahead_free(ahead);
    for (size_t i = 0; i < SOURCES; i++) {
        free(counted[i]);
    }
    scratch_end(&scratch);
}

/* Also where sources wait behind the one that is taken from. */
static void it_may_end_with_sources_under_way(void **state) {
    (void)state;
    for (size_t taken = 0; taken < 3; taken++) {
        struct counted *counted[AHEAD_SOURCES];
        struct scratch scratch;
        struct record record;
        scratch_begin(&scratch);
        struct ahead *ahead = ahead_new();
        assert_non_null(ahead);
        struct record_source *first = NULL;
        for (size_t i = 0; i < AHEAD_SOURCES; i++) {
            counted[i] = new_counted(i == 0 ? 2 : 100000, RECORD_END);
            struct record_source *source = ahead_add(ahead, &counted[i]->source, "x", scratch.diagnostics);
            first = i == 0 ? source : first;
        }
        for (size_t i = 0; i < taken; i++) {
            assert_int_equal(first->next(first, &record), RECORD_ROW);
        }
        ahead_free(ahead);
        for (size_t i = 0; i < AHEAD_SOURCES; i++) {
            free(counted[i]);
        }
        scratch_end(&scratch);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_as_they_were_read),       cmocka_unit_test(a_record_may_be_larger_than_a_block),
        cmocka_unit_test(the_taker_may_stop_early),          cmocka_unit_test(many_sources_are_read_in_turn),
        cmocka_unit_test(it_may_end_with_sources_under_way),
    };
    return cmocka_run_group_tests_name("ahead", tests, NULL, NULL);
}
