#include "base/value.h"
#include "document/anchor.h"
#include "document/chart.h"
#include "document/inset.h"
#include "document/markdown.h"
#include "document/template.h"
#include "document/template_parts.h"

#include <string.h>

struct template_render {
    struct template *template;
    struct diagnostics *diagnostics;
    struct document *document;
    struct insets insets;
    struct guard_query *frames[TEMPLATE_FRAMES]; /* on their current rows */
    size_t depth;
    struct buffer raw, line; /* of one text */
};

static bool template_render_memory(struct template_render *render) {
    return tree_report(render->document, render->template->path, render->diagnostics);
}

/* Binds the parameters and goes to the first row. */
static enum guard_step template_render_start(struct template_render *render, const struct template_use *use) {
    struct guard_query *query = render->template->queries[use->query].prepared;
    guard_reset(query);
    for (size_t i = 0; i < use->parameter_count; i++) {
        const struct template_parameter *parameter = &use->parameters[i];
        struct value value = guard_value(render->frames[parameter->from.frame], parameter->from.column);
        if (!guard_bind(query, parameter->name, &value)) {
            template_render_memory(render);
            return GUARD_FAILED;
        }
    }
    return guard_step(query);
}

static bool template_render_true(const struct template_render *render, const struct template_reference *reference) {
    struct value value = guard_value(render->frames[reference->frame], reference->column);
    switch (value.kind) {
    case VALUE_NULL:
        return false;
    case VALUE_INTEGER:
        return value.integer != 0;
    case VALUE_REAL:
        return value.real < 0 || value.real > 0;
    case VALUE_TEXT:
        return value.text.length > 1 || (value.text.length == 1 && value.text.bytes[0] != '0');
    }
    return false;
}

static bool template_render_parts(struct template_render *render, const struct template_parts *parts, bool plain,
                                  struct buffer *out);

static bool template_render_rows(struct template_render *render, const struct template_part *part, bool plain,
                                 struct buffer *out) {
    struct guard_query *query = render->template->queries[part->use.query].prepared;
    enum guard_step step = template_render_start(render, &part->use);
    bool done = true;
    if (part->kind == PART_NO_ROWS) {
        guard_reset(query);
        return step != GUARD_FAILED && (step == GUARD_ROW || template_render_parts(render, &part->inner, plain, out));
    }
    render->frames[render->depth++] = query;
    while (done && step == GUARD_ROW) {
        done = template_render_parts(render, &part->inner, plain, out);
        step = done ? guard_step(query) : step;
    }
    render->depth--;
    guard_reset(query);
    return done && step != GUARD_FAILED;
}

/* A text of the template with its values, as one line in `render->line`. */
static bool template_render_line(struct template_render *render, const struct template_parts *parts) {
    buffer_clear(&render->raw);
    buffer_clear(&render->line);
    if (!template_render_parts(render, parts, true, &render->raw))
        return false;
    inset_line(&render->line, render->raw.data, render->raw.length);
    render->line.failed |= render->raw.failed;
    return !render->line.failed || template_render_memory(render);
}

/* The same as a string of the document. NULL after reporting. */
static const char *template_render_text(struct template_render *render, const struct template_parts *parts) {
    if (!template_render_line(render, parts))
        return NULL;
    const char *text = arena_copy(render->document->arena, buffer_text(&render->line), render->line.length);
    if (text == NULL)
        template_render_memory(render);
    return text;
}

static struct node *template_render_node(struct template_render *render, struct node *parent, enum node_kind kind) {
    struct node *node = tree_append(render->document, parent, kind);
    if (node == NULL)
        template_render_memory(render);
    return node;
}

/* An anchor or a badge's class is made safe as anchors are. */
static const char *template_render_target(struct template_render *render, const struct template_parts *parts,
                                          bool badge) {
    if (!template_render_line(render, parts))
        return NULL;
    bool anchor = render->line.length > 0 && render->line.data[0] == '#';
    const char *from = render->line.data;
    size_t length = render->line.length;
    buffer_clear(&render->raw);
    if (anchor && !badge)
        buffer_append_byte(&render->raw, '#');
    if (anchor || badge)
        anchor_slug(&render->raw, from, length);
    else
        buffer_append(&render->raw, from, length);
    const char *target = buffer_text(&render->raw);
    target = target == NULL ? NULL : arena_copy(render->document->arena, target, render->raw.length);
    if (target == NULL)
        template_render_memory(render);
    return target;
}

