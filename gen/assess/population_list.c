#include "assess/population_list.h"

#include "assess/coverage.h"
#include "assess/population.h"
#include "assess/population_list.sql.h"
#include "assess/population_list_private.h"
#include "assess/shortcoming.h"
#include "base/hash_set.h"
#include "base/limits.h"
#include "store/query.h"
#include "store/transaction.sql.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct population_list {
    struct store *store;
    const char *store_path;
    const struct schema *schema;
    const struct programme *programme;
    struct diagnostics *diagnostics;
    struct arena *arena;
    struct guard *guard;
    struct shortcoming *shortcoming;
    const char **paths; /* of evidence, by its id */
    uint64_t *members;  /* of each, of the population at hand */
    size_t path_count;
};

/* One population at a time. */
struct population_list_work {
    struct population_list *listing;
    const struct population *population;
    struct guard_query *query;
    struct bind_values values;
    struct verdict_states states; /* why it may not be all */
    struct population_list_rows rows;
    struct digest_sum digest;
    uint64_t member_count;
    uint64_t undetermined;
    const char *example; /* the first of these, and why */
};

static bool out_of_memory(struct diagnostics *diagnostics) {
    diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to list populations");
    return false;
}

/* What populations require stands beside what controls do, and is covered in the same way. */
static bool insert_requirements(struct population_list *listing) {
    sqlite3 *connection = store_connection(listing->store);
    struct query insert = {0};
    struct query control = {0};
    bool done = query_open(&insert, connection, "population_list_insert_requirement",
                           sql_population_list_insert_requirement, listing->diagnostics) &&
                query_open(&control, connection, "population_list_insert_control", sql_population_list_insert_control,
                           listing->diagnostics);

    for (size_t p = 0; done && p < listing->schema->population_count; p++) {
        const struct population *population = &listing->schema->populations[p];
        const struct control *reading = &population->reading;
        for (size_t r = 0; done && r < reading->requirement_count; r++) {
            const struct requirement *requirement = &reading->requirements[r];
            query_text(&insert, 1, reading->id);
            query_text(&insert, 2, listing->schema->types[requirement->type].id);
            query_text(&insert, 3, schema_cadence_names[requirement->cadence]);
            query_integer(&insert, 4, requirement->grace);
            done = query_run(&insert);
        }
        for (size_t c = 0; done && c < population->controls.count; c++) {
            query_text(&control, 1, population->id);
            query_text(&control, 2, population->controls.items[c]);
            done = query_run(&control);
        }
    }
    done = query_close(&insert) && done;
    return query_close(&control) && done;
}

static bool read_paths(struct population_list *listing) {
    struct query query = {0};
    bool done = query_open(&query, store_connection(listing->store), "population_list_evidence",
                           sql_population_list_evidence, listing->diagnostics);

    while (done && query_step(&query)) {
        size_t id = (size_t)query_column_integer(&query, 0);
        while (done && listing->path_count <= id) {
            done = arena_push(listing->arena, &listing->paths, &listing->path_count, sizeof *listing->paths) != NULL;
        }
        if (done) {
            listing->paths[id] = arena_text(listing->arena, query_column_text(&query, 1));
            done = listing->paths[id] != NULL;
        }
    }
    listing->members = arena_array(listing->arena, listing->path_count + 1, sizeof *listing->members);
    if (!query.failed && (!done || listing->members == NULL)) {
        done = out_of_memory(listing->diagnostics);
    }
    return query_close(&query) && done;
}

struct population_list *population_list_open(struct store *store, const char *store_path, const struct schema *schema,
                                             const struct programme *programme, struct diagnostics *diagnostics) {
    sqlite3 *connection = store_connection(store);
    struct population_list *listing = calloc(1, sizeof *listing);

    if (listing == NULL) {
        out_of_memory(diagnostics);
        return NULL;
    }
    *listing = (struct population_list){.store = store,
                                        .store_path = store_path,
                                        .schema = schema,
                                        .programme = programme,
                                        .diagnostics = diagnostics,
                                        .arena = arena_new()};
    if (listing->arena == NULL) {
        out_of_memory(diagnostics);
    } else if (query_execute(connection, "begin", sql_begin, diagnostics) &&
               query_execute(connection, "population_list_tables", sql_population_list_tables, diagnostics) &&
               insert_requirements(listing) && coverage_run_added(store, programme, diagnostics) &&
               query_execute(connection, "commit", sql_commit, diagnostics) && read_paths(listing)) {
        listing->guard = guard_open(store_path, store_options(store)->as_of, diagnostics);
        listing->shortcoming = listing->guard != NULL ? shortcoming_open(store, schema, diagnostics) : NULL;
    }
    if (listing->shortcoming == NULL) {
        population_list_close(listing);
        return NULL;
    }
    return listing;
}

