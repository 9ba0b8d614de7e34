#include "read/infer_grade.h"

#include <stdlib.h>
#include <string.h>

#define GRADE_CONTENT 45 /* its contents alone speak for it */
#define GRADE_LEAST   50 /* of a name that counts */
#define LOSS_SHARED   4  /* the field fills another column, too */

/* The best grade of a column that nothing fills. A field may fill several columns where they are required. */
static bool infer_match_best(const struct infer_grader *grader, const struct infer_match *match, const bool *used,
                             size_t *column, size_t *field) {
    size_t fields = grader->place->field_count;
    int best = GRADE_LEAST - 1;

    for (size_t c = 0; c < grader->type->column_count; c++) {
        for (size_t f = 0; f < fields && match->columns[c].field == NULL; f++) {
            int grade = grader->grades[c * fields + f] - (used[f] ? LOSS_SHARED : 0);
            if (grade > best && (grader->type->columns[c].required || !used[f])) {
                best = grade;
                *column = c;
                *field = f;
            }
        }
    }
    return best >= GRADE_LEAST;
}

/* The only field whose contents are of a required column's kind. */
static const struct infer_field *infer_match_content(const struct infer_grader *grader, size_t index,
                                                     const bool *used) {
    const struct column *column = &grader->type->columns[index];
    const struct infer_field *found = NULL;
    enum datetime_format format;
    size_t words;

    for (size_t f = 0; f < grader->place->field_count; f++) {
        const struct infer_field *field = grader->place->fields[f];
        bool fits = false;
        if ((used[f] && column->kind != COLUMN_TEXT) || field->twice || field->compounds > 0 || field->values == 0) {
            continue;
        }
        if (column->kind == COLUMN_TIME) {
            fits = infer_field_time(field, &format) && format != DATETIME_EPOCH &&
                   field->times[format].fit == field->values;
        } else if (column->kind == COLUMN_ENUMERATION && !field->more_words && field->word_count > 1) {
            fits = infer_grade_known(grader, column, field, &words) == words && words > 1;
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
static bool infer_match_is_opposite(const struct infer_grader *grader, size_t column, const struct infer_field *field) {
    const struct infer_grade_column *known = &grader->columns[column];
    char trimmed[INFER_NAME_BYTES];

    for (size_t n = 0; n < field->name_count; n++) {
        for (size_t i = 0; i < known->name_count; i++) {
            if (!known->names[i].opposite) {
                continue;
            }
            bool same = strcmp(field->names[n].words, known->names[i].words) == 0 ||
                        strcmp(field->names[n].bare, known->names[i].bare) == 0;
            for (size_t w = 0; w < grader->type_words.count && !same; w++) {
                same = infer_words_trim(field->names[n].words, grader->type_words.items[w], trimmed) &&
                       strcmp(trimmed, known->names[i].words) == 0;
            }
            if (same) {
                return true;
            }
        }
    }
    return false;
}

static void infer_match_assign(struct infer_grader *grader, struct infer_match *match, bool *used) {
    const struct infer_place *place = grader->place;
    size_t c = 0;
    size_t f = 0;

    while (infer_match_best(grader, match, used, &c, &f)) {
        int grade = grader->grades[c * place->field_count + f];
        bool opposite = infer_match_is_opposite(grader, c, place->fields[f]);
        const char *why = opposite ? "by a name that says the contrary" : infer_match_why(grade);
        match->columns[c] = (struct infer_column){place->fields[f], grade, why, opposite};
        used[f] = true;
    }
    for (c = 0; c < grader->type->column_count; c++) {
        if (match->columns[c].field != NULL || !grader->type->columns[c].required) {
            continue;
        }
        const struct infer_field *field = infer_match_content(grader, c, used);
        if (field != NULL) {
            match->columns[c] = (struct infer_column){field, GRADE_CONTENT, "only by its contents", false};
        }
    }
}

static void infer_match_score(struct infer_grader *grader, struct infer_match *match) {
    const struct evidence_type *type = grader->type;

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
    for (size_t w = 0; w < grader->type_words.count && match->spoken == NULL; w++) {
        const char *words = grader->type_words.items[w];
        if (infer_words_hold(grader->file_words, words) || infer_words_hold(grader->place->words, words)) {
            match->spoken = words;
            match->score += 2;
        }
    }
    for (size_t f = 0; f < grader->place->field_count && match->spoken == NULL; f++) {
        if (grader->place->fields[f]->name_count > 0 &&
            infer_words_hold(grader->place->fields[f]->names[0].words, grader->type_words.items[0])) {
            match->spoken = grader->type_words.items[0];
            match->score += 1;
        }
    }
}

static bool infer_match_one(struct infer_grader *grader, struct infer_match *match) {
    const struct evidence_type *type = grader->type;
    size_t fields = grader->place->field_count;

    match->columns = arena_array(grader->arena, type->column_count + 1, sizeof *match->columns);
    bool *used = arena_array(grader->arena, fields + 1, sizeof *used);
    match->type = type;
    if (match->columns == NULL || used == NULL || !infer_grade(grader)) {
        return false;
    }
    infer_match_assign(grader, match, used);
    infer_match_score(grader, match);
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
    struct infer_grader grader = {.arena = arena, .synonyms = &schema->synonyms, .place = place};
    size_t from = request->type == SIZE_MAX ? 0 : request->type;
    size_t until = request->type == SIZE_MAX ? schema->type_count : request->type + 1;
    struct infer_match *matches = arena_array(arena, until - from + 1, sizeof *matches);

    *count = until - from;
    infer_words(request->name, strlen(request->name), grader.file_words);
    for (size_t t = from; t < until && matches != NULL; t++) {
        grader.type = &schema->types[t];
        if (!infer_match_one(&grader, &matches[t - from])) {
            return NULL;
        }
    }
    if (matches != NULL && *count > 1) {
        qsort(matches, *count, sizeof *matches, infer_match_compare);
    }
    return matches;
}
