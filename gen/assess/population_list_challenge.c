#include "assess/population_list.h"

#include "assess/challenge.h"
#include "assess/population_list_private.h"
#include "store/tables.h"

#include <string.h>

struct challenger {
    struct guard *guard;
    const struct schema *schema;
    struct diagnostics *diagnostics;
};

#define BAD(challenger, place, ...)                                                                                    \
    (diagnostics_report((challenger)->diagnostics, DIAGNOSTIC_BAD_POPULATION, place, __VA_ARGS__), false)

static bool has_columns(const struct challenger *challenger, const struct population *population,
                        const struct guard_query *query) {
    static const char *const wanted[] = {"ref", "item"};
    static const char *const ours[] = {"reference", "evidence", "defused"};
    const struct place *place = &population->test.query_place;
    bool all = true;

    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        if (guard_column(query, wanted[i]) < 0) {
            all = BAD(challenger, place, "the query of population %s has no column \"%s\"; name one with AS",
                      population->id, wanted[i]);
        }
    }
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        if (guard_column(query, ours[i]) >= 0) {
            all =
                BAD(challenger, place, "the query of population %s has a column \"%s\", which listings add; rename it",
                    population->id, ours[i]);
        }
    }
    for (int column = 0; column < guard_column_count(query); column++) {
        if (guard_column(query, guard_column_name(query, column)) != column) {
            all = BAD(challenger, place, "the query of population %s has two columns \"%s\"; rename one",
                      population->id, guard_column_name(query, column));
        }
    }
    return all;
}

/* All that it reads is required, so that it is known how often an export of it is due; and nothing else is. */
static bool look_at_reads(const struct challenger *challenger, const struct population *population,
                          const struct guard_query *query) {
    const struct schema *schema = challenger->schema;
    const struct control *reading = &population->reading;
    size_t count = 0;
    const struct guard_read *reads = guard_reads(query, &count);
    size_t last = SIZE_MAX;
    bool good = true;

    for (size_t i = 0; i < count; i++) {
        size_t type = tables_type(schema, reads[i].table);
        if (type == SIZE_MAX || type == last) {
            continue;
        }
        last = type;
        if (!schema_requires(reading, type)) {
            good = BAD(challenger, &population->test.query_place,
                       "population %s reads %s, which it does not require; add it to `requires` with its cadence",
                       population->id, schema->types[type].id);
        }
    }
    for (size_t r = 0; r < reading->requirement_count; r++) {
        const struct requirement *requirement = &reading->requirements[r];
        bool found = false;
        for (size_t i = 0; i < count; i++) {
            found = found || tables_type(schema, reads[i].table) == requirement->type;
        }
        if (!found) {
            good = BAD(challenger, &requirement->place,
                       "population %s requires %s, which its query does not read; leave it out", population->id,
                       schema->types[requirement->type].id);
        }
    }
    if (last == SIZE_MAX) {
        good = BAD(challenger, &population->test.query_place,
                   "population %s reads no evidence at all; select from an evidence type or a view", population->id);
    }
    return good;
}

/* Puts an item into a list as it is shown and compared: one behind the other, with commas. */
static void put(struct buffer *out, const char *item) {
    buffer_format(out, "%s%s", out->length > 0 ? ", " : "", item != NULL ? item : "NULL");
}

static bool found_items(struct guard_query *query, struct buffer *members, struct buffer *undetermined) {
    struct population_list_columns columns = population_list_columns(query);
    enum guard_step step = guard_step(query);

    for (; step == GUARD_ROW; step = guard_step(query)) {
        bool unknown = columns.undetermined >= 0 && !guard_is_null(query, columns.undetermined);
        put(unknown ? undetermined : members, guard_text(query, columns.item));
        if (guard_is_null(query, columns.ref)) {
            put(members, "(a row that leads to no record)");
        }
    }
    return step == GUARD_DONE && !members->failed && !undetermined->failed;
}

static bool compare(const struct challenger *challenger, const struct population *population, size_t index,
                    const struct text_list *expected, const struct buffer *found, const char *what) {
    struct buffer list = {0};

    for (size_t i = 0; i < expected->count; i++) {
        put(&list, expected->items[i]);
    }
    const char *wanted = buffer_text(&list);
    const char *got = buffer_text(found);
    bool same = wanted != NULL && got != NULL && strcmp(wanted, got) == 0;
    if (!same) {
        diagnostics_report(challenger->diagnostics, DIAGNOSTIC_CHALLENGE_FAILED, &population->challenges[index].place,
                           "population %s, challenge %zu: expected %s %s, found %s; mend the query or the challenge",
                           population->id, index + 1, what, wanted != NULL && *wanted != '\0' ? wanted : "(none)",
                           got != NULL && *got != '\0' ? got : "(none)");
    }
    buffer_free(&list);
    return same;
}

static bool run_one(const struct challenger *challenger, const struct population *population, struct guard_query *query,
                    size_t index) {
    const struct population_challenge *challenge = &population->challenges[index];
    const struct bind_values values = {
        .control = &population->reading, .period = {CHALLENGE_FROM, CHALLENGE_UNTIL}, .as_of = CHALLENGE_UNTIL - 1};
    struct buffer members = {0};
    struct buffer undetermined = {0};
    bool ran = false;

    if (guard_give(challenger->guard, challenger->schema, challenge->given)) {
        guard_reset(query);
        ran = bind_parameters(query, &values, &population->test, NULL, challenger->diagnostics) &&
              found_items(query, &members, &undetermined);
        guard_reset(query);
    }
    bool good = guard_take_back(challenger->guard) && ran;
    if (good) {
        good = compare(challenger, population, index, &challenge->expect, &members, "members");
        good = compare(challenger, population, index, &challenge->undetermined, &undetermined, "undetermined") && good;
    }
    buffer_free(&members);
    buffer_free(&undetermined);
    return good;
}

bool population_list_challenge(const struct schema *schema, size_t *challenges, struct diagnostics *diagnostics) {
    const struct challenger challenger = {challenge_guard(schema, diagnostics), schema, diagnostics};
    bool good = challenger.guard != NULL;

    *challenges = 0;
    for (size_t p = 0; challenger.guard != NULL && p < schema->population_count; p++) {
        const struct population *population = &schema->populations[p];
        struct guard_query *query =
            guard_prepare(challenger.guard, population->test.query, &population->test.query_place);
        bool sound = query != NULL && has_columns(&challenger, population, query) &&
                     look_at_reads(&challenger, population, query);
        const struct bind_values values = {
            .control = &population->reading, .period = {CHALLENGE_FROM, CHALLENGE_UNTIL}, .as_of = CHALLENGE_UNTIL - 1};
        sound = sound && bind_parameters(query, &values, &population->test, NULL, diagnostics);
        for (size_t i = 0; sound && i < population->challenge_count; i++) {
            ++*challenges;
            good = run_one(&challenger, population, query, i) && good;
        }
        good = good && sound;
        guard_query_free(query);
    }
    guard_free(challenger.guard);
    return good;
}
