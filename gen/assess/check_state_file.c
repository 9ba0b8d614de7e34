#include "assess/check_state.h"

#include "base/text.h"
#include "config/decode.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define VERSION     INT64_C(1)
#define LAST_SECOND INT64_C(86399) /* of a day */

/* ---- reading ---- */

struct alert_draft {
    struct check_state_alert alert;
    const struct yaml_node *failures;
};
struct check_draft {
    struct check_state_check check;
    const struct yaml_node *alerts;
    const struct yaml_node *awaited;
};
struct state_draft {
    int64_t version;
    const struct yaml_node *checks;
    struct check_draft *items;
    size_t count;
    struct alert_draft *alerts;
    size_t alert_count;
};

static bool read_failures(struct arena *arena, const struct yaml_node *node, struct check_state_alert *alert,
                          struct diagnostics *diagnostics) {
    static const struct decode_field fields[] = {
        {"test", DECODE_TEXT, offsetof(struct check_state_failure, test), false, NULL},
        {"item", DECODE_TEXT, offsetof(struct check_state_failure, item), false, NULL},
    };
    static const struct check_state_failure blank = {.test = "", .item = ""};
    static const struct decode_list list = {
        .blank = &blank,
        .key = "failures",
        .what = "failure",
        .fields = fields,
        .field_count = sizeof fields / sizeof fields[0],
        .size = sizeof(struct check_state_failure),
        .place_offset = offsetof(struct check_state_failure, place),
        .items_offset = offsetof(struct check_state_alert, failures),
        .count_offset = offsetof(struct check_state_alert, failure_count),
    };
    return decode_sequence(arena, node, &list, alert, diagnostics);
}

static bool read_alerts(struct arena *arena, struct check_draft *draft, struct diagnostics *diagnostics) {
    static const struct decode_field fields[] = {
        {"when", DECODE_TEXT, offsetof(struct alert_draft, alert.when), true, NULL},
        {"severity", DECODE_CHOICE, offsetof(struct alert_draft, alert.severity), true, schema_severity_names},
        {"total", DECODE_INTEGER, offsetof(struct alert_draft, alert.total), true, NULL},
        {"failures", DECODE_NODE, offsetof(struct alert_draft, failures), true, NULL},
    };
    static const struct decode_list list = {
        .key = "alerts",
        .what = "alert",
        .fields = fields,
        .field_count = sizeof fields / sizeof fields[0],
        .size = sizeof(struct alert_draft),
        .place_offset = offsetof(struct alert_draft, alert.place),
        .items_offset = offsetof(struct state_draft, alerts),
        .count_offset = offsetof(struct state_draft, alert_count),
    };
    struct state_draft found = {0};
    bool good = decode_sequence(arena, draft->alerts, &list, &found, diagnostics);

    draft->check.alerts = arena_array(arena, found.alert_count + 1, sizeof *draft->check.alerts);
    if (draft->check.alerts == NULL) {
        return decode_out_of_memory(diagnostics);
    }
    draft->check.alert_count = found.alert_count;
    for (size_t i = 0; i < found.alert_count; i++) {
        struct check_state_alert *alert = &draft->check.alerts[i];
        *alert = found.alerts[i].alert;
        good = read_failures(arena, found.alerts[i].failures, alert, diagnostics) && good;
    }
    return good;
}

static bool read_awaited(struct arena *arena, const struct yaml_node *node, struct check_state_check *check,
                         struct diagnostics *diagnostics) {
    static const struct decode_field fields[] = {
        {"test", DECODE_TEXT, offsetof(struct check_state_awaited, test), true, NULL},
        {"window", DECODE_TEXT, offsetof(struct check_state_awaited, window), true, NULL},
        {"due", DECODE_DATE, offsetof(struct check_state_awaited, due), true, NULL},
    };
    static const struct decode_list list = {
        .key = "awaited",
        .what = "awaited test",
        .fields = fields,
        .field_count = sizeof fields / sizeof fields[0],
        .size = sizeof(struct check_state_awaited),
        .place_offset = offsetof(struct check_state_awaited, place),
        .items_offset = offsetof(struct check_state_check, awaited),
        .count_offset = offsetof(struct check_state_check, awaited_count),
    };
    bool good = decode_sequence(arena, node, &list, check, diagnostics);

    for (size_t i = 0; i < check->awaited_count; i++) {
        check->awaited[i].due += LAST_SECOND;
    }
    return good;
}

static bool read_all(struct arena *arena, const struct yaml_node *root, struct check_state *out,
                     struct diagnostics *diagnostics) {
    static const struct decode_field head[] = {
        {"version", DECODE_INTEGER, offsetof(struct state_draft, version), true, NULL},
        {"checks", DECODE_NODE, offsetof(struct state_draft, checks), true, NULL},
    };
    static const struct decode_field fields[] = {
        {"check", DECODE_NAME, offsetof(struct check_draft, check.check), true, NULL},
        {"checked", DECODE_DATE, offsetof(struct check_draft, check.checked), true, NULL},
        {"alerts", DECODE_NODE, offsetof(struct check_draft, alerts), true, NULL},
        {"awaited", DECODE_NODE, offsetof(struct check_draft, awaited), true, NULL},
    };
    static const struct decode_list list = {
        .key = "checks",
        .what = "check",
        .fields = fields,
        .field_count = sizeof fields / sizeof fields[0],
        .size = sizeof(struct check_draft),
        .place_offset = offsetof(struct check_draft, check.place),
        .items_offset = offsetof(struct state_draft, items),
        .count_offset = offsetof(struct state_draft, count),
    };
    struct state_draft draft = {0};
    bool good = decode_mapping(arena, root, "state", head, sizeof head / sizeof head[0], &draft, diagnostics);

    if (good && draft.version != VERSION) {
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &root->place, "version %" PRId64 " is not known",
                           draft.version);
        good = false;
    }
    good = good && decode_sequence(arena, draft.checks, &list, &draft, diagnostics);
    out->checks = arena_array(arena, draft.count + 1, sizeof *out->checks);
    if (out->checks == NULL) {
        return decode_out_of_memory(diagnostics);
    }
    for (size_t i = 0; good && i < draft.count; i++) {
        good = read_alerts(arena, &draft.items[i], diagnostics);
        good = read_awaited(arena, draft.items[i].awaited, &draft.items[i].check, diagnostics) && good;
        out->checks[out->check_count] = draft.items[i].check;
        out->checks[out->check_count].checked += LAST_SECOND;
        if (good && check_state_find(out, draft.items[i].check.check) != NULL) {
            diagnostics_report(diagnostics, DIAGNOSTIC_DUPLICATE_ID, &draft.items[i].check.place,
                               "the check '%s' stands here twice", draft.items[i].check.check);
            good = false;
        }
        out->check_count++;
    }
    return good;
}

