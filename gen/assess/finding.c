#include "assess/finding.h"

#include "assess/finding.sql.h"
#include "assess/judge.sql.h"
#include "assess/lifecycle.h"
#include "assess/population.h"
#include "assess/register.h"
#include "assess/subject.h"
#include "base/digest.h"

#include <string.h>

#define DAY_SECONDS 86400

bool finding_id(const char *first, const char *second, const char *third, char out[FINDING_ID_BYTES]) {
    struct buffer name = {0};
    uint8_t digest[DIGEST_BYTES];
    char hex[DIGEST_HEX_BYTES];

    buffer_format(&name, "%s\n%s\n%s", first, second, third);
    bool done = !name.failed && digest_bytes(name.data, name.length, digest);
    buffer_free(&name);
    if (done) {
        digest_hex(digest, hex);
        memcpy(out, "F-", 2);
        memcpy(out + 2, hex, 10);
        out[12] = '\0';
    }
    return done;
}

int64_t finding_due(const struct programme *programme, const char *severity, int64_t found) {
    int weight = schema_severity(severity);

    return weight >= 0 && programme->deadlines.days[weight] >= 0
               ? datetime_day_start(found) + programme->deadlines.days[weight] * DAY_SECONDS
               : INT64_MIN;
}

bool finding_insert(struct finding_frame *frame, const struct finding *finding) {
    struct query *insert = &frame->insert;
    bool remediated = strcmp(finding->state, lifecycle_state_names[LIFECYCLE_REMEDIATED]) == 0;
    bool accepted = strcmp(finding->state, lifecycle_state_names[LIFECYCLE_ACCEPTED]) == 0;
    int64_t until = remediated && finding->closed != INT64_MIN ? finding->closed : frame->as_of;
    int64_t age =
        until > finding->found ? (datetime_day_start(until) - datetime_day_start(finding->found)) / DAY_SECONDS : 0;
    /* It is in time through the day it names. */
    bool overdue = !remediated && !accepted && finding->due != INT64_MIN && frame->as_of - DAY_SECONDS >= finding->due;
    const char *const texts[] = {finding->id,          finding->origin,   finding->control, finding->test,
                                 finding->item,        finding->severity, finding->state,   finding->reason,
                                 finding->prior_state, finding->text};
    const char *const more[] = {finding->source,   finding->waiver, finding->cause, finding->extent,
                                finding->response, finding->action, finding->owner, finding->evidence};

    for (int i = 0; i < 10; i++) {
        query_text(insert, i + 1, texts[i]);
    }
    query_integer_or_null(insert, 11, finding->exception, finding->exception != 0);
    query_integer(insert, 12, finding->occurrences);
    for (int i = 0; i < 8; i++) {
        query_text(insert, i + 13, more[i]);
    }
    query_integer_or_null(insert, 21, finding->due, finding->due != INT64_MIN);
    query_text(insert, 22, finding->due != INT64_MIN ? finding->due_by : NULL);
    query_text(insert, 23, finding->first_period);
    query_integer(insert, 24, finding->found);
    query_integer_or_null(insert, 25, finding->completed, finding->completed != INT64_MIN);
    query_integer_or_null(insert, 26, finding->closed, remediated && finding->closed != INT64_MIN);
    query_text(insert, 27, remediated ? finding->closed_period : NULL);
    query_integer(insert, 28, age);
    query_integer(insert, 29, overdue);
    return query_run(insert);
}

/* Whether a text that names an item, or its subject, means the subject. */
static bool names_subject(const char *item, const char *subject) {
    size_t length = strlen(subject);

    return strcmp(item, subject) == 0 || (subject_length(item) == length && strncmp(item, subject, length) == 0);
}

/* A response to the thing itself outweighs one to the whole test. */
static const struct programme_response *find_response(const struct programme *programme, const char *test,
                                                      const char *subject) {
    const struct programme_response *found = NULL;

    for (size_t i = 0; i < programme->response_count; i++) {
        const struct programme_response *response = &programme->responses[i];
        if (strcmp(response->test, test) != 0) {
            continue;
        }
        if (response->item != NULL && names_subject(response->item, subject)) {
            return response;
        }
        if (response->item == NULL) {
            found = response;
        }
    }
    return found;
}

