#include "config/schema_private.h"

#include "base/limits.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct schema_order {
    size_t place_offset;
};

static int schema_compare_places(const struct place *a, const struct place *b) {
    int order = strcmp(a->path, b->path);
    if (order != 0)
        return order;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return (a->column > b->column) - (a->column < b->column);
}

static const char *schema_item_id(const void *item) {
    const char *id;
    memcpy(&id, item, sizeof(id));
    return id;
}

static struct place schema_item_place(const void *item, size_t offset) {
    struct place place;
    memcpy(&place, (const char *)item + offset, sizeof(place));
    return place;
}

static int schema_compare_items(const void *a, const void *b, void *context) {
    const struct schema_order *order = context;
    int by_id = strcmp(schema_item_id(a), schema_item_id(b));
    if (by_id != 0)
        return by_id;
    struct place first = schema_item_place(a, order->place_offset);
    struct place second = schema_item_place(b, order->place_offset);
    return schema_compare_places(&first, &second);
}

bool schema_check_sorted(struct schema_loader *loader, const char *what, void *items, size_t count, size_t size,
                         size_t place_offset) {
    bool good = true;
    struct schema_order order = {place_offset};
    if (count < 2)
        return true;
    qsort_r(items, count, size, schema_compare_items, &order);
    for (size_t i = 1; i < count; i++) {
        const char *earlier = (const char *)items + (i - 1) * size;
        const char *later = earlier + size;
        if (strcmp(schema_item_id(earlier), schema_item_id(later)) != 0)
            continue;
        struct place first = schema_item_place(earlier, place_offset);
        struct place second = schema_item_place(later, place_offset);
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_DUPLICATE_ID, &second,
                           "the %s '%s' is declared already at %s:%llu:%llu; rename or remove one of them", what,
                           schema_item_id(later), first.path, (unsigned long long)first.line,
                           (unsigned long long)first.column);
        good = false;
    }
    return good;
}

bool schema_check_name(struct schema_loader *loader, const struct place *place, const char *what, const char *name) {
    static const char *const taken[] = {"ref",      "source",     "at",       "evidence", "snapshot",
                                        "calendar", "occurrence", "identity", "item"};
    if (!text_is_name(name, false) || strlen(name) > LIMIT_NAME_BYTES) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, place,
                           "'%.80s' cannot name a %s; use a-z, 0-9 and '_', a letter first, at most %d characters",
                           name, what, LIMIT_NAME_BYTES);
        return false;
    }
    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
        if (strcmp(name, taken[i]) == 0) {
            diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, place,
                               "'%s' is a name that tickmark gives itself; choose another for this %s", name, what);
            return false;
        }
    }
    if (strncmp(name, "tm_", 3) == 0 || strncmp(name, "sqlite_", 7) == 0) {
        diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, place,
                           "names that begin with tm_ or sqlite_ are kept for the store; rename the %s '%s'", what,
                           name);
        return false;
    }
    return true;
}

bool schema_check_id(struct schema_loader *loader, const struct place *place, const char *what, const char *id) {
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    size_t length = strlen(id);
    if (length > 0 && length <= LIMIT_NAME_BYTES && strchr("-._", id[0]) == NULL && strspn(id, allowed) == length)
        return true;
    diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, place,
                       "'%.80s' cannot be the id of a %s; use letters, digits, '-', '.' and '_', at most %d characters",
                       id, what, LIMIT_NAME_BYTES);
    return false;
}

/* What tickmark adds to a type's name for views that it makes itself. */
static const struct schema_check_suffix {
    const char *text;
    const char *purpose;
} schema_check_suffixes[] = {{SCHEMA_LATEST, "the latest snapshots"}, {SCHEMA_READABLE, "people to read"}};

#define SCHEMA_CHECK_SUFFIXES (sizeof(schema_check_suffixes) / sizeof(schema_check_suffixes[0]))

