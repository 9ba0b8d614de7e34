#include "base/value.h"
#include "read/infer_private.h"

#include <stdlib.h>
#include <string.h>

#define GRADE_NAME       100 /* the field is called as the column is */
#define GRADE_SYNONYM    96  /* as a synonym of it; later ones count a little less */
#define GRADE_OPPOSITE   86  /* as a boolean that says the contrary */
#define GRADE_IDENTIFIER 70  /* as a record's own id is, where the column is the type's key */
#define GRADE_CONTENT    45  /* its contents alone speak for it */
#define GRADE_LEAST      50  /* of a name that counts */
#define LOSS_FILLERS     8   /* the names are the same but for fillers */
#define LOSS_TYPE        8   /* ... or but for the type's words */
#define LOSS_IDENTIFIER  14  /* ... or but for a word such as "id" */
#define GRADE_ENDING     58  /* it ends as a required column is called: legal_basis */
#define LOSS_OTHER_KIND  30  /* the contents are rather of another kind */
#define LOSS_SHARED      4   /* the field fills another column, too */
#define SYNONYMS_COUNTED 20
#define LIST_MOST        24 /* different words of an enumeration */

/* One column, with all that exports call it. */
struct infer_match_name {
    char words[INFER_NAME_BYTES];
    char bare[INFER_NAME_BYTES];
    int grade;
    bool opposite;
};
struct infer_match_column {
    struct infer_match_name *names;
    size_t name_count;
    bool identifier; /* of what the type is about */
    bool text;
    bool required;
};

struct infer_matcher {
    struct arena *arena;
    const struct synonyms *synonyms;
    const struct infer_place *place;
    char file_words[INFER_NAME_BYTES];
    /* Of the type at hand. */
    const struct evidence_type *type;
    struct infer_match_column *columns;
    struct text_list type_words; /* its id and the synonyms of it, as words */
    struct text_list id_words;   /* each word of its id */
    int *grades;                 /* by column and field */
};

static bool infer_match_add_name(struct infer_matcher *matcher, struct infer_match_column *column, const char *text,
                                 int grade, bool opposite) {
    struct infer_match_name *name =
        arena_push(matcher->arena, &column->names, &column->name_count, sizeof *column->names);

    if (name == NULL) {
        return false;
    }
    infer_words(text, strlen(text), name->words);
    infer_words_without(name->words, &matcher->synonyms->fillers, name->bare);
    name->grade = grade;
    name->opposite = opposite;
    return true;
}

/* A column that is the id of what the type is about. */
static bool infer_match_identifies(const struct infer_matcher *matcher, size_t column) {
    const struct evidence_type *type = matcher->type;
    char words[INFER_NAME_BYTES];

    infer_words(type->columns[column].name, strlen(type->columns[column].name), words);
    return type->columns[column].kind == COLUMN_TEXT && type->key_count == 1 && type->key[0] == column &&
           (infer_words_hold(matcher->type_words.items[0], words) ||
            infer_words_listed(&matcher->synonyms->identifiers, words));
}

static bool infer_match_add_synonyms(struct infer_matcher *matcher, struct infer_match_column *column,
                                     const struct column *of, const struct synonym *synonyms, size_t count,
                                     bool opposite) {
    for (size_t i = 0; i < count; i++) {
        const struct synonym *synonym = &synonyms[i];
        for (size_t w = 0; w < synonym->words.count && schema_synonym_about(synonym, matcher->type, of); w++) {
            int later = w < SYNONYMS_COUNTED ? (int)w : SYNONYMS_COUNTED;
            int grade = (opposite ? GRADE_OPPOSITE : GRADE_SYNONYM) - later / 2;
            if (!infer_match_add_name(matcher, column, synonym->words.items[w], grade, opposite)) {
                return false;
            }
        }
    }
    return true;
}

static bool infer_match_names(struct infer_matcher *matcher, size_t index) {
    const struct column *of = &matcher->type->columns[index];
    struct infer_match_column *column = &matcher->columns[index];
    const struct synonyms *synonyms = matcher->synonyms;

    column->identifier = infer_match_identifies(matcher, index);
    column->text = of->kind == COLUMN_TEXT;
    column->required = of->required;
    return infer_match_add_name(matcher, column, of->name, GRADE_NAME, false) &&
           infer_match_add_synonyms(matcher, column, of, synonyms->columns, synonyms->column_count, false) &&
           infer_match_add_synonyms(matcher, column, of, synonyms->opposites, synonyms->opposite_count, true);
}

