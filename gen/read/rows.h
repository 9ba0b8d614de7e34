#ifndef READ_ROWS_H
#define READ_ROWS_H

#include "base/arena.h"
#include "read/convert.h"
#include "read/read.h"

/* Makes typed rows of the raw values that a format finds, by the row rules of a kind: the same for all formats. */

enum rows_part { ROWS_MAPPING, ROWS_INPUT, ROWS_CONDITION };

/* Finds the raw value of the rule's mapping, input or condition with that index, in the row that `context` stands on.
 */
typedef struct raw (*rows_fetch)(void *context, size_t rule, enum rows_part part, size_t index);
/* The same, once: where that raw value stands in every row; NULL where it has to be fetched. */
typedef const struct raw *(*rows_stand)(void *context, size_t rule, enum rows_part part, size_t index);

#define ROWS_KNOWN_BYTES 46

/* The last time, word or truth of a column that was converted: events come by the second, and most are alike. */
struct rows_known {
    struct value value;
    enum raw_kind kind;
    unsigned char length; /* 0: there was none */
    char text[ROWS_KNOWN_BYTES];
};
/* What most mappings do: the row's own value goes into its column as it is, or as the row before had it. */
struct rows_plan {
    bool direct;
    size_t mapping;
    size_t column;
    struct rows_known *known; /* NULL: it is a text for a column of text */
    const struct raw *raw;    /* where it stands; NULL: it is fetched */
};
struct rows_rule {
    struct value *values;
    struct rows_known *known; /* by column */
    struct rows_plan *plans;  /* of the mappings that make a value of every row anew */
    size_t plan_count;
    const struct raw **inputs;     /* where they stand; NULL: it is fetched */
    const struct raw **conditions; /* the same */
    struct rows_known *held;       /* by condition: the last text for which it held */
    size_t value_count;
    bool *no_zone; /* a column whose lack of a zone was reported */
    bool *no_year; /* the same of a year */
    bool *no_part; /* the same of a part of the file's path */
    uint64_t rows;
};
struct rows {
    const struct read_request *request;
    const struct kind *kind;
    const char *member; /* at hand, for diagnostics; NULL: the file itself */
    struct record_tally *tally;
    struct rows_rule *rules;
    struct span covered; /* by the file, as its path says, for times without a year ... */
    bool has_covered;    /* ... if it does */
    bool empty_is_null;  /* and no other text of the kind */
    bool no_zeros;       /* the format, which has said so, holds no text with a NUL */
    rows_fetch around;   /* values of the document around an export inside it; NULL without one */
    void *around_context;
};

/* False when memory is out. */
bool rows_open(struct rows *rows, struct arena *arena, const struct read_request *request, struct record_tally *tally);
/* Tells where a format holds the raw values of every row, as long as it is open: those need not be fetched. */
void rows_stand_at(struct rows *rows, rows_stand stand, void *context);
/* Whether the value is one of the condition's texts, or present; `not` and `present: false` ask for the opposite. */
bool rows_condition_answered(const struct rows *rows, const struct condition *condition, const struct raw *raw);
/* Whether the condition holds; of a path with [*], `raw` is RAW_SOME where some element answers it. */
bool rows_condition_holds(const struct rows *rows, const struct condition *condition, const struct raw *raw);
/*
 * Makes one row. False when the rule's `when` does not want it. What could not be converted is reported and counted;
 * *out lives until the next call for the same rule.
 */
bool rows_make(struct rows *rows, size_t rule, const struct locator *locator, rows_fetch fetch, void *context,
               struct record *out);
/* Converts one value and reports what is wrong with it. False when it counts as invalid. */
bool rows_convert(struct rows *rows, size_t rule, const struct mapping *mapping, const struct raw *raw,
                  const struct locator *locator, struct value *out);
/* A raw value as an expression gets it. */
struct value rows_raw_value(const struct raw *raw);

#endif
