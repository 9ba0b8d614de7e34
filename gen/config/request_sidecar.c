#include "base/encoding.h"
#include "config/request.h"

#include <string.h>

struct sidecar_draft {
    struct request_sidecar sidecar;
    const struct yaml_node *columns;
    const struct yaml_node *answers;
};

static const char *const dates_names[] = {"plain", "day-first", "month-first", NULL};

/* What a header means: the name of a column of ours, or `ignore`. */
static bool read_columns(struct arena *arena, const struct yaml_node *node, struct request_sidecar *out,
                         struct diagnostics *diagnostics) {
    static const struct decode_field text = {.key = "column", .kind = DECODE_TEXT};
    bool good = true;

    if (node == NULL) {
        return true;
    }
    if (!decode_is(node, YAML_MAPPING, "'columns'", diagnostics)) {
        return false;
    }
    out->columns = arena_array(arena, node->count + 1, sizeof *out->columns);
    if (out->columns == NULL) {
        return decode_out_of_memory(diagnostics);
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        const char *name = NULL;
        int column = 0;
        if (!decode_scalar(arena, pair->value, "column", &text, &name, diagnostics)) {
            good = false;
            continue;
        }
        while (column < REQUEST_COLUMNS && strcmp(request_column_names[column], name) != 0) {
            column++;
        }
        if (column == REQUEST_COLUMNS && strcmp(name, "ignore") != 0) {
            good = decode_unknown(&pair->value->place, "part of a request called", name, request_column_names,
                                  REQUEST_COLUMNS, sizeof *request_column_names, diagnostics);
            continue;
        }
        out->columns[out->column_count++] = (struct request_column_choice){pair->key, column};
    }
    return good;
}

static bool check_answer(const struct request_answer *answer, struct diagnostics *diagnostics) {
    size_t given = answer->populations.count + answer->controls.count + answer->evidence.count;

    if ((answer->not_applicable != NULL) != (given > 0)) {
        return true;
    }
    diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &answer->place,
                       given > 0 ? "an answer leads somewhere or is 'not_applicable', not both; leave one out"
                                 : "the answer says nothing; name 'population', 'control' or 'evidence', or why it is "
                                   "'not_applicable'");
    return false;
}

bool request_sidecar_read(struct arena *arena, const char *path, const char *bytes, size_t length,
                          struct request_sidecar *out, struct diagnostics *diagnostics) {
    static const struct decode_field fields[] = {
        {"sheet", DECODE_TEXT, offsetof(struct sidecar_draft, sidecar.sheet), false, NULL},
        {"encoding", DECODE_TEXT, offsetof(struct sidecar_draft, sidecar.encoding_text), false, NULL},
        {"dates", DECODE_CHOICE, offsetof(struct sidecar_draft, sidecar.dates), false, dates_names},
        {"columns", DECODE_NODE, offsetof(struct sidecar_draft, columns), false, NULL},
        {"answers", DECODE_NODE, offsetof(struct sidecar_draft, answers), false, NULL},
    };
    static const struct decode_field answer_fields[] = {
        {"request", DECODE_TEXT, offsetof(struct request_answer, request), true, NULL},
        {"population", DECODE_TEXTS, offsetof(struct request_answer, populations), false, NULL},
        {"control", DECODE_TEXTS, offsetof(struct request_answer, controls), false, NULL},
        {"evidence", DECODE_TEXTS, offsetof(struct request_answer, evidence), false, NULL},
        {"not_applicable", DECODE_TEXT, offsetof(struct request_answer, not_applicable), false, NULL},
    };
    static const struct decode_list list = {
        .key = "answers",
        .what = "answer",
        .fields = answer_fields,
        .field_count = sizeof answer_fields / sizeof answer_fields[0],
        .size = sizeof(struct request_answer),
        .place_offset = offsetof(struct request_answer, place),
        .items_offset = offsetof(struct request_sidecar, answers),
        .count_offset = offsetof(struct request_sidecar, answer_count),
    };
    struct sidecar_draft draft = {0};
    const struct yaml_node *root = yaml_parse(arena, path, bytes, length, diagnostics);

    if (root == NULL) {
        return false;
    }
    bool good = root->kind == YAML_NULL || decode_mapping(arena, root, "sidecar of a list", fields,
                                                          sizeof fields / sizeof fields[0], &draft, diagnostics);
    *out = draft.sidecar;
    good = read_columns(arena, draft.columns, out, diagnostics) && good;
    good = decode_sequence(arena, draft.answers, &list, out, diagnostics) && good;
    bool decoded = good;
    for (size_t i = 0; decoded && i < out->answer_count; i++) {
        good = check_answer(&out->answers[i], diagnostics) && good;
    }
    if (out->encoding_text != NULL) {
        out->encoding = encoding_find(out->encoding_text);
        if (out->encoding == NULL) {
            diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &yaml_get(root, "encoding")->place,
                               "the encoding '%.40s' is not known; utf-8, utf-16le, windows-1252, iso-8859-1 and "
                               "others are",
                               out->encoding_text);
            good = false;
        }
    }
    return good;
}
