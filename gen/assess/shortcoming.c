#include "assess/shortcoming.h"

#include "assess/shortcoming.sql.h"
#include "assess/unknown.h"
#include "store/query.h"
#include "store/tables.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define DATES_SHOWN 60 /* bytes of dates in one reason */

struct shortcoming {
    sqlite3 *connection;
    int64_t period_until;
    const struct schema *schema;
    struct diagnostics *diagnostics;
    struct query insert_type;
    struct query insert_column;
    struct query sources;
    struct query occurrences;
    struct query expected;
    struct query behind;
    struct query exports;
    struct query earlier;
    struct query records;
    struct query sequences;
    struct unknown *unknown;
};

static bool open_queries(struct shortcoming *s) {
    const struct query_statement all[] = {
        {&s->insert_type, "shortcoming_insert_type", sql_shortcoming_insert_type},
        {&s->insert_column, "shortcoming_insert_column", sql_shortcoming_insert_column},
        {&s->sources, "shortcoming_sources", sql_shortcoming_sources},
        {&s->occurrences, "shortcoming_occurrences", sql_shortcoming_occurrences},
        {&s->expected, "shortcoming_expected", sql_shortcoming_expected},
        {&s->behind, "shortcoming_behind", sql_shortcoming_behind},
        {&s->exports, "shortcoming_exports", sql_shortcoming_exports},
        {&s->earlier, "shortcoming_earlier", sql_shortcoming_earlier},
        {&s->records, "shortcoming_records", sql_shortcoming_records},
        {&s->sequences, "shortcoming_sequences", sql_shortcoming_sequences},
    };

    return query_open_all(all, sizeof all / sizeof all[0], s->connection, s->diagnostics);
}

struct shortcoming *shortcoming_open(struct store *store, const struct schema *schema,
                                     struct diagnostics *diagnostics) {
    struct shortcoming *s = calloc(1, sizeof *s);

    if (s == NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to look for shortcomings of the evidence");
        return NULL;
    }
    s->connection = store_connection(store);
    s->period_until = store_options(store)->span.until;
    s->schema = schema;
    s->diagnostics = diagnostics;
    s->unknown = unknown_new(store, schema, diagnostics);
    if (s->unknown == NULL || !open_queries(s)) {
        shortcoming_free(s);
        return NULL;
    }
    return s;
}

void shortcoming_free(struct shortcoming *s) {
    if (s == NULL) {
        return;
    }
    query_close(&s->insert_type);
    query_close(&s->insert_column);
    query_close(&s->sources);
    query_close(&s->occurrences);
    query_close(&s->expected);
    query_close(&s->behind);
    query_close(&s->exports);
    query_close(&s->earlier);
    query_close(&s->records);
    query_close(&s->sequences);
    unknown_free(s->unknown);
    free(s);
}

/* What is not due before the period is over: nothing is wrong, and nothing is shown. */
static bool find_behind(struct shortcoming *s, const struct control *control, const char *type,
                        struct verdict_states *states, bool *awaited) {
    *awaited = false;
    query_text(&s->behind, 1, control->id);
    query_text(&s->behind, 2, type);
    query_integer(&s->behind, 3, s->period_until);
    while (query_step(&s->behind)) {
        *awaited = true;
        verdict_add(states, VERDICT_PENDING, "%s: no export of %s tells of the period yet; the %s is due by %s",
                    query_column_text(&s->behind, 0), type, query_column_text(&s->behind, 1),
                    query_column_text(&s->behind, 2));
    }
    return query_reset(&s->behind);
}

