#include "assess/mutation_given.h"

#include "base/value.h"

#include <inttypes.h>
#include <string.h>

#define HOUR         3600
#define FURTHER      1000 /* between a number that is a key and the key of its copy */
#define ANOTHER_TEXT "%s-2"

static struct yaml_node *scalar(struct arena *arena, const struct yaml_node *like, const char *text) {
    struct yaml_node *node = arena_allocate(arena, sizeof *node);

    if (node != NULL) {
        *node = (struct yaml_node){.kind = text != NULL ? YAML_SCALAR : YAML_NULL,
                                   .place = like->place,
                                   .text_place = like->place,
                                   .text = text != NULL ? text : "",
                                   .length = text != NULL ? strlen(text) : 0};
    }
    return node;
}

/* A copy of a mapping with `value` under `key`, in its place or at the end. */
static struct yaml_node *with_pair(struct arena *arena, const struct yaml_node *mapping, const char *key,
                                   struct yaml_node *value) {
    struct yaml_node *copy = arena_allocate(arena, sizeof *copy);
    struct yaml_pair *pairs = arena_array(arena, mapping->count + 1, sizeof *pairs);

    if (copy == NULL || pairs == NULL || value == NULL) {
        return NULL;
    }
    *copy = *mapping;
    copy->kind = YAML_MAPPING; /* a row of defaults alone may be written as nothing */
    copy->pairs = pairs;
    memcpy(pairs, mapping->pairs, mapping->count * sizeof *pairs);
    for (size_t i = 0; i < mapping->count; i++) {
        if (strcmp(pairs[i].key, key) == 0) {
            pairs[i].value = value;
            return copy;
        }
    }
    pairs[copy->count++] = (struct yaml_pair){.key = key, .place = mapping->place, .value = value};
    return copy;
}

/* The given rows with those of one type replaced. */
static const struct yaml_node *with_rows(struct arena *arena, const struct yaml_node *given, size_t type,
                                         struct yaml_node **rows, size_t count) {
    struct yaml_node *list = arena_allocate(arena, sizeof *list);

    if (list == NULL) {
        return NULL;
    }
    *list = *given->pairs[type].value;
    list->items = rows;
    list->count = count;
    return with_pair(arena, given, given->pairs[type].key, list);
}

/* A copy of a type's list of rows, with room for one more. */
static struct yaml_node **copy_rows(struct arena *arena, const struct yaml_node *given, size_t type) {
    const struct yaml_node *list = given->pairs[type].value;
    struct yaml_node **rows = arena_array(arena, list->count + 1, sizeof *rows);

    if (rows != NULL) {
        memcpy(rows, list->items, list->count * sizeof *rows);
    }
    return rows;
}

const struct yaml_node *mutation_given_value(struct arena *arena, const struct yaml_node *given, size_t type,
                                             size_t row, const char *key, const char *text) {
    struct yaml_node **rows = copy_rows(arena, given, type);

    if (rows == NULL) {
        return NULL;
    }
    rows[row] = with_pair(arena, rows[row], key, scalar(arena, rows[row], text));
    return rows[row] != NULL ? with_rows(arena, given, type, rows, given->pairs[type].value->count) : NULL;
}

const struct yaml_node *mutation_given_without(struct arena *arena, const struct yaml_node *given, size_t type,
                                               size_t row) {
    struct yaml_node **rows = copy_rows(arena, given, type);
    size_t count = given->pairs[type].value->count;

    if (rows == NULL) {
        return NULL;
    }
    memmove(&rows[row], &rows[row + 1], (count - row - 1) * sizeof *rows);
    return with_rows(arena, given, type, rows, count - 1);
}

/* Another value for a column of a key; NULL where there is none, or memory is out. */
static const char *another(struct arena *arena, const struct column *column, const char *now) {
    int64_t number = 0;
    char iso[DATETIME_ISO_BYTES];

    switch (column->kind) {
    case COLUMN_TEXT:
        return arena_format(arena, ANOTHER_TEXT, now != NULL ? now : "");
    case COLUMN_INTEGER:
        if (now == NULL || !value_integer(now, strlen(now), &number) || number > INT64_MAX - FURTHER) {
            number = 0;
        }
        return arena_format(arena, "%" PRId64, number + FURTHER);
    case COLUMN_TIME:
        if (now == NULL || datetime_parse(now, strlen(now), DATETIME_ISO, 0, &number) != DATETIME_OK) {
            return NULL;
        }
        datetime_iso(number + HOUR, iso);
        return arena_text(arena, iso);
    default:
        return NULL; /* what stands beside it in the key tells the rows apart */
    }
}

const struct yaml_node *mutation_given_again(struct arena *arena, const struct yaml_node *given, size_t type,
                                             size_t row, const struct evidence_type *evidence_type) {
    struct yaml_node **rows = copy_rows(arena, given, type);
    size_t count = given->pairs[type].value->count;

    if (rows == NULL) {
        return NULL;
    }
    struct yaml_node *copy = rows[row];
    for (size_t i = 0; copy != NULL && i < evidence_type->key_count; i++) {
        const struct column *column = &evidence_type->columns[evidence_type->key[i]];
        const struct yaml_node *now = yaml_get(copy, column->name);
        now = now != NULL ? now : column->default_value;
        const char *text = another(arena, column, now != NULL && now->kind == YAML_SCALAR ? now->text : NULL);
        if (text != NULL) {
            copy = with_pair(arena, copy, column->name, scalar(arena, copy, text));
        }
    }
    rows[count] = copy;
    return copy != NULL ? with_rows(arena, given, type, rows, count + 1) : NULL;
}
