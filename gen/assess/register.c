#include "assess/register.h"

#include "assess/finding.sql.h"
#include "assess/lifecycle.h"
#include "base/limits.h"
#include "store/guard.h"

#include <inttypes.h>
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
    struct query path;    /* register_path */
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

/* One finding, from the evidence or declared. Texts last until the next one is read. */
struct entry {
    const char *item;
    const char *text;
    const char *severity;
    const char *control;
    const char *owner;
    const char *verified;
    int64_t found;
    int64_t due;
    int64_t closed;
    const char *said_by; /* "the register" or "the programme" */
};

/* What is said of it now, beside what was known of it before. */
static enum lifecycle_state judge_entry(struct reading *reading, const char *prior_state, const struct entry *entry) {
    const struct finding_frame *frame = reading->frame;
    struct buffer *reason = &reading->reason;
    char date[DATETIME_ISO_BYTES];

    buffer_clear(reason);
    if (entry->closed != INT64_MIN && entry->closed <= frame->as_of) {
        datetime_date(entry->closed, date);
        if (entry->verified != NULL) {
            buffer_format(reason, "closed on %s and verified by %s, as %s states", date, entry->verified,
                          entry->said_by);
            return LIFECYCLE_REMEDIATED;
        }
        buffer_format(reason, "%s states that it was closed on %s, and nobody verified it", entry->said_by, date);
    } else {
        buffer_format(reason, "open in %s", entry->said_by);
    }
    if (prior_state != NULL) {
        return lifecycle_before(prior_state) == LIFECYCLE_WAS_REMEDIATED ? LIFECYCLE_REOPENED : LIFECYCLE_OPEN;
    }
    return entry->found >= frame->span.from ? LIFECYCLE_NEW : LIFECYCLE_OPEN;
}

static const char *known_control(struct reading *reading, const char *control) {
    query_text(&reading->control, 1, control);
    return control != NULL && query_step(&reading->control) ? query_column_text(&reading->control, 0) : NULL;
}

static bool insert_entry(struct reading *reading, const struct entry *entry) {
    struct finding_frame *frame = reading->frame;
    char id[FINDING_ID_BYTES];

    query_text(&reading->prior, 1, entry->item);
    bool carried = query_step(&reading->prior);
    if (!carried && entry->closed != INT64_MIN && entry->closed < frame->span.from && entry->verified != NULL) {
        return query_reset(&reading->prior); /* of earlier periods, and done */
    }
    const char *prior_state = carried ? query_column_text(&reading->prior, 0) : NULL;
    enum lifecycle_state state = judge_entry(reading, prior_state, entry);
    buffer_clear(&reading->evidence);
    buffer_append_text(&reading->evidence, entry->verified != NULL ? entry->verified : "");
    if (!finding_id(REGISTER_ORIGIN, entry->item, "", id) || buffer_text(&reading->reason) == NULL ||
        buffer_text(&reading->evidence) == NULL) {
        return out_of_memory(reading);
    }
    bool was_remediated = prior_state != NULL && lifecycle_before(prior_state) == LIFECYCLE_WAS_REMEDIATED &&
                          state == LIFECYCLE_REMEDIATED;
    bool graded = entry->severity != NULL && schema_severity(entry->severity) >= 0;
    struct finding finding = {
        .id = id,
        .origin = REGISTER_ORIGIN,
        .control = known_control(reading, entry->control),
        .item = entry->item,
        .severity = graded ? entry->severity : schema_severity_names[SEVERITY_MEDIUM],
        .state = lifecycle_state_names[state],
        .reason = buffer_text(&reading->reason),
        .prior_state = prior_state,
        .text = entry->text != NULL ? entry->text : "",
        .owner = entry->owner,
        .evidence = entry->verified != NULL ? buffer_text(&reading->evidence) : NULL,
        .due = entry->due,
        .due_by = REGISTER_ORIGIN,
        .first_period = carried ? query_column_text(&reading->prior, 4) : frame->period,
        .found = entry->found,
        .completed = entry->closed,
        .closed = entry->closed,
        .closed_period = was_remediated ? query_column_text(&reading->prior, 3) : frame->period,
    };
    if (finding.due == INT64_MIN) {
        finding.due = finding_due(frame->programme, finding.severity, entry->found);
        finding.due_by = "severity";
    }
    bool done = finding_insert(frame, &finding);
    done = query_reset(&reading->control) && done;
    return query_reset(&reading->prior) && done;
}

