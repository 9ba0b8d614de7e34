#include "config/schema_private.h"

#include "base/path.h"

#include <string.h>

const char *const schema_format_names[] = {"csv", "json", "ndjson", "document", "yaml",
                                           "xml", "log",  "cedar",  "xlsx",     NULL};

struct kind_draft {
    struct kind kind;
    int format;
    const char *delimiter;
    const struct yaml_node *detect;
    const struct yaml_node *effective;
    const struct yaml_node *complete;
    const struct yaml_node *count;
    struct text_list page_sizes;
    const struct yaml_node *inside;
    const struct yaml_node *rows;
};
struct envelope_draft {
    const struct yaml_node *path;
    const struct yaml_node *time;
    int format;
};

static bool schema_kinds_delimiter(struct schema_loader *loader, const struct yaml_node *root, const char *text,
                                   struct kind *kind) {
    if (text == NULL)
        return true;
    bool tab = strcmp(text, "tab") == 0;
    bool single = strlen(text) == 1 && text[0] > ' ' && text[0] < 0x7F && text[0] != '"';
    bool csv = kind->format == FORMAT_CSV || (kind->has_inside && kind->inside_format == FORMAT_CSV);
    if ((tab || single) && csv) {
        kind->delimiter = tab ? '\t' : text[0];
        return true;
    }
    diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &yaml_get(root, "delimiter")->place,
                       csv ? "'delimiter' must be one character or the word tab, and here is '%.20s'"
                           : "'delimiter' is '%.20s', but the format is not csv; leave it out",
                       text);
    return false;
}

static bool schema_kinds_detect(struct schema_loader *loader, const struct yaml_node *node, struct kind *kind) {
    static const struct decode_field fields[] = {
        {"columns", DECODE_TEXTS, offsetof(struct kind, detect_columns), false, NULL},
        {"paths", DECODE_TEXTS, offsetof(struct kind, detect_paths), false, NULL},
        {"without", DECODE_TEXTS, offsetof(struct kind, detect_without), false, NULL},
        {"lines", DECODE_PLACE_ONLY, 0, false, NULL},
    };
    bool tree = kind->format == FORMAT_JSON || kind->format == FORMAT_NDJSON || kind->format == FORMAT_YAML ||
                kind->format == FORMAT_XML;

    if (node == NULL)
        return true;
    if (!decode_mapping(loader->arena, node, "detection", fields, sizeof(fields) / sizeof(fields[0]), kind,
                        loader->diagnostics))
        return false;
    if (kind->detect_without.count == 0 || tree)
        return true;
    diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &yaml_get(node, "without")->place,
                       "'without' names paths of json, ndjson, yaml or xml, and this format has none; leave it out");
    return false;
}

static bool schema_kinds_effective(struct schema_loader *loader, const struct yaml_node *node, struct kind *kind) {
    static const struct decode_field fields[] = {
        {"from", DECODE_NODE, offsetof(struct envelope_draft, path), true, NULL},
        {"time", DECODE_NODE, offsetof(struct envelope_draft, time), true, NULL},
    };
    const char *names[DATETIME_FORMAT_COUNT + 1] = {NULL};
    const struct row_rule none = {0};
    struct envelope_draft draft = {0};

    if (node == NULL)
        return true;
    if (!decode_mapping(loader->arena, node, "time of effect", fields, sizeof(fields) / sizeof(fields[0]), &draft,
                        loader->diagnostics))
        return false;
    for (size_t i = 0; i < DATETIME_FORMAT_COUNT; i++)
        names[i] = datetime_format_name((enum datetime_format)i);
    const struct decode_field choice = {"time", DECODE_CHOICE, 0, true, names};
    int format = DATETIME_ISO;
    bool good = decode_scalar(loader->arena, draft.time, "time of effect", &choice, &format, loader->diagnostics);
    good = decode_is(draft.path, YAML_SCALAR, "'from'", loader->diagnostics) &&
           schema_paths_row(loader, draft.path->text, &draft.path->place, kind, &none, &kind->effective) && good;
    if (!good)
        return false;
    kind->has_effective = true;
    kind->effective_time = (enum datetime_format)format;
    if (kind->effective.base == PATH_ENVELOPE || kind->effective.base == PATH_FILE || kind->format == FORMAT_DOCUMENT)
        return true;
    diagnostics_report(
        loader->diagnostics, DIAGNOSTIC_BAD_PATH, &draft.path->place,
        "'effective' is said once for the whole export; use $.key, or @file.NAME for a part of its path");
    return false;
}

