#ifndef STORE_PRIOR_TABLE_H
#define STORE_PRIOR_TABLE_H

#include "base/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is taken of a prior assessment, table by table, and what each column may hold. */

/* What a column may hold. */
enum prior_kind {
    PRIOR_TEXT,
    PRIOR_TEXT_OR_NULL,
    PRIOR_COUNT, /* an integer from 0 on */
    PRIOR_TIME,  /* UTC seconds */
    PRIOR_TIME_OR_NULL,
    PRIOR_REAL_OR_NULL,
    PRIOR_SHA256 /* in hexadecimal digits */
};

struct prior_column {
    const char *name;
    enum prior_kind kind;
    const char *const *choices; /* the texts that there are, NULL-terminated; NULL: any */
};

#define PRIOR_TABLE_MOST 3

/* One thing that is taken over, from one or more of the store's tables. */
struct prior_table {
    const char *tables[PRIOR_TABLE_MOST];
    const struct prior_column *columns;
    size_t column_count;
    const char *read;
    const char *name; /* of the statement that inserts */
    const char *insert;
};
#define PRIOR_TABLE_COUNT 4
extern const struct prior_table prior_table_all[PRIOR_TABLE_COUNT];

/* The last second of the year 9999: no time in an assessment is later. */
#define PRIOR_TABLE_LATEST INT64_C(253402300799)
#define PRIOR_TABLE_FAULT  80

/* The texts taken of one assessment so far. */
struct prior_table_texts {
    uint64_t bytes;
    char fault[PRIOR_TABLE_FAULT]; /* of the last value, where it names a limit */
};
/*
 * Why a text cannot be taken: its length and that of all is limited, it is UTF-8, and it holds no control character but
 * the end of a line and a tab. NULL when it can. Words that follow "holds".
 */
const char *prior_table_text_fault(struct prior_table_texts *texts, const struct value *value);
/* Why a column cannot hold the value; NULL when it can. */
const char *prior_table_value_fault(struct prior_table_texts *texts, const struct prior_column *column,
                                    const struct value *value);

#endif
