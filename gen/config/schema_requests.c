#include "config/schema_private.h"

#include <string.h>

struct requests_draft {
    const struct yaml_node *columns;
    const struct yaml_node *asks;
    const struct yaml_node *statuses;
    const struct yaml_node *priorities;
    struct text_list either;
    struct text_list fillers;
};

/* The list of a name among those that there are. */
static struct text_list *schema_requests_list(const char *name, const char *const *names, struct text_list *lists) {
    for (size_t i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], name) == 0)
            return &lists[i];
    }
    return NULL;
}

/* Each list's words, none of which stands in two of them: what it meant could not be told. */
static bool schema_requests_distinct(struct schema_loader *loader, const struct yaml_node *node,
                                     const char *const *names, const struct text_list *lists, size_t count) {
    bool good = true;
    for (size_t list = 1; list < count; list++) {
        for (size_t i = 0; i < lists[list].count; i++) {
            size_t other = request_words_find(lists, list, lists[list].items[i], NULL);
            if (other == list)
                continue;
            diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &yaml_get(node, names[list])->place,
                               "\"%s\" stands under '%s' and under '%s'; leave it in one of them", lists[list].items[i],
                               names[other], names[list]);
            good = false;
        }
    }
    return good;
}

static bool schema_requests_words(struct schema_loader *loader, const struct yaml_node *node, const char *what,
                                  const char *const *names, struct text_list *lists, size_t count) {
    static const struct decode_field words = {.key = "words", .kind = DECODE_TEXTS};
    bool good = true;
    if (node == NULL)
        return true;
    if (!decode_is(node, YAML_MAPPING, what, loader->diagnostics))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        struct text_list *list = schema_requests_list(pair->key, names, lists);
        if (list == NULL)
            good = decode_unknown(&pair->place, "part of a request called", pair->key, names, count, sizeof(*names),
                                  loader->diagnostics);
        else
            good = decode_texts(loader->arena, pair->value, pair->key, &words, list, loader->diagnostics) && good;
    }
    return good && schema_requests_distinct(loader, node, names, lists, count);
}

/* A word for either would be passed over where it is one of a column's own. */
static bool schema_requests_either(struct schema_loader *loader, const struct yaml_node *root,
                                   const struct request_words *words) {
    bool good = true;
    for (size_t i = 0; i < words->either.count; i++) {
        size_t column = request_words_find(words->columns, REQUEST_COLUMNS, words->either.items[i], NULL);
        if (column == REQUEST_COLUMNS)
            continue;
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &yaml_get(root, "either")->place,
                           "\"%s\" stands under '%s' and under 'either'; leave it in one of them",
                           words->either.items[i], request_column_names[column]);
        good = false;
    }
    return good;
}

bool schema_requests_load(struct schema_loader *loader, const struct yaml_node *root) {
    static const struct decode_field fields[] = {
        {"columns", DECODE_NODE, offsetof(struct requests_draft, columns), true, NULL},
        {"asks", DECODE_NODE, offsetof(struct requests_draft, asks), false, NULL},
        {"statuses", DECODE_NODE, offsetof(struct requests_draft, statuses), false, NULL},
        {"priorities", DECODE_NODE, offsetof(struct requests_draft, priorities), false, NULL},
        {"either", DECODE_TEXTS, offsetof(struct requests_draft, either), false, NULL},
        {"fillers", DECODE_TEXTS, offsetof(struct requests_draft, fillers), false, NULL},
    };
    struct request_words *words = &loader->schema->request_words;
    struct requests_draft draft = {0};
    bool good = decode_mapping(loader->arena, root, "file of words in requests", fields,
                               sizeof(fields) / sizeof(fields[0]), &draft, loader->diagnostics);

    words->given = true;
    words->either = draft.either;
    words->fillers = draft.fillers;
    good = schema_requests_words(loader, draft.columns, "'columns'", request_column_names, words->columns,
                                 REQUEST_COLUMNS) &&
           schema_requests_either(loader, root, words) && good;
    good = schema_requests_words(loader, draft.asks, "'asks'", request_asks_names, words->asks, REQUEST_ASKS_COUNT) &&
           good;
    good = schema_requests_words(loader, draft.statuses, "'statuses'", request_status_names, words->statuses,
                                 REQUEST_STATUS_COUNT) &&
           good;
    return schema_requests_words(loader, draft.priorities, "'priorities'", request_priority_names, words->priorities,
                                 REQUEST_PRIORITY_COUNT) &&
           good;
}
