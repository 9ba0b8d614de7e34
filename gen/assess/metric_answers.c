#include "assess/metric_answers.h"

#include "base/arena.h"
#include "store/tables.h"

#include <stdlib.h>
#include <string.h>

struct metric_answers {
    const struct schema *schema;
    const struct programme *programme;
    const struct store_options *options;
    const char *folder;
    struct arena *arena;
    struct metric_answer *answers; /* by metric */
    size_t **types;                /* by metric: room for what its query reads */
};

/* Rows of evidence, and of the engine's tables those that are filled before any test is run. */
static bool stands_before(const struct schema *schema, const char *table) {
    static const char *const others[] = {"calendar",    "occurrence", "tm_evidence",    "tm_evidence_type",
                                         "tm_identity", "tm_source",  "tm_source_type", "tm_snapshot"};

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (strcmp(others[i], table) == 0) {
            return true;
        }
    }
    return tables_type(schema, table) != SIZE_MAX;
}

struct metric_answers *metric_answers_new(const struct store *store, const struct schema *schema,
                                          const struct programme *programme, struct diagnostics *diagnostics) {
    struct metric_answers *answers = calloc(1, sizeof *answers);
    struct arena *arena = arena_new();

    if (answers == NULL || arena == NULL) {
        goto failed;
    }
    *answers = (struct metric_answers){.schema = schema,
                                       .programme = programme,
                                       .options = store_options(store),
                                       .folder = store_folder(store),
                                       .arena = arena};
    answers->answers = arena_array(arena, schema->metric_count + 1, sizeof *answers->answers);
    answers->types = arena_array(arena, schema->metric_count + 1, sizeof *answers->types);
    if (answers->answers == NULL || answers->types == NULL) {
        goto failed;
    }
    for (size_t i = 0; i < schema->metric_count; i++) {
        answers->types[i] = arena_array(arena, schema->type_count + 1, sizeof *answers->types[i]);
        if (answers->types[i] == NULL) {
            goto failed;
        }
    }
    return answers;

failed:
    diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the metrics");
    arena_free(arena);
    free(answers);
    return NULL;
}

void metric_answers_free(struct metric_answers *answers) {
    if (answers == NULL) {
        return;
    }
    for (size_t i = 0; i < answers->schema->metric_count; i++) {
        metric_query_free(&answers->answers[i].rows);
    }
    arena_free(answers->arena);
    free(answers);
}

struct metric_binding metric_answers_binding(const struct metric_answers *answers, size_t index) {
    return (struct metric_binding){.metric = &answers->schema->metrics[index],
                                   .programme = answers->programme,
                                   .schema = answers->schema,
                                   .period = answers->options->span,
                                   .as_of = answers->options->as_of};
}

const struct metric_answer *metric_answers_get(const struct metric_answers *answers, size_t index) {
    return &answers->answers[index];
}

static bool reads_judgement(const struct metric_answers *answers, const struct guard_query *query) {
    size_t count = 0;
    const struct guard_read *reads = guard_reads(query, &count);

    for (size_t i = 0; i < count; i++) {
        if (!stands_before(answers->schema, reads[i].table)) {
            return true;
        }
    }
    return false;
}

/* Reads are sorted by table, so that all columns of a type stand together. */
static void note_types(const struct metric_answers *answers, size_t index, const struct guard_query *query) {
    struct metric_answer *answer = &answers->answers[index];
    size_t *types = answers->types[index];
    size_t count = 0;
    const struct guard_read *reads = guard_reads(query, &count);

    for (size_t i = 0; i < count; i++) {
        size_t type = tables_type(answers->schema, reads[i].table);
        if (type != SIZE_MAX && (answer->type_count == 0 || types[answer->type_count - 1] != type)) {
            types[answer->type_count++] = type;
        }
    }
    answer->types = types;
}

bool metric_answers_find(struct metric_answers *answers, size_t index, struct guard *guard, enum metric_asked when,
                         struct diagnostics *diagnostics) {
    const struct metric_binding binding = metric_answers_binding(answers, index);
    const struct metric *metric = binding.metric;
    struct metric_answer *answer = &answers->answers[index];
    struct guard_query *query = guard_prepare(guard, metric->query, &metric->query_place);
    bool done = query != NULL;

    if (done && (when == METRIC_AFTER_JUDGEMENT || !reads_judgement(answers, query))) {
        done = metric_query_bind(query, &binding, diagnostics) &&
               metric_query_rows(query, metric, answers->folder, &answer->rows, diagnostics);
        if (done) {
            note_types(answers, index, query);
            answer->valued = metric_tally_value(&answer->rows.tally, &answer->value);
            answer->known = true;
        }
        metric_tally_free(&answer->rows.tally); /* what it has besides values is kept */
    }
    guard_query_free(query);
    return done;
}