static bool schema_kinds_inside(struct schema_loader *loader, const struct yaml_node *node, struct kind *kind) {
    static const struct decode_field fields[] = {
        {"path", DECODE_NODE, offsetof(struct envelope_draft, path), true, NULL},
        {"format", DECODE_CHOICE, offsetof(struct envelope_draft, format), true, schema_format_names},
    };
    struct envelope_draft draft = {0};

    if (node == NULL)
        return true;
    if (!decode_mapping(loader->arena, node, "inner export", fields, sizeof(fields) / sizeof(fields[0]), &draft,
                        loader->diagnostics) ||
        !decode_is(draft.path, YAML_SCALAR, "'path'", loader->diagnostics))
        return false;
    bool tree = kind->format == FORMAT_JSON || kind->format == FORMAT_YAML || kind->format == FORMAT_XML;
    if (!tree || draft.format == FORMAT_DOCUMENT || draft.format == FORMAT_LOG || draft.format == FORMAT_CEDAR ||
        draft.format == FORMAT_XLSX) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                           "'inside' reads csv, json, ndjson, yaml or xml out of a json, yaml or xml document; make "
                           "the outer format and the inner one of those");
        return false;
    }
    kind->inside_format = (enum kind_format)draft.format;
    kind->has_inside = true;
    if (!schema_paths_value(loader, draft.path->text, &draft.path->place, kind->format, &kind->inside))
        return false;
    if (kind->inside.base == PATH_ROW || kind->inside.base == PATH_ENVELOPE)
        return true;
    diagnostics_report(loader->diagnostics, DIAGNOSTIC_BAD_PATH, &draft.path->place,
                       "the path of 'inside' starts at the document; write its keys, such as data.content");
    return false;
}

bool schema_kind_takes_encoding(const struct kind *kind) {
    return kind->format != FORMAT_XML && kind->format != FORMAT_XLSX && kind->format != FORMAT_DOCUMENT;
}

static bool schema_kinds_encoding(struct schema_loader *loader, const struct yaml_node *root, struct kind *kind) {
    if (kind->encoding_text == NULL)
        return true;
    kind->encoding = encoding_find(kind->encoding_text);
    if (kind->encoding != NULL && schema_kind_takes_encoding(kind))
        return true;
    diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &yaml_get(root, "encoding")->place,
                       SCHEMA_ENCODING_ADVICE, kind->encoding_text);
    return false;
}

static bool schema_kinds_zone(struct schema_loader *loader, const struct yaml_node *root, struct kind *kind) {
    if (kind->zone_text == NULL || datetime_zone(kind->zone_text, &kind->zone))
        return true;
    diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &yaml_get(root, "zone")->place,
                       "'zone' must be UTC or an offset such as \"+02:00\", and here is '%.40s'", kind->zone_text);
    return false;
}

static bool schema_kinds_sheet(struct schema_loader *loader, const struct yaml_node *root, const struct kind *kind) {
    if (kind->sheet == NULL || kind->format == FORMAT_XLSX)
        return true;
    diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &yaml_get(root, "sheet")->place,
                       "'sheet' is '%.40s', but the format is not xlsx; leave it out", kind->sheet);
    return false;
}

static bool schema_kinds_members(struct schema_loader *loader, const struct yaml_node *root, const struct kind *kind) {
    const char *reason = NULL;
    bool good = true;

    for (size_t i = 0; i < kind->members.count; i++) {
        if (!path_member_pattern_valid(kind->members.items[i], &reason)) {
            diagnostics_report(loader->diagnostics, DIAGNOSTIC_BAD_PATH, &yaml_get(root, "member")->place,
                               "the member pattern '%.120s' is not usable (%s); write one such as \"*.json.gz\"",
                               kind->members.items[i], reason);
            good = false;
        }
    }
    return good;
}

/* Where an answer says itself whether more follows, its size says nothing. */
static bool schema_kinds_page_sizes(struct schema_loader *loader, const struct yaml_node *root,
                                    const struct text_list *texts, struct kind *kind) {
    const struct yaml_node *node = yaml_get(root, "page_sizes");
    bool tree = kind->format == FORMAT_JSON || kind->format == FORMAT_YAML || kind->format == FORMAT_XML;
    bool good = true;

    if (texts->count == 0)
        return true;
    if (!tree || kind->has_inside || kind->complete_count > 0 || kind->has_count) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                           "'page_sizes' is for lists in json, yaml or xml that are not inside a text and do not say "
                           "themselves, by 'complete' or 'count', whether more follows; leave it out");
        return false;
    }
    kind->page_sizes = arena_array(loader->arena, texts->count, sizeof(*kind->page_sizes));
    if (kind->page_sizes == NULL)
        return decode_out_of_memory(loader->diagnostics);
    for (size_t i = 0; i < texts->count; i++) {
        int64_t size;
        if (value_integer(texts->items[i], strlen(texts->items[i]), &size) && size > 1) {
            kind->page_sizes[kind->page_size_count++] = (uint64_t)size;
            continue;
        }
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                           "'page_sizes' are the numbers of records that its source gives in one answer, such as "
                           "[30, 100], and here is '%.40s'; write whole numbers from 2 on",
                           texts->items[i]);
        good = false;
    }
    return good;
}

