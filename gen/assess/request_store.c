#include "assess/request_store.h"

#include "assess/bind.h"
#include "assess/population.h"
#include "assess/request.sql.h"
#include "assess/request_private.h"
#include "store/transaction.sql.h"

#include <stdlib.h>
#include <string.h>

static bool open_queries(struct request_store *work) {
    sqlite3 *connection = store_connection(work->store);
    const struct query_statement all[] = {
        {&work->insert_request, "request_insert", sql_request_insert},
        {&work->insert_target, "request_insert_target", sql_request_insert_target},
        {&work->insert_evidence, "request_insert_evidence", sql_request_insert_evidence},
        {&work->insert_population, "request_insert_population", sql_request_insert_population},
        {&work->insert_missing, "request_insert_missing", sql_request_insert_missing},
        {&work->insert_sample, "request_insert_sample", sql_request_insert_sample},
        {&work->test_digest, "request_test_digest", sql_request_test_digest},
        {&work->control_evidence, "request_control_evidence", sql_request_control_evidence},
        {&work->control_tests, "request_control_tests", sql_request_control_tests},
        {&work->control_reasons, "request_control_reasons", sql_request_control_reasons},
        {&work->type_evidence, "request_type_evidence", sql_request_type_evidence},
        {&work->population_evidence, "request_population_evidence", sql_request_population_evidence},
        {&work->path_evidence, "request_path_evidence", sql_request_path_evidence},
        {&work->population, "request_population", sql_request_population},
        {&work->count, "request_count", sql_request_count},
    };

    if (!query_open_all(all, sizeof all / sizeof all[0], connection, work->run->diagnostics)) {
        return false;
    }
    work->answers = schema_view(work->run->schema, SCHEMA_ATTESTATION) != NULL;
    return true;
}

/* Of sources whose every file is one piece of evidence, such as policies, not all files belong to every control. */
static bool note_single_sources(struct request_store *work) {
    const struct request_run *run = work->run;
    struct query insert = {0};
    bool done = query_open(&insert, store_connection(work->store), "request_insert_single", sql_request_insert_single,
                           run->diagnostics);

    for (size_t i = 0; done && i < run->programme->source_count; i++) {
        const struct programme_source *source = &run->programme->sources[i];
        if (run->schema->kinds[source->kind].format == FORMAT_DOCUMENT) {
            query_text(&insert, 1, source->id);
            done = query_run(&insert);
        }
    }
    return query_close(&insert) && done;
}

bool request_store_open(struct request_store *work, const struct request_run *run, struct store *store,
                        const char *store_path) {
    sqlite3 *connection = store_connection(store);

    *work = (struct request_store){.run = run, .store = store};
    work->documents = calloc(run->schema->control_count + 1, sizeof *work->documents);
    if (work->documents == NULL) {
        return request_out_of_memory(run);
    }
    work->guard = guard_open(store_path, store_options(store)->as_of, run->diagnostics);
    work->begun = work->guard != NULL && query_execute(connection, "begin", sql_begin, run->diagnostics);
    if (!work->begun || !query_execute(connection, "request_tables", sql_request_tables, run->diagnostics) ||
        !note_single_sources(work) || !open_queries(work)) {
        return false;
    }
    work->shortcoming = shortcoming_open(store, run->schema, run->diagnostics);
    return work->shortcoming != NULL;
}

bool request_store_close(struct request_store *work, bool done) {
    struct query *const all[] = {&work->insert_sample,       &work->test_digest,      &work->insert_request,
                                 &work->insert_target,       &work->insert_evidence,  &work->insert_population,
                                 &work->insert_missing,      &work->control_evidence, &work->control_tests,
                                 &work->control_reasons,     &work->type_evidence,    &work->path_evidence,
                                 &work->population_evidence, &work->population,       &work->count};

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        done = query_close(all[i]) && done;
    }
    shortcoming_free(work->shortcoming);
    guard_free(work->guard);
    for (size_t c = 0; work->documents != NULL && c < work->run->schema->control_count; c++) {
        buffer_free(&work->documents[c]);
    }
    free(work->documents);
    return done && work->begun &&
           query_execute(store_connection(work->store), "commit", sql_commit, work->run->diagnostics);
}

bool request_store_evidence(struct request_store *work, int64_t request, int64_t evidence) {
    query_integer(&work->insert_evidence, 1, request);
    query_integer(&work->insert_evidence, 2, evidence);
    return query_run(&work->insert_evidence);
}

bool request_store_missing(struct request_store *work, int64_t request, const char *text, const char *about) {
    if (text == NULL) {
        return request_out_of_memory(work->run);
    }
    query_integer(&work->insert_missing, 1, request);
    query_integer(&work->insert_missing, 2, ++work->missing);
    query_text(&work->insert_missing, 3, text);
    query_text(&work->insert_missing, 4, about);
    return query_run(&work->insert_missing);
}