static bool infer_match_push_words(struct infer_matcher *matcher, struct text_list *list, const char *text,
                                   size_t length) {
    char words[INFER_NAME_BYTES];
    const char **slot = arena_push(matcher->arena, &list->items, &list->count, sizeof *list->items);

    infer_words(text, length, words);
    return slot != NULL && (*slot = arena_text(matcher->arena, words)) != NULL;
}

static bool infer_match_type_words(struct infer_matcher *matcher) {
    const struct synonyms *synonyms = matcher->synonyms;

    matcher->type_words = (struct text_list){0};
    matcher->id_words = (struct text_list){0};
    if (!infer_match_push_words(matcher, &matcher->type_words, matcher->type->id, strlen(matcher->type->id))) {
        return false;
    }
    for (const char *at = matcher->type->id; *at != '\0'; at += *at == '_') {
        size_t length = strcspn(at, "_");
        if (!infer_match_push_words(matcher, &matcher->id_words, at, length)) {
            return false;
        }
        at += length;
    }
    for (size_t i = 0; i < synonyms->type_count; i++) {
        for (size_t w = 0;
             w < synonyms->types[i].words.count && strcmp(synonyms->types[i].name, matcher->type->id) == 0; w++) {
            const char *text = synonyms->types[i].words.items[w];
            if (!infer_match_push_words(matcher, &matcher->type_words, text, strlen(text))) {
                return false;
            }
        }
    }
    return true;
}

/* The grade of a name that is left when words around it are taken off. */
static int infer_match_trimmed(const struct infer_match_column *column, const char *words, const struct text_list *off,
                               int loss) {
    char trimmed[INFER_NAME_BYTES];
    int best = 0;

    for (size_t w = 0; w < off->count; w++) {
        for (size_t i = 0; i < column->name_count && infer_words_trim(words, off->items[w], trimmed); i++) {
            if (strcmp(trimmed, column->names[i].words) == 0 && column->names[i].grade - loss > best) {
                best = column->names[i].grade - loss;
            }
        }
    }
    return best;
}

/* "ticket number" is the ticket, "risk id" the risk; and so may "id" alone be. */
static int infer_match_identifier(const struct infer_matcher *matcher, const char *words) {
    const struct text_list *identifiers = &matcher->synonyms->identifiers;
    char trimmed[INFER_NAME_BYTES];

    for (size_t w = 0; w < matcher->type_words.count; w++) {
        if (infer_words_trim(words, matcher->type_words.items[w], trimmed) &&
            infer_words_listed(identifiers, trimmed)) {
            return GRADE_NAME - LOSS_TYPE;
        }
    }
    return infer_words_listed(identifiers, words) ? GRADE_IDENTIFIER : 0;
}

/* How well a name of the field is one of the column's, before the contents are looked at. */
static int infer_match_name_grade(const struct infer_matcher *matcher, const struct infer_match_column *column,
                                  const struct infer_name *name) {
    char trimmed[INFER_NAME_BYTES];
    int best = 0;

    for (size_t i = 0; i < column->name_count; i++) {
        const struct infer_match_name *known = &column->names[i];
        int grade = strcmp(name->words, known->words) == 0 ? known->grade
                    : strcmp(name->bare, known->bare) == 0 ? known->grade - LOSS_FILLERS
                                                           : 0;
        best = grade > best ? grade : best;
    }
    const int others[] = {
        infer_match_trimmed(column, name->words, &matcher->type_words, LOSS_TYPE),
        infer_match_trimmed(column, name->words, &matcher->id_words, LOSS_IDENTIFIER),
        column->text ? infer_match_trimmed(column, name->words, &matcher->synonyms->identifiers, LOSS_IDENTIFIER) : 0,
        column->identifier ? infer_match_identifier(matcher, name->words) : 0,
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        best = others[i] > best ? others[i] : best;
    }
    const char *last = strrchr(name->words, ' ');
    if (best == 0 && column->required && last != NULL && strcmp(last + 1, column->names[0].words) == 0 &&
        infer_words_trim(name->words, column->names[0].words, trimmed)) {
        best = GRADE_ENDING;
    }
    return best == 0 ? 0 : best - name->loss;
}

