#include "assess/coverage.h"

#include "assess/coverage.sql.h"
#include "base/buffer.h"
#include "store/load.h"
#include "store/query.h"
#include "store/tables.h"

#include <stdlib.h>
#include <string.h>

/* One requirement with one source of its type. */
struct pair {
    int64_t requirement;
    const char *control;
    const char *type;
    enum cadence cadence;
    int64_t grace;
    bool snapshots;
    const char *source;
    struct span range;
    struct span whole;   /* what evidence that is due once in the period is due once in */
    int64_t since;       /* nothing from before it counts */
    int64_t asked_since; /* since when source and control are in force */
    bool of_date;        /* a date is looked at, not a time */
    bool entire;         /* what is due behind the period is asked for in it all the same */
};

struct coverage_queries {
    struct query pairs;
    struct query exports;
    struct query insert_occurrence;
    struct query insert_coverage;
};

static enum cadence cadence_from_name(const char *name) {
    int cadence = schema_cadence(name);

    return cadence >= 0 ? (enum cadence)cadence : CADENCE_PERIOD;
}

static bool read_exports(struct query *query, const struct pair *pair, const struct store_options *options,
                         struct coverage_export **out, size_t *count) {
    struct coverage_export *exports = NULL;
    size_t capacity = 0;
    *count = 0;

    query_integer(query, 1, options->span.from);
    query_integer(query, 2, options->span.until);
    query_text(query, 3, pair->source);
    query_text(query, 4, pair->type);
    query_integer(query, 5, options->as_of);
    query_integer(query, 6, pair->snapshots);
    while (query_step(query)) {
        if (*count == capacity) {
            capacity = capacity == 0 ? 32 : capacity * 2;
            struct coverage_export *grown = reallocarray(exports, capacity, sizeof *grown);
            if (grown == NULL) {
                diagnostics_report(query->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the coverage of %s",
                                   pair->source);
                free(exports);
                return false;
            }
            exports = grown;
        }
        exports[(*count)++] = (struct coverage_export){
            .evidence = query_column_integer(query, 0),
            .effective_at = query_column_integer(query, 1),
            .span = {query_column_integer(query, 2), query_column_integer(query, 3)},
            .usable = query_column_integer(query, 4) != 0,
            .empty = query_column_integer(query, 5) != 0,
        };
    }
    *out = exports;
    if (!query_reset(query)) {
        free(exports);
        *out = NULL;
        return false;
    }
    return true;
}

static bool write_occurrences(struct coverage_queries *queries, const struct pair *pair,
                              const struct coverage_occurrence *occurrences, size_t count, int64_t longest_gap) {
    int64_t by_status[COVERAGE_FUTURE + 1] = {0};

    struct query *insert = &queries->insert_occurrence;
    for (size_t i = 0; i < count; i++) {
        const struct coverage_occurrence *occurrence = &occurrences[i];
        by_status[occurrence->status]++;
        query_integer(insert, 1, pair->requirement);
        query_text(insert, 2, pair->control);
        query_text(insert, 3, pair->type);
        query_text(insert, 4, pair->source);
        query_integer(insert, 5, occurrence->due.from);
        query_integer(insert, 6, occurrence->due.until);
        query_integer(insert, 7, pair->grace);
        query_text(insert, 8, coverage_status_name(occurrence->status));
        query_integer_or_null(insert, 9, occurrence->evidence, occurrence->evidence != 0);
        query_integer_or_null(insert, 10, occurrence->effective_at, occurrence->evidence != 0);
        if (!query_run(insert)) {
            return false;
        }
    }
    struct query *total = &queries->insert_coverage;
    query_integer(total, 1, pair->requirement);
    query_text(total, 2, pair->source);
    query_integer(total, 3, (int64_t)count - by_status[COVERAGE_FUTURE]);
    query_integer(total, 4, by_status[COVERAGE_MET]);
    query_integer(total, 5, by_status[COVERAGE_LATE]);
    query_integer(total, 6, by_status[COVERAGE_MISSING]);
    query_integer(total, 7, by_status[COVERAGE_INVALID] + by_status[COVERAGE_EMPTY]);
    query_integer(total, 8, longest_gap);
    return query_run(total);
}