static bool template_render_cell(struct template_render *render, struct node *row,
                                 const struct template_column *column) {
    struct node *parent = template_render_node(render, row, NODE_CELL);
    if (parent == NULL)
        return false;
    const char *text = template_render_text(render, &column->value);
    if (text == NULL)
        return false;
    if (*text == '\0')
        return true;
    if (column->link.count > 0) {
        const char *target = template_render_target(render, &column->link, false);
        if (target == NULL)
            return false;
        if (*target != '\0') {
            parent = template_render_node(render, parent, NODE_LINK);
            if (parent == NULL)
                return false;
            parent->target = target;
        }
    }
    const char *badge = NULL;
    if (column->badge.count > 0) {
        badge = template_render_target(render, &column->badge, true);
        if (badge == NULL)
            return false;
    }
    bool marked = badge != NULL && *badge != '\0';
    struct node *node = template_render_node(render, parent,
                                             marked         ? NODE_BADGE
                                             : column->code ? NODE_CODE
                                                            : NODE_TEXT);
    if (node == NULL)
        return false;
    node->target = marked ? badge : NULL;
    node->text = text;
    node->length = strlen(text);
    return true;
}

static struct node *template_render_table_head(struct template_render *render, const struct template_table *spec,
                                               struct node *parent) {
    struct arena *arena = render->document->arena;
    struct node *node = template_render_node(render, parent, NODE_TABLE);
    struct node *row = node == NULL ? NULL : template_render_node(render, node, NODE_ROW);
    if (row == NULL)
        return NULL;
    row->header = true;
    node->table = arena_allocate(arena, sizeof *node->table);
    struct table_column *columns = arena_array(arena, spec->column_count, sizeof *columns);
    if (node->table == NULL || columns == NULL) {
        template_render_memory(render);
        return NULL;
    }
    node->table->columns = columns;
    node->table->column_count = spec->column_count;
    for (size_t i = 0; i < spec->column_count; i++) {
        columns[i].alignment = (enum alignment)spec->columns[i].alignment;
        columns[i].width = spec->columns[i].width;
        struct node *cell = template_render_node(render, row, NODE_CELL);
        struct node *title = cell == NULL ? NULL : template_render_node(render, cell, NODE_TEXT);
        if (title == NULL)
            return NULL;
        title->text = template_render_text(render, &spec->columns[i].title);
        if (title->text == NULL)
            return NULL;
        title->length = strlen(title->text);
    }
    if (spec->caption.count > 0) {
        node->table->caption = template_render_text(render, &spec->caption);
        if (node->table->caption == NULL)
            return NULL;
    }
    return node;
}

/* Takes a column out of a table, whose rows all have it. */
static void template_render_drop(struct node *table, size_t column) {
    for (struct node *row = table->first_child; row != NULL; row = row->next) {
        struct node *before = NULL;
        struct node *cell = row->first_child;
        for (size_t i = 0; i < column; i++) {
            before = cell;
            cell = cell->next;
        }
        if (before == NULL)
            row->first_child = cell->next;
        else
            before->next = cell->next;
        if (row->last_child == cell)
            row->last_child = before;
    }
    struct table *shape = table->table;
    shape->column_count--;
    memmove(&shape->columns[column], &shape->columns[column + 1],
            (shape->column_count - column) * sizeof *shape->columns);
}

/* Leaves out the optional columns in which no row has anything, but for the last one that is left. */
static void template_render_narrow(const struct template_table *spec, struct node *table) {
    size_t column = 0;
    for (size_t i = 0; i < spec->column_count; i++) {
        bool empty = spec->columns[i].optional && table->table->column_count > 1;
        for (struct node *row = table->first_child; empty && row != NULL; row = row->next) {
            const struct node *cell = row->first_child;
            for (size_t c = 0; c < column; c++)
                cell = cell->next;
            empty = row->header || cell->first_child == NULL;
        }
        if (empty)
            template_render_drop(table, column);
        else
            column++;
    }
}

/* The table of a query's rows below `holder`; what its `empty` says, or nothing, where there are none. */
static bool template_render_table(struct template_render *render, const struct template_table *spec,
                                  struct node *holder) {
    struct guard_query *query = render->template->queries[spec->use.query].prepared;
    enum guard_step step = template_render_start(render, &spec->use);
    bool done = true;
    if (step == GUARD_DONE && spec->empty.count > 0) {
        struct node *paragraph = template_render_node(render, holder, NODE_PARAGRAPH);
        struct node *node = paragraph == NULL ? NULL : template_render_node(render, paragraph, NODE_TEXT);
        const char *text = node == NULL ? NULL : template_render_text(render, &spec->empty);
        done = text != NULL;
        if (done) {
            node->text = text;
            node->length = strlen(text);
        }
    }
    struct node *table = NULL;
    if (step == GUARD_ROW) {
        table = template_render_table_head(render, spec, holder);
        done = table != NULL;
    }
    render->frames[render->depth++] = query;
    while (done && step == GUARD_ROW) {
        struct node *row = template_render_node(render, table, NODE_ROW);
        done = row != NULL;
        for (size_t i = 0; done && i < spec->column_count; i++)
            done = template_render_cell(render, row, &spec->columns[i]);
        step = done ? guard_step(query) : step;
    }
    render->depth--;
    guard_reset(query);
    if (done && table != NULL)
        template_render_narrow(spec, table);
    return done && step != GUARD_FAILED;
}

