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

const struct check_state_check *check_state_find(const struct check_state *state, const char *check) {
    for (size_t i = 0; i < state->check_count; i++) {
        if (strcmp(state->checks[i].check, check) == 0) {
            return &state->checks[i];
        }
    }
    return NULL;
}

/* ---- what was awaited ---- */

const struct check_test_result *check_state_answer(const struct check_state_awaited *awaited,
                                                   const struct check_result *result,
                                                   const struct check_windows *windows) {
    for (size_t i = 0; i < result->test_count; i++) {
        const struct check_test_result *test = &result->tests[i];
        if (strcmp(test->test, awaited->test) == 0 && strcmp(windows->items[test->window].id, awaited->window) == 0) {
            return test;
        }
    }
    return NULL;
}

bool check_state_is_overdue(const struct check_state_check *before, int64_t as_of) {
    for (size_t i = 0; before != NULL && i < before->awaited_count; i++) {
        if (before->awaited[i].due <= as_of) {
            return true;
        }
    }
    return false;
}

/* ---- comparing ---- */

static int compare_failures(const void *a, const void *b) {
    const struct check_state_failure *first = a;
    const struct check_state_failure *second = b;
    int order = strcmp(first->test, second->test);

    return order != 0 ? order : strcmp(first->item, second->item);
}

static const char *test_of(const struct check_failure *failure) {
    return failure->test != NULL ? failure->test : "";
}

/* What tells one failure of a test from another: its item, or of evidence that is short in what way it is. */
static const char *item_of(const struct check_failure *failure) {
    return *failure->item != '\0' ? failure->item : failure->text;
}

/* Failures in bytewise order, so that another's can be found among them. NULL when memory is out. */
static struct check_state_failure *sorted(struct arena *arena, const struct check_state_failure *failures,
                                          size_t count) {
    struct check_state_failure *copy = arena_array(arena, count + 1, sizeof *copy);

    if (copy != NULL && count > 0) {
        memcpy(copy, failures, count * sizeof *copy);
        qsort(copy, count, sizeof *copy, compare_failures);
    }
    return copy;
}

static bool among(const struct check_state_failure *all, size_t count, const char *test, const char *item) {
    const struct check_state_failure wanted = {.test = test, .item = item};

    return count > 0 && bsearch(&wanted, all, count, sizeof *all, compare_failures) != NULL;
}

static const struct check_state_alert *find_alert(const struct check_state_check *before, const char *when) {
    for (size_t i = 0; before != NULL && i < before->alert_count; i++) {
        if (strcmp(before->alerts[i].when, when) == 0) {
            return &before->alerts[i];
        }
    }
    return NULL;
}

static bool compare_alert(struct arena *arena, const struct check_state_alert *before,
                          struct check_alert_result *alert) {
    alert->change = CHECK_NEW;
    if (before == NULL) {
        return true;
    }
    struct check_state_failure *known = sorted(arena, before->failures, before->failure_count);
    if (known == NULL) {
        return false;
    }
    bool worse = alert->total > (uint64_t)(before->total > 0 ? before->total : 0) || alert->severity > before->severity;
    for (size_t i = 0; i < alert->failure_count; i++) {
        struct check_failure *failure = &alert->failures[i];
        failure->fresh = !among(known, before->failure_count, test_of(failure), item_of(failure));
        worse = worse || failure->fresh;
    }
    alert->change = worse ? CHECK_WORSE : CHECK_REPEATED;
    return true;
}

/* Whether the test was looked at with all of its evidence. A source's age is always known. */
static bool was_judged(const struct check_result *result, const char *when, const char *test) {
    if (*test == '\0' || strcmp(when, CHECK_WHEN_OVERDUE) == 0) {
        return true;
    }
    for (size_t i = 0; i < result->test_count; i++) {
        const struct check_test_result *seen = &result->tests[i];
        if (strcmp(seen->test, test) == 0) {
            /* That evidence was short is over when the test could be judged, or needs none. */
            return seen->judged || seen->outcome == CHECK_NOT_APPLICABLE ||
                   (strcmp(when, CHECK_WHEN_INSUFFICIENT) == 0 && seen->outcome != CHECK_AWAITED);
        }
    }
    return true; /* the check looks at it no more */
}

static const struct check_alert_result *current(const struct check_result *result, const char *when) {
    for (size_t i = 0; i < result->alert_count; i++) {
        if (strcmp(result->alerts[i].when, when) == 0) {
            return &result->alerts[i];
        }
    }
    return NULL;
}

static bool push_past(struct arena *arena, struct check_pasts *pasts, const struct check_past *past) {
    struct check_past *slot = arena_push(arena, &pasts->items, &pasts->count, sizeof *pasts->items);

    if (slot != NULL) {
        *slot = *past;
    }
    return slot != NULL;
}

/* What was alerted under `before` and is not among the failures that stand now. */
static bool find_gone(struct arena *arena, const struct check_state_alert *before, const struct check_result *result,
                      struct check_pasts *resolved, struct check_pasts *standing) {
    const struct check_alert_result *now = current(result, before->when);
    size_t count = now != NULL ? now->failure_count : 0;
    struct check_state_failure *found = arena_array(arena, count + 1, sizeof *found);
    const char *id = arena_format(arena, "%s:%s", result->check->id, before->when);

    if (found == NULL || id == NULL) {
        return false;
    }
    if (now != NULL && now->total > now->failure_count) {
        return true; /* not all of them are listed: none can be said to be gone */
    }
    for (size_t i = 0; i < count; i++) {
        found[i] = (struct check_state_failure){.test = test_of(&now->failures[i]), .item = item_of(&now->failures[i])};
    }
    if (count > 0) {
        qsort(found, count, sizeof *found, compare_failures);
    }
    for (size_t i = 0; i < before->failure_count; i++) {
        const struct check_state_failure *past = &before->failures[i];
        if (among(found, count, past->test, past->item)) {
            continue;
        }
        const struct check_past entry = {id, result->check->id, before->severity, past->test, past->item};
        bool judged = was_judged(result, before->when, past->test);
        if (!push_past(arena, judged ? resolved : standing, &entry)) {
            return false;
        }
    }
    return true;
}