/* Missing, late and unusable exports of every source of a type. */
static bool find_coverage(struct shortcoming *s, const struct control *control, const char *type,
                          struct verdict_states *states, bool *sourced) {
    query_text(&s->sources, 1, type);
    bool declared = query_step(&s->sources) && query_column_integer(&s->sources, 0) > 0;
    if (!query_reset(&s->sources)) {
        return false;
    }
    if (!declared) {
        *sourced = false;
        verdict_add(states, VERDICT_INSUFFICIENT, "no source is declared for %s", type);
        return true;
    }
    query_text(&s->expected, 1, control->id);
    query_text(&s->expected, 2, type);
    bool stepped = query_step(&s->expected);
    bool expected = stepped && query_column_integer(&s->expected, 0) > 0;
    bool all_met = stepped && query_column_integer(&s->expected, 1) == 0;
    if (!query_reset(&s->expected)) {
        return false;
    }
    if (!expected) {
        *sourced = false;
        verdict_add(states, VERDICT_INSUFFICIENT, "no source of %s was in force in the period", type);
        return true;
    }
    query_text(&s->exports, 1, type);
    bool any = query_step(&s->exports) && query_column_integer(&s->exports, 0) != 0;
    if (!query_reset(&s->exports)) {
        return false;
    }
    *sourced = *sourced && any;
    bool awaited = false;
    if (!find_behind(s, control, type, states, &awaited)) {
        return false;
    }
    if (all_met && !any && !awaited) { /* all of it is still to come: it shows nothing yet, and no zero either */
        verdict_add(states, VERDICT_INSUFFICIENT, "no export of %s is there yet", type);
    }
    if (all_met) {
        return true;
    }
    query_text(&s->occurrences, 1, control->id);
    query_text(&s->occurrences, 2, type);
    while (query_step(&s->occurrences)) {
        const char *dates = query_column_text(&s->occurrences, 4);
        size_t shown = dates != NULL ? strlen(dates) : 0;
        bool cut = shown > DATES_SHOWN;
        verdict_add(states, VERDICT_INSUFFICIENT,
                    "%s: %" PRId64 " of %" PRId64 " %s exports of %s %s (due from %.*s%s)",
                    query_column_text(&s->occurrences, 0), query_column_integer(&s->occurrences, 2),
                    query_column_integer(&s->occurrences, 3), query_column_text(&s->occurrences, 5), type,
                    query_column_text(&s->occurrences, 1), cut ? DATES_SHOWN - 2 : (int)shown,
                    dates != NULL ? dates : "", cut ? " and more" : "");
    }
    return query_reset(&s->occurrences);
}

/* Records that are invalid (unknown values included), duplicate or unreadable, beyond disposition and tolerance. */
static bool find_records(struct shortcoming *s, const char *type, struct verdict_states *states) {
    query_text(&s->records, 1, type);
    while (query_step(&s->records)) {
        int64_t invalid = query_column_integer(&s->records, 1);
        int64_t duplicates = query_column_integer(&s->records, 2);
        int64_t rejected = query_column_integer(&s->records, 3);
        int64_t faults = invalid + duplicates + rejected - query_column_integer(&s->records, 4);
        double allowed = query_column_real(&s->records, 6) * (double)query_column_integer(&s->records, 5);
        if ((double)faults > allowed) {
            verdict_add(states, VERDICT_INSUFFICIENT,
                        "%s: %" PRId64 " invalid, %" PRId64 " duplicate and %" PRId64
                        " unreadable records of %s, not all dispositioned or tolerated",
                        query_column_text(&s->records, 0), invalid, duplicates, rejected, type);
        }
    }
    return query_reset(&s->records);
}

/* Numbers that are missing from a sequence: the records behind them are in no population. */
static bool find_sequences(struct shortcoming *s, const char *type, struct verdict_states *states) {
    query_text(&s->sequences, 1, type);
    while (query_step(&s->sequences)) {
        const char *source = query_column_text(&s->sequences, 0);
        const char *name = query_column_text(&s->sequences, 1);
        int64_t missing = query_column_integer(&s->sequences, 2);
        if (missing > 0) {
            verdict_add(states, VERDICT_INSUFFICIENT, "%s: %" PRId64 " number%s of %s %s missing (%s)", source, missing,
                        missing == 1 ? "" : "s", name, missing == 1 ? "is" : "are",
                        query_column_text(&s->sequences, 3));
        } else if (query_column_integer(&s->sequences, 4) != 0) {
            verdict_add(states, VERDICT_INSUFFICIENT,
                        "%s: %s is declared as numbered without gaps, and hardly a number follows another", source,
                        name);
        } else {
            verdict_add(states, VERDICT_INSUFFICIENT,
                        "%s: %" PRId64 " of %" PRId64 " values of %s are no numbers, more than is tolerated", source,
                        query_column_integer(&s->sequences, 5), query_column_integer(&s->sequences, 6), name);
        }
    }
    return query_reset(&s->sequences);
}

