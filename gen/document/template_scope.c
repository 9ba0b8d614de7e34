#include "document/template_scope.h"

#include "base/text.h"
#include "document/template_chart.h"
#include "document/template_table.h"

#include <string.h>

void template_scope_begin(struct template_scope *scope, struct template *template, struct diagnostics *diagnostics) {
    *scope = (struct template_scope){.template = template, .diagnostics = diagnostics, .depth = 1};
    scope->frames[0] = template->report;
}

size_t template_scope_query(const struct template *template, const char *name) {
    for (size_t i = 0; i < template->query_count; i++)
        if (strcmp(template->queries[i].name, name) == 0)
            return i;
    return TEMPLATE_NONE;
}

static bool template_scope_find(const struct template_scope *scope, const char *name,
                                struct template_reference *reference) {
    for (size_t frame = scope->depth; frame-- > 0;) {
        if (scope->frames[frame] == TEMPLATE_NONE)
            continue;
        int column = guard_column(scope->template->queries[scope->frames[frame]].prepared, name);
        if (column >= 0) {
            *reference = (struct template_reference){frame, column};
            return true;
        }
    }
    return false;
}

/* Reports a name that leads nowhere, with the nearest of those that would. Always false. */
static bool template_scope_unknown(struct template_scope *scope, const struct template_part *part) {
    struct template *template = scope->template;
    const char **names = NULL;
    size_t count = 0;
    for (size_t frame = 0; frame < scope->depth; frame++) {
        if (scope->frames[frame] == TEMPLATE_NONE)
            continue;
        struct guard_query *query = template->queries[scope->frames[frame]].prepared;
        for (int column = 0; column < guard_column_count(query); column++) {
            const char **name = arena_push(template->arena, &names, &count, sizeof *names);
            if (name == NULL)
                return template_memory(scope->diagnostics);
            *name = guard_column_name(query, column);
        }
    }
    bool section = part->kind == PART_SECTION || part->kind == PART_INVERTED;
    const char *near = text_nearest(part->text, names, count, sizeof *names);
    if (near == NULL && section)
        near = text_nearest(part->text, template->queries, template->query_count, sizeof *template->queries);
    if (near != NULL)
        diagnostics_report(scope->diagnostics, DIAGNOSTIC_TEMPLATE_NAME, &part->place,
                           "there is no '%s' here; did you mean '%s'?", part->text, near);
    else if (template_scope_query(template, part->text) != TEMPLATE_NONE)
        diagnostics_report(scope->diagnostics, DIAGNOSTIC_TEMPLATE_NAME, &part->place,
                           "'%s' is a query and no value; go through its rows with '{{#%s}}'", part->text, part->text);
    else
        diagnostics_report(scope->diagnostics, DIAGNOSTIC_TEMPLATE_NAME, &part->place,
                           "there is no '%s' here; let an enclosing query or 'report' return a column of that name",
                           part->text);
    return false;
}

bool template_scope_use(struct template_scope *scope, const char *name, const struct place *place,
                        struct template_use *use) {
    struct template *template = scope->template;
    use->query = template_scope_query(template, name);
    if (use->query == TEMPLATE_NONE) {
        const char *near = text_nearest(name, template->queries, template->query_count, sizeof *template->queries);
        diagnostics_report(scope->diagnostics, DIAGNOSTIC_TEMPLATE_NAME, place,
                           "there is no query '%s'%s%s%s; the head names the queries", name,
                           near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
        return false;
    }
    struct template_query *query = &template->queries[use->query];
    if (query->open || use->query == template->report) {
        diagnostics_report(scope->diagnostics, DIAGNOSTIC_TEMPLATE_QUERY, place,
                           query->open
                               ? "the rows of '%s' are being read already; give the inner one a query of its own"
                               : "'%s' is one row, always there; use its columns by their names",
                           name);
        return false;
    }
    for (int i = 0; guard_parameter(query->prepared, i) != NULL; i++) {
        /* A statement that is prepared anew, its schema having changed, has other names than this one. */
        const char *parameter = arena_text(template->arena, guard_parameter(query->prepared, i));
        struct template_parameter *bound =
            arena_push(template->arena, &use->parameters, &use->parameter_count, sizeof *bound);
        if (bound == NULL || parameter == NULL)
            return template_memory(scope->diagnostics);
        bound->name = parameter;
        if (!template_scope_find(scope, parameter, &bound->from)) {
            diagnostics_report(scope->diagnostics, DIAGNOSTIC_TEMPLATE_QUERY, place,
                               "the query '%s' needs ':%s', and no row around it has that column; use it inside a "
                               "section whose query returns '%s'",
                               name, parameter, parameter);
            return false;
        }
    }
    return true;
}

void template_scope_enter(struct template_scope *scope, const struct template_use *use) {
    scope->template->queries[use->query].open = true;
    scope->frames[scope->depth++] = use->query;
}

void template_scope_leave(struct template_scope *scope) {
    scope->template->queries[scope->frames[--scope->depth]].open = false;
}

static bool template_scope_section(struct template_scope *scope, struct template_part *part) {
    bool inverted = part->kind == PART_INVERTED;
    if (template_scope_query(scope->template, part->text) == TEMPLATE_NONE) {
        bool found = template_scope_find(scope, part->text, &part->reference) || template_scope_unknown(scope, part);
        bool inner = template_scope_resolve(scope, &part->inner);
        part->kind = inverted ? PART_UNLESS : PART_IF;
        return found && inner;
    }
    if (!template_scope_use(scope, part->text, &part->place, &part->use))
        return false;
    part->kind = inverted ? PART_NO_ROWS : PART_ROWS;
    if (inverted)
        return template_scope_resolve(scope, &part->inner);
    template_scope_enter(scope, &part->use);
    bool inner = template_scope_resolve(scope, &part->inner);
    template_scope_leave(scope);
    return inner;
}

bool template_scope_resolve(struct template_scope *scope, struct template_parts *parts) {
    bool all = true;
    for (size_t i = 0; i < parts->count; i++) {
        struct template_part *part = &parts->items[i];
        switch (part->kind) {
        case PART_VALUE:
        case PART_MARKDOWN:
            if (!template_scope_find(scope, part->text, &part->reference))
                all = template_scope_unknown(scope, part);
            break;
        case PART_SECTION:
        case PART_INVERTED:
            all = template_scope_section(scope, part) && all;
            break;
        case PART_TABLE:
            all = template_table_read(scope, part) && all;
            break;
        case PART_CHART:
            all = template_chart_read(scope, part) && all;
            break;
        case PART_TEXT:
        case PART_PAGE_BREAK:
        case PART_ROWS:
        case PART_IF:
        case PART_NO_ROWS:
        case PART_UNLESS:
            break;
        }
    }
    return all;
}
