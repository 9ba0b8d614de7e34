#include "assess/mutation.h"

#include "assess/challenge.h"
#include "assess/mutation.sql.h"
#include "assess/mutation_given.h"
#include "assess/mutation_value.h"
#include "base/limits.h"
#include "base/processors.h"
#include "config/yaml.h"
#include "store/guard.h"
#include "store/query.h"
#include "store/tables.h"

#include <pthread.h>
#include <string.h>

struct mutator {
    const struct schema *schema;
    struct guard *guard;
    struct arena *kept;    /* what stays */
    struct arena *scratch; /* of one challenge */
    struct mutation_result *result;
    bool listing; /* what went unnoticed */
    struct challenge_question question;
    size_t challenge; /* its number, from 1 */
    struct challenge_counts base;
    struct text_list beside; /* texts and times that the challenge gives */
    struct diagnostics *diagnostics;
};

static bool out_of_memory(struct mutator *mutator) {
    diagnostics_report(mutator->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the mutants of test %s",
                       mutator->question.test->id);
    return false;
}

/* Whether mutants are still wanted of a column: of effective challenges all, of others until it is seen to be judged.
 */
static bool wanted(const struct mutator *mutator, const struct mutation_column *column) {
    return mutator->result->tried < LIMIT_MUTANTS_EACH &&
           (mutator->question.challenge->expect == EXPECT_EFFECTIVE || !column->judged);
}

static bool note(struct mutator *mutator, const struct mutation_column *column, size_t row, const char *what) {
    struct text_list *list = &mutator->result->unnoticed;
    const char **text = arena_push(mutator->kept, &list->items, &list->count, sizeof *text);

    if (text != NULL) {
        *text = arena_format(mutator->kept, "challenge %zu, %s %zu: %s%s%s", mutator->challenge, column->type, row + 1,
                             column->name != NULL ? column->name : "the row", column->name != NULL ? " = " : " ", what);
    }
    return text != NULL && *text != NULL ? true : out_of_memory(mutator);
}

/* Asks of one mutant. */
static bool try_mutant(struct mutator *mutator, struct mutation_column *column, const struct yaml_node *given,
                       size_t row, const char *what) {
    struct mutation_result *result = mutator->result;
    const struct challenge_counts *base = &mutator->base;
    struct challenge_counts counts;

    if (given == NULL) {
        return out_of_memory(mutator);
    }
    if (!challenge_ask(mutator->guard, mutator->schema, &mutator->question, given, &counts, mutator->diagnostics)) {
        return false;
    }
    result->tried++;
    column->judged = column->judged || counts.population != base->population || counts.exceptions != base->exceptions ||
                     counts.undetermined != base->undetermined;
    if (mutator->question.challenge->expect != EXPECT_EFFECTIVE) {
        return true;
    }
    enum challenge_expect found = challenge_found(&counts);
    bool caught = found == EXPECT_EXCEPTION || found == EXPECT_UNDETERMINED;
    bool left = !caught && counts.population < base->population;
    column->mutants++;
    column->caught += caught;
    column->left += left;
    return caught || left || !mutator->listing || note(mutator, column, row, what);
}

static bool mutate_values(struct mutator *mutator, const struct yaml_node *given, size_t pair, size_t row,
                          const struct evidence_type *type, struct mutation_column *column) {
    const struct column *kind = &type->columns[schema_column(type, column->name)];
    const struct yaml_node *node = yaml_get(given->pairs[pair].value->items[row], kind->name);
    struct mutation_values values;

    node = node != NULL ? node : kind->default_value;
    const char *now = node != NULL && node->kind == YAML_SCALAR ? node->text : NULL;
    if (!mutation_values(mutator->scratch, mutator->question.control, kind, now, &mutator->beside, &values)) {
        return out_of_memory(mutator);
    }
    for (size_t i = 0; i < values.count && wanted(mutator, column); i++) {
        const struct yaml_node *mutant =
            mutation_given_value(mutator->scratch, given, pair, row, kind->name, values.texts[i]);
        if (!try_mutant(mutator, column, mutant, row, values.texts[i] != NULL ? values.texts[i] : "nothing")) {
            return false;
        }
    }
    return true;
}