void population_list_close(struct population_list *listing) {
    if (listing == NULL) {
        return;
    }
    shortcoming_free(listing->shortcoming);
    guard_free(listing->guard);
    arena_free(listing->arena);
    free(listing);
}

/* Counts a row; false when memory ran out. */
static bool take_row(struct population_list_work *work, const struct population_list_columns *columns,
                     struct hash_set *items, struct buffer *scratch, uint64_t *unusable) {
    struct population_list *listing = work->listing;
    const char *item = guard_text(work->query, columns->item);
    int64_t ref = guard_integer(work->query, columns->ref);
    int64_t evidence = STORE_REF_EVIDENCE(ref);
    bool known = !guard_is_null(work->query, columns->ref) && evidence > 0 && (size_t)evidence < listing->path_count &&
                 listing->paths[evidence] != NULL;

    if (item == NULL || strlen(item) > LIMIT_ITEM_BYTES || !known) {
        ++*unusable;
        return true;
    }
    if (columns->undetermined >= 0 && !guard_is_null(work->query, columns->undetermined)) {
        if (work->undetermined++ == 0) {
            work->example =
                arena_format(listing->arena, "%s: %.200s", item, guard_text(work->query, columns->undetermined));
        }
        if (work->example == NULL) {
            return false;
        }
    } else {
        work->member_count++;
        listing->members[evidence]++;
        if (!population_digest(&work->digest, NULL, scratch, item, true, ref)) {
            return false;
        }
    }
    population_list_rows_add(&work->rows, work->query, columns, listing->paths[evidence]);
    return hash_set_add(items, hash_set_bytes(0, item, strlen(item)));
}

static bool list_members(struct population_list_work *work) {
    struct population_list *listing = work->listing;
    struct population_list_columns columns = population_list_columns(work->query);
    struct hash_set *items = hash_set_new(store_folder(listing->store));
    struct buffer scratch = {0};
    uint64_t unusable = 0;
    bool repeats = false;
    bool done = false;

    if (items == NULL || columns.ref < 0 || columns.item < 0) {
        out_of_memory(listing->diagnostics);
        goto end;
    }
    population_list_rows_head(&work->rows, work->query, &columns);
    enum guard_step step = guard_step(work->query);
    for (; step == GUARD_ROW && !work->rows.failed; step = guard_step(work->query)) {
        if (!take_row(work, &columns, items, &scratch, &unusable)) {
            out_of_memory(listing->diagnostics);
            goto end;
        }
    }
    if (step == GUARD_FAILED || !population_list_rows_end(&work->rows)) {
        goto end;
    }
    const struct population_run run = {.guard = listing->guard,
                                       .test = &work->population->test,
                                       .values = &work->values,
                                       .diagnostics = listing->diagnostics};
    bool told = hash_set_repeats(items, &repeats);
    if ((!told || repeats) && !population_repeated(&run, &work->states)) {
        goto end;
    }
    if (unusable > 0) {
        verdict_add(&work->states, VERDICT_INSUFFICIENT,
                    "%" PRIu64 " row%s without an item, with one over %d bytes, or leading to no record were left out",
                    unusable, unusable == 1 ? "" : "s", LIMIT_ITEM_BYTES);
    }
    if (work->undetermined > 0) {
        verdict_add(&work->states, VERDICT_INSUFFICIENT, "whether %" PRIu64 " belong%s to it cannot be told (%s)",
                    work->undetermined, work->undetermined == 1 ? "s" : "", work->example);
    }
    done = !work->states.failed;

end:
    hash_set_free(items);
    buffer_free(&scratch);
    return done;
}

static void append_period(struct buffer *out, const struct store_options *options) {
    char from[DATETIME_ISO_BYTES];
    char to[DATETIME_ISO_BYTES];
    int64_t last = options->span.until - 1;

    datetime_date(options->span.from, from);
    datetime_date(options->as_of < last ? options->as_of : last, to);
    buffer_format(out, "from %s %s %s", from, options->as_of < last ? "through" : "to", to);
}

static bool append_sources(struct population_list_work *work, struct buffer *out) {
    struct population_list *listing = work->listing;
    struct query query = {0};
    bool done = query_open(&query, store_connection(listing->store), "population_list_sources",
                           sql_population_list_sources, listing->diagnostics);
    bool first = true;

    query_text(&query, 1, work->population->id);
    while (done && query_step(&query)) {
        int64_t exports = query_column_integer(&query, 1);
        buffer_format(out, "%s%s (%" PRId64 " export%s)", first ? "" : ", ", query_column_text(&query, 0), exports,
                      exports == 1 ? "" : "s");
        first = false;
    }
    return query_close(&query) && done;
}