/* The columns of finding_list. */
enum list_column {
    LIST_TEST,
    LIST_ITEM,
    LIST_CONTROL,
    LIST_SEVERITY,
    LIST_PRIOR_SEVERITY,
    LIST_EXCEPTIONS,
    LIST_WAIVED,
    LIST_UNDETERMINED,
    LIST_EXCEPTION,
    LIST_WAIVER,
    LIST_TEXT,
    LIST_SOURCE,
    LIST_TESTED,
    LIST_GAPS,
    LIST_SAME,
    LIST_POPULATION,
    LIST_SEEN,
    LIST_OTHER,
    LIST_STANDING,
    LIST_SOURCE_THERE,
    LIST_STATE,
    LIST_PRIOR_TEXT,
    LIST_PRIOR_SOURCE,
    LIST_OWNER,
    LIST_DUE,
    LIST_DUE_BY,
    LIST_FOUND,
    LIST_COMPLETED,
    LIST_CLOSED,
    LIST_CLOSED_PERIOD,
    LIST_CAUSE,
    LIST_EXTENT,
    LIST_RESPONSE,
    LIST_ACTION,
    LIST_FIRST_PERIOD,
    LIST_NAMED_CONTROL,
    LIST_DEVIATED_FROM /* the first day of the newest prior period in which it deviated */
};

struct findings {
    struct finding_frame frame;
    bool any_prior;
    struct query list;
    struct query waivers;
    struct buffer waiver; /* that is in force, of the finding at hand */
    struct buffer reason;
    struct diagnostics *diagnostics;
};

static int64_t time_or_none(struct query *query, int column) {
    return query_column_null(query, column) ? INT64_MIN : query_column_integer(query, column);
}

static const char *first_text(const char *first, const char *second) {
    return first != NULL ? first : second;
}

/* A waiver in force that names the thing, though it was not seen. NULL: none. */
static const char *find_waiver(struct findings *findings, const char *test, const char *subject) {
    const char *found = NULL;

    query_text(&findings->waivers, 1, test);
    while (found == NULL && query_step(&findings->waivers)) {
        const char *item = query_column_text(&findings->waivers, 1);
        if (item == NULL || names_subject(item, subject)) {
            buffer_clear(&findings->waiver);
            buffer_append_text(&findings->waiver, query_column_text(&findings->waivers, 0));
            found = buffer_text(&findings->waiver);
        }
    }
    (void)query_reset(&findings->waivers); /* a failure sticks, and is told when it is closed */
    return found;
}

/*
 * When it was remediated: when the action was completed, as management states and the retest bears out; not before the
 * finding was made. Without that statement all that is known is that it was so when the retest ended.
 */
static int64_t closing_time(const struct finding_frame *frame, int64_t found, int64_t completed) {
    if (completed == INT64_MIN) {
        return frame->through;
    }
    return completed > found ? completed : found;
}

/*
 * Whether a response names a day that was meant for the finding as it was before it was remediated and came back: from
 * then on it is due as its severity says, until a response names a day after that.
 */
static bool is_bygone(struct query *list, const struct finding *finding, bool carried, int64_t due) {
    const char *by = query_column_text(list, LIST_DUE_BY);

    if (strcmp(finding->state, lifecycle_state_names[LIFECYCLE_REOPENED]) == 0) {
        return due <= time_or_none(list, LIST_CLOSED);
    }
    return carried && by != NULL && strcmp(by, "severity") == 0 && due < finding->found;
}

/* What was made of it in this period: the dates that follow from its state. */
static void settle(struct findings *findings, struct finding *finding, enum lifecycle_before before,
                   enum lifecycle_state state, const struct programme_response *response) {
    const struct finding_frame *frame = &findings->frame;
    struct query *list = &findings->list;
    bool carried = before == LIFECYCLE_WAS_OPEN || before == LIFECYCLE_WAS_ACCEPTED ||
                   (before == LIFECYCLE_WAS_REMEDIATED && state == LIFECYCLE_REMEDIATED);

    finding->found = carried ? query_column_integer(list, LIST_FOUND) : frame->through;
    if (response != NULL && response->due != INT64_MIN && !is_bygone(list, finding, carried, response->due)) {
        finding->due = response->due;
        finding->due_by = "response";
    } else if (carried && !query_column_null(list, LIST_DUE)) {
        finding->due = query_column_integer(list, LIST_DUE);
        finding->due_by = query_column_text(list, LIST_DUE_BY);
    } else {
        finding->due = finding_due(frame->programme, finding->severity, finding->found);
        finding->due_by = "severity";
    }
    if (state != LIFECYCLE_REMEDIATED) {
        return;
    }
    if (before == LIFECYCLE_WAS_REMEDIATED) {
        finding->closed = time_or_none(list, LIST_CLOSED);
        finding->closed_period = query_column_text(list, LIST_CLOSED_PERIOD);
    } else {
        finding->closed = closing_time(frame, finding->found, finding->completed);
        finding->closed_period = frame->period;
    }
}