/*
 * Where nothing of the cadence is due in the period, of which the source and the control see the end: when it is due,
 * and from when on what is not there is missing all the same. Of events that is when their own export was due; of what
 * stands, when the one before it was, if that lies in the period.
 */
static void find_due_behind(const struct pair *pair, const struct store_options *options,
                            struct coverage_intervals *out) {
    struct span range = pair->range;

    if (pair->of_date || pair->entire || range.until < options->span.until) {
        return;
    }
    out->ends = coverage_ends(pair->cadence, pair->whole, range);
    if (out->ends == 0) {
        return;
    }
    if (!pair->snapshots) {
        out->overdue = options->as_of >= out->ends + pair->grace ? out->ends + pair->grace : 0;
    } else if (pair->cadence != CADENCE_PERIOD && pair->since < range.from) {
        int64_t before = coverage_interval(pair->cadence, range.from).from;
        int64_t due = before + pair->grace;
        bool asked = pair->asked_since <= coverage_interval(pair->cadence, before - 1).from;
        out->overdue = asked && due > range.from && due <= range.until ? due : 0;
    }
}

static bool find_intervals(const struct pair *pair, const struct programme *programme, struct coverage_intervals *out) {
    const struct datetime_days *holidays = &programme->holidays;

    bool found = pair->of_date ? coverage_date(pair->cadence, holidays, pair->grace, pair->range, out)
                               : coverage_intervals(pair->cadence, holidays, pair->range, out);
    /* Days that are no business days are not asked for, at the end as little as before. */
    bool whole = pair->snapshots || pair->cadence == CADENCE_BUSINESS_DAY;
    found = found && (whole || coverage_rest(pair->range, out));
    if (found && pair->since < pair->range.from) {
        out->since = pair->since;
    }
    return found;
}

/* What was asked for since before the period may have been made before it. */
static int64_t find_since(const struct pair *pair, const struct store_options *options) {
    int64_t since = coverage_since(pair->cadence, pair->whole, pair->grace, pair->range);

    if (pair->range.from > options->span.from) {
        return pair->range.from;
    }
    return since > pair->asked_since ? since : pair->asked_since;
}

static bool cover(struct coverage_queries *queries, const struct pair *pair, const struct store_options *options,
                  const struct programme *programme, struct diagnostics *diagnostics) {
    struct coverage_export *exports = NULL;
    struct coverage_occurrence *occurrences = NULL;
    struct coverage_intervals intervals = {0};
    size_t export_count = 0;
    bool done = false;
    /* Once the period is over nothing that was due in it is still to come. */
    int64_t known = options->as_of >= options->span.until - 1 ? INT64_MAX - 1 : options->as_of;

    if (!read_exports(&queries->exports, pair, options, &exports, &export_count)) {
        goto end;
    }
    if (!find_intervals(pair, programme, &intervals)) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the coverage of %s", pair->source);
        goto end;
    }
    find_due_behind(pair, options, &intervals);
    occurrences = calloc(intervals.count + 1, sizeof *occurrences);
    if (occurrences == NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the coverage of %s", pair->source);
        goto end;
    }
    if (pair->snapshots) {
        bool graced = !pair->of_date && intervals.ends == 0;
        coverage_snapshots(&intervals, graced ? pair->grace : 0, known, exports, export_count, occurrences);
    } else {
        coverage_events(&intervals, known, exports, export_count, occurrences);
    }
    done = write_occurrences(queries, pair, occurrences, intervals.count,
                             coverage_longest_gap(pair->range, known, pair->snapshots, exports, export_count));

end:
    free(occurrences);
    coverage_intervals_free(&intervals);
    free(exports);
    return done;
}

static bool stand(struct store *store, struct diagnostics *diagnostics) {
    struct query query = {0};
    bool done = query_open(&query, store_connection(store), "coverage_stand", sql_coverage_stand, diagnostics);

    if (done) {
        query_integer(&query, 1, store_options(store)->span.until);
        done = query_run(&query);
    }
    return query_close(&query) && done;
}

/*
 * `pairs`: requirements with the sources that provide their types; `of_date`: as of one day, for Type I; `earlier`:
 * evidence from before the period may serve it.
 */
