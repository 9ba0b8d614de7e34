#include "read/infer_grade.h"

#include "base/value.h"

#include <string.h>

#define GRADE_SYNONYM    96 /* as a synonym of it; later ones count a little less */
#define GRADE_OPPOSITE   86 /* as a boolean that says the contrary */
#define GRADE_IDENTIFIER 70 /* as a record's own id is, where the column is the type's key */
#define LOSS_FILLERS     8  /* the names are the same but for fillers */
#define LOSS_TYPE        8  /* ... or but for the type's words */
#define LOSS_IDENTIFIER  14 /* ... or but for a word such as "id" */
#define GRADE_ENDING     58 /* it ends as a required column is called: legal_basis; a line number is no number */
#define LOSS_OTHER_KIND  30 /* the contents are rather of another kind */
#define SYNONYMS_COUNTED 20
#define LIST_MOST        24 /* different words of an enumeration */

static bool infer_grade_add_name(struct infer_grader *grader, struct infer_grade_column *column, const char *text,
                                 int grade, bool opposite) {
    struct infer_grade_name *name =
        arena_push(grader->arena, &column->names, &column->name_count, sizeof *column->names);

    if (name == NULL) {
        return false;
    }
    infer_words(text, strlen(text), name->words);
    infer_words_without(name->words, &grader->synonyms->fillers, name->bare);
    name->grade = grade;
    name->opposite = opposite;
    return true;
}

/* A column that is the id of what the type is about. */
static bool infer_grade_identifies(const struct infer_grader *grader, size_t column) {
    const struct evidence_type *type = grader->type;
    char words[INFER_NAME_BYTES];

    infer_words(type->columns[column].name, strlen(type->columns[column].name), words);
    return type->columns[column].kind == COLUMN_TEXT && type->key_count == 1 && type->key[0] == column &&
           (infer_words_hold(grader->type_words.items[0], words) ||
            infer_words_listed(&grader->synonyms->identifiers, words));
}

static bool infer_grade_add_synonyms(struct infer_grader *grader, struct infer_grade_column *column,
                                     const struct column *of, const struct synonym *synonyms, size_t count,
                                     bool opposite) {
    for (size_t i = 0; i < count; i++) {
        const struct synonym *synonym = &synonyms[i];
        for (size_t w = 0; w < synonym->words.count && schema_synonym_about(synonym, grader->type, of); w++) {
            int later = w < SYNONYMS_COUNTED ? (int)w : SYNONYMS_COUNTED;
            int grade = (opposite ? GRADE_OPPOSITE : GRADE_SYNONYM) - later / 2;
            if (!infer_grade_add_name(grader, column, synonym->words.items[w], grade, opposite)) {
                return false;
            }
        }
    }
    return true;
}

static bool infer_grade_names(struct infer_grader *grader, size_t index) {
    const struct column *of = &grader->type->columns[index];
    struct infer_grade_column *column = &grader->columns[index];
    const struct synonyms *synonyms = grader->synonyms;

    column->identifier = infer_grade_identifies(grader, index);
    column->text = of->kind == COLUMN_TEXT;
    column->ending = of->required && of->kind != COLUMN_INTEGER && of->kind != COLUMN_REAL;
    return infer_grade_add_name(grader, column, of->name, GRADE_NAME, false) &&
           infer_grade_add_synonyms(grader, column, of, synonyms->columns, synonyms->column_count, false) &&
           infer_grade_add_synonyms(grader, column, of, synonyms->opposites, synonyms->opposite_count, true);
}

static bool infer_grade_push_words(struct infer_grader *grader, struct text_list *list, const char *text,
                                   size_t length) {
    char words[INFER_NAME_BYTES];
    const char **slot = arena_push(grader->arena, &list->items, &list->count, sizeof *list->items);

    infer_words(text, length, words);
    return slot != NULL && (*slot = arena_text(grader->arena, words)) != NULL;
}

static bool infer_grade_type_words(struct infer_grader *grader) {
    const struct synonyms *synonyms = grader->synonyms;

    grader->type_words = (struct text_list){0};
    grader->id_words = (struct text_list){0};
    if (!infer_grade_push_words(grader, &grader->type_words, grader->type->id, strlen(grader->type->id))) {
        return false;
    }
    for (const char *at = grader->type->id; *at != '\0'; at += *at == '_') {
        size_t length = strcspn(at, "_");
        if (!infer_grade_push_words(grader, &grader->id_words, at, length)) {
            return false;
        }
        at += length;
    }
    for (size_t i = 0; i < synonyms->type_count; i++) {
        for (size_t w = 0; w < synonyms->types[i].words.count && strcmp(synonyms->types[i].name, grader->type->id) == 0;
             w++) {
            const char *text = synonyms->types[i].words.items[w];
            if (!infer_grade_push_words(grader, &grader->type_words, text, strlen(text))) {
                return false;
            }
        }
    }
    return true;
}