static bool insert_one(struct findings *findings) {
    const struct finding_frame *frame = &findings->frame;
    struct query *list = &findings->list;
    char id[FINDING_ID_BYTES];
    const char *test = query_column_text(list, LIST_TEST);
    const char *subject = query_column_text(list, LIST_ITEM);
    const char *prior_state = query_column_text(list, LIST_STATE);
    const struct programme_response *response = find_response(frame->programme, test, subject);
    int64_t completed =
        response != NULL && response->completed != INT64_MIN ? response->completed : time_or_none(list, LIST_COMPLETED);
    /* What was completed before a period in which it deviated all the same corrected nothing. */
    if (completed > frame->through || completed < time_or_none(list, LIST_DEVIATED_FROM)) {
        completed = INT64_MIN;
    }
    const struct lifecycle_facts facts = {
        .exceptions = query_column_integer(list, LIST_EXCEPTIONS),
        .waived = query_column_integer(list, LIST_WAIVED),
        .undetermined = query_column_integer(list, LIST_UNDETERMINED),
        .tested = query_column_integer(list, LIST_TESTED) != 0,
        .shortcomings = query_column_integer(list, LIST_GAPS),
        .same = query_column_integer(list, LIST_SAME) != 0,
        .population = query_column_integer(list, LIST_POPULATION),
        .seen = query_column_integer(list, LIST_SEEN),
        .other = query_column_integer(list, LIST_OTHER),
        .standing = query_column_integer(list, LIST_STANDING) != 0,
        .source_there = query_column_integer(list, LIST_SOURCE_THERE) != 0,
        .completed = completed != INT64_MIN,
    };
    enum lifecycle_before before = prior_state != NULL   ? lifecycle_before(prior_state)
                                   : findings->any_prior ? LIFECYCLE_ABSENT
                                                         : LIFECYCLE_UNKNOWN;
    enum lifecycle_outcome outcome = lifecycle_judge(&facts);
    const char *waiver =
        facts.exceptions > 0 ? query_column_text(list, LIST_WAIVER) : find_waiver(findings, test, subject);
    enum lifecycle_state state = lifecycle_next(before, outcome, waiver != NULL);

    buffer_clear(&findings->reason);
    lifecycle_reason(before, outcome, &facts, waiver != NULL, &findings->reason);
    if (!finding_id(first_text(query_column_text(list, LIST_NAMED_CONTROL), ""), test, subject, id) ||
        buffer_text(&findings->reason) == NULL) {
        diagnostics_report(findings->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the findings of test %s",
                           test);
        return false;
    }
    struct finding finding = {
        .id = id,
        .origin = "test",
        .control = query_column_text(list, LIST_CONTROL),
        .test = test,
        .item = subject,
        .severity = first_text(query_column_text(list, LIST_SEVERITY), query_column_text(list, LIST_PRIOR_SEVERITY)),
        .state = lifecycle_state_names[state],
        .reason = buffer_text(&findings->reason),
        .prior_state = prior_state,
        .text = first_text(query_column_text(list, LIST_TEXT), query_column_text(list, LIST_PRIOR_TEXT)),
        .exception = query_column_integer(list, LIST_EXCEPTION),
        .occurrences = facts.exceptions,
        .source = first_text(query_column_text(list, LIST_SOURCE), query_column_text(list, LIST_PRIOR_SOURCE)),
        .waiver = state == LIFECYCLE_ACCEPTED || facts.exceptions > 0 ? waiver : NULL,
        .cause = first_text(response != NULL ? response->cause : NULL, query_column_text(list, LIST_CAUSE)),
        .extent = first_text(response != NULL ? response->extent : NULL, query_column_text(list, LIST_EXTENT)),
        .response = first_text(response != NULL ? response->response : NULL, query_column_text(list, LIST_RESPONSE)),
        .action = first_text(response != NULL ? response->action : NULL, query_column_text(list, LIST_ACTION)),
        .owner = first_text(response != NULL ? response->owner : NULL, query_column_text(list, LIST_OWNER)),
        .due = INT64_MIN,
        .first_period = first_text(query_column_text(list, LIST_FIRST_PERIOD), frame->period),
        .completed = completed,
        .closed = INT64_MIN,
    };
    settle(findings, &finding, before, state, response);
    return finding_insert(&findings->frame, &finding);
}