static bool cover_pairs(struct store *store, const struct programme *programme, const char *name, const char *pairs,
                        bool of_date, bool earlier, struct diagnostics *diagnostics) {
    sqlite3 *connection = store_connection(store);
    const struct store_options *options = store_options(store);
    struct coverage_queries queries = {0};
    bool done = false;

    if (!query_open(&queries.pairs, connection, name, pairs, diagnostics) ||
        !query_open(&queries.exports, connection, "coverage_exports", sql_coverage_exports, diagnostics) ||
        !query_open(&queries.insert_occurrence, connection, "coverage_insert_occurrence",
                    sql_coverage_insert_occurrence, diagnostics) ||
        !query_open(&queries.insert_coverage, connection, "coverage_insert_coverage", sql_coverage_insert_coverage,
                    diagnostics)) {
        goto end;
    }
    query_integer(&queries.pairs, 1, options->span.from);
    query_integer(&queries.pairs, 2, options->span.until);
    while (query_step(&queries.pairs)) {
        struct pair pair = {
            .requirement = query_column_integer(&queries.pairs, 0),
            .control = query_column_text(&queries.pairs, 1),
            .type = query_column_text(&queries.pairs, 2),
            .cadence = cadence_from_name(query_column_text(&queries.pairs, 3)),
            .grace = query_column_integer(&queries.pairs, 4),
            .snapshots = query_column_integer(&queries.pairs, 5) != 0,
            .source = query_column_text(&queries.pairs, 6),
            .range = {query_column_integer(&queries.pairs, 7), query_column_integer(&queries.pairs, 8)},
            .whole = coverage_whole(programme, options->span),
            .asked_since = earlier ? query_column_integer(&queries.pairs, 9) : options->span.from,
            .of_date = of_date,
            .entire = !earlier,
        };
        if (of_date && pair.range.until > options->as_of + 1) {
            pair.range.until = options->as_of + 1;
        }
        pair.since =
            earlier && query_column_integer(&queries.pairs, 10) != 0 ? find_since(&pair, options) : pair.range.from;
        /* What happened over a time is not tested as of a date. */
        if ((pair.snapshots || !of_date) && pair.range.from < pair.range.until &&
            !cover(&queries, &pair, options, programme, diagnostics)) {
            goto end;
        }
    }
    done = true;

end:
    done = query_close(&queries.pairs) && done;
    done = query_close(&queries.exports) && done;
    done = query_close(&queries.insert_occurrence) && done;
    done = query_close(&queries.insert_coverage) && done;
    return done && stand(store, diagnostics);
}

/* What was collected too early covers less than its name says, which nobody sees who looks at the folder. */
static bool report_cut(struct store *store, struct diagnostics *diagnostics) {
    const struct store_options *options = store_options(store);
    struct query query = {0};
    struct buffer path = {0};
    bool done = query_open(&query, store_connection(store), "coverage_cut", sql_coverage_cut, diagnostics);

    if (done) {
        query_integer(&query, 1, options->span.until <= options->as_of ? options->span.until : options->as_of + 1);
    }
    while (done && query_step(&query)) {
        buffer_clear(&path);
        load_show_path(store, query_column_text(&query, 0), &path);
        const struct place place = {.path = tables_text(&path, diagnostics)};
        done = place.path != NULL;
        if (done) {
            diagnostics_report(
                diagnostics, DIAGNOSTIC_DATE_CONFLICT, &place,
                "the file's name says %s, but it was collected at %s, as its sidecar says, and shows nothing of the "
                "days after that; export it again, or correct the sidecar",
                query_column_text(&query, 1), query_column_text(&query, 2));
        }
    }
    buffer_free(&path);
    return query_close(&query) && done;
}

bool coverage_run(struct store *store, const struct programme *programme, struct diagnostics *diagnostics) {
    return cover_pairs(store, programme, "coverage_pairs", sql_coverage_pairs, programme->type_one, true,
                       diagnostics) &&
           report_cut(store, diagnostics);
}

bool coverage_run_added(struct store *store, const struct programme *programme, struct diagnostics *diagnostics) {
    return cover_pairs(store, programme, "coverage_added_pairs", sql_coverage_added_pairs, false, false, diagnostics);
}