/* The grade of a name that is left when words around it are taken off. */
static int infer_grade_trimmed(const struct infer_grade_column *column, const char *words, const struct text_list *off,
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
static int infer_grade_identifier(const struct infer_grader *grader, const char *words) {
    const struct text_list *identifiers = &grader->synonyms->identifiers;
    char trimmed[INFER_NAME_BYTES];

    for (size_t w = 0; w < grader->type_words.count; w++) {
        if (infer_words_trim(words, grader->type_words.items[w], trimmed) && infer_words_listed(identifiers, trimmed)) {
            return GRADE_NAME - LOSS_TYPE;
        }
    }
    return infer_words_listed(identifiers, words) ? GRADE_IDENTIFIER : 0;
}

/* How well a name of the field is one of the column's, before the contents are looked at. */
static int infer_grade_name_grade(const struct infer_grader *grader, const struct infer_grade_column *column,
                                  const struct infer_name *name) {
    char trimmed[INFER_NAME_BYTES];
    int best = 0;

    for (size_t i = 0; i < column->name_count; i++) {
        const struct infer_grade_name *known = &column->names[i];
        int grade = strcmp(name->words, known->words) == 0 ? known->grade
                    : strcmp(name->bare, known->bare) == 0 ? known->grade - LOSS_FILLERS
                                                           : 0;
        best = grade > best ? grade : best;
    }
    const int others[] = {
        infer_grade_trimmed(column, name->words, &grader->type_words, LOSS_TYPE),
        infer_grade_trimmed(column, name->words, &grader->id_words, LOSS_IDENTIFIER),
        column->text ? infer_grade_trimmed(column, name->words, &grader->synonyms->identifiers, LOSS_IDENTIFIER) : 0,
        column->identifier ? infer_grade_identifier(grader, name->words) : 0,
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        best = others[i] > best ? others[i] : best;
    }
    const char *last = strrchr(name->words, ' ');
    if (best == 0 && column->ending && last != NULL && strcmp(last + 1, column->names[0].words) == 0 &&
        infer_words_trim(name->words, column->names[0].words, trimmed)) {
        best = GRADE_ENDING;
    }
    return best == 0 ? 0 : best - name->loss;
}

/* A synonym may be about columns of several types, whose values differ. */
static bool infer_grade_takes(const struct column *column, const char *value) {
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
        if (schema_synonym_about(synonym, type, column) && infer_grade_takes(column, synonym->value) &&
            infer_words_listed(&synonym->words, words)) {
            return synonym->value;
        }
    }
    if (column->kind == COLUMN_BOOLEAN && value_boolean(word->text, word->length, &boolean)) {
        return boolean ? "true" : "false";
    }
    return NULL;
}

size_t infer_grade_known(const struct infer_grader *grader, const struct column *column,
                         const struct infer_field *field, size_t *words) {
    size_t known = 0;

    *words = 0;
    for (size_t i = 0; i < field->word_count; i++) {
        bool meant = infer_match_value(grader->synonyms, grader->type, column, &field->words[i]) != NULL;
        known += meant;
        *words += meant || !field->words[i].nothing;
    }
    return known;
}

/* What the contents take from the grade of a name; GRADE_NAME: it cannot be. */
static int infer_grade_loss(const struct infer_grader *grader, const struct column *column,
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
        size_t known = infer_grade_known(grader, column, field, &words);
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

static void infer_grade_all(struct infer_grader *grader) {
    const struct infer_place *place = grader->place;

    for (size_t c = 0; c < grader->type->column_count; c++) {
        for (size_t f = 0; f < place->field_count; f++) {
            const struct infer_field *field = place->fields[f];
            int best = 0;
            for (size_t n = 0; n < field->name_count; n++) {
                int grade = infer_grade_name_grade(grader, &grader->columns[c], &field->names[n]);
                best = grade > best ? grade : best;
            }
            int *slot = &grader->grades[c * place->field_count + f];
            *slot = best == 0 ? 0 : best - infer_grade_loss(grader, &grader->type->columns[c], field);
        }
    }
}

bool infer_grade(struct infer_grader *grader) {
    const struct evidence_type *type = grader->type;

    grader->columns = arena_array(grader->arena, type->column_count + 1, sizeof *grader->columns);
    grader->grades =
        arena_array(grader->arena, type->column_count * grader->place->field_count + 1, sizeof *grader->grades);
    if (grader->columns == NULL || grader->grades == NULL || !infer_grade_type_words(grader)) {
        return false;
    }
    for (size_t c = 0; c < type->column_count; c++) {
        if (!infer_grade_names(grader, c)) {
            return false;
        }
    }
    infer_grade_all(grader);
    return true;
}
