#include "read/infer_private.h"

#include <string.h>

#define DETECT_LEAST 4
#define DETECT_MOST  8

static bool infer_detect_has(const struct text_list *list, const char *path) {
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], path) == 0) {
            return true;
        }
    }
    return false;
}

static bool infer_detect_is(const struct value_path *path, const char *text) {
    return path->text != NULL && path->base == PATH_ROW && strcmp(path->text, text) == 0;
}

/* Whether a kind says anything of the path: then its exports have it. */
static bool infer_detect_knows(const struct kind *kind, const struct infer_field *field) {
    const char *path = field->known;

    if (infer_detect_has(&kind->detect_columns, path) || infer_detect_has(&kind->detect_paths, path) ||
        infer_detect_has(&kind->ignore, path) || infer_detect_has(&kind->ignore, field->top)) {
        return true;
    }
    for (size_t r = 0; r < kind->rule_count; r++) {
        const struct row_rule *rule = &kind->rules[r];
        bool known = false;
        for (size_t i = 0; i < rule->mapping_count && !known; i++) {
            known = rule->mappings[i].has_from && infer_detect_is(&rule->mappings[i].from, path);
        }
        for (size_t i = 0; i < rule->input_count && !known; i++) {
            known = infer_detect_is(&rule->inputs[i].from, path);
        }
        for (size_t i = 0; i < rule->when_count && !known; i++) {
            known = infer_detect_is(&rule->when[i].path, path);
        }
        if (known) {
            return true;
        }
    }
    return false;
}

/* A kind whose exports have all of the fields; NULL: none. */
static const char *infer_detect_overlap(const struct schema *schema, enum kind_format format,
                                        const struct infer_detection *detection) {
    for (size_t k = 0; k < schema->kind_count; k++) {
        const struct kind *kind = &schema->kinds[k];
        size_t known = 0;
        while (kind->format == format && known < detection->count &&
               infer_detect_knows(kind, detection->fields[known])) {
            known++;
        }
        if (kind->format == format && known == detection->count && known > 0) {
            return kind->id;
        }
    }
    return NULL;
}

/* `any`: also what is only in some records, or in those above. */
static bool infer_detect_usable(const struct infer_detection *detection, const struct infer_place *place,
                                const struct infer_field *field, bool any) {
    for (size_t i = 0; i < detection->count; i++) {
        if (detection->fields[i] == field) {
            return false;
        }
    }
    return !field->twice && field->compounds == 0 && (any || (!field->above && field->present == place->records)) &&
           strcmp(field->path, "@key") != 0;
}

static bool infer_detect_mapped(const struct infer_match *match, const struct infer_field *field) {
    for (size_t c = 0; c < match->type->column_count; c++) {
        if (match->columns[c].field == field) {
            return true;
        }
    }
    return false;
}

/* Whether adding the field tells the export from those of the kind. */
static bool infer_detect_tells(const struct schema *schema, const char *kind, const struct infer_field *field) {
    return !infer_detect_knows(&schema->kinds[schema_kind(schema, kind)], field);
}

/* How many kinds know the field: the fewer, the more it tells. */
static size_t infer_detect_commonness(const struct schema *schema, enum kind_format format,
                                      const struct infer_field *field) {
    size_t count = 0;

    for (size_t k = 0; k < schema->kind_count; k++) {
        count += schema->kinds[k].format == format && infer_detect_knows(&schema->kinds[k], field);
    }
    return count;
}

/* Adds the fields that tell most, mapped ones or others, until there are `most`. */
static void infer_detect_add(const struct infer_request *request, enum kind_format format,
                             const struct infer_place *place, const struct infer_match *match, bool mapped, bool any,
                             size_t most, struct infer_detection *out) {
    while (out->count < most) {
        const struct infer_field *best = NULL;
        size_t least = SIZE_MAX;
        for (size_t f = 0; f < place->field_count; f++) {
            const struct infer_field *field = place->fields[f];
            if (infer_detect_mapped(match, field) != mapped || !infer_detect_usable(out, place, field, any)) {
                continue;
            }
            size_t common = infer_detect_commonness(request->schema, format, field);
            if (common < least) {
                least = common;
                best = field;
            }
        }
        if (best == NULL) {
            return;
        }
        out->fields[out->count++] = best;
    }
}

bool infer_detect(struct arena *arena, const struct infer_request *request, const struct infer_sample *sample,
                  const struct infer_place *place, const struct infer_match *match, struct infer_detection *out) {
    *out = (struct infer_detection){.fields = arena_array(arena, DETECT_MOST, sizeof *out->fields)};
    if (out->fields == NULL) {
        return false;
    }
    /* What is mapped must be there anyway; then what else all records have. */
    bool any = false;
    infer_detect_add(request, sample->format, place, match, true, any, DETECT_LEAST - 1, out);
    infer_detect_add(request, sample->format, place, match, false, any, DETECT_LEAST, out);
    infer_detect_add(request, sample->format, place, match, true, any, DETECT_LEAST, out);
    if (out->count < 2) {
        any = true;
        infer_detect_add(request, sample->format, place, match, true, any, DETECT_LEAST, out);
        infer_detect_add(request, sample->format, place, match, false, any, DETECT_LEAST, out);
    }
    while ((out->overlap = infer_detect_overlap(request->schema, sample->format, out)) != NULL &&
           out->count < DETECT_MOST) {
        const struct infer_field *found = NULL;
        for (size_t f = 0; f < place->field_count && found == NULL; f++) {
            if (infer_detect_usable(out, place, place->fields[f], any) &&
                infer_detect_tells(request->schema, out->overlap, place->fields[f])) {
                found = place->fields[f];
            }
        }
        if (found == NULL) {
            break;
        }
        out->fields[out->count++] = found;
    }
    return true;
}
