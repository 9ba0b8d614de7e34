#include "store/describe.h"

#include "store/describe.sql.h"
#include "store/query.h"

#include <inttypes.h>
#include <stdio.h>

#define DAY_SECONDS 86400
#define TEXT_BYTES  32

static bool describe_meta(const struct describe *describe) {
    const struct programme *programme = describe->programme;
    const struct store_options *options = describe->options;
    const struct span *span = &options->span;
    int64_t last = span->until - 1;
    int64_t through = options->as_of < last ? options->as_of : last;
    char from_date[DATETIME_ISO_BYTES];
    char last_date[DATETIME_ISO_BYTES];
    char through_date[DATETIME_ISO_BYTES];
    char as_of[DATETIME_ISO_BYTES];
    char from_seconds[TEXT_BYTES];
    char until_seconds[TEXT_BYTES];
    char as_of_seconds[TEXT_BYTES];
    char format[TEXT_BYTES];
    datetime_date(span->from, from_date);
    datetime_date(last, last_date);
    datetime_date(through, through_date);
    datetime_iso(options->as_of, as_of);
    snprintf(from_seconds, sizeof from_seconds, "%" PRId64, span->from);
    snprintf(until_seconds, sizeof until_seconds, "%" PRId64, span->until);
    snprintf(as_of_seconds, sizeof as_of_seconds, "%" PRId64, options->as_of);
    snprintf(format, sizeof format, "%d", STORE_FORMAT);
    const struct {
        const char *key;
        const char *value; /* NULL: left out */
    } meta[] = {
        {"organisation", programme->organisation},
        {"organisation_slug", programme->organisation_slug},
        {"system", programme->system},
        {"description", programme->description},
        {"contact", programme->contact},
        {"report_type", programme->type_one ? "I" : "II"},
        {"period", options->period},
        {"period_from", from_date},
        {"period_until", last_date}, /* its last day */
        {"period_from_seconds", from_seconds},
        {"period_until_seconds", until_seconds}, /* the first second after it */
        {"through", through_date},
        {"complete", options->as_of < last ? "0" : "1"}, /* whether as_of has reached the period's end */
        {"as_of", as_of},
        {"as_of_seconds", as_of_seconds},
        {"profile", options->profile},
        {"version", options->version},
        {"store_format", format},
        {"signing_development", programme->signing_development ? "1" : "0"},
    };
    struct query insert;
    bool done = query_open(&insert, describe->connection, "insert_meta", sql_insert_meta, describe->diagnostics);
    for (size_t i = 0; done && i < sizeof meta / sizeof meta[0]; i++) {
        if (meta[i].value != NULL) {
            query_text(&insert, 1, meta[i].key);
            query_text(&insert, 2, meta[i].value);
            done = query_run(&insert);
        }
    }
    return query_close(&insert);
}

static bool describe_scope(const struct describe *describe) {
    const struct programme *programme = describe->programme;
    struct query insert;
    bool done = query_open(&insert, describe->connection, "insert_scope", sql_insert_scope, describe->diagnostics);
    for (size_t i = 0; done && i < programme->scope_count; i++) {
        query_text(&insert, 1, programme->scope[i].name);
        query_text(&insert, 2, programme->scope[i].kind);
        query_text(&insert, 3, programme->scope[i].description);
        query_integer(&insert, 4, (int64_t)i);
        done = query_run(&insert);
    }
    return query_close(&insert);
}

static bool describe_commitments(const struct describe *describe) {
    const struct programme *programme = describe->programme;
    struct query insert;
    bool done =
        query_open(&insert, describe->connection, "insert_commitment", sql_insert_commitment, describe->diagnostics);
    for (size_t i = 0; done && i < programme->commitment_count; i++) {
        query_text(&insert, 1, programme->commitments[i].id);
        query_text(&insert, 2, programme->commitments[i].text);
        query_integer(&insert, 3, (int64_t)i);
        done = query_run(&insert);
    }
    return query_close(&insert);
}

static bool describe_identities(const struct describe *describe) {
    const struct programme *programme = describe->programme;
    struct query insert;
    bool done =
        query_open(&insert, describe->connection, "insert_identity", sql_insert_identity, describe->diagnostics);
    for (size_t i = 0; done && i < programme->person_count; i++) {
        for (size_t k = 0; done && k < programme->people[i].logins.count; k++) {
            query_text(&insert, 1, programme->people[i].logins.items[k]);
            query_text(&insert, 2, programme->people[i].id);
            done = query_run(&insert);
        }
    }
    return query_close(&insert);
}

