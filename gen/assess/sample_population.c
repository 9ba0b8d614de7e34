#include "assess/sample_population.h"

#include "assess/population.h"
#include "assess/sample_population.sql.h"
#include "base/limits.h"

#include <inttypes.h>
#include <string.h>

static bool refuse(const struct test *test, struct diagnostics *diagnostics, const char *what, const char *item) {
    diagnostics_report(diagnostics, DIAGNOSTIC_SAMPLE_POPULATION, &test->query_place,
                       "no sample can be drawn from the population of %s: %s%s%.80s%s; correct the query", test->id,
                       what, item != NULL ? " \"" : "", item != NULL ? item : "", item != NULL ? "\"" : "");
    return false;
}

static struct guard_query *prepare(struct guard *guard, const struct test *test, struct diagnostics *diagnostics) {
    struct buffer inner = {0};
    struct buffer sql = {0};
    struct guard_query *query = NULL;

    population_inner(test, &inner);
    if (buffer_text(&inner) != NULL) {
        buffer_format(&sql, sql_sample_population_sorted, buffer_text(&inner));
    }
    if (inner.failed || sql.failed) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to list the population of %s", test->id);
    } else {
        query = guard_prepare(guard, buffer_text(&sql), &test->query_place);
    }
    buffer_free(&inner);
    buffer_free(&sql);
    return query;
}

/* What would make two readers see different populations. */
static bool check_row(const struct test *test, const struct sample_population_row *row, const struct buffer *before,
                      struct diagnostics *diagnostics) {
    if (row->item == NULL) {
        return refuse(test, diagnostics, "it has a row without an item", NULL);
    }
    if (strlen(row->item) > LIMIT_ITEM_BYTES) {
        return refuse(test, diagnostics, "this item is too long:", row->item);
    }
    if (row->position > 0 && strcmp(row->item, before->data) == 0) {
        return refuse(test, diagnostics, "this item stands in it twice:", row->item);
    }
    return row->position < LIMIT_SAMPLE_POPULATION || refuse(test, diagnostics, "it has too many items", NULL);
}

bool sample_population_walk(struct guard *guard, const struct test *test, const struct bind_values *values,
                            sample_population_visit *visit, void *context, struct diagnostics *diagnostics) {
    struct guard_query *query = prepare(guard, test, diagnostics);
    struct buffer before = {0};
    uint64_t position = 0;
    bool done = false;

    if (query == NULL || !bind_parameters(query, values, test, NULL, diagnostics)) {
        goto end;
    }
    int item = guard_column(query, "item");
    int ref = guard_column(query, "ref");
    enum guard_step step = guard_step(query);
    for (; step == GUARD_ROW; step = guard_step(query)) {
        const struct sample_population_row row = {
            .position = position++,
            .item = guard_text(query, item),
            .has_ref = !guard_is_null(query, ref),
            .ref = guard_integer(query, ref),
            .query = query,
        };
        if (!check_row(test, &row, &before, diagnostics)) {
            goto end;
        }
        buffer_clear(&before);
        buffer_append(&before, row.item, strlen(row.item) + 1);
        if (before.failed) {
            diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to list the population of %s",
                               test->id);
            goto end;
        }
        if (!visit(context, &row)) {
            goto end;
        }
    }
    done = step == GUARD_DONE;

end:
    guard_query_free(query);
    buffer_free(&before);
    return done;
}

bool sample_population_references(const struct sample_population_row *row, sample_population_reference *visit,
                                  void *context) {
    for (int column = 0; column < guard_column_count(row->query); column++) {
        const char *name = guard_column_name(row->query, column);
        const char *to = population_reference(name);
        if (to != NULL && !guard_is_null(row->query, column) &&
            !visit(context, to, guard_integer(row->query, column))) {
            return false;
        }
    }
    return true;
}

bool sample_population_supporting(struct guard *guard, const struct schema *schema, int64_t ref,
                                  sample_population_reference *visit, void *context) {
    const struct view *view = schema_view(schema, SCHEMA_SUPPORT);
    const struct value value = {.kind = VALUE_INTEGER, .integer = ref};
    bool done = false;

    if (view == NULL) {
        return true;
    }
    struct guard_query *query = guard_prepare(guard, sql_sample_population_supporting, &view->place);
    enum guard_step step = query != NULL && guard_bind(query, "ref", &value) ? guard_step(query) : GUARD_FAILED;
    for (; step == GUARD_ROW; step = guard_step(query)) {
        const char *relation = guard_text(query, 0);
        if (!guard_is_null(query, 1) && !visit(context, relation != NULL ? relation : "", guard_integer(query, 1))) {
            goto end;
        }
    }
    done = step == GUARD_DONE;

end:
    guard_query_free(query);
    return done;
}
