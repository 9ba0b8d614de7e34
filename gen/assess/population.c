#include "assess/population.h"

#include "assess/population.sql.h"
#include "assess/subject.h"
#include "base/hash_set.h"
#include "base/limits.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define DETAIL_ROWS 20

struct columns {
    int ref;
    int item;
    int exception;
    int undetermined;
    int subject;
};

/* The text of a template, cut at a UTF-8 boundary where it passes LIMIT_ITEM_BYTES. */
static bool too_long(const char *text) {
    return strlen(text) > LIMIT_ITEM_BYTES;
}

bool population_digest(struct digest_sum *digest, struct digest *by, struct buffer *scratch, const char *item,
                       bool has_ref, int64_t ref) {
    buffer_clear(scratch);
    buffer_append(scratch, item, strlen(item) + 1);
    if (has_ref) {
        buffer_append_integer(scratch, ref);
    }
    return !scratch->failed && digest_sum_add(digest, by, scratch->data, scratch->length);
}

bool population_detail(const struct population_run *run, const char *item, struct buffer *out) {
    struct guard_query *detail = guard_prepare(run->guard, run->test->detail, &run->test->query_place);
    struct value bound = {.kind = VALUE_TEXT, .text = {item, strlen(item)}};
    bool done = false;

    if (detail == NULL || !bind_parameters(detail, run->values, run->test, "item", run->diagnostics) ||
        !guard_bind(detail, "item", &bound)) {
        goto end;
    }
    for (int row = 0;; row++) {
        enum guard_step step = guard_step(detail);
        if (step == GUARD_FAILED) {
            goto end;
        }
        if (step == GUARD_DONE) {
            break;
        }
        if (row == DETAIL_ROWS) {
            buffer_append_text(out, "and more\n");
            break;
        }
        for (int column = 0; column < guard_column_count(detail); column++) {
            const char *text = guard_text(detail, column);
            buffer_format(out, "%s%s=%s", column > 0 ? ", " : "", guard_column_name(detail, column),
                          text != NULL ? text : "unknown");
        }
        buffer_append_byte(out, '\n');
    }
    done = !out->failed;

end:
    guard_query_free(detail);
    return done;
}

/* An id that depends on the test and on the item's place in it, and not on when it was found. */
static int64_t exception_id(const struct population_run *run, uint64_t number) {
    return (run->position + 1) * POPULATION_IDS_EACH + (int64_t)number;
}

struct population_ids population_ids(const struct schema *schema, const char *test) {
    int64_t position = 0;

    for (size_t c = 0; c < schema->control_count; c++) {
        const struct control *control = &schema->controls[c];
        for (size_t t = 0; t < control->test_count; t++, position++) {
            if (strcmp(control->tests[t].id, test) == 0) {
                int64_t first = (position + 1) * POPULATION_IDS_EACH;
                return (struct population_ids){first, first + POPULATION_IDS_EACH};
            }
        }
    }
    return (struct population_ids){0};
}

bool population_execute(sqlite3 *connection, const char *name, const char *sql, struct diagnostics *diagnostics) {
    struct query query = {0};
    bool done = query_open(&query, connection, name, sql, diagnostics);

    query_integer(&query, 1, POPULATION_IDS_EACH);
    done = done && query_run(&query);
    return query_close(&query) && done;
}

static bool insert_exception(const struct population_run *run, int64_t id, const char *item, const char *state,
                             const char *text, bool has_ref, int64_t ref, const char *detail, const char *subject) {
    struct query *insert = run->insert_exception;

    query_integer(insert, 1, id);
    query_lend(insert, 2, run->test->id);
    query_lend(insert, 3, item);
    query_lend(insert, 4, state);
    query_lend(insert, 5, text);
    query_integer_or_null(insert, 6, ref, has_ref);
    query_lend(insert, 7, detail);
    query_lend(insert, 8, subject);
    return query_run(insert);
}

const char *population_reference(const char *column) {
    size_t length = strlen(POPULATION_REFERENCE);

    return strncmp(column, POPULATION_REFERENCE, length) == 0 ? column + length : NULL;
}

static bool insert_references(const struct population_run *run, struct guard_query *query, int64_t id) {
    for (int column = 0; column < guard_column_count(query); column++) {
        const char *name = guard_column_name(query, column);
        const char *to = population_reference(name);
        if (to == NULL || guard_is_null(query, column)) {
            continue;
        }
        query_integer(run->insert_reference, 1, id);
        query_lend(run->insert_reference, 2, to);
        query_integer(run->insert_reference, 3, guard_integer(query, column));
        if (!query_run(run->insert_reference)) {
            return false;
        }
    }
    return true;
}

