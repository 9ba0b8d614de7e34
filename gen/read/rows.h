#ifndef READ_ROWS_H
#define READ_ROWS_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "read/convert.h"
#include "read/read.h"

#include <string.h>

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
/* How most mappings make a value, of what the row itself has; all others are looked at more closely. */
enum rows_way {
    ROWS_LOOK,
    ROWS_TEXT,   /* as it is */
    ROWS_KNOWN,  /* as the row before had it */
    ROWS_INTEGER /* of a few digits */
};
struct rows_plan {
    enum rows_way way;
    bool may_lack; /* nothing, or a text without characters, is NULL, and the column may be */
    size_t mapping;
    size_t column;
    struct rows_known *known;
    const struct raw *raw; /* where it stands; NULL: it is fetched */
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
    bool no_zeros;       /* the format knows that no text of the row at hand holds a NUL */
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
/* Converts one value and reports what is wrong with it. False when it counts as invalid. */
bool rows_convert(struct rows *rows, size_t rule, const struct mapping *mapping, const struct raw *raw,
                  const struct locator *locator, struct value *out);
/* A raw value as an expression gets it. */
struct value rows_raw_value(const struct raw *raw);
/* Whether the column had this very text in the row before. */
static inline bool rows_is_known(const struct rows_known *known, const struct raw *raw, struct value *out) {
    if (raw->length == 0 || raw->length != known->length || raw->kind != known->kind ||
        !bytes_equal(raw->bytes, known->text, raw->length)) {
        return false;
    }
    *out = known->value;
    return true;
}
/* What can stand in a column, or in front of an expression, as it is. */
static inline bool rows_is_text(const struct raw *raw, bool no_zeros) {
    return raw->bytes != NULL && raw->length <= LIMIT_CELL_BYTES &&
           (no_zeros || memchr(raw->bytes, '\0', raw->length) == NULL);
}

/*
 * What rows_make consists of. It stands here so that the compiler sees what each format fetches by. The first says
 * whether the rule wants the row; the second makes the value of a plan's mapping, whatever it is. Columns without a
 * plan have their value from the beginning, and the others are filled anew for every row.
 */
bool rows_begin(struct rows *rows, size_t rule, const struct locator *locator, rows_fetch fetch, void *context,
                struct record *out);
void rows_look(struct rows *rows, size_t index, rows_fetch fetch, void *context, struct record *out);
void rows_end(struct rows *rows, rows_fetch fetch, void *context, const struct record *out);

#define ROWS_DIGITS 18 /* any number of so many is one of 64 bits */

static inline bool rows_take_integer(const struct raw *raw, struct value *out) {
    int64_t number = 0;

    if ((raw->kind != RAW_TEXT && raw->kind != RAW_NUMBER) || raw->bytes == NULL || raw->length > ROWS_DIGITS) {
        return false;
    }
    for (size_t i = 0; i < raw->length; i++) {
        unsigned digit = (unsigned char)raw->bytes[i] - (unsigned)'0';
        if (digit > 9) {
            return false;
        }
        number = number * 10 + (int64_t)digit;
    }
    *out = (struct value){.kind = VALUE_INTEGER, .integer = number};
    return true;
}

/* What most values are. False for what needs a closer look. */
static inline bool rows_take(const struct rows *rows, const struct rows_plan *plan, const struct raw *raw,
                             struct value *out) {
    if (raw->length == 0) { /* a text that was too long to be kept has no bytes */
        bool nothing = raw->kind == RAW_NULL || raw->kind == RAW_ABSENT;
        *out = (struct value){.kind = VALUE_NULL};
        return plan->may_lack && (nothing || (raw->kind == RAW_TEXT && raw->bytes != NULL));
    }
    if (plan->way == ROWS_KNOWN) {
        return rows_is_known(plan->known, raw, out);
    }
    if (plan->way == ROWS_INTEGER) {
        return rows_take_integer(raw, out);
    }
    if (raw->kind != RAW_TEXT || !rows_is_text(raw, rows->no_zeros)) {
        return false;
    }
    *out = (struct value){.kind = VALUE_TEXT, .text = {raw->bytes, raw->length}};
    return true;
}

/*
 * Makes one row. False when the rule's `when` does not want it. What could not be converted is reported and counted;
 * *out lives until the next call for the same rule.
 */
static inline bool rows_make(struct rows *rows, size_t rule, const struct locator *locator, rows_fetch fetch,
                             void *context, struct record *out) {
    const struct rows_rule *state = &rows->rules[rule];

    if (!rows_begin(rows, rule, locator, fetch, context, out)) {
        return false;
    }
    for (size_t i = 0; i < state->plan_count; i++) {
        const struct rows_plan *plan = &state->plans[i];
        if (plan->way != ROWS_LOOK) {
            const struct raw *raw = plan->raw;
            struct raw fetched;
            if (raw == NULL) {
                fetched = fetch(context, rule, ROWS_MAPPING, plan->mapping);
                raw = &fetched;
            }
            if (rows_take(rows, plan, raw, &state->values[plan->column])) {
                continue;
            }
        }
        rows_look(rows, plan->mapping, fetch, context, out);
    }
    rows_end(rows, fetch, context, out);
    return true;
}

#endif
