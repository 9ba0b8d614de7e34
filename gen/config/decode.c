#include "config/decode.h"

#include "base/datetime.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/value.h"

#include <string.h>

/* Up to this many candidates are listed where none is near. */
#define DECODE_LISTED 12

static const char *const decode_kind_names[] = {
    [YAML_NULL] = "nothing",
    [YAML_SCALAR] = "a single value",
    [YAML_SEQUENCE] = "a list",
    [YAML_MAPPING] = "a mapping",
};

static const char *decode_article(const char *what) {
    return strchr("aeiou", what[0]) != NULL ? "an" : "a";
}

bool decode_out_of_memory(struct diagnostics *diagnostics) {
    diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while reading the configuration");
    return false;
}

bool decode_is(const struct yaml_node *node, enum yaml_kind kind, const char *what, struct diagnostics *diagnostics) {
    if (node->kind == kind)
        return true;
    diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_KIND, &node->place, "%s must be %s, and here is %s", what,
                       decode_kind_names[kind], decode_kind_names[node->kind]);
    return false;
}

/* Appends ", and what to do": the nearest candidate, or all where they are few. */
static void decode_advise(struct buffer *out, const char *word, const void *candidates, size_t count, size_t stride) {
    const char *nearest = text_nearest(word, candidates, count, stride);
    if (nearest != NULL) {
        buffer_format(out, "; did you mean '%s'?", nearest);
        return;
    }
    if (count == 0 || count > DECODE_LISTED) {
        buffer_append_text(out, "; check the spelling");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const char *candidate;
        memcpy(&candidate, (const char *)candidates + i * stride, sizeof(candidate));
        if (candidate != NULL)
            buffer_format(out, "%s %s", i == 0 ? "; use one of" : ",", candidate);
    }
}

static bool decode_report_word(enum diagnostic id, const struct place *place, struct buffer *text, const char *word,
                               const void *candidates, size_t count, size_t stride, struct diagnostics *diagnostics) {
    decode_advise(text, word, candidates, count, stride);
    const char *message = buffer_text(text);
    if (message != NULL)
        diagnostics_report(diagnostics, id, place, "%s", message);
    else
        decode_out_of_memory(diagnostics);
    buffer_free(text);
    return false;
}

bool decode_unknown(const struct place *place, const char *what, const char *word, const void *candidates, size_t count,
                    size_t stride, struct diagnostics *diagnostics) {
    struct buffer text = {0};
    buffer_format(&text, "there is no %s '%.80s'", what, word);
    return decode_report_word(DIAGNOSTIC_UNKNOWN_REFERENCE, place, &text, word, candidates, count, stride, diagnostics);
}

static bool decode_unknown_key(const struct yaml_pair *pair, const char *what, const struct decode_field *fields,
                               size_t field_count, struct diagnostics *diagnostics) {
    struct buffer text = {0};
    buffer_format(&text, "%s %s has no key '%.80s'", decode_article(what), what, pair->key);
    return decode_report_word(DIAGNOSTIC_UNKNOWN_KEY, &pair->place, &text, pair->key, fields, field_count,
                              sizeof(*fields), diagnostics);
}

/* "'grace' of a requirement must be ..., and here is '...'". Always false. */
static bool decode_wrong(const struct yaml_node *node, const char *what, const struct decode_field *field,
                         const char *expected, struct diagnostics *diagnostics) {
    diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                       "'%s' of %s %s must be %s, and here is '%.80s'", field->key, decode_article(what), what,
                       expected, node->text);
    return false;
}

static bool decode_choice(const struct yaml_node *node, const char *what, const struct decode_field *field, int *target,
                          struct diagnostics *diagnostics) {
    size_t count = 0;
    for (; field->choices[count] != NULL; count++) {
        if (strcmp(field->choices[count], node->text) == 0) {
            *target = (int)count;
            return true;
        }
    }
    struct buffer text = {0};
    buffer_format(&text, "'%s' of %s %s cannot be '%.80s'", field->key, decode_article(what), what, node->text);
    return decode_report_word(DIAGNOSTIC_WRONG_VALUE, &node->place, &text, node->text, field->choices, count,
                              sizeof(*field->choices), diagnostics);
}