bool check_state_compare(struct arena *arena, const struct check_state_check *before, struct check_result *result,
                         struct check_pasts *resolved, struct check_pasts *standing) {
    for (size_t i = 0; i < result->alert_count; i++) {
        struct check_alert_result *alert = &result->alerts[i];
        if (!compare_alert(arena, find_alert(before, alert->when), alert)) {
            return false;
        }
    }
    for (size_t i = 0; before != NULL && i < before->alert_count; i++) {
        if (!find_gone(arena, &before->alerts[i], result, resolved, standing)) {
            return false;
        }
    }
    return true;
}

/* ---- remembering ---- */

static bool keep_failure(struct arena *arena, struct check_state_alert *alert, const char *test, const char *item) {
    struct check_state_failure *slot =
        arena_push(arena, &alert->failures, &alert->failure_count, sizeof *alert->failures);

    if (slot != NULL) {
        *slot = (struct check_state_failure){.test = test, .item = item};
    }
    return slot != NULL;
}

static struct check_state_alert *keep_alert(struct arena *arena, struct check_state_check *check, const char *when,
                                            int severity) {
    for (size_t i = 0; i < check->alert_count; i++) {
        if (strcmp(check->alerts[i].when, when) == 0) {
            return &check->alerts[i];
        }
    }
    struct check_state_alert *alert = arena_push(arena, &check->alerts, &check->alert_count, sizeof *check->alerts);
    if (alert != NULL) {
        *alert = (struct check_state_alert){.when = when, .severity = severity};
    }
    return alert;
}

static bool keep_all(struct arena *arena, struct check_state_check *check, const struct check_result *result,
                     const struct check_pasts *standing) {
    for (size_t i = 0; i < result->alert_count; i++) {
        const struct check_alert_result *alert = &result->alerts[i];
        struct check_state_alert *kept = keep_alert(arena, check, alert->when, alert->severity);
        if (kept == NULL) {
            return false;
        }
        kept->total = (int64_t)alert->total;
        for (size_t f = 0; f < alert->failure_count; f++) {
            if (!keep_failure(arena, kept, test_of(&alert->failures[f]), item_of(&alert->failures[f]))) {
                return false;
            }
        }
    }
    for (size_t i = 0; i < standing->count; i++) {
        const struct check_past *past = &standing->items[i];
        if (strcmp(past->check, result->check->id) != 0) {
            continue;
        }
        struct check_state_alert *kept =
            keep_alert(arena, check, past->alert + strlen(past->check) + 1, past->severity);
        if (kept == NULL || !keep_failure(arena, kept, past->test, past->item)) {
            return false;
        }
        kept->total++;
    }
    return true;
}

static bool keep_awaited(struct arena *arena, struct check_state_check *check,
                         const struct check_state_awaited *awaited) {
    struct check_state_awaited *slot =
        arena_push(arena, &check->awaited, &check->awaited_count, sizeof *check->awaited);

    if (slot != NULL) {
        *slot = *awaited;
    }
    return slot != NULL;
}

/* What was awaited before and not looked at now goes on being awaited. */
static bool keep_unanswered(struct arena *arena, struct check_state_check *check,
                            const struct check_state_check *before, const struct check_result *result,
                            const struct check_windows *windows) {
    for (size_t i = 0; i < before->awaited_count; i++) {
        if (check_state_answer(&before->awaited[i], result, windows) == NULL &&
            !keep_awaited(arena, check, &before->awaited[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < result->test_count; i++) {
        const struct check_test_result *test = &result->tests[i];
        const struct check_state_awaited awaited = {test->test, windows->items[test->window].id, test->due, {0}};
        if (test->outcome == CHECK_AWAITED && !keep_awaited(arena, check, &awaited)) {
            return false;
        }
    }
    return true;
}

static struct check_state_check *find_slot(struct arena *arena, struct check_state *state, const char *check) {
    for (size_t i = 0; i < state->check_count; i++) {
        if (strcmp(state->checks[i].check, check) == 0) {
            return &state->checks[i];
        }
    }
    struct check_state_check *grown = arena_array(arena, state->check_count + 1, sizeof *grown);
    if (grown == NULL) {
        return NULL;
    }
    if (state->check_count > 0) {
        memcpy(grown, state->checks, state->check_count * sizeof *grown);
    }
    state->checks = grown;
    grown[state->check_count] = (struct check_state_check){.check = check, .checked = INT64_MIN};
    return &grown[state->check_count++];
}

bool check_state_update(struct arena *arena, struct check_state *state, const struct check_result *result,
                        const struct check_windows *windows, const struct check_pasts *standing, int64_t checked) {
    struct check_state_check *slot = find_slot(arena, state, result->check->id);

    if (slot == NULL) {
        return false;
    }
    const struct check_state_check before = *slot;
    bool earlier = checked < before.checked;
    *slot = (struct check_state_check){.check = before.check, .checked = earlier ? before.checked : checked};
    if (earlier) {
        slot->alerts = before.alerts;
        slot->alert_count = before.alert_count;
    }
    return keep_unanswered(arena, slot, &before, result, windows) &&
           (earlier || keep_all(arena, slot, result, standing));
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