/* A synonym may be about columns of several types, whose values differ. */
static bool infer_match_takes(const struct column *column, const char *value) {
    for (size_t i = 0; i < column->values.count; i++) {
        if (strcmp(column->values.items[i], value) == 0) {
            return true;
        }
    }
    return column->kind == COLUMN_BOOLEAN && (strcmp(value, "true") == 0 || strcmp(value, "false") == 0);
}

const char *infer_match_value(const struct synonyms *synonyms, const struct evidence_type *type,
                              const struct column *column, const struct infer_word *word) {
    char words[INFER_NAME_BYTES];
    char other[INFER_NAME_BYTES];
    bool boolean;

    infer_words(word->text, word->length, words);
    for (size_t i = 0; i < column->values.count; i++) {
        infer_words(column->values.items[i], strlen(column->values.items[i]), other);
        if (strcmp(words, other) == 0) {
            return column->values.items[i];
        }
    }
    for (size_t i = 0; i < synonyms->value_count; i++) {
        const struct synonym *synonym = &synonyms->values[i];
        if (schema_synonym_about(synonym, type, column) && infer_match_takes(column, synonym->value) &&
            infer_words_listed(&synonym->words, words)) {
            return synonym->value;
        }
    }
    if (column->kind == COLUMN_BOOLEAN && value_boolean(word->text, word->length, &boolean)) {
        return boolean ? "true" : "false";
    }
    return NULL;
}

/* How many of the field's words stand for a value of the column; `*words` of them there are. */
static size_t infer_match_known(const struct infer_matcher *matcher, const struct column *column,
                                const struct infer_field *field, size_t *words) {
    size_t known = 0;

    *words = 0;
    for (size_t i = 0; i < field->word_count; i++) {
        bool meant = infer_match_value(matcher->synonyms, matcher->type, column, &field->words[i]) != NULL;
        known += meant;
        *words += meant || !field->words[i].nothing;
    }
    return known;
}

/* What the contents take from the grade of a name; GRADE_NAME: it cannot be. */
static int infer_match_loss(const struct infer_matcher *matcher, const struct column *column,
                            const struct infer_field *field) {
    enum datetime_format format;
    size_t words;
    char name[INFER_NAME_BYTES];
    bool time = infer_field_time(field, &format) && format != DATETIME_EPOCH && format != DATETIME_EPOCH_MS;

    if (field->twice || field->compounds > 0) {
        return GRADE_NAME;
    }
    if (field->values + field->nothing == 0) {
        return 10; /* nothing is known */
    }
    switch (column->kind) {
    case COLUMN_TIME:
        return field->values == 0 ? 10 : infer_field_time(field, &format) ? 0 : GRADE_NAME;
    case COLUMN_INTEGER:
        return field->integers == field->values ? 0 : field->integers * 2 >= field->values ? 10 : GRADE_NAME;
    case COLUMN_REAL:
        return field->reals == field->values ? 0 : field->reals * 2 >= field->values ? 10 : GRADE_NAME;
    case COLUMN_BOOLEAN:
    case COLUMN_ENUMERATION:
        if (field->more_words || field->word_count > LIST_MOST || time) {
            return GRADE_NAME;
        }
        size_t known = infer_match_known(matcher, column, field, &words);
        return words == 0                                                         ? 10
               : known == words                                                   ? 0
               : known > 0                                                        ? 10
               : column->kind == COLUMN_ENUMERATION && words * 2 <= field->values ? LOSS_OTHER_KIND
                                                                                  : GRADE_NAME;
    case COLUMN_TEXT:
        break;
    }
    infer_words(column->name, strlen(column->name), name);
    bool wants_address = strcmp(name, "email") == 0;
    if (wants_address && field->addresses * 2 < field->values) {
        return 60;
    }
    if (strcmp(name, "name") == 0 && field->addresses * 2 > field->values) {
        return 10;
    }
    return time && field->reals < field->values                                            ? LOSS_OTHER_KIND
           : field->booleans == field->values && field->integers == 0 && field->values > 0 ? LOSS_OTHER_KIND
                                                                                           : 0;
}