static bool mutate_row(struct mutator *mutator, const struct yaml_node *given, size_t pair, size_t row,
                       const struct evidence_type *type, struct mutation_column *column) {
    return (!wanted(mutator, column) ||
            try_mutant(mutator, column, mutation_given_without(mutator->scratch, given, pair, row), row, "left out")) &&
           (!wanted(mutator, column) ||
            try_mutant(mutator, column, mutation_given_again(mutator->scratch, given, pair, row, type), row,
                       "twice, under another key"));
}

/* Texts and times that the challenge gives, each once, in the order written. */
static bool collect_beside(struct mutator *mutator, const struct yaml_node *given) {
    struct text_list *beside = &mutator->beside;

    *beside = (struct text_list){0};
    for (size_t p = 0; p < given->count; p++) {
        const struct yaml_node *rows = given->pairs[p].value;
        size_t type = schema_type(mutator->schema, given->pairs[p].key);
        for (size_t r = 0; type != SIZE_MAX && r < rows->count; r++) {
            for (size_t c = 0; c < rows->items[r]->count; c++) {
                const struct yaml_pair *value = &rows->items[r]->pairs[c];
                size_t column = schema_column(&mutator->schema->types[type], value->key);
                enum column_kind kind =
                    column != SIZE_MAX ? mutator->schema->types[type].columns[column].kind : COLUMN_BOOLEAN;
                bool known = value->value->kind != YAML_SCALAR || (kind != COLUMN_TEXT && kind != COLUMN_TIME);
                for (size_t i = 0; !known && i < beside->count; i++) {
                    known = strcmp(beside->items[i], value->value->text) == 0;
                }
                const char **text =
                    known ? NULL : arena_push(mutator->scratch, &beside->items, &beside->count, sizeof *text);
                if (!known && text == NULL) {
                    return out_of_memory(mutator);
                }
                if (text != NULL) {
                    *text = value->value->text;
                }
            }
        }
    }
    return true;
}

static bool mutate_challenge(struct mutator *mutator) {
    const struct yaml_node *given = mutator->question.challenge->given;
    struct mutation_result *result = mutator->result;

    if (given->kind != YAML_MAPPING || !collect_beside(mutator, given)) {
        return given->kind != YAML_MAPPING;
    }
    if (!challenge_ask(mutator->guard, mutator->schema, &mutator->question, given, &mutator->base,
                       mutator->diagnostics)) {
        return false;
    }
    for (size_t p = 0; p < given->count; p++) {
        size_t index = schema_type(mutator->schema, given->pairs[p].key);
        const struct yaml_node *rows = given->pairs[p].value;
        for (size_t c = 0; index != SIZE_MAX && rows->kind == YAML_SEQUENCE && c < result->column_count; c++) {
            const struct evidence_type *type = &mutator->schema->types[index];
            struct mutation_column *column = &result->columns[c];
            bool mine = strcmp(column->type, type->id) == 0;
            for (size_t r = 0; mine && r < rows->count; r++) {
                if (!(column->name != NULL ? mutate_values(mutator, given, p, r, type, column)
                                           : mutate_row(mutator, given, p, r, type, column))) {
                    return false;
                }
            }
        }
    }
    return true;
}

bool mutation_unjudged(const struct mutation_column *column) {
    return !column->judged && column->named;
}

/* Whether SQL holds a name as a word of its own. */
static bool has_word(const char *sql, const char *name) {
    static const char word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    size_t length = strlen(name);

    for (const char *at = strstr(sql, name); at != NULL; at = strstr(at + 1, name)) {
        if ((at == sql || strchr(word, at[-1]) == NULL) && (at[length] == '\0' || strchr(word, at[length]) == NULL)) {
            return true;
        }
    }
    return false;
}

