#include "assess/check_private.h"

#include "assess/check.sql.h"
#include "store/query.h"

#include <inttypes.h>
#include <string.h>

#define DAY INT64_C(86400)

/* Whether an alert names a source and type already: several tests of a check read the same. */
static bool named_already(const struct check_alert_result *alert, const char *item) {
    for (size_t i = 0; alert != NULL && i < alert->failure_count; i++) {
        if (strcmp(alert->failures[i].item, item) == 0) {
            return true;
        }
    }
    return false;
}

static bool add_stale(struct check_stores *stores, const struct check_alert *declared, struct check_result *result,
                      const char *item, const char *text, struct check_alert_result **alert) {
    if (*alert == NULL) {
        *alert = check_judge_add_alert(stores, result, declared->when_text, declared->severity, declared->message,
                                       declared->action);
    }
    const struct check_failure failure = {.item = item, .text = text, .severity = declared->severity};
    return *alert != NULL && check_judge_add_failure(stores, *alert, &failure);
}

/* One source and type: how old its newest usable export is. */
static bool judge_age(struct check_stores *stores, const struct check_alert *declared, struct check_result *result,
                      int64_t as_of, struct query *query, struct check_alert_result **alert) {
    const char *item =
        arena_format(stores->arena, "%s of %s", query_column_text(query, 1), query_column_text(query, 0));
    char date[DATETIME_ISO_BYTES] = "";
    const char *text = NULL;

    if (item == NULL) {
        return check_judge_no_memory(stores);
    }
    if (named_already(*alert, item)) {
        return true;
    }
    if (query_column_null(query, 2)) {
        text = arena_format(stores->arena, "no usable export in the last %" PRId64 " days", declared->days);
    } else {
        int64_t age = (as_of - query_column_integer(query, 2)) / DAY;
        if (age < declared->days) {
            return true;
        }
        datetime_date(query_column_integer(query, 2), date);
        text = arena_format(stores->arena, "the newest usable export is of %s, %" PRId64 " days before", date, age);
    }
    return text != NULL ? add_stale(stores, declared, result, item, text, alert) : check_judge_no_memory(stores);
}

bool check_stale_judge(struct check_stores *stores, const struct check_alert *declared, struct check_result *result) {
    size_t window = check_judge_alert_window(stores, result->check, declared);
    struct check_alert_result *alert = NULL;

    if (window == SIZE_MAX) {
        return check_judge_no_memory(stores);
    }
    int64_t last = stores->windows.items[window].span.until - 1;
    int64_t as_of = stores->windows.items[window].as_of < last ? stores->windows.items[window].as_of : last;
    for (size_t i = 0; i < result->test_count; i++) {
        struct query query = {0};
        bool done = query_open(&query, store_connection(stores->stores[window]), "check_newest", sql_check_newest,
                               stores->diagnostics);
        query_text(&query, 1, result->tests[i].test);
        query_integer(&query, 2, as_of);
        query_text(&query, 3, result->tests[i].control);
        query_integer(&query, 4, declared->days);
        while (done && query_step(&query)) {
            done = judge_age(stores, declared, result, as_of, &query, &alert);
        }
        if (!query_close(&query) || !done) {
            return false;
        }
    }
    return true;
}
