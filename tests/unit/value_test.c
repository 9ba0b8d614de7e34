#include "base/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <string.h>

static void integers(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {
        {"0", 0},
        {"-0", 0},
        {"+7", 7},
        {"007", 7},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
    };
    static const char *const bad[] = {
        "", "-", "+", " 1", "1 ", "1.0", "0x10", "1e3", "--1", "9223372036854775808", "-9223372036854775809", "1,000",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        int64_t value = 99;
        assert_true(value_integer(good[i].text, strlen(good[i].text), &value));
        assert_true(value == good[i].value);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t value = 99;
        assert_false(value_integer(bad[i], strlen(bad[i]), &value));
        assert_int_equal(value, 99);
    }
    int64_t value;
    assert_true(value_integer("1234", 2, &value));
    assert_int_equal(value, 12);
}

static void reals(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double value;
    } good[] = {
        {"0", 0.0},
        {"1.5", 1.5},
        {"-2.25", -2.25},
        {"+3", 3.0},
        {".5", 0.5},
        {"5.", 5.0},
        {"1e3", 1000.0},
        {"25E-2", 0.25},
        {"99.9", 99.9},
        {"1e-999", 0.0},
        {"1.7976931348623157e308", DBL_MAX},
    };
    static const char *const bad[] = {
        "",   ".",     "-",   "e5",  "1e",       "1e+",   "1,5",    " 1",
        "1 ", "0x1p3", "inf", "nan", "INFINITY", "1e999", "-1e999", "1.2.3",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        double value = 99;
        assert_true(value_real(good[i].text, strlen(good[i].text), &value));
        assert_true(value == good[i].value);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        double value = 99;
        assert_false(value_real(bad[i], strlen(bad[i]), &value));
        assert_true(value == 99);
    }
    double value;
    assert_false(value_real("1\0002", 3, &value));
}

static void booleans(void **state) {
    (void)state;
    static const char *const truths[] = {"true", "TRUE", "Yes", "t", "Y", "on", "Enabled", "1"};
    static const char *const falsehoods[] = {"false", "False", "NO", "f", "n", "OFF", "disabled", "0"};
    static const char *const neither[] = {"", "2", "tru", "truee", "not_supported", "N/A", " true", "yes "};
    bool value;
    for (size_t i = 0; i < sizeof truths / sizeof truths[0]; i++) {
        value = false;
        assert_true(value_boolean(truths[i], strlen(truths[i]), &value) && value);
        value = true;
        assert_true(value_boolean(falsehoods[i], strlen(falsehoods[i]), &value) && !value);
        value = true;
        assert_false(value_boolean(neither[i], strlen(neither[i]), &value));
        assert_true(value);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers),
        cmocka_unit_test(reals),
        cmocka_unit_test(booleans),
    };
    return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