static bool is_named(const char *sql, const struct evidence_type *type, size_t column) {
    for (size_t i = 0; i < type->key_count; i++) {
        if (type->key[i] == column) {
            return false;
        }
    }
    return has_word(sql, type->columns[column].name);
}

static bool add_column(struct mutator *mutator, const char *type, const char *name, bool named) {
    struct mutation_result *result = mutator->result;
    struct mutation_column *column = arena_push(mutator->kept, &result->columns, &result->column_count, sizeof *column);

    if (column == NULL) {
        return out_of_memory(mutator);
    }
    column->type = type;
    column->name = name;
    column->named = named;
    return true;
}

/* What the query reads: the columns of evidence types, and for each type its rows as a whole. */
static bool list_columns(struct mutator *mutator) {
    size_t count = 0;
    const struct guard_read *reads = guard_reads(mutator->question.query, &count);
    const struct evidence_type *last = NULL;

    for (size_t i = 0; i < count; i++) {
        size_t index = tables_type(mutator->schema, reads[i].table);
        if (index == SIZE_MAX) {
            continue;
        }
        const struct evidence_type *type = &mutator->schema->types[index];
        size_t column = schema_column(type, reads[i].column);
        if ((type != last && !add_column(mutator, type->id, NULL, true)) ||
            (column != SIZE_MAX && !add_column(mutator, type->id, type->columns[column].name,
                                               is_named(mutator->question.test->query, type, column)))) {
            return false;
        }
        last = type;
    }
    return true;
}

static void add_up(struct mutation_result *result) {
    for (size_t i = 0; i < result->column_count; i++) {
        result->mutants += result->columns[i].mutants;
        result->caught += result->columns[i].caught;
        result->left += result->columns[i].left;
    }
}

static bool mutate_test(struct mutator *mutator, const struct control *control, const struct test *test,
                        struct mutation_result *result) {
    bool done = false;
    struct guard_query *query = guard_prepare(mutator->guard, test->query, &test->query_place);

    mutator->question = (struct challenge_question){control, test, NULL, query};
    mutator->result = result;
    if (query == NULL) {
        return false;
    }
    result->test = test->id;
    done = list_columns(mutator);
    /* Effective ones first: what they leave open, others may show to be judged. */
    for (int effective = 1; done && effective >= 0; effective--) {
        for (size_t i = 0; done && i < test->challenge_count; i++) {
            if ((test->challenges[i].expect == EXPECT_EFFECTIVE) != (effective == 1)) {
                continue;
            }
            mutator->challenge = i + 1;
            mutator->question.challenge = &test->challenges[i];
            mutator->scratch = arena_new();
            done = mutator->scratch != NULL ? mutate_challenge(mutator) : out_of_memory(mutator);
            arena_free(mutator->scratch);
        }
    }
    add_up(result);
    guard_query_free(query);
    return done;
}

/* The tests that are wanted, and what threads share: the next one to take. */
struct mutation_work {
    const struct schema *schema;
    struct diagnostics *diagnostics;
    bool listing;
    struct mutation_task {
        const struct control *control;
        const struct test *test;
        struct arena *kept; /* of this test, whichever thread took it */
        bool done;
    } * tasks;
    size_t count;
    struct mutation_result *results;
    pthread_mutex_t lock;
    size_t next;
};

static void *take_tests(void *context) {
    struct mutation_work *work = context;
    struct mutator mutator = {.schema = work->schema, .listing = work->listing, .diagnostics = work->diagnostics};

    mutator.guard = challenge_guard(work->schema, work->diagnostics);
    while (mutator.guard != NULL) {
        pthread_mutex_lock(&work->lock);
        size_t index = work->next < work->count ? work->next++ : SIZE_MAX;
        pthread_mutex_unlock(&work->lock);
        if (index == SIZE_MAX) {
            break;
        }
        struct mutation_task *task = &work->tasks[index];
        task->kept = arena_new();
        mutator.kept = task->kept;
        task->done = task->kept != NULL && mutate_test(&mutator, task->control, task->test, &work->results[index]);
    }
    guard_free(mutator.guard);
    return NULL;
}