static void infer_match_grade_all(struct infer_matcher *matcher) {
    const struct infer_place *place = matcher->place;

    for (size_t c = 0; c < matcher->type->column_count; c++) {
        for (size_t f = 0; f < place->field_count; f++) {
            const struct infer_field *field = place->fields[f];
            int best = 0;
            for (size_t n = 0; n < field->name_count; n++) {
                int grade = infer_match_name_grade(matcher, &matcher->columns[c], &field->names[n]);
                best = grade > best ? grade : best;
            }
            int *slot = &matcher->grades[c * place->field_count + f];
            *slot = best == 0 ? 0 : best - infer_match_loss(matcher, &matcher->type->columns[c], field);
        }
    }
}

/* The best grade of a column that nothing fills. A field may fill several columns where they are required. */
static bool infer_match_best(const struct infer_matcher *matcher, const struct infer_match *match, const bool *used,
                             size_t *column, size_t *field) {
    size_t fields = matcher->place->field_count;
    int best = GRADE_LEAST - 1;

    for (size_t c = 0; c < matcher->type->column_count; c++) {
        for (size_t f = 0; f < fields && match->columns[c].field == NULL; f++) {
            int grade = matcher->grades[c * fields + f] - (used[f] ? LOSS_SHARED : 0);
            if (grade > best && (matcher->type->columns[c].required || !used[f])) {
                best = grade;
                *column = c;
                *field = f;
            }
        }
    }
    return best >= GRADE_LEAST;
}

/* The only field whose contents are of a required column's kind. */
static const struct infer_field *infer_match_content(const struct infer_matcher *matcher, size_t index,
                                                     const bool *used) {
    const struct column *column = &matcher->type->columns[index];
    const struct infer_field *found = NULL;
    enum datetime_format format;
    size_t words;

    for (size_t f = 0; f < matcher->place->field_count; f++) {
        const struct infer_field *field = matcher->place->fields[f];
        bool fits = false;
        if ((used[f] && column->kind != COLUMN_TEXT) || field->twice || field->compounds > 0 || field->values == 0) {
            continue;
        }
        if (column->kind == COLUMN_TIME) {
            fits = infer_field_time(field, &format) && format != DATETIME_EPOCH &&
                   field->times[format].fit == field->values;
        } else if (column->kind == COLUMN_ENUMERATION && !field->more_words && field->word_count > 1) {
            fits = infer_match_known(matcher, column, field, &words) == words && words > 1;
        } else if (column->kind == COLUMN_TEXT && strcmp(column->name, "login") == 0) {
            fits = field->addresses == field->values;
        }
        if (fits && found != NULL) {
            return NULL;
        }
        found = fits ? field : found;
    }
    return found;
}

static const char *infer_match_why(int grade) {
    return grade >= GRADE_NAME - 3 ? "by its name" : grade >= 75 ? "by a usual name of it" : "by a name like it";
}

/* Whether it was an opposite by which the field came to the column. */
static bool infer_match_is_opposite(const struct infer_matcher *matcher, size_t column,
                                    const struct infer_field *field) {
    const struct infer_match_column *known = &matcher->columns[column];
    char trimmed[INFER_NAME_BYTES];

    for (size_t n = 0; n < field->name_count; n++) {
        for (size_t i = 0; i < known->name_count; i++) {
            if (!known->names[i].opposite) {
                continue;
            }
            bool same = strcmp(field->names[n].words, known->names[i].words) == 0 ||
                        strcmp(field->names[n].bare, known->names[i].bare) == 0;
            for (size_t w = 0; w < matcher->type_words.count && !same; w++) {
                same = infer_words_trim(field->names[n].words, matcher->type_words.items[w], trimmed) &&
                       strcmp(trimmed, known->names[i].words) == 0;
            }
            if (same) {
                return true;
            }
        }
    }
    return false;
}

static void infer_match_assign(struct infer_matcher *matcher, struct infer_match *match, bool *used) {
    const struct infer_place *place = matcher->place;
    size_t c = 0;
    size_t f = 0;

    while (infer_match_best(matcher, match, used, &c, &f)) {
        int grade = matcher->grades[c * place->field_count + f];
        bool opposite = infer_match_is_opposite(matcher, c, place->fields[f]);
        const char *why = opposite ? "by a name that says the contrary" : infer_match_why(grade);
        match->columns[c] = (struct infer_column){place->fields[f], grade, why, opposite};
        used[f] = true;
    }
    for (c = 0; c < matcher->type->column_count; c++) {
        if (match->columns[c].field != NULL || !matcher->type->columns[c].required) {
            continue;
        }
        const struct infer_field *field = infer_match_content(matcher, c, used);
        if (field != NULL) {
            match->columns[c] = (struct infer_column){field, GRADE_CONTENT, "only by its contents", false};
        }
    }
}

