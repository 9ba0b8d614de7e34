#include "document/template_head.h"

#include "base/text.h"
#include "config/decode.h"
#include "document/template_table.h"

#include <string.h>

struct template_head {
    const struct yaml_node *texts[TEXT_COUNT];
    const struct yaml_node *queries;
};

#define TEMPLATE_HEAD_TEXT(key, text, required)                                                                        \
    {                                                                                                                  \
        key, DECODE_NODE, offsetof(struct template_head, texts) + (text) * sizeof(const struct yaml_node *), required, \
            NULL                                                                                                       \
    }

static const struct decode_field template_head_fields[] = {
    TEMPLATE_HEAD_TEXT("title", TEXT_TITLE, true),
    TEMPLATE_HEAD_TEXT("subtitle", TEXT_SUBTITLE, false),
    TEMPLATE_HEAD_TEXT("organisation", TEXT_ORGANISATION, false),
    TEMPLATE_HEAD_TEXT("system", TEXT_SYSTEM, false),
    TEMPLATE_HEAD_TEXT("statement", TEXT_STATEMENT, true),
    TEMPLATE_HEAD_TEXT("notice", TEXT_NOTICE, false),
    TEMPLATE_HEAD_TEXT("confidentiality", TEXT_CONFIDENTIALITY, false),
    {"queries", DECODE_NODE, offsetof(struct template_head, queries), false, NULL},
};

/* The head ends before the next line that is "---". */
static bool template_head_split(const struct template *template, const char *text, size_t length, size_t *end,
                                size_t *body, uint64_t *line, struct diagnostics *diagnostics) {
    *line = 1;
    const char *at = text;
    const char *limit = text + length;
    while (at < limit) {
        const char *next = memchr(at, '\n', (size_t)(limit - at));
        size_t width = (size_t)((next == NULL ? limit : next) - at);
        bool mark = width == 3 && memcmp(at, "---", 3) == 0;
        if (*line == 1 && !mark)
            break;
        *end = (size_t)(at - text);
        at = next == NULL ? limit : next + 1;
        if (++*line > 2 && mark) {
            *body = (size_t)(at - text);
            return true;
        }
    }
    diagnostics_report(diagnostics, DIAGNOSTIC_TEMPLATE_SYNTAX, &(struct place){.path = template->path, .line = 1},
                       "a template begins with a head between two lines of '---'; add it");
    return false;
}

static bool template_head_queries(struct template *template, const struct yaml_node *queries,
                                  struct diagnostics *diagnostics) {
    if (queries == NULL || queries->kind == YAML_NULL)
        return true;
    if (!decode_is(queries, YAML_MAPPING, "'queries'", diagnostics))
        return false;
    bool all = true;
    for (size_t i = 0; i < queries->count; i++) {
        const struct yaml_pair *pair = &queries->pairs[i];
        if (!text_is_name(pair->key, false)) {
            diagnostics_report(diagnostics, DIAGNOSTIC_TEMPLATE_SYNTAX, &pair->place,
                               "'%.60s' is no name for a query; write one of a-z, 0-9 and '_'", pair->key);
            all = false;
            continue;
        }
        if (!decode_is(pair->value, YAML_SCALAR, "a query", diagnostics)) {
            all = false;
            continue;
        }
        struct guard_query *prepared = guard_prepare(template->guard, pair->value->text, &pair->value->text_place);
        if (prepared == NULL) {
            all = false;
            continue;
        }
        struct template_query *query =
            arena_push(template->arena, &template->queries, &template->query_count, sizeof *query);
        if (query == NULL) {
            guard_query_free(prepared);
            return template_memory(diagnostics);
        }
        query->name = pair->key;
        query->prepared = prepared;
    }
    template->report = template_scope_query(template, "report");
    if (template->report != TEMPLATE_NONE && guard_parameter(template->queries[template->report].prepared, 0) != NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_TEMPLATE_QUERY, &queries->place,
                           "the query 'report' stands outside all rows and can have no parameter; take ':%s' out",
                           guard_parameter(template->queries[template->report].prepared, 0));
        return false;
    }
    return all;
}

bool template_head_read(struct template *template, const char *text, size_t length, size_t *body, uint64_t *line,
                        struct diagnostics *diagnostics) {
    struct template_head head = {0};
    size_t end = 0;
    if (!template_head_split(template, text, length, &end, body, line, diagnostics))
        return false;
    /* The first "---" begins a YAML document, so that its lines are the template's. */
    const struct yaml_node *node = yaml_parse(template->arena, template->path, text, end, diagnostics);
    if (node == NULL ||
        !decode_mapping(template->arena, node, "template head", template_head_fields,
                        sizeof template_head_fields / sizeof template_head_fields[0], &head, diagnostics) ||
        !template_head_queries(template, head.queries, diagnostics))
        return false;
    struct template_scope scope;
    template_scope_begin(&scope, template, diagnostics);
    bool all = true;
    for (size_t i = 0; i < TEXT_COUNT; i++)
        all = template_table_text(&scope, head.texts[i], "a text of the head", &template->texts[i]) && all;
    return all;
}