/* A number that a row gives to a chart. Nothing is no number; anything else that is none is reported. */
static bool template_render_number(struct template_render *render, const struct template_part *part,
                                   enum template_chart_text which, double *number, bool *known) {
    *number = 0;
    *known = false;
    if (!template_render_line(render, &part->chart->texts[which]))
        return false;
    if (render->line.length == 0)
        return true;
    const char *text = buffer_text(&render->line);
    if (strcmp(text, "Inf") == 0 || strcmp(text, "-Inf") == 0) /* what the store makes of an overflow is not drawn */
        return true;
    *known = value_real(text, render->line.length, number);
    if (!*known)
        diagnostics_report(render->diagnostics, DIAGNOSTIC_TEMPLATE_QUERY, &part->place,
                           "a chart draws numbers, and the query '%s' gives it '%.60s'; return a number or NULL",
                           part->chart->query, text);
    return *known;
}

static bool template_render_point(struct template_render *render, const struct template_part *part,
                                  struct chart *chart) {
    const struct template_chart *spec = part->chart;
    struct chart_panel panel = {0};
    struct chart_point point = {0};
    bool whole;
    if (!template_render_number(render, part, CHART_VALUE, &point.value, &point.known) ||
        !template_render_number(render, part, CHART_TARGET, &panel.target, &panel.aimed) ||
        !template_render_number(render, part, CHART_FULL, &panel.full, &whole))
        return false;
    panel.title = template_render_text(render, &spec->texts[CHART_PANEL]);
    panel.by = panel.title == NULL || spec->texts[CHART_BY].count == 0
                   ? panel.title
                   : template_render_text(render, &spec->texts[CHART_BY]);
    panel.note = panel.by == NULL ? NULL : template_render_text(render, &spec->texts[CHART_NOTE]);
    point.label = panel.note == NULL ? NULL : template_render_text(render, &spec->texts[CHART_LABEL]);
    point.printed = point.label == NULL ? NULL : template_render_text(render, &spec->texts[CHART_PRINTED]);
    if (point.printed == NULL)
        return false;
    if (chart->point_count >= LIMIT_CHART_POINTS) {
        diagnostics_report(render->diagnostics, DIAGNOSTIC_TEMPLATE_LIMIT, &part->place,
                           "a chart of more than %d points; let the query '%s' return fewer rows", LIMIT_CHART_POINTS,
                           spec->query);
        return false;
    }
    return chart_add(render->document->arena, chart, &panel, &point) || template_render_memory(render);
}

/* The chart of a query's rows below `holder`; nothing where there are too few values to draw one. */
static bool template_render_chart(struct template_render *render, const struct template_part *part,
                                  struct node *holder) {
    const struct template_chart *spec = part->chart;
    struct guard_query *query = render->template->queries[spec->use.query].prepared;
    struct chart *chart = arena_allocate(render->document->arena, sizeof *chart);
    if (chart == NULL)
        return template_render_memory(render);
    chart->kind = (enum chart_kind)spec->kind;
    if (spec->texts[CHART_CAPTION].count > 0) {
        chart->caption = template_render_text(render, &spec->texts[CHART_CAPTION]);
        if (chart->caption == NULL)
            return false;
    }
    enum guard_step step = template_render_start(render, &spec->use);
    bool done = true;
    render->frames[render->depth++] = query;
    while (done && step == GUARD_ROW) {
        done = template_render_point(render, part, chart);
        step = done ? guard_step(query) : step;
    }
    render->depth--;
    guard_reset(query);
    if (!done || step == GUARD_FAILED)
        return false;
    chart_settle(chart, (size_t)spec->least);
    if (chart->panel_count == 0)
        return true;
    struct node *node = template_render_node(render, holder, NODE_CHART);
    if (node == NULL)
        return false;
    node->chart = chart;
    return true;
}

