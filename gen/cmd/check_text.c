#include "cmd/check_output.h"

#include "base/statement.h"
#include "store/store.h"
#include "write/terminal_table.h"

#include <inttypes.h>
#include <string.h>

#define UNCUT         4096
#define FAILURES_EACH 10 /* shown of one alert; the rest is counted and stands in the file */
#define PASTS_SHOWN   20

static void put_line(struct buffer *out, const char *before, const char *text) {
    buffer_append_text(out, before);
    terminal_table_text(out, text, UNCUT);
}

static void put_severity(struct buffer *out, int severity, bool colour) {
    static const char *const paints[CHECK_SEVERITIES] = {"", "\033[33m", "\033[31m", "\033[1;31m"};
    bool painted = colour && paints[severity][0] != '\0';

    buffer_format(out, "%s%s%s", painted ? paints[severity] : "", schema_severity_names[severity],
                  painted ? "\033[0m" : "");
}

static void put_head(const struct check_report *report, struct buffer *out) {
    char from[DATETIME_ISO_BYTES];
    char to[DATETIME_ISO_BYTES];
    char known[DATETIME_ISO_BYTES];

    datetime_date(report->period->span.from, from);
    datetime_date(report->period->span.until - 1, to);
    datetime_date(report->period->as_of, known);
    put_line(out, "", report->workspace->programme->organisation);
    buffer_format(out, ": check of %s (%s to %s, as known on %s)\n" STATEMENT "\n", report->period->id, from, to,
                  known);
}

static void put_failure(const struct check_report *report, const struct check_failure *failure, struct buffer *out) {
    put_line(out, "    ", failure->test != NULL ? failure->test : "source");
    if (*failure->item != '\0') {
        put_line(out, "  ", failure->item);
    }
    put_line(out, "\n        ", failure->text);
    if (failure->has_ref) {
        buffer_format(out, "  [E%" PRId64 ".%" PRId64 "%s%s]", STORE_REF_EVIDENCE(failure->ref),
                      STORE_REF_ORDINAL(failure->ref), failure->window > 0 ? " of " : "",
                      failure->window > 0 ? report->windows->items[failure->window].id : "");
    }
    if (failure->waiver != NULL) {
        put_line(out, "  accepted by ", failure->waiver);
    }
    buffer_append_byte(out, '\n');
}

static void put_alert(const struct check_report *report, const struct check_alert_result *alert, bool colour,
                      struct buffer *out) {
    const struct text_list *channels = &report->workspace->schema->checks.channels[alert->severity];
    size_t shown = 0;

    buffer_append_byte(out, '\n');
    put_severity(out, alert->severity, colour);
    put_line(out, "  ", alert->id);
    buffer_format(out, "  (%s)  to ", check_change_name(alert->change));
    for (size_t i = 0; i < channels->count; i++) {
        put_line(out, i > 0 ? ", " : "", channels->items[i]);
    }
    put_line(out, "\n  ", alert->message);
    if (alert->population > 0 && strcmp(alert->when, CHECK_WHEN_INSUFFICIENT) != 0) {
        buffer_format(out, ": %" PRIu64 " of %" PRId64 " items", alert->total, alert->population);
    }
    buffer_append_byte(out, '\n');
    if (alert->change == CHECK_REPEATED) {
        buffer_format(out, "    %" PRIu64 " alerted before, still there; they are listed in alerts.json\n",
                      alert->total);
        return;
    }
    for (size_t i = 0; i < alert->failure_count && shown < FAILURES_EACH; i++) {
        if (alert->failures[i].fresh || alert->change == CHECK_NEW) {
            put_failure(report, &alert->failures[i], out);
            shown++;
        }
    }
    if (shown < alert->total) {
        buffer_format(out, "    and %" PRIu64 " more%s\n", alert->total - shown,
                      alert->change == CHECK_WORSE ? ", alerted before or listed in alerts.json" : " in alerts.json");
    }
    put_line(out, "  Do: ", alert->action);
    buffer_append_byte(out, '\n');
}

static void put_alerts(const struct check_report *report, bool colour, struct buffer *out) {
    for (int severity = CHECK_SEVERITIES - 1; severity >= 0; severity--) {
        for (size_t i = 0; i < report->result_count; i++) {
            for (size_t a = 0; a < report->results[i].alert_count; a++) {
                if (report->results[i].alerts[a].severity == severity) {
                    put_alert(report, &report->results[i].alerts[a], colour, out);
                }
            }
        }
    }
}

