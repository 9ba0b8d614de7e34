#include "store/functions.h"

#include "base/datetime.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DAY_SECONDS   86400
#define TEXT_BYTES    64
#define EARLIEST_TIME (-INT64_C(62167219200)) /* year 0: SQLite's own date functions end there too */
#define LATEST_TIME   INT64_C(253402300799)   /* the end of 9999 */

static void result_text(sqlite3_context *context, const char *text) {
    sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

/* False, with a NULL result, for a NULL or for a time outside the years 0 to 9999. */
static bool time_argument(sqlite3_value *argument, int64_t *out) {
    if (sqlite3_value_type(argument) == SQLITE_NULL) {
        return false;
    }
    *out = sqlite3_value_int64(argument);
    return *out >= EARLIEST_TIME && *out <= LATEST_TIME;
}

static void iso(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    int64_t seconds;
    if (time_argument(arguments[0], &seconds)) {
        char text[DATETIME_ISO_BYTES];
        datetime_iso(seconds, text);
        result_text(context, text);
    }
}

static void date_of(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    int64_t seconds;
    if (time_argument(arguments[0], &seconds)) {
        char text[DATETIME_ISO_BYTES];
        datetime_date(seconds, text);
        result_text(context, text);
    }
}

static void epoch(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    const char *text = (const char *)sqlite3_value_text(arguments[0]);
    int64_t seconds;
    if (text != NULL &&
        datetime_parse(text, (size_t)sqlite3_value_bytes(arguments[0]), DATETIME_ISO, 0, &seconds) == DATETIME_OK) {
        sqlite3_result_int64(context, seconds);
    }
}

void functions_duration(int64_t seconds, char out[FUNCTIONS_DURATION_BYTES]) {
    static const struct {
        uint64_t seconds;
        const char *name;
    } units[] = {{DAY_SECONDS, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
    const size_t unit_count = sizeof units / sizeof units[0];
    uint64_t rest = seconds < 0 ? -(uint64_t)seconds : (uint64_t)seconds;
    size_t unit = 0;
    while (unit < unit_count - 1 && rest < units[unit].seconds) {
        unit++;
    }
    uint64_t whole = rest / units[unit].seconds;
    rest %= units[unit].seconds;
    int length =
        snprintf(out, FUNCTIONS_DURATION_BYTES, "%s%" PRIu64 " %s", seconds < 0 ? "-" : "", whole, units[unit].name);
    if (unit + 1 < unit_count && rest / units[unit + 1].seconds > 0) {
        snprintf(out + length, FUNCTIONS_DURATION_BYTES - (size_t)length, " %" PRIu64 " %s",
                 rest / units[unit + 1].seconds, units[unit + 1].name);
    }
}

static void duration_text(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) {
        return;
    }
    char text[FUNCTIONS_DURATION_BYTES];
    functions_duration(sqlite3_value_int64(arguments[0]), text);
    result_text(context, text);
}

/* How many Mondays to Fridays there are from some fixed Monday up to the end of the day that holds `seconds`. */
static int64_t business_days_through(int64_t seconds) {
    int64_t day = seconds / DAY_SECONDS - (seconds % DAY_SECONDS < 0);
    int64_t from_monday = day + 3 + 1; /* 1970-01-01 was a Thursday; the day itself counts */
    int64_t weeks = from_monday / 7 - (from_monday % 7 < 0);
    int64_t rest = from_monday - weeks * 7;
    return weeks * 5 + (rest < 5 ? rest : 5);
}

static void business_days(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    int64_t from;
    int64_t until;
    if (time_argument(arguments[0], &from) && time_argument(arguments[1], &until)) {
        sqlite3_result_int64(context, business_days_through(until) - business_days_through(from));
    }
}

static void ref_text(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) {
        return;
    }
    int64_t ref = sqlite3_value_int64(arguments[0]);
    char text[TEXT_BYTES];
    snprintf(text, sizeof text, "E%" PRId64 ".%" PRId64, STORE_REF_EVIDENCE(ref), STORE_REF_ORDINAL(ref));
    result_text(context, text);
}

bool functions_register(sqlite3 *connection) {
    static const struct {
        const char *name;
        int arguments;
        void (*call)(sqlite3_context *, int, sqlite3_value **);
    } functions[] = {
        {"iso", 1, iso},
        {"date_of", 1, date_of},
        {"epoch", 1, epoch},
        {"duration_text", 1, duration_text},
        {"business_days", 2, business_days},
        {"ref_text", 1, ref_text},
    };
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (sqlite3_create_function_v2(connection, functions[i].name, functions[i].arguments,
                                       SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL, functions[i].call,
                                       NULL, NULL, NULL) != SQLITE_OK) {
            return false;
        }
    }
    return functions_percentile_register(connection);
}