bool population_keep(const struct population_run *run, uint64_t number, const char *item, const char *state,
                     const char *text, bool has_ref, int64_t ref) {
    struct buffer subject = {0};
    const char *about = subject_of(item, &subject);
    bool kept = about != NULL;

    if (kept) {
        pthread_mutex_lock(run->lock);
        kept = insert_exception(run, exception_id(run, number), item, state, text, has_ref, ref, NULL, about);
        pthread_mutex_unlock(run->lock);
    } else {
        diagnostics_report(run->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to test %s", run->test->id);
    }
    buffer_free(&subject);
    return kept;
}

static bool keep_exception(const struct population_run *run, struct guard_query *query, const struct columns *columns,
                           uint64_t number, const char *item, const char *state, const char *text,
                           const char *subject) {
    int64_t id = exception_id(run, number);
    struct buffer detail = {0};
    bool done = false;

    if (run->test->detail != NULL && !population_detail(run, item, &detail)) {
        goto end;
    }
    pthread_mutex_lock(run->lock);
    done = insert_exception(run, id, item, state, text, !guard_is_null(query, columns->ref),
                            guard_integer(query, columns->ref), detail.length > 0 ? buffer_text(&detail) : NULL,
                            subject) &&
           insert_references(run, query, id);
    pthread_mutex_unlock(run->lock);

end:
    buffer_free(&detail);
    return done;
}

static bool reads_calendar(const struct guard_query *query) {
    size_t count = 0;
    const struct guard_read *reads = guard_reads(query, &count);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(reads[i].table, "calendar") == 0 || strcmp(reads[i].table, "occurrence") == 0) {
            return true;
        }
    }
    return false;
}

void population_inner(const struct test *test, struct buffer *out) {
    buffer_append_text(out, test->query);
    while (out->length > 0 && strchr("; \t\r\n", out->data[out->length - 1]) != NULL) {
        out->data[--out->length] = '\0';
    }
}