/* Whether a name is the type's, or that of a view made of it. */
static bool schema_check_is_of(const char *name, const char *type) {
    size_t length = strlen(type);
    if (strncmp(name, type, length) != 0)
        return false;
    bool same = name[length] == '\0';
    for (size_t i = 0; i < SCHEMA_CHECK_SUFFIXES; i++)
        same = same || strcmp(name + length, schema_check_suffixes[i].text) == 0;
    return same;
}

static bool schema_check_views(struct schema_loader *loader) {
    const struct schema *schema = loader->schema;
    bool good = true;
    for (size_t v = 0; v < schema->view_count; v++) {
        const struct view *view = &schema->views[v];
        for (size_t t = 0; t < schema->type_count; t++) {
            const struct evidence_type *type = &schema->types[t];
            if (!schema_check_is_of(view->id, type->id))
                continue;
            diagnostics_report(loader->diagnostics, DIAGNOSTIC_DUPLICATE_ID, &view->place,
                               "the view '%s' has a name that the type '%s' at %s:%llu:%llu brings; rename the file",
                               view->id, type->id, type->place.path, (unsigned long long)type->place.line,
                               (unsigned long long)type->place.column);
            good = false;
        }
    }
    return good;
}

static bool schema_check_types(struct schema_loader *loader) {
    const struct schema *schema = loader->schema;
    bool good = true;
    for (size_t t = 0; t < schema->type_count; t++) {
        const struct evidence_type *type = &schema->types[t];
        size_t length = strlen(type->id);
        for (size_t i = 0; i < SCHEMA_CHECK_SUFFIXES; i++) {
            const struct schema_check_suffix *suffix = &schema_check_suffixes[i];
            size_t suffix_length = strlen(suffix->text);
            if (length < suffix_length || strcmp(type->id + length - suffix_length, suffix->text) != 0)
                continue;
            diagnostics_report(loader->diagnostics, DIAGNOSTIC_WRONG_VALUE, &type->place,
                               "the name '%s' ends in %s, which tickmark adds for %s; rename the type", type->id,
                               suffix->text, suffix->purpose);
            good = false;
        }
    }
    return good;
}

/* Control and test ids stand in one list: findings, waivers and commands name either. */
static bool schema_check_ids(struct schema_loader *loader) {
    const struct schema *schema = loader->schema;
    size_t total = schema->control_count;
    size_t filled = 0;
    for (size_t c = 0; c < schema->control_count; c++)
        total += schema->controls[c].test_count;
    struct schema_reference *ids = arena_array(loader->arena, total, sizeof(*ids));
    if (ids == NULL && total > 0)
        return decode_out_of_memory(loader->diagnostics);
    for (size_t c = 0; c < schema->control_count; c++) {
        const struct control *control = &schema->controls[c];
        /* Controls of one id were reported by themselves; their tests would only repeat it. */
        if (c > 0 && strcmp(control->id, schema->controls[c - 1].id) == 0)
            continue;
        ids[filled++] = (struct schema_reference){control->id, control->place};
        for (size_t t = 0; t < control->test_count; t++)
            ids[filled++] = (struct schema_reference){control->tests[t].id, control->tests[t].place};
    }
    return schema_check_sorted(loader, "test", ids, filled, sizeof(*ids), offsetof(struct schema_reference, place));
}

static bool schema_check_compensating(struct schema_loader *loader) {
    const struct schema *schema = loader->schema;
    bool good = true;
    for (size_t i = 0; i < loader->compensating_count; i++) {
        const struct schema_reference *reference = &loader->compensating[i];
        if (schema_control(schema, reference->id) == NULL)
            good = decode_unknown(&reference->place, "control", reference->id, schema->controls, schema->control_count,
                                  sizeof(*schema->controls), loader->diagnostics);
    }
    return good;
}

bool schema_check_all(struct schema_loader *loader) {
    bool good = schema_check_types(loader);
    good = schema_check_views(loader) && good;
    good = schema_check_ids(loader) && good;
    good = schema_metrics_check(loader) && good;
    good = schema_sampling_check(loader) && good;
    return schema_check_compensating(loader) && good;
}