/* Without `null:` an empty text is the only one that means NULL. */
static bool schema_kinds_nulls(struct schema_loader *loader, struct kind *kind) {
    kind->nulls.items = arena_array(loader->arena, 1, sizeof(*kind->nulls.items));
    if (kind->nulls.items == NULL)
        return decode_out_of_memory(loader->diagnostics);
    kind->nulls.items[0] = "";
    kind->nulls.count = 1;
    return true;
}

bool schema_kinds_load(struct schema_loader *loader, const struct yaml_node *root) {
    static const struct decode_field fields[] = {
        {"kind", DECODE_NAME, offsetof(struct kind_draft, kind.id), true, NULL},
        {"title", DECODE_TEXT, offsetof(struct kind_draft, kind.title), false, NULL},
        {"vendor", DECODE_TEXT, offsetof(struct kind_draft, kind.vendor), false, NULL},
        {"produced_by", DECODE_TEXT, offsetof(struct kind_draft, kind.produced_by), false, NULL},
        {"format", DECODE_CHOICE, offsetof(struct kind_draft, format), true, schema_format_names},
        {"detect", DECODE_NODE, offsetof(struct kind_draft, detect), false, NULL},
        {"delimiter", DECODE_TEXT, offsetof(struct kind_draft, delimiter), false, NULL},
        {"pattern", DECODE_PLACE_ONLY, 0, false, NULL},
        {"preset", DECODE_PLACE_ONLY, 0, false, NULL},
        {"skip", DECODE_PLACE_ONLY, 0, false, NULL},
        {"continue", DECODE_PLACE_ONLY, 0, false, NULL},
        {"null", DECODE_TEXTS, offsetof(struct kind_draft, kind.nulls), false, NULL},
        {"effective", DECODE_NODE, offsetof(struct kind_draft, effective), false, NULL},
        {"complete", DECODE_NODE, offsetof(struct kind_draft, complete), false, NULL},
        {"count", DECODE_NODE, offsetof(struct kind_draft, count), false, NULL},
        {"page_sizes", DECODE_TEXTS, offsetof(struct kind_draft, page_sizes), false, NULL},
        {"zone", DECODE_TEXT, offsetof(struct kind_draft, kind.zone_text), false, NULL},
        {"encoding", DECODE_TEXT, offsetof(struct kind_draft, kind.encoding_text), false, NULL},
        {"sheet", DECODE_TEXT, offsetof(struct kind_draft, kind.sheet), false, NULL},
        {"member", DECODE_TEXTS, offsetof(struct kind_draft, kind.members), false, NULL},
        {"inside", DECODE_NODE, offsetof(struct kind_draft, inside), false, NULL},
        {"rows", DECODE_NODE, offsetof(struct kind_draft, rows), true, NULL},
        {"ignore", DECODE_TEXTS, offsetof(struct kind_draft, kind.ignore), false, NULL},
    };
    struct kind_draft draft = {.kind = {.place = root->place}, .format = -1};
    bool good = decode_mapping(loader->arena, root, "kind", fields, sizeof(fields) / sizeof(fields[0]), &draft,
                               loader->diagnostics);
    struct kind *kind = &draft.kind;

    if (kind->id == NULL)
        return false;
    if (kind->title == NULL)
        kind->title = kind->id;
    if (kind->nulls.items == NULL && !schema_kinds_nulls(loader, kind))
        return false;
    /* What a path may be depends on the format: without one there is nothing more to say. */
    if (draft.format >= 0) {
        kind->format = (enum kind_format)draft.format;
        good = schema_kinds_inside(loader, draft.inside, kind) && good;
        good = schema_kinds_detect(loader, draft.detect, kind) && good;
        good = schema_logs_load(loader, root, draft.detect, kind) && good;
        good = schema_kinds_delimiter(loader, root, draft.delimiter, kind) && good;
        good = schema_kinds_encoding(loader, root, kind) && good;
        good = schema_kinds_zone(loader, root, kind) && good;
        good = schema_kinds_sheet(loader, root, kind) && good;
        good = schema_kinds_members(loader, root, kind) && good;
        good = schema_kinds_effective(loader, draft.effective, kind) && good;
        good = schema_rules_complete(loader, draft.complete, draft.count, kind) && good;
        good = schema_kinds_page_sizes(loader, root, &draft.page_sizes, kind) && good;
        good = (draft.rows == NULL || schema_rules_load(loader, draft.rows, kind)) && good;
    }
    struct kind *slot =
        arena_push(loader->arena, &loader->schema->kinds, &loader->schema->kind_count, sizeof(*loader->schema->kinds));
    if (slot == NULL)
        return decode_out_of_memory(loader->diagnostics);
    *slot = *kind;
    return good;
}