/* Two findings under one id could not be told apart; the register's record is named with its place. */
static bool check_declared(struct reading *reading, const char *item, int64_t ref) {
    const struct programme *programme = reading->frame->programme;

    for (size_t i = 0; programme != NULL && i < programme->finding_count; i++) {
        const struct programme_finding *declared = &programme->findings[i];
        if (strcasecmp(declared->id, item) != 0 || declared->opened > reading->frame->as_of) {
            continue;
        }
        query_integer(&reading->path, 1, STORE_REF_EVIDENCE(ref));
        const char *path = query_step(&reading->path) ? query_column_text(&reading->path, 0) : NULL;
        diagnostics_report(reading->diagnostics, DIAGNOSTIC_DUPLICATE_ID, &declared->place,
                           "the finding '%.80s' stands in the register too (%s, row E%" PRId64 ".%" PRId64
                           "); remove it here, or give it an id of its own",
                           declared->id, path != NULL ? path : "a file that is not known", STORE_REF_EVIDENCE(ref),
                           STORE_REF_ORDINAL(ref));
        return query_reset(&reading->path) && false;
    }
    return true;
}

static bool read_entry(struct reading *reading) {
    struct guard_query *entries = reading->entries;
    const struct entry entry = {
        .item = guard_text(entries, REGISTER_FINDING),
        .text = guard_text(entries, REGISTER_TEXT),
        .severity = guard_text(entries, REGISTER_SEVERITY),
        .control = guard_text(entries, REGISTER_CONTROL),
        .owner = guard_text(entries, REGISTER_OWNER),
        .verified = guard_text(entries, REGISTER_VERIFIED),
        .found = guard_integer(entries, REGISTER_FOUND),
        .due = time_or_none(entries, REGISTER_DUE),
        .closed = time_or_none(entries, REGISTER_CLOSED),
        .said_by = "the register",
    };

    if (entry.item == NULL || strlen(entry.item) > LIMIT_ITEM_BYTES) {
        return true; /* no id that could be followed: the record itself is a fault that the evidence shows */
    }
    return check_declared(reading, entry.item, guard_integer(entries, REGISTER_REF)) && insert_entry(reading, &entry);
}

/* Those that the programme declares and that were known on the day of the assessment. */
static bool insert_declared(struct reading *reading) {
    const struct programme *programme = reading->frame->programme;
    bool done = true;

    for (size_t i = 0; done && programme != NULL && i < programme->finding_count; i++) {
        const struct programme_finding *declared = &programme->findings[i];
        const struct entry entry = {
            .item = declared->id,
            .text = declared->text,
            .severity = schema_severity_names[declared->severity],
            .control = declared->control,
            .owner = declared->owner,
            .verified = declared->verified_by,
            .found = declared->opened,
            .due = declared->due,
            .closed = declared->closed,
            .said_by = "the programme",
        };
        done = declared->opened > reading->frame->as_of || insert_entry(reading, &entry);
    }
    return done;
}

static bool insert_entries(struct reading *reading, struct guard *guard, const struct view *view) {
    const struct value as_of = {.kind = VALUE_INTEGER, .integer = reading->frame->as_of};
    enum guard_step step = GUARD_FAILED;

    reading->entries = guard_prepare(guard, sql_register_read, &view->place);
    if (reading->entries == NULL || !guard_bind(reading->entries, "as_of", &as_of)) {
        return false;
    }
    for (step = guard_step(reading->entries); step == GUARD_ROW; step = guard_step(reading->entries)) {
        if (!read_entry(reading)) {
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

bool register_run(struct store *store, struct guard *guard, const struct schema *schema, struct finding_frame *frame,
                  struct diagnostics *diagnostics) {
    sqlite3 *connection = store_connection(store);
    const struct view *view = schema_view(schema, SCHEMA_REGISTER);
    struct reading reading = {.frame = frame, .diagnostics = diagnostics};
    bool done = query_open(&reading.prior, connection, "register_prior", sql_register_prior, diagnostics) &&
                query_open(&reading.control, connection, "register_control", sql_register_control, diagnostics) &&
                query_open(&reading.path, connection, "register_path", sql_register_path, diagnostics);

    if (done && view != NULL) {
        done = insert_entries(&reading, guard, view);
        guard_query_free(reading.entries);
    }
    done = done && insert_declared(&reading);
    done = query_close(&reading.prior) && done;
    done = query_close(&reading.control) && done;
    done = query_close(&reading.path) && done;
    buffer_free(&reading.reason);
    buffer_free(&reading.evidence);
    return done && insert_missing(&reading, connection);
}