static bool count_priors(struct findings *findings, sqlite3 *connection) {
    struct query query = {0};
    bool done = query_open(&query, connection, "finding_prior_count", sql_finding_prior_count, findings->diagnostics) &&
                query_step(&query);

    findings->any_prior = done && query_column_integer(&query, 0) > 0;
    return query_close(&query) && done;
}

static bool insert_findings(struct findings *findings, sqlite3 *connection) {
    struct diagnostics *diagnostics = findings->diagnostics;
    bool done = count_priors(findings, connection) &&
                query_open(&findings->list, connection, "finding_list", sql_finding_list, diagnostics) &&
                query_open(&findings->waivers, connection, "finding_waivers", sql_finding_waivers, diagnostics);

    if (done) {
        query_integer(&findings->list, 1, POPULATION_IDS_EACH);
    }
    while (done && query_step(&findings->list)) {
        done = insert_one(findings);
    }
    done = query_close(&findings->list) && done;
    done = query_close(&findings->waivers) && done;
    buffer_free(&findings->waiver);
    buffer_free(&findings->reason);
    return done;
}

/* A waiver that does nothing is said, since somebody may rely on it. */
static bool report_idle_waivers(sqlite3 *connection, const struct programme *programme,
                                struct diagnostics *diagnostics) {
    struct query idle = {0};

    if (!query_open(&idle, connection, "judge_idle_waivers", sql_judge_idle_waivers, diagnostics)) {
        return false;
    }
    while (query_step(&idle)) {
        const char *id = query_column_text(&idle, 0);
        const struct place *place = NULL;
        for (size_t i = 0; i < programme->waiver_count; i++) {
            if (strcmp(programme->waivers[i].id, id) == 0) {
                place = &programme->waivers[i].place;
            }
        }
        if (query_column_integer(&idle, 6) != 0) {
            diagnostics_report(
                diagnostics, DIAGNOSTIC_WAIVER_EXPIRED, place,
                "waiver %s was approved on %s, after the date of the assessment, and counts for nothing; "
                "assess as of a later day, or remediate",
                id, query_column_text(&idle, 5));
        } else if (query_column_integer(&idle, 2) != 0) {
            diagnostics_report(diagnostics, DIAGNOSTIC_WAIVER_EXPIRED, place,
                               "waiver %s expired on %s and counts for nothing; renew it or remediate", id,
                               query_column_text(&idle, 4));
        } else {
            diagnostics_report(diagnostics, DIAGNOSTIC_WAIVER_UNUSED, place,
                               "waiver %s matches no exception of test %s; check its item, or remove it", id,
                               query_column_text(&idle, 1));
        }
    }
    return query_close(&idle);
}

bool finding_run(struct store *store, struct guard *guard, const struct schema *schema,
                 const struct programme *programme, struct diagnostics *diagnostics) {
    sqlite3 *connection = store_connection(store);
    const struct store_options *options = store_options(store);
    struct findings findings = {
        .frame = {.as_of = options->as_of,
                  .through = options->as_of < options->span.until - 1 ? options->as_of : options->span.until - 1,
                  .period = options->period,
                  .span = options->span,
                  .programme = programme},
        .diagnostics = diagnostics,
    };
    bool done = population_execute(connection, "judge_match_waivers", sql_judge_match_waivers, diagnostics) &&
                population_execute(connection, "judge_count_waivers", sql_judge_count_waivers, diagnostics) &&
                report_idle_waivers(connection, programme, diagnostics) &&
                query_open(&findings.frame.insert, connection, "finding_insert", sql_finding_insert, diagnostics) &&
                insert_findings(&findings, connection) &&
                register_run(store, guard, schema, &findings.frame, diagnostics) &&
                population_execute(connection, "finding_exceptions", sql_finding_exceptions, diagnostics);

    return query_close(&findings.frame.insert) && done;
}
