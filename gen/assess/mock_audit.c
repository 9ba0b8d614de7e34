#include "assess/mock_audit.h"

#include "assess/mock_audit.sql.h"
#include "assess/sample_draw.h"
#include "assess/sample_population.h"
#include "assess/sample_rule.h"
#include "base/limits.h"
#include "store/query.h"
#include "store/transaction.sql.h"

#include <stdlib.h>
#include <string.h>

#define NO_REFERENCE INT64_MIN

struct mock_audit {
    struct store *store;
    const char *store_path;
    const struct mock_audit_input *input;
    struct diagnostics *aside; /* what a population says that no sample can be drawn from */
    struct guard *guard;
    struct query results;
    struct query types;
    struct query insert_sample;
    struct query insert_item;
};

/* A sample on its way: the items of lowest rank, and the reference of every item. */
struct mock_draw {
    struct sample_draw_lowest *lowest;
    uint8_t seed[DIGEST_BYTES];
    int64_t *references; /* by position */
    size_t count;
    size_t capacity;
    bool failed; /* memory ran out */
};

static bool out_of_memory(struct mock_audit *audit) {
    diagnostics_report(audit->input->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the mock audit");
    return false;
}

static bool offer(void *context, const struct sample_population_row *row) {
    struct mock_draw *draw = context;

    if (draw->count == draw->capacity) {
        size_t capacity = draw->capacity == 0 ? 64 : draw->capacity * 2;
        int64_t *grown = reallocarray(draw->references, capacity, sizeof *grown);
        if (grown == NULL) {
            draw->failed = true;
            return false;
        }
        draw->references = grown;
        draw->capacity = capacity;
    }
    draw->references[draw->count++] = row->has_ref ? row->ref : NO_REFERENCE;
    draw->failed = !sample_draw_lowest_offer(draw->lowest, draw->seed, row->item, row->position);
    return !draw->failed;
}

/* The record of an item's row among those of the types that its test reads; false when the system failed. */
static bool find_record(struct mock_audit *audit, const char *test, int64_t ref, int64_t *record, bool *found) {
    bool done = true;

    *found = false;
    query_text(&audit->types, 1, test);
    while (done && !*found && query_step(&audit->types)) {
        struct buffer sql = {0};
        struct query row = {0};
        buffer_format(&sql, sql_mock_audit_record, query_column_text(&audit->types, 0));
        if (sql.failed) {
            done = out_of_memory(audit);
        } else {
            done = query_open(&row, store_connection(audit->store), "mock_audit_record", buffer_text(&sql),
                              audit->input->diagnostics);
        }
        if (done) {
            query_integer(&row, 1, ref);
            *found = query_step(&row);
            *record = *found ? query_column_integer(&row, 0) : 0;
            done = query_close(&row);
        }
        buffer_free(&sql);
    }
    return query_reset(&audit->types) && done;
}

static bool write_items(struct mock_audit *audit, const struct test *test, struct mock_draw *draw) {
    size_t count = 0;
    const struct sample_draw_kept *kept = sample_draw_lowest_finish(draw->lowest, &count);
    bool done = true;

    for (size_t i = 0; done && i < count; i++) {
        int64_t ref = draw->references[kept[i].position];
        int64_t record = 0;
        bool found = false;
        if (ref != NO_REFERENCE && !find_record(audit, test->id, ref, &record, &found)) {
            return false;
        }
        query_text(&audit->insert_item, 1, test->id);
        query_integer(&audit->insert_item, 2, (int64_t)i + 1);
        query_text(&audit->insert_item, 3, kept[i].item);
        query_integer_or_null(&audit->insert_item, 4, ref, ref != NO_REFERENCE);
        query_integer_or_null(&audit->insert_item, 5, record, found);
        done = query_run(&audit->insert_item);
    }
    return done;
}

struct mock_size {
    const char *rule;
    uint64_t items;
    struct buffer why;
    const char *problem; /* or NULL */
};

/* How many items the test's own rule wants, or the default one. */
static void choose_size(struct mock_audit *audit, const struct control *control, const struct test *test,
                        uint64_t population, struct mock_size *size) {
    const struct sampling *sampling = &audit->input->schema->sampling;
    const char *name = test->sampling != NULL ? test->sampling : sampling->rule;
    const struct sampling_rule *rule = name != NULL ? schema_sampling_rule(audit->input->schema, name) : NULL;

    size->rule = name != NULL ? name : "";
    if (rule == NULL) {
        size->problem = "no rule of sampling.yaml says how many items are drawn";
    } else if (!sample_rule_size(rule, sampling->risk, control, population, &size->items, &size->why)) {
        size->problem = "the rule does not know how often the control operates";
    } else if (size->items > LIMIT_SAMPLE_ITEMS) {
        size->problem = "the rule wants more items than a sample may have";
    }
}

static bool draw_items(struct mock_audit *audit, const struct control *control, const struct test *test,
                       const char *digest, struct mock_size *size, struct mock_draw *draw) {
    const struct store_options *options = store_options(audit->store);
    const struct bind_values values = {
        .control = control, .programme = audit->input->programme, .period = options->span, .as_of = options->as_of};

    draw->lowest = sample_draw_lowest_new(size->items);
    if (draw->lowest == NULL || !sample_draw_seed(digest, audit->input->nonce, draw->seed)) {
        return out_of_memory(audit);
    }
    if (!sample_population_walk(audit->guard, test, &values, offer, draw, audit->aside)) {
        if (draw->failed || diagnostics_count(audit->aside, DIAGNOSTIC_FAILURE) > 0) {
            return out_of_memory(audit);
        }
        size->problem = "no sample can be drawn: an item stands twice, or there is none";
    }
    return true;
}

static bool write_sample(struct mock_audit *audit, const struct control *control, const struct test *test,
                         uint64_t population, const char *digest, struct mock_size *size,
                         const struct mock_draw *draw) {
    struct query *insert = &audit->insert_sample;
    char seed[DIGEST_HEX_BYTES];

    digest_hex(draw->seed, seed);
    query_text(insert, 1, test->id);
    query_text(insert, 2, control->id);
    query_integer(insert, 3, (int64_t)population);
    query_text(insert, 4, digest);
    query_text(insert, 5, size->rule);
    query_buffer(insert, 6, &size->why);
    query_integer(insert, 7, size->problem == NULL ? (int64_t)size->items : 0);
    query_text(insert, 8, size->problem == NULL ? seed : NULL);
    query_text(insert, 9, size->problem);
    return query_run(insert);
}

static bool audit_population(struct mock_audit *audit, const struct control *control, const struct test *test,
                             uint64_t population, const char *digest) {
    struct mock_size size = {0};
    struct mock_draw draw = {0};
    bool done = false;

    choose_size(audit, control, test, population, &size);
    if (size.problem == NULL && !draw_items(audit, control, test, digest, &size, &draw)) {
        goto end;
    }
    done = !size.why.failed || out_of_memory(audit);
    done = done && write_sample(audit, control, test, population, digest, &size, &draw) &&
           (size.problem != NULL || write_items(audit, test, &draw));

end:
    buffer_free(&size.why);
    sample_draw_lowest_free(draw.lowest);
    free(draw.references);
    return done;
}

/* A test that applied, has a query, and met at least one item. */
static bool audit_test(struct mock_audit *audit, const struct control *control, const struct test *test) {
    char digest[DIGEST_HEX_BYTES] = "";
    uint64_t population = 0;

    if (test->query == NULL) {
        return true;
    }
    query_text(&audit->results, 1, test->id);
    if (query_step(&audit->results) && strcmp(query_column_text(&audit->results, 2), "not applicable") != 0 &&
        strlen(query_column_text(&audit->results, 1)) < sizeof digest) {
        population = (uint64_t)query_column_integer(&audit->results, 0);
        strcpy(digest, query_column_text(&audit->results, 1));
    }
    return query_reset(&audit->results) &&
           (population == 0 || audit_population(audit, control, test, population, digest));
}

static bool open_audit(struct mock_audit *audit) {
    sqlite3 *connection = store_connection(audit->store);
    struct diagnostics *diagnostics = audit->input->diagnostics;

    audit->aside = diagnostics_new();
    if (audit->aside == NULL) {
        return out_of_memory(audit);
    }
    audit->guard = guard_open(audit->store_path, store_options(audit->store)->as_of, audit->aside);
    if (audit->guard == NULL) {
        return out_of_memory(audit);
    }
    return query_open(&audit->results, connection, "mock_audit_results", sql_mock_audit_results, diagnostics) &&
           query_open(&audit->types, connection, "mock_audit_types", sql_mock_audit_types, diagnostics) &&
           query_open(&audit->insert_sample, connection, "mock_audit_insert_sample", sql_mock_audit_insert_sample,
                      diagnostics) &&
           query_open(&audit->insert_item, connection, "mock_audit_insert_item", sql_mock_audit_insert_item,
                      diagnostics);
}

static bool close_audit(struct mock_audit *audit) {
    bool done = query_close(&audit->results);

    done = query_close(&audit->types) && done;
    done = query_close(&audit->insert_sample) && done;
    done = query_close(&audit->insert_item) && done;
    guard_free(audit->guard);
    diagnostics_free(audit->aside);
    return done;
}

static bool audit_all(struct mock_audit *audit) {
    const struct schema *schema = audit->input->schema;
    bool done = open_audit(audit);

    for (size_t c = 0; done && c < schema->control_count; c++) {
        for (size_t t = 0; done && t < schema->controls[c].test_count; t++) {
            done = audit_test(audit, &schema->controls[c], &schema->controls[c].tests[t]);
        }
    }
    return close_audit(audit) && done;
}

static bool count_failed(sqlite3 *connection, const struct mock_audit_input *input, int64_t *failed) {
    struct query query = {0};
    bool done = query_open(&query, connection, "mock_audit_failed", sql_mock_audit_failed, input->diagnostics) &&
                query_step(&query);

    *failed = done ? query_column_integer(&query, 0) : 0;
    return query_close(&query) && done;
}

bool mock_audit_tables(struct store *store, struct diagnostics *diagnostics) {
    return query_execute(store_connection(store), "mock_audit_tables", sql_mock_audit_tables, diagnostics);
}

bool mock_audit_run(struct store *store, const char *store_path, const struct mock_audit_input *input,
                    int64_t *failed) {
    sqlite3 *connection = store_connection(store);
    struct diagnostics *diagnostics = input->diagnostics;
    struct mock_audit audit = {.store = store, .store_path = store_path, .input = input};

    return query_execute(connection, "begin", sql_begin, diagnostics) && audit_all(&audit) &&
           query_execute(connection, "mock_audit_requests", sql_mock_audit_requests, diagnostics) &&
           query_execute(connection, "mock_audit_failures", sql_mock_audit_failures, diagnostics) &&
           query_execute(connection, "mock_audit_missed", sql_mock_audit_missed, diagnostics) &&
           query_execute(connection, "commit", sql_commit, diagnostics) && count_failed(connection, input, failed);
}