static bool find_unknown_column(struct shortcoming *s, const struct test *test, size_t type, const char *name,
                                struct verdict_states *states) {
    const struct evidence_type *evidence_type = &s->schema->types[type];
    size_t column = schema_column(evidence_type, name);

    if (column == SIZE_MAX) {
        return true; /* a generated column: ref, snapshot, ... */
    }
    query_text(&s->insert_column, 1, test->id);
    query_text(&s->insert_column, 2, evidence_type->id);
    query_text(&s->insert_column, 3, name);
    if (!query_run(&s->insert_column)) {
        return false;
    }
    if (evidence_type->columns[column].null_meaning != NULL) {
        return true;
    }
    int64_t nulls = unknown_rows(s->unknown, type, column);
    if (nulls > 0) {
        verdict_add(states, VERDICT_INSUFFICIENT, "%s.%s is unknown in %" PRId64 " record%s", evidence_type->id, name,
                    nulls, nulls == 1 ? "" : "s");
    }
    return true;
}

static bool find_type(struct shortcoming *s, const struct control *control, const struct test *test, size_t type,
                      struct verdict_states *states, bool *sourced) {
    const char *id = s->schema->types[type].id;

    query_text(&s->insert_type, 1, test->id);
    query_text(&s->insert_type, 2, id);
    return query_run(&s->insert_type) && find_coverage(s, control, id, states, sourced) &&
           find_records(s, id, states) && find_sequences(s, id, states);
}

bool shortcoming_count(struct shortcoming *s, struct guard *guard, const struct guard_query *query) {
    return unknown_count(s->unknown, guard, query);
}

bool shortcoming_find(struct shortcoming *s, const struct control *control, const struct test *test,
                      const struct guard_query *query, struct verdict_states *states, bool *sourced) {
    size_t count = 0;
    const struct guard_read *reads = guard_reads(query, &count);
    size_t last = SIZE_MAX;

    *sourced = true;
    /* Reads are sorted by table, so that all columns of a type stand together. */
    for (size_t i = 0; i < count; i++) {
        size_t type = tables_type(s->schema, reads[i].table);
        if (type == SIZE_MAX) {
            continue;
        }
        if (type != last) {
            last = type;
            if (!find_type(s, control, test, type, states, sourced)) {
                return false;
            }
        }
        if (!find_unknown_column(s, test, type, reads[i].column, states)) {
            return false;
        }
    }
    return !states->failed;
}

bool shortcoming_coverage(struct shortcoming *s, const struct control *control, const char *type,
                          struct verdict_states *states) {
    bool sourced = true;
    return find_coverage(s, control, type, states, &sourced) && !states->failed;
}

/* An export from before the period does not prove that nothing happened in it. */
static bool find_earlier(struct shortcoming *s, const char *type, struct verdict_states *states) {
    query_text(&s->earlier, 1, type);
    if (query_step(&s->earlier) && query_column_integer(&s->earlier, 0) > 0) {
        verdict_add(states, VERDICT_INSUFFICIENT,
                    "the exports of %s are from before the period (the last from %s) and do not show that there was "
                    "nothing in it",
                    type, query_column_text(&s->earlier, 1));
    }
    return query_reset(&s->earlier);
}

/* Whether the query reads a type, so that what it lacks was found with the query's. */
static bool reads_type(const struct shortcoming *s, const struct guard_query *query, size_t type) {
    size_t count = 0;
    const struct guard_read *reads = guard_reads(query, &count);

    for (size_t i = 0; i < count; i++) {
        if (tables_type(s->schema, reads[i].table) == type) {
            return true;
        }
    }
    return false;
}

bool shortcoming_witness(struct shortcoming *s, const struct control *control, const struct test *test,
                         const struct guard_query *query, struct verdict_states *states) {
    bool sourced = true;
    for (size_t i = 0; i < test->witness.count; i++) {
        size_t type = schema_type(s->schema, test->witness.items[i]);
        if (type == SIZE_MAX || (!reads_type(s, query, type) && !find_type(s, control, test, type, states, &sourced)) ||
            !find_earlier(s, s->schema->types[type].id, states)) {
            return false;
        }
    }
    return !states->failed;
}