/* One row for each type that the kind gives; a type may be empty when every rule that makes it may. */
static bool describe_source_types(struct query *insert, const char *source, const struct schema *schema,
                                  const struct kind *kind) {
    for (size_t i = 0; i < schema->type_count; i++) {
        bool used = false;
        bool may_be_empty = true;
        for (size_t k = 0; k < kind->rule_count; k++) {
            if (kind->rules[k].type == i) {
                used = true;
                may_be_empty = may_be_empty && kind->rules[k].may_be_empty;
            }
        }
        if (used) {
            query_text(insert, 1, source);
            query_text(insert, 2, schema->types[i].id);
            query_integer(insert, 3, may_be_empty);
            if (!query_run(insert)) {
                return false;
            }
        }
    }
    return true;
}

static bool describe_source(struct query *insert, const struct programme_source *source, const struct kind *kind,
                            int64_t position) {
    query_text(insert, 1, source->id);
    query_text(insert, 2, kind->id);
    query_text(insert, 3, kind->title);
    query_text(insert, 4, kind->vendor);
    query_text(insert, 5, kind->produced_by);
    query_text(insert, 6, source->path);
    query_text(insert, 7, source->system);
    query_text(insert, 8, source->query);
    query_text(insert, 9, source->collected_by);
    query_integer_or_null(insert, 10, source->zone, source->zone != DATETIME_ZONE_UNDECLARED);
    query_integer_or_null(insert, 11, source->from, source->from != INT64_MIN);
    query_integer_or_null(insert, 12, source->until, source->until != INT64_MAX);
    query_text(insert, 13, source->empty_reason);
    query_real(insert, 14, source->tolerated_invalid);
    query_text(insert, 15, source->tolerance_reason);
    query_integer_or_null(insert, 16, source->silence, source->silence > 0);
    query_text(insert, 17, source->sequence);
    query_integer(insert, 18, position);
    return query_run(insert);
}

static bool describe_sources(const struct describe *describe) {
    const struct programme *programme = describe->programme;
    struct query insert = {0};
    struct query types = {0};
    bool done =
        query_open(&insert, describe->connection, "insert_source", sql_insert_source, describe->diagnostics) &&
        query_open(&types, describe->connection, "insert_source_type", sql_insert_source_type, describe->diagnostics);
    for (size_t i = 0; done && i < programme->source_count; i++) {
        const struct programme_source *source = &programme->sources[i];
        const struct kind *kind = &describe->schema->kinds[source->kind];
        done = describe_source(&insert, source, kind, (int64_t)i) &&
               describe_source_types(&types, source->id, describe->schema, kind);
    }
    done = query_close(&insert) && done;
    return query_close(&types) && done;
}

static bool describe_waivers(const struct describe *describe) {
    const struct programme *programme = describe->programme;
    struct query insert;
    bool done = query_open(&insert, describe->connection, "insert_waiver", sql_insert_waiver, describe->diagnostics);
    for (size_t i = 0; done && i < programme->waiver_count; i++) {
        const struct programme_waiver *waiver = &programme->waivers[i];
        query_text(&insert, 1, waiver->id);
        query_text(&insert, 2, waiver->test);
        query_text(&insert, 3, waiver->item);
        query_text(&insert, 4, waiver->reason);
        query_text(&insert, 5, waiver->approver);
        query_integer(&insert, 6, waiver->approved);
        query_integer(&insert, 7, waiver->expires);
        /* It holds from the day of its approval through the day that it names. */
        query_integer(&insert, 8,
                      describe->options->as_of - DAY_SECONDS >= waiver->expires ||
                          waiver->approved > describe->options->as_of);
        done = query_run(&insert);
    }
    return query_close(&insert);
}

/* An event of the day after the period's last one is the first that can be subsequent. */
static const char *event_standing(const struct store_options *options, int64_t date) {
    return date < options->span.until ? "in the period" : date <= options->as_of ? "subsequent" : "after the report";
}

static bool describe_events(const struct describe *describe) {
    const struct programme *programme = describe->programme;
    struct query insert;
    bool done = query_open(&insert, describe->connection, "insert_event", sql_insert_event, describe->diagnostics);
    for (size_t i = 0; done && i < programme->event_count; i++) {
        const struct programme_event *event = &programme->events[i];
        query_integer(&insert, 1, (int64_t)i);
        query_integer(&insert, 2, event->date);
        query_text(&insert, 3, event->text);
        query_text(&insert, 4, event->effect);
        query_integer(&insert, 5, event->material);
        query_text(&insert, 6, event_standing(describe->options, event->date));
        done = query_run(&insert);
    }
    return query_close(&insert);
}

bool describe_programme(const struct describe *describe) {
    return describe_meta(describe) && describe_scope(describe) && describe_commitments(describe) &&
           describe_identities(describe) && describe_sources(describe) && describe_waivers(describe) &&
           describe_events(describe);
}