/* What can be said of it in a sentence; never that there was nothing, unless complete exports show it. */
static bool make_statement(struct population_list_work *work, struct buffer *out) {
    const struct store_options *options = store_options(work->listing->store);
    const struct population *population = work->population;
    bool complete = work->states.count == 0;
    bool done = true;
    bool some = work->member_count > 0;

    buffer_format(out, "%s%s, ", some || complete ? "" : "Whether there were any ",
                  some || !complete ? population->many : population->none);
    if (out->length > 0 && out->data[0] >= 'a' && out->data[0] <= 'z') {
        out->data[0] = (char)(out->data[0] - 'a' + 'A');
    }
    append_period(out, options);
    if (some) {
        buffer_format(out, ": %" PRIu64, work->member_count);
    }
    if (complete) {
        buffer_append_text(out, some ? ", shown to be all by complete exports of " : ", shown by complete exports of ");
        done = append_sources(work, out);
    } else {
        buffer_append_text(out, some ? "; that these are all could not be shown: " : ", could not be shown: ");
        for (size_t i = 0; i < work->states.count; i++) {
            buffer_format(out, "%s%s", i > 0 ? "; " : "", work->states.states[i].reason);
        }
    }
    return done && !out->failed;
}

static bool write_result(struct population_list_work *work, const char *file, const char *statement) {
    struct population_list *listing = work->listing;
    sqlite3 *connection = store_connection(listing->store);
    const struct population *population = work->population;
    struct query result = {0};
    struct query exports = {0};
    struct query count = {0};
    struct query reason = {0};
    char digest[DIGEST_HEX_BYTES];
    bool done =
        query_open(&result, connection, "population_list_insert", sql_population_list_insert, listing->diagnostics) &&
        query_open(&exports, connection, "population_list_insert_exports", sql_population_list_insert_exports,
                   listing->diagnostics) &&
        query_open(&count, connection, "population_list_count_export", sql_population_list_count_export,
                   listing->diagnostics) &&
        query_open(&reason, connection, "population_list_insert_reason", sql_population_list_insert_reason,
                   listing->diagnostics);

    digest_hex(work->digest.bytes, digest);
    if (done) {
        query_text(&result, 1, population->id);
        query_text(&result, 2, population->title);
        query_text(&result, 3, population->meaning);
        query_text(&result, 4, population->many);
        query_integer(&result, 5, (int64_t)work->member_count);
        query_integer(&result, 6, (int64_t)work->undetermined);
        query_text(&result, 7, digest);
        query_integer(&result, 8, work->states.count == 0);
        query_text(&result, 9, statement);
        query_integer(&result, 10, (int64_t)work->rows.defused_rows);
        query_text(&result, 11, file);
        query_text(&exports, 1, population->id);
        done = query_run(&result) && query_run(&exports);
    }
    for (size_t id = 0; done && id < listing->path_count; id++) {
        if (listing->members[id] > 0) {
            query_text(&count, 1, population->id);
            query_integer(&count, 2, (int64_t)id);
            query_integer(&count, 3, (int64_t)listing->members[id]);
            done = query_run(&count);
        }
    }
    for (size_t i = 0; done && i < work->states.count; i++) {
        query_text(&reason, 1, population->id);
        query_integer(&reason, 2, (int64_t)i + 1);
        query_text(&reason, 3, work->states.states[i].reason);
        done = query_run(&reason);
    }
    done = query_close(&result) && done;
    done = query_close(&exports) && done;
    done = query_close(&count) && done;
    return query_close(&reason) && done;
}

bool population_list_make(struct population_list *listing, const struct population *population, const char *file,
                          struct byte_sink *csv) {
    struct population_list_work work = {.listing = listing, .population = population, .rows = {.sink = csv}};
    struct buffer statement = {0};
    bool sourced = true;
    bool done = false;

    work.values = (struct bind_values){.control = &population->reading,
                                       .programme = listing->programme,
                                       .period = store_options(listing->store)->span,
                                       .as_of = store_options(listing->store)->as_of};
    memset(listing->members, 0, (listing->path_count + 1) * sizeof *listing->members);
    work.query = guard_prepare(listing->guard, population->test.query, &population->test.query_place);
    if (work.query == NULL ||
        !bind_parameters(work.query, &work.values, &population->test, NULL, listing->diagnostics) ||
        !shortcoming_count(listing->shortcoming, listing->guard, work.query) ||
        !shortcoming_find(listing->shortcoming, &population->reading, &population->test, work.query, &work.states,
                          &sourced) ||
        !list_members(&work)) {
        goto end;
    }
    if (!make_statement(&work, &statement)) {
        goto end;
    }
    done = write_result(&work, file, buffer_text(&statement));

end:
    guard_query_free(work.query);
    verdict_free(&work.states);
    population_list_rows_free(&work.rows);
    buffer_free(&statement);
    return done;
}
