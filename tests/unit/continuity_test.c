#include "assess/continuity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct continuity_period period(const char *text, const char *as_of) {
    struct continuity_period made = {.id = text};
    struct span day;

    assert_true(datetime_span(text, strlen(text), &made.span));
    made.as_of = made.span.until - 1;
    if (as_of != NULL) {
        assert_true(datetime_span(as_of, strlen(as_of), &day));
        made.as_of = day.until - 1;
    }
    return made;
}

static void follows(const char *earlier, const char *as_of, const char *later, enum continuity_state state,
                    int64_t days) {
    const struct continuity_period before = period(earlier, as_of);
    const struct continuity_period after = period(later, NULL);
    int64_t found = -1;

    assert_int_equal(continuity_judge(&before, &after, &found), state);
    assert_int_equal(found, days);
}

static void neighbours(void **state) {
    (void)state;

    follows("2025-Q3", NULL, "2025-Q4", CONTINUITY_CONTIGUOUS, 0);
    follows("2024", NULL, "2025", CONTINUITY_CONTIGUOUS, 0);
    follows("2025-Q2", NULL, "2025-Q4", CONTINUITY_HOLE, 92);
    follows("2025-09-01..2025-09-29", NULL, "2025-Q4", CONTINUITY_HOLE, 1);
    follows("2025-09-01..2025-10-01", NULL, "2025-Q4", CONTINUITY_OVERLAP, 1);
    follows("2025-Q3", NULL, "2025-09-01..2025-12-31", CONTINUITY_OVERLAP, 30);
    follows("2025-Q4", NULL, "2025", CONTINUITY_WITHIN, 0);
    follows("2025-Q1", NULL, "2025", CONTINUITY_WITHIN, 0);
}

/* A period that was assessed before its end leaves its rest in no assessment. */
static void interim(void **state) {
    (void)state;

    follows("2025-Q3", "2025-09-29", "2025-Q4", CONTINUITY_INTERIM, 1);
    follows("2025-Q3", "2025-08-31", "2025-Q4", CONTINUITY_INTERIM, 30);
    follows("2025-Q3", "2025-11-30", "2025-Q4", CONTINUITY_CONTIGUOUS, 0);
    follows("2025-Q2", "2025-06-29", "2025-Q4", CONTINUITY_HOLE, 93);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours),
        cmocka_unit_test(interim),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