bool decode_duration(const char *text, int64_t *out) {
    static const struct {
        const char *name;
        int64_t seconds;
    } units[] = {{"second", 1}, {"minute", 60}, {"hour", 3600}, {"day", 86400}, {"week", 604800}};
    size_t digits = strspn(text, "0123456789");
    int64_t amount;

    if (!value_integer(text, digits, &amount))
        return false;
    const char *unit = text + digits;
    if (*unit == '\0' && amount == 0) {
        *out = 0;
        return true;
    }
    unit += strspn(unit, " ");
    size_t length = strlen(unit);
    if (length > 0 && unit[length - 1] == 's')
        length--;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (length == strlen(units[i].name) && memcmp(unit, units[i].name, length) == 0)
            return !__builtin_mul_overflow(amount, units[i].seconds, out);
    }
    return false;
}

static bool decode_percent(const char *text, size_t length, double *out) {
    double value;
    if (length < 2 || text[length - 1] != '%' || !value_real(text, length - 1, &value) || value < 0 || value > 100)
        return false;
    *out = value / 100;
    return true;
}

static bool decode_date(const char *text, size_t length, int64_t *out) {
    return length == 10 && datetime_parse(text, length, DATETIME_ISO, 0, out) == DATETIME_OK;
}

static bool decode_boolean(const char *text, bool *out) {
    *out = strcmp(text, "true") == 0;
    return *out || strcmp(text, "false") == 0;
}

bool decode_scalar(struct arena *arena, const struct yaml_node *node, const char *what,
                   const struct decode_field *field, void *target, struct diagnostics *diagnostics) {
    (void)arena;
    if (node->kind != YAML_SCALAR) {
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_KIND, &node->place,
                           "'%s' of %s %s must be a single value, and here is %s", field->key, decode_article(what),
                           what, decode_kind_names[node->kind]);
        return false;
    }
    const char *text = node->text;
    bool plain = !node->quoted;
    switch (field->kind) {
    case DECODE_TEXT:
        if (field->required && text[strspn(text, " \t\n")] == '\0')
            return decode_wrong(node, what, field, "a text that says something", diagnostics);
        memcpy(target, &text, sizeof(text));
        return true;
    case DECODE_NAME:
        if (!text_is_name(text, true) || node->length > LIMIT_NAME_BYTES)
            return decode_wrong(node, what, field, "a name of a-z, 0-9, '_', '-' and '.', a letter first", diagnostics);
        memcpy(target, &text, sizeof(text));
        return true;
    case DECODE_BOOLEAN:
        return (plain && decode_boolean(text, target)) ||
               decode_wrong(node, what, field, "true or false, without quotes", diagnostics);
    case DECODE_INTEGER:
        return (plain && value_integer(text, node->length, target)) ||
               decode_wrong(node, what, field, "a whole number", diagnostics);
    case DECODE_REAL:
        return (plain && value_real(text, node->length, target)) ||
               decode_wrong(node, what, field, "a number", diagnostics);
    case DECODE_PERCENT:
        return decode_percent(text, node->length, target) ||
               decode_wrong(node, what, field, "a percentage such as 0% or 2.5%", diagnostics);
    case DECODE_DURATION:
        return decode_duration(text, target) ||
               decode_wrong(node, what, field, "a duration such as '15 minutes', '2 days' or 0", diagnostics);
    case DECODE_DATE:
        return decode_date(text, node->length, target) ||
               decode_wrong(node, what, field, "a date such as 2025-10-06", diagnostics);
    case DECODE_CHOICE:
        return decode_choice(node, what, field, target, diagnostics);
    case DECODE_TEXTS:
    case DECODE_NODE:
    case DECODE_PLACE_ONLY:
        break;
    }
    return true;
}