/* A block of our own, which stands in the Markdown by a mark. */
static bool template_render_block(struct template_render *render, const struct template_part *part,
                                  struct buffer *out) {
    struct node *holder = template_render_node(render, NULL, NODE_SECTION);
    if (holder == NULL)
        return false;
    if (part->kind == PART_TABLE   ? !template_render_table(render, part->table, holder)
        : part->kind == PART_CHART ? !template_render_chart(render, part, holder)
                                   : template_render_node(render, holder, NODE_PAGE_BREAK) == NULL)
        return false;
    return inset_blocks(&render->insets, holder, out) || template_render_memory(render);
}

static bool template_render_value(struct template_render *render, const struct template_part *part, bool plain,
                                  struct buffer *out) {
    const char *text = guard_text(render->frames[part->reference.frame], part->reference.column);
    if (text == NULL)
        text = "";
    if (plain) {
        buffer_append_text(out, text);
        return true;
    }
    enum inset_kind kind = part->kind == PART_VALUE ? INSET_VALUE : INSET_MARKDOWN;
    return inset_text(&render->insets, kind, text, strlen(text), out) || template_render_memory(render);
}

static bool template_render_parts(struct template_render *render, const struct template_parts *parts, bool plain,
                                  struct buffer *out) {
    bool done = true;
    for (size_t i = 0; done && i < parts->count; i++) {
        const struct template_part *part = &parts->items[i];
        switch (part->kind) {
        case PART_TEXT:
            if (plain)
                buffer_append(out, part->text, part->length);
            else
                inset_clean(out, part->text, part->length);
            break;
        case PART_VALUE:
        case PART_MARKDOWN:
            done = template_render_value(render, part, plain, out);
            break;
        case PART_ROWS:
        case PART_NO_ROWS:
            done = template_render_rows(render, part, plain, out);
            break;
        case PART_IF:
        case PART_UNLESS:
            if (template_render_true(render, &part->reference) == (part->kind == PART_IF))
                done = template_render_parts(render, &part->inner, plain, out);
            break;
        case PART_TABLE:
        case PART_CHART:
        case PART_PAGE_BREAK:
            done = template_render_block(render, part, out);
            break;
        case PART_SECTION:
        case PART_INVERTED:
            break;
        }
    }
    return done;
}

/* Puts the query `report` on its row, where it stays. */
static bool template_render_report(struct template_render *render) {
    struct template *template = render->template;
    render->depth = 1;
    if (template->report == TEMPLATE_NONE)
        return true;
    struct template_use use = {.query = template->report};
    render->frames[0] = template->queries[template->report].prepared;
    enum guard_step step = template_render_start(render, &use);
    if (step == GUARD_DONE)
        diagnostics_report(render->diagnostics, DIAGNOSTIC_TEMPLATE_QUERY, &(struct place){.path = template->path},
                           "the query 'report' returned no row; let it return one");
    return step == GUARD_ROW;
}

static bool template_render_head(struct template_render *render) {
    struct document *document = render->document;
    const char **texts[TEXT_COUNT] = {
        [TEXT_TITLE] = &document->title,
        [TEXT_SUBTITLE] = &document->subtitle,
        [TEXT_ORGANISATION] = &document->organisation,
        [TEXT_SYSTEM] = &document->system,
        [TEXT_STATEMENT] = &document->statement,
        [TEXT_NOTICE] = &document->notice,
        [TEXT_CONFIDENTIALITY] = &document->confidentiality,
    };
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        const char *text = template_render_text(render, &render->template->texts[i]);
        if (text == NULL)
            return false;
        *texts[i] = *text == '\0' && i == TEXT_NOTICE ? NULL : text;
    }
    return true;
}

struct document *template_render(struct template *template, struct arena *arena, int64_t date,
                                 struct diagnostics *diagnostics) {
    struct document *document = tree_new(arena);
    if (document == NULL) {
        template_memory(diagnostics);
        return NULL;
    }
    document->date = date;
    struct template_render render = {
        .template = template, .diagnostics = diagnostics, .document = document, .insets = {.arena = arena}};
    struct buffer markdown = {0};
    bool done = template_render_report(&render) && template_render_head(&render) &&
                template_render_parts(&render, &template->body, false, &markdown);
    if (done && markdown.failed)
        done = template_render_memory(&render);
    done = done && markdown_read(document, &render.insets, buffer_text(&markdown), markdown.length, template->path,
                                 diagnostics);
    if (template->report != TEMPLATE_NONE)
        guard_reset(template->queries[template->report].prepared);
    buffer_free(&markdown);
    buffer_free(&render.raw);
    buffer_free(&render.line);
    return done ? document : NULL;
}