/* This thread and as many more as there are processors; where none can be had, this one does the work alone. */
static bool take_all(struct mutation_work *work, struct arena *arena) {
    pthread_t threads[LIMIT_JUDGES];
    size_t most = processors(LIMIT_JUDGES);
    size_t started = 0;
    bool done = true;

    while (started + 1 < most && started + 1 < work->count &&
           pthread_create(&threads[started], NULL, take_tests, work) == 0) {
        started++;
    }
    take_tests(work);
    for (size_t i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
    for (size_t i = 0; i < work->count; i++) {
        done = done && work->tasks[i].done;
        arena_join(arena, work->tasks[i].kept);
    }
    return done;
}

static bool chosen(const char *const *names, size_t count, const char *control, const char *test) {
    bool found = count == 0;

    for (size_t i = 0; i < count; i++) {
        found = found || strcmp(names[i], control) == 0 || strcmp(names[i], test) == 0;
    }
    return found;
}

bool mutation_run(const struct schema *schema, const char *const *names, size_t name_count, struct arena *arena,
                  struct mutation_results *results, struct diagnostics *diagnostics) {
    struct mutation_work work = {
        .schema = schema, .diagnostics = diagnostics, .listing = name_count > 0, .lock = PTHREAD_MUTEX_INITIALIZER};
    size_t tests = 0;

    *results = (struct mutation_results){0};
    for (size_t c = 0; c < schema->control_count; c++) {
        tests += schema->controls[c].test_count;
    }
    work.tasks = arena_array(arena, tests + 1, sizeof *work.tasks);
    work.results = arena_array(arena, tests + 1, sizeof *work.results);
    if (work.tasks == NULL || work.results == NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for mutants");
        return false;
    }
    for (size_t c = 0; c < schema->control_count; c++) {
        const struct control *control = &schema->controls[c];
        for (size_t t = 0; t < control->test_count; t++) {
            const struct test *test = &control->tests[t];
            if (test->query != NULL && chosen(names, name_count, control->id, test->id)) {
                work.tasks[work.count++] = (struct mutation_task){.control = control, .test = test};
            }
        }
    }
    bool done = take_all(&work, arena);
    pthread_mutex_destroy(&work.lock);
    *results = (struct mutation_results){work.results, work.count};
    return done;
}

const char *mutation_unjudged_text(struct arena *arena, const struct mutation_result *result) {
    struct buffer text = {0};

    for (size_t i = 0; i < result->column_count; i++) {
        const struct mutation_column *column = &result->columns[i];
        if (mutation_unjudged(column)) {
            buffer_format(&text, "%s%s%s%s", text.length > 0 ? ", " : "", column->type,
                          column->name != NULL ? "." : " (rows)", column->name != NULL ? column->name : "");
        }
    }
    const char *copy = buffer_text(&text) != NULL ? arena_text(arena, buffer_text(&text)) : NULL;
    buffer_free(&text);
    return copy;
}

bool mutation_write(struct store *store, const struct mutation_results *results, struct diagnostics *diagnostics) {
    struct query insert = {0};
    struct arena *arena = arena_new();
    bool done = arena != NULL &&
                query_open(&insert, store_connection(store), "mutation_insert", sql_mutation_insert, diagnostics);

    for (size_t i = 0; done && i < results->count; i++) {
        const struct mutation_result *result = &results->items[i];
        query_text(&insert, 1, result->test);
        query_integer(&insert, 2, (int64_t)result->mutants);
        query_integer(&insert, 3, (int64_t)result->caught);
        query_integer(&insert, 4, (int64_t)result->left);
        query_text(&insert, 5, mutation_unjudged_text(arena, result));
        done = query_run(&insert);
    }
    if (arena == NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to keep what mutants told");
    }
    arena_free(arena);
    return query_close(&insert) && done;
}