bool decode_texts(struct arena *arena, const struct yaml_node *node, const char *what, const struct decode_field *field,
                  struct text_list *target, struct diagnostics *diagnostics) {
    bool good = true;
    const struct yaml_node *const *items = &node;
    size_t count = 1;

    if (node->kind == YAML_SEQUENCE) {
        items = (const struct yaml_node *const *)node->items;
        count = node->count;
    }
    target->items = arena_array(arena, count, sizeof(*target->items));
    target->count = 0;
    if (target->items == NULL && count > 0)
        return decode_out_of_memory(diagnostics);
    for (size_t i = 0; i < count; i++) {
        if (items[i]->kind == YAML_SCALAR) {
            target->items[target->count++] = items[i]->text;
            continue;
        }
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_KIND, &items[i]->place,
                           items[i]->kind == YAML_NULL
                               ? "'%s' of %s %s takes texts, and here is %s; write the text, in "
                                 "quotes if it is \"\" or \"null\""
                               : "'%s' of %s %s takes texts, and here is %s; write the text",
                           field->key, decode_article(what), what, decode_kind_names[items[i]->kind]);
        good = false;
    }
    return good;
}

static bool decode_field(struct arena *arena, const struct yaml_node *node, const char *what,
                         const struct decode_field *field, void *target, struct diagnostics *diagnostics) {
    switch (field->kind) {
    case DECODE_PLACE_ONLY:
        return true;
    case DECODE_NODE:
        memcpy(target, &node, sizeof(node));
        return true;
    case DECODE_TEXTS:
        return decode_texts(arena, node, what, field, target, diagnostics);
    default:
        return decode_scalar(arena, node, what, field, target, diagnostics);
    }
}

bool decode_mapping(struct arena *arena, const struct yaml_node *node, const char *what,
                    const struct decode_field *fields, size_t field_count, void *target,
                    struct diagnostics *diagnostics) {
    bool good = true;
    if (node->kind != YAML_MAPPING) {
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_KIND, &node->place,
                           "%s %s must be a mapping of 'key: value' lines, and here is %s", decode_article(what), what,
                           decode_kind_names[node->kind]);
        return false;
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        size_t f = 0;
        while (f < field_count && strcmp(fields[f].key, pair->key) != 0)
            f++;
        if (f == field_count)
            good = decode_unknown_key(pair, what, fields, field_count, diagnostics);
        else if (!decode_field(arena, pair->value, what, &fields[f], (char *)target + fields[f].offset, diagnostics))
            good = false;
    }
    for (size_t f = 0; f < field_count; f++) {
        if (!fields[f].required || yaml_get(node, fields[f].key) != NULL)
            continue;
        diagnostics_report(diagnostics, DIAGNOSTIC_MISSING_KEY, &node->place, "this %s has no '%s'; add it", what,
                           fields[f].key);
        good = false;
    }
    return good;
}

bool decode_sequence(struct arena *arena, const struct yaml_node *sequence, const struct decode_list *list,
                     void *target, struct diagnostics *diagnostics) {
    bool good = true;
    if (sequence == NULL)
        return true;
    if (sequence->kind != YAML_SEQUENCE) {
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_KIND, &sequence->place,
                           "'%s' must be a list, each %s beginning with '- ', and here is %s", list->key, list->what,
                           decode_kind_names[sequence->kind]);
        return false;
    }
    char *items = arena_array(arena, sequence->count, list->size);
    if (items == NULL && sequence->count > 0)
        return decode_out_of_memory(diagnostics);
    memcpy((char *)target + list->items_offset, &items, sizeof(items));
    memcpy((char *)target + list->count_offset, &sequence->count, sizeof(sequence->count));
    for (size_t i = 0; i < sequence->count; i++) {
        char *item = items + i * list->size;
        if (list->blank != NULL)
            memcpy(item, list->blank, list->size);
        memcpy(item + list->place_offset, &sequence->items[i]->place, sizeof(struct place));
        if (!decode_mapping(arena, sequence->items[i], list->what, list->fields, list->field_count, item, diagnostics))
            good = false;
    }
    return good;
}