static void infer_match_score(struct infer_matcher *matcher, struct infer_match *match) {
    const struct evidence_type *type = matcher->type;

    for (size_t c = 0; c < type->column_count; c++) {
        const struct column *column = &type->columns[c];
        bool needed = column->required || (type->shape == TYPE_EVENT && c == type->time_column);
        bool list = column->kind == COLUMN_ENUMERATION;
        if (match->columns[c].field != NULL) {
            int grade = match->columns[c].grade;
            match->filled++;
            match->score += (grade >= GRADE_LEAST ? grade : 0) / 100.0 * (needed ? 2 : 1);
        } else {
            match->score -= !needed ? 0.05 : list ? 0.4 : 1.2;
        }
    }
    for (size_t k = 0; k < type->key_count; k++) {
        match->score -= match->columns[type->key[k]].field == NULL ? 0.8 : 0;
    }
    for (size_t w = 0; w < matcher->type_words.count && match->spoken == NULL; w++) {
        const char *words = matcher->type_words.items[w];
        if (infer_words_hold(matcher->file_words, words) || infer_words_hold(matcher->place->words, words)) {
            match->spoken = words;
            match->score += 2;
        }
    }
    for (size_t f = 0; f < matcher->place->field_count && match->spoken == NULL; f++) {
        if (matcher->place->fields[f]->name_count > 0 &&
            infer_words_hold(matcher->place->fields[f]->names[0].words, matcher->type_words.items[0])) {
            match->spoken = matcher->type_words.items[0];
            match->score += 1;
        }
    }
}

static bool infer_match_one(struct infer_matcher *matcher, struct infer_match *match) {
    const struct evidence_type *type = matcher->type;
    size_t fields = matcher->place->field_count;

    matcher->columns = arena_array(matcher->arena, type->column_count + 1, sizeof *matcher->columns);
    matcher->grades = arena_array(matcher->arena, type->column_count * fields + 1, sizeof *matcher->grades);
    match->columns = arena_array(matcher->arena, type->column_count + 1, sizeof *match->columns);
    bool *used = arena_array(matcher->arena, fields + 1, sizeof *used);
    match->type = type;
    if (matcher->columns == NULL || matcher->grades == NULL || match->columns == NULL || used == NULL ||
        !infer_match_type_words(matcher)) {
        return false;
    }
    for (size_t c = 0; c < type->column_count; c++) {
        if (!infer_match_names(matcher, c)) {
            return false;
        }
    }
    infer_match_grade_all(matcher);
    infer_match_assign(matcher, match, used);
    infer_match_score(matcher, match);
    return true;
}

static int infer_match_compare(const void *a, const void *b) {
    const struct infer_match *first = a;
    const struct infer_match *second = b;

    if (first->score != second->score) {
        return first->score > second->score ? -1 : 1;
    }
    return strcmp(first->type->id, second->type->id);
}

struct infer_match *infer_match(struct arena *arena, const struct infer_request *request,
                                const struct infer_place *place, size_t *count) {
    const struct schema *schema = request->schema;
    struct infer_matcher matcher = {.arena = arena, .synonyms = &schema->synonyms, .place = place};
    size_t from = request->type == SIZE_MAX ? 0 : request->type;
    size_t until = request->type == SIZE_MAX ? schema->type_count : request->type + 1;
    struct infer_match *matches = arena_array(arena, until - from + 1, sizeof *matches);

    *count = until - from;
    infer_words(request->name, strlen(request->name), matcher.file_words);
    for (size_t t = from; t < until && matches != NULL; t++) {
        matcher.type = &schema->types[t];
        if (!infer_match_one(&matcher, &matches[t - from])) {
            return NULL;
        }
    }
    if (matches != NULL && *count > 1) {
        qsort(matches, *count, sizeof *matches, infer_match_compare);
    }
    return matches;
}
