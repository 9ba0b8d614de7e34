#include "cmd/check_output.h"

#include "base/statement.h"
#include "base/text.h"
#include "store/store.h"

#include <inttypes.h>
#include <string.h>

bool check_output_has_news(const struct check_report *report) {
    for (size_t i = 0; i < report->result_count; i++) {
        for (size_t a = 0; a < report->results[i].alert_count; a++) {
            if (report->results[i].alerts[a].change != CHECK_REPEATED) {
                return true;
            }
        }
    }
    return report->resolved.count > 0;
}

uint64_t check_output_alerts(const struct check_report *report) {
    uint64_t count = 0;

    for (size_t i = 0; i < report->result_count; i++) {
        count += report->results[i].alert_count;
    }
    return count;
}

/* ---- JSON: two spaces a level, keys are the program's own ---- */

static void put_text(struct buffer *out, const char *key, const char *text) {
    buffer_format(out, "\"%s\": ", key);
    if (text == NULL) {
        buffer_append_text(out, "null");
    } else {
        text_json_string(out, text, strlen(text));
    }
}

static void put_day(struct buffer *out, const char *key, int64_t at) {
    char date[DATETIME_ISO_BYTES];

    datetime_date(at, date);
    put_text(out, key, date);
}

static void put_window(struct buffer *out, const struct check_window *window) {
    buffer_append_text(out, "\"window\": {");
    put_text(out, "id", window->id);
    buffer_append_text(out, ", ");
    put_day(out, "from", window->span.from);
    buffer_append_text(out, ", ");
    put_day(out, "to", window->span.until - 1);
    buffer_append_text(out, ", ");
    put_day(out, "as_of", window->as_of);
    buffer_append_byte(out, '}');
}

static void put_reference(struct buffer *out, const struct check_report *report, const struct check_failure *failure) {
    struct buffer text = {0};

    if (!failure->has_ref) {
        buffer_append_text(out, "\"tickmark\": null, \"show\": null");
        return;
    }
    buffer_format(&text, "E%" PRId64 ".%" PRId64, STORE_REF_EVIDENCE(failure->ref), STORE_REF_ORDINAL(failure->ref));
    put_text(out, "tickmark", buffer_text(&text));
    buffer_clear(&text);
    buffer_format(&text, "%s E%" PRId64 ".%" PRId64, report->shown[failure->window], STORE_REF_EVIDENCE(failure->ref),
                  STORE_REF_ORDINAL(failure->ref));
    buffer_append_text(out, ", ");
    put_text(out, "show", buffer_text(&text));
    out->failed = out->failed || text.failed;
    buffer_free(&text);
}

static void put_failure(struct buffer *out, const struct check_report *report, const struct check_failure *failure) {
    buffer_append_text(out, "        {");
    put_text(out, "control", failure->control);
    buffer_append_text(out, ", ");
    put_text(out, "test", failure->test);
    buffer_append_text(out, ", ");
    put_text(out, "item", *failure->item != '\0' ? failure->item : NULL);
    buffer_append_text(out, ", ");
    put_text(out, "text", failure->text);
    buffer_append_text(out, ", ");
    put_text(out, "severity", schema_severity_names[failure->severity]);
    buffer_append_text(out, ", ");
    put_reference(out, report, failure);
    buffer_append_text(out, ", ");
    put_text(out, "evidence", failure->evidence);
    buffer_append_text(out, ", ");
    put_text(out, "waiver", failure->waiver);
    buffer_format(out, ", \"fresh\": %s}", failure->fresh ? "true" : "false");
}

static void put_alert(struct buffer *out, const struct check_report *report, const struct check_alert_result *alert) {
    const struct text_list *channels = &report->workspace->schema->checks.channels[alert->severity];
    const char *const texts[][2] = {
        {"id", alert->id},
        {"check", alert->check->id},
        {"group", alert->check->group},
        {"title", alert->check->title},
        {"when", alert->when},
        {"severity", schema_severity_names[alert->severity]},
        {"change", check_change_name(alert->change)},
        {"message", alert->message},
        {"action", alert->action},
    };

    buffer_append_text(out, "    {");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        buffer_append_text(out, "\n      ");
        put_text(out, texts[i][0], texts[i][1]);
        buffer_append_byte(out, ',');
    }
    buffer_append_text(out, "\n      \"channels\": [");
    for (size_t i = 0; i < channels->count; i++) {
        buffer_append_text(out, i > 0 ? ", " : "");
        text_json_string(out, channels->items[i], strlen(channels->items[i]));
    }
    buffer_format(
        out, "],\n      \"population\": %" PRId64 ",\n      \"failure_count\": %" PRIu64 ",\n      \"failures\": [",
        alert->population, alert->total);
    for (size_t i = 0; i < alert->failure_count; i++) {
        buffer_append_text(out, i > 0 ? ",\n" : "\n");
        put_failure(out, report, &alert->failures[i]);
    }
    buffer_append_text(out, "\n      ]\n    }");
}