/* The evidence that a test's population leads to. */
static bool find_documents(struct request_store *work, const struct control *control, const struct test *test,
                           struct buffer *out) {
    const struct bind_values values = {.control = control,
                                       .programme = work->run->programme,
                                       .period = store_options(work->store)->span,
                                       .as_of = store_options(work->store)->as_of};
    struct guard_query *query = guard_prepare(work->guard, test->query, &test->query_place);
    bool bound = query != NULL && bind_parameters(query, &values, test, NULL, work->run->diagnostics);
    enum guard_step step = bound ? guard_step(query) : GUARD_FAILED;

    for (; step == GUARD_ROW; step = guard_step(query)) {
        for (int column = 0; column < guard_column_count(query); column++) {
            const char *name = guard_column_name(query, column);
            if ((strcmp(name, "ref") == 0 || population_reference(name) != NULL) && !guard_is_null(query, column)) {
                int64_t evidence = STORE_REF_EVIDENCE(guard_integer(query, column));
                size_t last = out->length / sizeof evidence;
                int64_t before = 0;
                if (last > 0) {
                    memcpy(&before, out->data + (last - 1) * sizeof before, sizeof before);
                }
                if (before != evidence) {
                    buffer_append(out, &evidence, sizeof evidence);
                }
            }
        }
    }
    guard_query_free(query);
    return step == GUARD_DONE && (!out->failed || request_out_of_memory(work->run));
}

/* Documents that answer a control's manual tests. The view is the schema's, so it is read behind the guard. */
static bool find_attested(struct request_store *work, const struct test *test, struct buffer *out) {
    if (!work->answers) {
        return true;
    }
    const struct value id = {.kind = VALUE_TEXT, .text = {test->id, strlen(test->id)}};
    struct guard_query *query = guard_prepare(work->guard, sql_request_attested, &test->place);
    enum guard_step step = query != NULL && guard_bind(query, "test", &id) ? guard_step(query) : GUARD_FAILED;

    for (; step == GUARD_ROW; step = guard_step(query)) {
        int64_t evidence = STORE_REF_EVIDENCE(guard_integer(query, 0));
        buffer_append(out, &evidence, sizeof evidence);
    }
    guard_query_free(query);
    return step == GUARD_DONE && (!out->failed || request_out_of_memory(work->run));
}

static bool reads_documents(const struct request_run *run, const struct control *control) {
    for (size_t s = 0; s < run->programme->source_count; s++) {
        const struct kind *kind = &run->schema->kinds[run->programme->sources[s].kind];
        for (size_t r = 0; kind->format == FORMAT_DOCUMENT && r < kind->rule_count; r++) {
            if (schema_requires(control, kind->rules[r].type)) {
                return true;
            }
        }
    }
    return false;
}

static bool add_documents(struct request_store *work, int64_t request, const struct control *control) {
    size_t index = (size_t)(control - work->run->schema->controls);
    struct buffer *documents = &work->documents[index];
    bool done = true;

    if (documents->data == NULL) {
        buffer_reserve(documents, sizeof(int64_t));
        for (size_t t = 0; done && t < control->test_count; t++) {
            const struct test *test = &control->tests[t];
            if (test->query == NULL) {
                done = find_attested(work, test, documents);
            } else if (reads_documents(work->run, control)) {
                done = find_documents(work, control, test, documents);
            }
        }
    }
    for (size_t i = 0; done && i + sizeof(int64_t) <= documents->length; i += sizeof(int64_t)) {
        int64_t evidence;
        memcpy(&evidence, documents->data + i, sizeof evidence);
        done = request_store_evidence(work, request, evidence);
    }
    return done;
}

bool request_store_coverage(struct request_store *work, int64_t request, const struct control *control,
                            const char *type) {
    struct verdict_states states = {0};
    bool done = shortcoming_coverage(work->shortcoming, control, type, &states);

    for (size_t i = 0; done && i < states.count; i++) {
        done = request_store_missing(work, request, states.states[i].reason, control->id);
    }
    verdict_free(&states);
    return done;
}

bool request_store_control(struct request_store *work, int64_t request, const struct control *control) {
    struct query *const both[] = {&work->control_evidence, &work->control_tests};
    bool done = true;

    for (size_t i = 0; done && i < 2; i++) {
        query_integer(both[i], 1, request);
        query_text(both[i], 2, control->id);
        done = query_run(both[i]);
    }
    done = done && add_documents(work, request, control);
    query_text(&work->control_reasons, 1, control->id);
    while (done && query_step(&work->control_reasons)) {
        done = request_store_missing(work, request,
                                     arena_text(work->run->arena, query_column_text(&work->control_reasons, 0)),
                                     arena_text(work->run->arena, query_column_text(&work->control_reasons, 1)));
    }
    done = query_reset(&work->control_reasons) && done;
    for (size_t r = 0; done && r < control->requirement_count; r++) {
        done =
            request_store_coverage(work, request, control, work->run->schema->types[control->requirements[r].type].id);
    }
    return done;
}

bool request_store_count(struct request_store *work, int64_t request, size_t *content, size_t *missing) {
    query_integer(&work->count, 1, request);
    bool counted = query_step(&work->count);
    if (counted) {
        *content = (size_t)(query_column_integer(&work->count, 0) + query_column_integer(&work->count, 1));
        *missing = (size_t)query_column_integer(&work->count, 2);
    }
    return query_reset(&work->count) && counted;
}