bool population_repeated(const struct population_run *run, struct verdict_states *states) {
    struct buffer sql = {0};
    struct buffer query_text_only = {0};
    struct guard_query *repeated = NULL;
    bool done = false;

    population_inner(run->test, &query_text_only);
    const char *inner = buffer_text(&query_text_only);
    if (inner != NULL) {
        buffer_format(&sql, sql_population_repeated, inner);
    }
    const char *text = inner != NULL ? buffer_text(&sql) : NULL;
    if (text == NULL) {
        diagnostics_report(run->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to test %s", run->test->id);
        goto end;
    }
    repeated = guard_prepare(run->guard, text, &run->test->query_place);
    if (repeated == NULL || !bind_parameters(repeated, run->values, run->test, NULL, run->diagnostics)) {
        goto end;
    }
    enum guard_step step = guard_step(repeated);
    for (; step == GUARD_ROW; step = guard_step(repeated)) {
        const char *item = guard_text(repeated, 0);
        verdict_add(states, VERDICT_INSUFFICIENT, "the population lists \"%s\" %" PRId64 " times",
                    item != NULL ? item : "NULL", guard_integer(repeated, 1));
    }
    done = step == GUARD_DONE;

end:
    guard_query_free(repeated);
    buffer_free(&query_text_only);
    buffer_free(&sql);
    return done;
}

/* Whether the row rests on a record of an export from before the period, and of which day. */
static bool rests_on_earlier(const struct population_run *run, struct guard_query *query, const struct columns *columns,
                             int64_t *at) {
    for (int column = 0; column < guard_column_count(query); column++) {
        bool leads = column == columns->ref || population_reference(guard_column_name(query, column)) != NULL;
        if (leads && !guard_is_null(query, column) && earlier_holds(run->earlier, guard_integer(query, column), at)) {
            return true;
        }
    }
    return false;
}

/* What an export from before the period shows, with its day. NULL when memory is out. */
static const char *date_text(struct buffer *dated, const char *text, int64_t at) {
    char date[DATETIME_ISO_BYTES];

    datetime_date(at, date);
    buffer_clear(dated);
    buffer_format(dated, "%s (as exported on %s, before the period: whether it lasted into it is not known)", text,
                  date);
    return buffer_text(dated);
}

/*
 * Something that is missing (an exception without a record) is no deviation where the export that would tell of it is
 * not there: the time at the item's end says which one, and without one it is the period. `*text` then says so. False
 * when the system failed.
 */
static bool lacks_export(const struct population_run *run, const char *item, struct buffer *said, const char **text) {
    struct query *uncovered = run->uncovered;
    struct span time;

    if (uncovered == NULL) {
        return true;
    }
    if (!subject_time(item, &time)) {
        time = run->values->period;
    }
    pthread_mutex_lock(run->lock);
    query_text(uncovered, 1, run->test->id);
    query_text(uncovered, 2, run->values->control->id);
    query_integer(uncovered, 3, time.from);
    query_integer(uncovered, 4, time.until);
    if (query_step(uncovered)) {
        buffer_clear(said);
        buffer_format(said, "%s (no usable export of %s tells of all that time)", *text,
                      query_column_text(uncovered, 0));
        *text = buffer_text(said);
    }
    bool asked = query_reset(uncovered);
    pthread_mutex_unlock(run->lock);
    return asked && *text != NULL;
}

bool population_test(const struct population_run *run, struct guard_query *query, struct population_result *result,
                     struct verdict_states *states) {
    const struct columns columns = {guard_column(query, "ref"), guard_column(query, "item"),
                                    guard_column(query, "exception"), guard_column(query, "undetermined"),
                                    guard_column(query, "subject")};
    bool reference_may_lack = reads_calendar(query);
    uint64_t without_item = 0;
    uint64_t without_reference = 0;
    struct buffer scratch = {0};
    struct buffer about = {0};
    struct buffer dated = {0};
    bool carried = retest_concerns(run->retest, run->test->id);
    struct hash_set *items = hash_set_new(run->folder);
    struct digest *by = digest_new(); /* it is slower without */
    bool may_repeat = items == NULL;  /* until it is ruled out */
    enum guard_step step = GUARD_FAILED;
    bool done = false;

    *result = (struct population_result){0};
    if (!bind_parameters(query, run->values, run->test, NULL, run->diagnostics)) {
        goto end;
    }
    for (step = guard_step(query); step == GUARD_ROW; step = guard_step(query)) {
        const char *item = guard_text(query, columns.item);
        bool has_ref = !guard_is_null(query, columns.ref);
        const char *exception = guard_text(query, columns.exception);
        const char *undetermined = columns.undetermined >= 0 ? guard_text(query, columns.undetermined) : NULL;
        const char *text = exception != NULL ? exception : undetermined;
        exception = run->sourced ? exception : NULL;
        int64_t at;

        result->counts.population++;
        if (item == NULL || too_long(item) || (text != NULL && too_long(text))) {
            without_item++;
            continue;
        }
        may_repeat = may_repeat || !hash_set_add(items, hash_set_bytes(0, item, strlen(item)));
        if (!has_ref && !reference_may_lack) {
            without_reference++;
        }
        if (!population_digest(&result->digest, by, &scratch, item, has_ref, guard_integer(query, columns.ref))) {
            diagnostics_report(run->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to test %s", run->test->id);
            goto end;
        }
        if (text == NULL && !carried) {
            continue;
        }
        const char *subject = columns.subject >= 0 ? guard_text(query, columns.subject) : NULL;
        if (subject == NULL || *subject == '\0' || too_long(subject)) {
            subject = subject_of(item, &about);
        }
        if (subject == NULL) {
            diagnostics_report(run->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to test %s", run->test->id);
            goto end;
        }
        if (carried) {
            retest_see(run->retest, run->test->id, subject);
        }
        if (text == NULL) {
            continue;
        }
        if (exception != NULL && !has_ref) {
            const char *told = text;
            if (!lacks_export(run, item, &dated, &text)) {
                diagnostics_report(run->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to test %s", run->test->id);
                goto end;
            }
            exception = text == told ? exception : NULL;
        }
        if (exception != NULL && rests_on_earlier(run, query, &columns, &at)) {
            exception = NULL;
            text = date_text(&dated, text, at);
            if (text == NULL) {
                diagnostics_report(run->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to test %s", run->test->id);
                goto end;
            }
        }
        if (exception != NULL) {
            result->counts.exceptions++;
        } else {
            result->counts.undetermined++;
        }
        if (!keep_exception(run, query, &columns, result->counts.exceptions + result->counts.undetermined, item,
                            exception != NULL ? "exception" : "undetermined", text, subject)) {
            goto end;
        }
    }
    if (step == GUARD_FAILED) {
        goto end;
    }
    if (!may_repeat && !hash_set_repeats(items, &may_repeat)) {
        may_repeat = true;
    }
    if (may_repeat && !population_repeated(run, states)) {
        goto end;
    }
    if (without_item > 0) {
        verdict_add(states, VERDICT_INSUFFICIENT,
                    "%" PRIu64 " row%s of the population without an item, or with one over %d bytes", without_item,
                    without_item == 1 ? "" : "s", LIMIT_ITEM_BYTES);
    }
    if (without_reference > 0) {
        verdict_add(states, VERDICT_INSUFFICIENT, "%" PRIu64 " row%s of the population leading to no record",
                    without_reference, without_reference == 1 ? "" : "s");
    }
    done = !states->failed;

end:
    digest_free(by);
    hash_set_free(items);
    buffer_free(&dated);
    buffer_free(&about);
    buffer_free(&scratch);
    return done;
}