static void put_alerts(struct buffer *out, const struct check_report *report, bool news) {
    bool first = true;

    buffer_append_text(out, "  \"alerts\": [");
    for (int severity = CHECK_SEVERITIES - 1; severity >= 0; severity--) {
        for (size_t i = 0; i < report->result_count; i++) {
            for (size_t a = 0; a < report->results[i].alert_count; a++) {
                const struct check_alert_result *alert = &report->results[i].alerts[a];
                if (alert->severity != severity || (news && alert->change == CHECK_REPEATED)) {
                    continue;
                }
                buffer_append_text(out, first ? "\n" : ",\n");
                put_alert(out, report, alert);
                first = false;
            }
        }
    }
    buffer_append_text(out, first ? "]" : "\n  ]");
}

static void put_pasts(struct buffer *out, const char *key, const struct check_pasts *pasts) {
    buffer_format(out, ",\n  \"%s\": [", key);
    for (size_t i = 0; i < pasts->count; i++) {
        const struct check_past *past = &pasts->items[i];
        buffer_append_text(out, i > 0 ? ",\n    {" : "\n    {");
        put_text(out, "alert", past->alert);
        buffer_append_text(out, ", ");
        put_text(out, "check", past->check);
        buffer_append_text(out, ", ");
        put_text(out, "severity", schema_severity_names[past->severity]);
        buffer_append_text(out, ", ");
        put_text(out, "test", *past->test != '\0' ? past->test : NULL);
        buffer_append_text(out, ", ");
        put_text(out, "item", *past->item != '\0' ? past->item : NULL);
        buffer_append_byte(out, '}');
    }
    buffer_append_text(out, pasts->count > 0 ? "\n  ]" : "]");
}

static void put_test(struct buffer *out, const struct check_report *report, const struct check_test_result *test) {
    buffer_append_text(out, "        {");
    put_text(out, "control", test->control);
    buffer_append_text(out, ", ");
    put_text(out, "test", test->test);
    buffer_append_text(out, ", ");
    put_text(out, "title", test->title);
    buffer_append_text(out, ", ");
    put_text(out, "outcome", check_outcome_name(test->outcome));
    buffer_format(out, ", \"population\": %" PRId64 ", \"exceptions\": %" PRId64 ", \"undetermined\": %" PRId64 ", ",
                  test->population, test->exceptions, test->undetermined);
    if (test->outcome == CHECK_AWAITED) {
        put_day(out, "due", test->due);
    } else {
        put_text(out, "due", NULL);
    }
    buffer_append_text(out, ", ");
    put_window(out, &report->windows->items[test->window]);
    buffer_append_byte(out, '}');
}

static void put_check(struct buffer *out, const struct check_report *report, const struct check_result *result) {
    const char *const texts[][2] = {
        {"id", result->check->id},
        {"group", result->check->group},
        {"title", result->check->title},
        {"frequency", schema_cadence_names[result->check->frequency]},
        {"outcome", check_outcome_name(result->outcome)},
    };

    buffer_append_text(out, "    {");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        buffer_append_text(out, "\n      ");
        put_text(out, texts[i][0], texts[i][1]);
        buffer_append_byte(out, ',');
    }
    buffer_append_text(out, "\n      \"tests\": [");
    for (size_t i = 0; i < result->test_count; i++) {
        buffer_append_text(out, i > 0 ? ",\n" : "\n");
        put_test(out, report, &result->tests[i]);
    }
    buffer_append_text(out, "\n      ]\n    }");
}

void check_output_json(const struct check_report *report, bool news, struct buffer *out) {
    buffer_append_text(out, "{\n  ");
    put_text(out, "statement", STATEMENT);
    buffer_append_text(out, ",\n  ");
    put_text(out, "organisation", report->workspace->programme->organisation);
    buffer_append_text(out, ",\n  \"period\": {");
    put_text(out, "id", report->period->id);
    buffer_append_text(out, ", ");
    put_day(out, "from", report->period->span.from);
    buffer_append_text(out, ", ");
    put_day(out, "to", report->period->span.until - 1);
    buffer_append_text(out, ", ");
    put_day(out, "as_of", report->period->as_of);
    buffer_append_text(out, "},\n  ");
    put_text(out, "group", report->group);
    buffer_format(out, ",\n  \"due_only\": %s,\n  \"compared\": %s,\n", report->due ? "true" : "false",
                  report->later == NULL ? "true" : "false");
    put_alerts(out, report, news);
    put_pasts(out, "resolved", &report->resolved);
    if (!news) {
        put_pasts(out, "not_looked_at_again", &report->standing);
        buffer_append_text(out, ",\n  \"checks\": [");
        for (size_t i = 0; i < report->result_count; i++) {
            buffer_append_text(out, i > 0 ? ",\n" : "\n");
            put_check(out, report, &report->results[i]);
        }
        buffer_append_text(out, report->result_count > 0 ? "\n  ]" : "]");
    }
    buffer_append_text(out, "\n}\n");
}
