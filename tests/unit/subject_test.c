#include "assess/subject.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void is(const char *item, const char *subject) {
    struct buffer out = {0};

    assert_string_equal(subject_of(item, &out), subject);
    assert_int_equal(subject_length(item), strlen(subject));
    buffer_free(&out);
}

static void times_are_cut(void **state) {
    (void)state;

    is("okta/eve@example.com @ 2025-11-07", "okta/eve@example.com");
    is("event 7 @ 2025-11-12T14:26:11Z", "event 7");
    is("bookings-api latency-p95 on 2025-08-19", "bookings-api latency-p95");
    is("Quillpost in 2025-Q3", "Quillpost");
    is("rows of bookings in 2025-08", "rows of bookings");
    is("PR-2025-031 of 2025-07-21", "PR-2025-031");
    is("ann at 2025-10-01T08:00:00Z", "ann");
    is("scan in 2025-W40", "scan");
    is("report of 2025", "report");
    is("backup of main on site on 2025-10-01", "backup of main on site");
}

static void other_endings_stay(void **state) {
    (void)state;

    is("okta/eve@example.com", "okta/eve@example.com");
    is("E1015 in google-workspace", "E1015 in google-workspace");
    is("session PS-2025-0807", "session PS-2025-0807");
    is("CVE-2025-990014 in libquill", "CVE-2025-990014 in libquill");
    is("seat of 12", "seat of 12");
    is("ann @ 2025-02-30", "ann @ 2025-02-30"); /* no such day */
    is("ann @ 2025-11-07 twice", "ann @ 2025-11-07 twice");
    is("ann on 2025-11-07 in google", "ann on 2025-11-07 in google");
    is(" on 2025-11-07", " on 2025-11-07"); /* nothing would be left */
    is("ann @ ", "ann @ ");
    is("2025-11-07", "2025-11-07");
    is("", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_cut),
        cmocka_unit_test(other_endings_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
