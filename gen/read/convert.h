#ifndef READ_CONVERT_H
#define READ_CONVERT_H

#include "config/schema.h"

/* A value as an export has it, before it gets the kind of a column. */
enum raw_kind {
    RAW_ABSENT,
    RAW_NULL,
    RAW_TEXT,
    RAW_NUMBER,   /* the lexeme of a JSON number */
    RAW_BOOLEAN,  /* true or false of JSON, as text */
    RAW_COMPOUND, /* a JSON object or list as text; `bytes` is NULL when it was not kept */
    RAW_AWAITED,  /* known only at the end of the file */
    RAW_SOME      /* some of the elements that a condition asks about answer it */
};
struct raw {
    enum raw_kind kind;
    const char *bytes;
    size_t length;
};

enum convert_result {
    CONVERT_OK,      /* *out is the value; also VALUE_NULL where the export says so */
    CONVERT_FAILED,  /* the text is none of the column's kind: *out is VALUE_NULL */
    CONVERT_UNKNOWN, /* outside the enumeration or the `values:` table: *out is VALUE_NULL */
    CONVERT_NO_ZONE, /* a time without a zone, and none is declared: *out is VALUE_NULL */
    CONVERT_NO_YEAR  /* a time without a year, and nothing says which: *out is VALUE_NULL */
};

/*
 * Gives `raw` the kind of the column. Blanks around a text are passed over, but for a column of text. A text in *out
 * points into `raw` or into the schema. `covered` is the span of the file, for times without a year; NULL when unknown.
 */
enum convert_result convert_value(const struct kind *kind, const struct column *column, const struct mapping *mapping,
                                  int32_t zone, const struct span *covered, const struct raw *raw, struct value *out);
/* A time of the format, in JSON also as a number with an exponent. */
enum datetime_result convert_time(const struct raw *raw, enum datetime_format format, int32_t zone,
                                  const struct span *covered, int64_t *out);
/* Whether it is absent, null, or one of the kind's texts for that. */
bool convert_is_null(const struct kind *kind, const struct raw *raw);
/* Whether the list holds the text; absent and null are the empty text. */
bool convert_is_listed(const struct text_list *list, const struct raw *raw);

#endif
