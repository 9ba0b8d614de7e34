#ifndef READ_INFER_GRADE_H
#define READ_INFER_GRADE_H

#include "read/infer_private.h"

#define GRADE_NAME 100 /* the field is called as the column is, and its contents fit */

/* One column, with all that exports call it. */
struct infer_grade_name {
    char words[INFER_NAME_BYTES];
    char bare[INFER_NAME_BYTES];
    int grade;
    bool opposite;
};
struct infer_grade_column {
    struct infer_grade_name *names;
    size_t name_count;
    bool identifier; /* of what the type is about */
    bool text;
    bool ending; /* a name that ends as it is called may be it */
};

struct infer_grader {
    struct arena *arena;
    const struct synonyms *synonyms;
    const struct infer_place *place;
    char file_words[INFER_NAME_BYTES];
    /* Of the type at hand. */
    const struct evidence_type *type;
    struct infer_grade_column *columns;
    struct text_list type_words; /* its id and the synonyms of it, as words */
    struct text_list id_words;   /* each word of its id */
    int *grades;                 /* by column and field */
};

/*
 * How well each field is each column of grader->type: fills `columns`, `type_words` and `grades`, by column and field;
 * at most GRADE_NAME, and 0 or less where it cannot be. False when memory is out.
 */
bool infer_grade(struct infer_grader *grader);
/* How many of the field's words stand for a value of the column, of how many that are not "nothing". */
size_t infer_grade_known(const struct infer_grader *grader, const struct column *column,
                         const struct infer_field *field, size_t *words);

#endif
