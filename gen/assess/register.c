#include "assess/register.h"

#include "assess/finding.sql.h"
#include "assess/lifecycle.h"
#include "base/limits.h"
#include "store/guard.h"

#include <string.h>

#define REGISTER_ORIGIN "register"

enum register_column {
    REGISTER_FINDING,
    REGISTER_TEXT,
    REGISTER_SEVERITY,
    REGISTER_FOUND,
    REGISTER_OWNER,
    REGISTER_DUE,
    REGISTER_CLOSED,
    REGISTER_VERIFIED,
    REGISTER_REF,
    REGISTER_CONTROL
};

struct reading {
    struct finding_frame *frame;
    struct guard_query *entries;
    struct query prior;   /* register_prior */
    struct query control; /* register_control */
    struct buffer reason;
    struct buffer evidence;
    struct diagnostics *diagnostics;
};

static int64_t time_or_none(struct guard_query *query, int column) {
    return guard_is_null(query, column) ? INT64_MIN : guard_integer(query, column);
}

static bool out_of_memory(struct reading *reading) {
    diagnostics_report(reading->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the register of findings");
    return false;
}

/* What the register says of it now, beside what was known of it before. */
static enum lifecycle_state judge_entry(struct reading *reading, const char *prior_state, int64_t found, int64_t closed,
                                        const char *verified) {
    const struct finding_frame *frame = reading->frame;
    struct buffer *reason = &reading->reason;
    char date[DATETIME_ISO_BYTES];

    buffer_clear(reason);
    if (closed != INT64_MIN && closed <= frame->as_of) {
        datetime_date(closed, date);
        if (verified != NULL) {
            buffer_format(reason, "closed on %s and verified by %s, as the register states", date, verified);
            return LIFECYCLE_REMEDIATED;
        }
        buffer_format(reason, "the register states that it was closed on %s, and nobody verified it", date);
    } else {
        buffer_append_text(reason, "open in the register");
    }
    if (prior_state != NULL) {
        return lifecycle_before(prior_state) == LIFECYCLE_WAS_REMEDIATED ? LIFECYCLE_REOPENED : LIFECYCLE_OPEN;
    }
    return found >= frame->span.from ? LIFECYCLE_NEW : LIFECYCLE_OPEN;
}

static const char *known_control(struct reading *reading, const char *control) {
    query_text(&reading->control, 1, control);
    return control != NULL && query_step(&reading->control) ? query_column_text(&reading->control, 0) : NULL;
}

static bool insert_entry(struct reading *reading) {
    struct finding_frame *frame = reading->frame;
    struct guard_query *entries = reading->entries;
    char id[FINDING_ID_BYTES];
    const char *item = guard_text(entries, REGISTER_FINDING);
    const char *severity = guard_text(entries, REGISTER_SEVERITY);
    const char *text = guard_text(entries, REGISTER_TEXT);
    const char *verified = guard_text(entries, REGISTER_VERIFIED);
    int64_t found = guard_integer(entries, REGISTER_FOUND);
    int64_t closed = time_or_none(entries, REGISTER_CLOSED);

    if (item == NULL || strlen(item) > LIMIT_ITEM_BYTES) {
        return true; /* no id that could be followed: the record itself is a fault that the evidence shows */
    }
    query_text(&reading->prior, 1, item);
    bool carried = query_step(&reading->prior);
    if (!carried && closed != INT64_MIN && closed < frame->span.from && verified != NULL) {
        return query_reset(&reading->prior); /* of earlier periods, and done */
    }
    const char *prior_state = carried ? query_column_text(&reading->prior, 0) : NULL;
    enum lifecycle_state state = judge_entry(reading, prior_state, found, closed, verified);
    buffer_clear(&reading->evidence);
    buffer_append_text(&reading->evidence, verified != NULL ? verified : "");
    if (!finding_id(REGISTER_ORIGIN, item, "", id) || buffer_text(&reading->reason) == NULL ||
        buffer_text(&reading->evidence) == NULL) {
        return out_of_memory(reading);
    }
    bool was_remediated = prior_state != NULL && lifecycle_before(prior_state) == LIFECYCLE_WAS_REMEDIATED &&
                          state == LIFECYCLE_REMEDIATED;
    struct finding finding = {
        .id = id,
        .origin = REGISTER_ORIGIN,
        .control = known_control(reading, guard_text(entries, REGISTER_CONTROL)),
        .item = item,
        .severity =
            (severity != NULL && schema_severity(severity) >= 0) ? severity : schema_severity_names[SEVERITY_MEDIUM],
        .state = lifecycle_state_names[state],
        .reason = buffer_text(&reading->reason),
        .prior_state = prior_state,
        .text = text != NULL ? text : "",
        .owner = guard_text(entries, REGISTER_OWNER),
        .evidence = verified != NULL ? buffer_text(&reading->evidence) : NULL,
        .due = time_or_none(entries, REGISTER_DUE),
        .due_by = REGISTER_ORIGIN,
        .first_period = carried ? query_column_text(&reading->prior, 4) : frame->period,
        .found = found,
        .completed = closed,
        .closed = closed,
        .closed_period = was_remediated ? query_column_text(&reading->prior, 3) : frame->period,
    };
    if (finding.due == INT64_MIN) {
        finding.due = finding_due(frame->programme, finding.severity, found);
        finding.due_by = "severity";
    }
    bool done = finding_insert(frame, &finding);
    done = query_reset(&reading->control) && done;
    return query_reset(&reading->prior) && done;
}

static bool insert_entries(struct reading *reading, struct guard *guard, const struct view *view) {
    const struct value as_of = {.kind = VALUE_INTEGER, .integer = reading->frame->as_of};
    enum guard_step step = GUARD_FAILED;

    reading->entries = guard_prepare(guard, sql_register_read, &view->place);
    if (reading->entries == NULL || !guard_bind(reading->entries, "as_of", &as_of)) {
        return false;
    }
    for (step = guard_step(reading->entries); step == GUARD_ROW; step = guard_step(reading->entries)) {
        if (!insert_entry(reading)) {
            return false;
        }
    }
    return step == GUARD_DONE;
}

/* What nobody speaks of any more is not remediated by that. */
static bool insert_missing(struct reading *reading, sqlite3 *connection) {
    struct query missing = {0};
    bool done = query_open(&missing, connection, "register_missing", sql_register_missing, reading->diagnostics);

    while (done && query_step(&missing)) {
        char id[FINDING_ID_BYTES];
        const char *prior_state = query_column_text(&missing, 8);
        bool remediated = lifecycle_before(prior_state) == LIFECYCLE_WAS_REMEDIATED;
        const char *item = query_column_text(&missing, 0);
        if (!finding_id(REGISTER_ORIGIN, item, "", id)) {
            done = out_of_memory(reading);
            break;
        }
        const struct finding finding = {
            .id = id,
            .origin = REGISTER_ORIGIN,
            .control = query_column_text(&missing, 9),
            .item = item,
            .severity = query_column_text(&missing, 2),
            .state = lifecycle_state_names[remediated ? LIFECYCLE_REMEDIATED : LIFECYCLE_OPEN],
            .reason = remediated ? "remediated in an earlier period"
                                 : "no register of this period names it any more; nothing says what became of it",
            .prior_state = prior_state,
            .text = query_column_text(&missing, 1),
            .owner = query_column_text(&missing, 4),
            .evidence = query_column_text(&missing, 11),
            .due = query_column_null(&missing, 5) ? INT64_MIN : query_column_integer(&missing, 5),
            .due_by = REGISTER_ORIGIN,
            .first_period = query_column_text(&missing, 10),
            .found = query_column_integer(&missing, 3),
            .completed = INT64_MIN,
            .closed = query_column_null(&missing, 6) ? INT64_MIN : query_column_integer(&missing, 6),
            .closed_period = query_column_text(&missing, 7),
        };
        done = finding_insert(reading->frame, &finding);
    }
    return query_close(&missing) && done;
}

bool register_run(struct store *store, const char *store_path, const struct schema *schema, struct finding_frame *frame,
                  struct diagnostics *diagnostics) {
    sqlite3 *connection = store_connection(store);
    const struct view *view = schema_view(schema, SCHEMA_REGISTER);
    struct reading reading = {.frame = frame, .diagnostics = diagnostics};
    struct guard *guard = NULL;
    bool done = true;

    if (view != NULL) {
        guard = guard_open(store_path, frame->as_of, diagnostics);
        done = guard != NULL &&
               query_open(&reading.prior, connection, "register_prior", sql_register_prior, diagnostics) &&
               query_open(&reading.control, connection, "register_control", sql_register_control, diagnostics) &&
               insert_entries(&reading, guard, view);
        guard_query_free(reading.entries);
        guard_free(guard);
    }
    done = query_close(&reading.prior) && done;
    done = query_close(&reading.control) && done;
    buffer_free(&reading.reason);
    buffer_free(&reading.evidence);
    return done && insert_missing(&reading, connection);
}