struct first_fault {
    struct place place;
    const char *text;
    struct arena *arena;
};

static bool take_first(void *context, const struct diagnostic_view *view) {
    struct first_fault *first = context;

    first->place = view->place;
    first->text = arena_text(first->arena, view->text);
    return false;
}

bool check_state_read(struct arena *arena, const char *path, const char *bytes, size_t length, struct check_state *out,
                      struct diagnostics *diagnostics) {
    struct diagnostics *own = diagnostics_new();
    bool remembered = true;

    *out = (struct check_state){0};
    if (own == NULL) {
        return decode_out_of_memory(diagnostics);
    }
    const struct yaml_node *root = yaml_parse(arena, path, bytes, length, own);
    if (root == NULL || !read_all(arena, root, out, own)) {
        *out = (struct check_state){0};
        if (diagnostics_count(own, DIAGNOSTIC_FAILURE) > 0) {
            remembered = decode_out_of_memory(diagnostics);
        } else {
            struct first_fault first = {.place = {.path = path}, .text = "", .arena = arena};
            diagnostics_visit(own, take_first, &first);
            first.place.path = path;
            diagnostics_report(diagnostics, DIAGNOSTIC_CHECK_STATE, &first.place,
                               "what was alerted before cannot be read, so that every alert counts as new: %s",
                               first.text != NULL ? first.text : "");
        }
    }
    diagnostics_free(own);
    return remembered;
}

/* ---- writing ---- */

static void write_text(struct buffer *out, const char *key, const char *text) {
    buffer_format(out, "\"%s\": ", key);
    text_json_string(out, text, strlen(text));
}

static int compare_checks(const void *a, const void *b) {
    const struct check_state_check *first = a;
    const struct check_state_check *second = b;

    return strcmp(first->check, second->check);
}

static void write_alert(const struct check_state_alert *alert, struct buffer *out) {
    buffer_append_text(out, "\n        {");
    write_text(out, "when", alert->when);
    buffer_append_text(out, ", ");
    write_text(out, "severity", schema_severity_names[alert->severity]);
    buffer_format(out, ", \"total\": %" PRId64 ", \"failures\": [", alert->total);
    for (size_t i = 0; i < alert->failure_count; i++) {
        const struct check_state_failure *failure = &alert->failures[i];
        buffer_append_text(out, i > 0 ? ",\n          {" : "\n          {");
        if (*failure->test != '\0') {
            write_text(out, "test", failure->test);
        }
        if (*failure->item != '\0') {
            buffer_append_text(out, *failure->test != '\0' ? ", " : "");
            write_text(out, "item", failure->item);
        }
        buffer_append_byte(out, '}');
    }
    buffer_append_text(out, "]}");
}

static void write_awaited(const struct check_state_awaited *awaited, bool first, struct buffer *out) {
    char date[DATETIME_ISO_BYTES];

    datetime_date(awaited->due, date);
    buffer_append_text(out, first ? "\n        {" : ",\n        {");
    write_text(out, "test", awaited->test);
    buffer_append_text(out, ", ");
    write_text(out, "window", awaited->window);
    buffer_append_text(out, ", ");
    write_text(out, "due", date);
    buffer_append_byte(out, '}');
}

void check_state_write(const struct check_state *state, struct buffer *out) {
    char date[DATETIME_ISO_BYTES];

    if (state->check_count > 1) {
        qsort(state->checks, state->check_count, sizeof *state->checks, compare_checks);
    }
    buffer_format(out, "{\n  \"version\": %" PRId64 ",\n  \"checks\": [", VERSION);
    for (size_t i = 0; i < state->check_count; i++) {
        const struct check_state_check *check = &state->checks[i];
        datetime_date(check->checked, date);
        buffer_append_text(out, i > 0 ? ",\n    {" : "\n    {");
        write_text(out, "check", check->check);
        buffer_append_text(out, ", ");
        write_text(out, "checked", date);
        buffer_append_text(out, ", \"alerts\": [");
        for (size_t a = 0; a < check->alert_count; a++) {
            buffer_append_text(out, a > 0 ? "," : "");
            write_alert(&check->alerts[a], out);
        }
        buffer_append_text(out, "], \"awaited\": [");
        for (size_t a = 0; a < check->awaited_count; a++) {
            write_awaited(&check->awaited[a], a == 0, out);
        }
        buffer_append_text(out, "]}");
    }
    buffer_append_text(out, "\n  ]\n}\n");
}