static void put_pasts(const char *title, const struct check_pasts *pasts, struct buffer *out) {
    if (pasts->count > 0) {
        buffer_format(out, "\n%s\n", title);
    }
    for (size_t i = 0; i < pasts->count && i < PASTS_SHOWN; i++) {
        const struct check_past *past = &pasts->items[i];
        put_line(out, "    ", past->alert);
        put_line(out, "  ", past->test);
        put_line(out, "  ", past->item);
        buffer_append_byte(out, '\n');
    }
    if (pasts->count > PASTS_SHOWN) {
        buffer_format(out, "    and %zu more in alerts.json\n", pasts->count - PASTS_SHOWN);
    }
}

/* One line of the table of what was looked at. */
struct seen {
    int64_t items;
    size_t judged;
    int64_t due; /* of what is awaited, the last */
};

static struct seen count_seen(const struct check_result *result) {
    struct seen seen = {.due = INT64_MIN};

    for (size_t i = 0; i < result->test_count; i++) {
        const struct check_test_result *test = &result->tests[i];
        if (test->outcome == CHECK_AWAITED) {
            seen.due = test->due > seen.due ? test->due : seen.due;
        } else if (test->outcome != CHECK_NOT_APPLICABLE) {
            seen.items += test->population;
            seen.judged++;
        }
    }
    return seen;
}

static const char *describe(const struct check_result *result, const struct seen *seen, struct arena *arena) {
    static const char *const words[] = {
        [CHECK_NOT_APPLICABLE] = "not applicable",
        [CHECK_AWAITED] = "nothing was due",
        [CHECK_NO_OCCURRENCE] = "no occurrence",
        [CHECK_PASSED] = "no exceptions noted",
        [CHECK_INSUFFICIENT] = "ALERT: insufficient evidence",
        [CHECK_VIOLATED] = "ALERT",
    };
    char date[DATETIME_ISO_BYTES];

    if (seen->due == INT64_MIN) {
        return words[result->outcome];
    }
    datetime_date(seen->due, date);
    return arena_format(arena, "%s; %sdue by %s", words[result->outcome], seen->judged > 0 ? "the others are " : "",
                        date);
}

static bool put_table(const struct check_report *report, int width, bool colour, struct arena *arena,
                      struct buffer *out) {
    static const struct terminal_column columns[] = {
        {"GROUP", false}, {"CHECK", false}, {"TESTS", true}, {"ITEMS", true}, {"OUTCOME", false},
    };
    enum { COLUMNS = sizeof columns / sizeof columns[0] };
    const char **cells = arena_array(arena, report->result_count * COLUMNS + 1, sizeof *cells);
    bool complete = cells != NULL;

    for (size_t i = 0; complete && i < report->result_count; i++) {
        const struct check_result *result = &report->results[i];
        struct seen seen = count_seen(result);
        const char **row = cells + i * COLUMNS;
        row[0] = result->check->group;
        row[1] = result->check->title;
        row[2] = arena_format(arena, "%zu of %zu", seen.judged, result->test_count);
        row[3] = arena_format(arena, "%" PRId64, seen.items);
        row[4] = describe(result, &seen, arena);
        complete = row[2] != NULL && row[3] != NULL && row[4] != NULL;
    }
    buffer_append_text(out, "\nLooked at\n");
    return complete && terminal_table(columns, COLUMNS, cells, report->result_count, width, colour, out);
}

static void put_end(const struct check_report *report, struct buffer *out) {
    uint64_t alerts = check_output_alerts(report);

    if (report->not_due > 0) {
        buffer_format(out, "\n%zu check%s of the group %s not due.\n", report->not_due, report->not_due == 1 ? "" : "s",
                      report->not_due == 1 ? "was" : "were");
    }
    if (report->later != NULL) {
        buffer_format(out,
                      "\nWhat was checked last reaches to %s, which is later: nothing was compared with it, and what "
                      "was alerted stays as it is.\n",
                      report->later);
    }
    if (alerts > 0) {
        buffer_format(out, "\n%" PRIu64 " alert%s. Follow a reference with `%s E1.2`.\n", alerts,
                      alerts == 1 ? "" : "s", report->shown[0]);
        for (size_t i = 1; i < report->windows->count; i++) {
            if (report->shown[i] != NULL) {
                buffer_format(out, "One of %s with `%s E1.2`.\n", report->windows->items[i].id, report->shown[i]);
            }
        }
    } else {
        buffer_append_text(out, "\nNo alert.\n");
    }
}

bool check_output_text(const struct check_report *report, int width, bool colour, struct arena *arena,
                       struct buffer *out) {
    put_head(report, out);
    put_alerts(report, colour, out);
    put_pasts("No longer found, and said once", &report->resolved, out);
    put_pasts("Alerted before, and not looked at again because evidence is not there", &report->standing, out);
    bool done = report->result_count == 0 || put_table(report, width, colour, arena, out);
    if (report->result_count == 0) {
        buffer_append_text(out, "\nNo check is due.\n");
    }
    put_end(report, out);
    return done && !out->failed;
}
