#ifndef READ_INFER_PRIVATE_H
#define READ_INFER_PRIVATE_H

#include "base/limits.h"
#include "read/infer.h"
#include "read/nest.h"

/* What the parts of the drafting of a kind share. All memory is the arena's; NULL or false: memory is out. */

/* ---- names (infer_words.c): compared by their words ---- */

#define INFER_NAME_BYTES 128 /* longer names are compared by their beginning */

/* The words of a name in lower case, joined by blanks: userPrincipalName, "User principal-name" are the same. */
void infer_words(const char *text, size_t length, char out[INFER_NAME_BYTES]);
/* The same without the words of the list; as it was when none is left. */
void infer_words_without(const char *words, const struct text_list *fillers, char out[INFER_NAME_BYTES]);
/* Whether a run of whole words stands in another. */
bool infer_words_hold(const char *words, const char *run);
/* Without the run at the beginning, or at the end; false when it stands at neither, or is all there is. */
bool infer_words_trim(const char *words, const char *run, char out[INFER_NAME_BYTES]);
/* Whether one of the texts has the same words. */
bool infer_words_listed(const struct text_list *list, const char *words);

/* ---- fields (infer_field.c): what one column or path of the sample holds ---- */

#define INFER_WORDS   32 /* different values that are kept of a field */
#define INFER_NOTHING 6  /* different texts for "nothing" that are kept of a field */

struct infer_word {
    const char *text;
    size_t length;
    uint64_t count;
    bool nothing; /* one of the texts that exports write for "nothing" */
};

struct infer_time {
    uint64_t fit;       /* values that are times of the format */
    uint64_t zoneless;  /* of those, without a zone */
    uint64_t yearless;  /* of those, without a year */
    const char *misfit; /* the first value that is none */
};

struct infer_name {
    char words[INFER_NAME_BYTES];
    char bare[INFER_NAME_BYTES]; /* without fillers */
    int loss;                    /* of grade, for a name that is not the whole path */
};
#define INFER_NAMES 4

struct infer_field {
    const char *path;  /* as the kind maps it */
    const char *known; /* ... and as its `ignore:` and `detect:` write it: from the outermost record */
    const char *top;   /* likewise, of the part of the record that it stands in: its first key */
    bool above;        /* of a record that holds the one at hand */
    struct infer_name names[INFER_NAMES];
    size_t name_count;
    bool twice;       /* its column stands twice in the header, so that it cannot be mapped */
    uint64_t present; /* records that have it, also as null */
    uint64_t values;  /* neither null, empty nor a text for "nothing" */
    uint64_t nothing; /* texts for "nothing" */
    uint64_t integers;
    uint64_t reals;
    uint64_t booleans;
    uint64_t addresses; /* of e-mail */
    uint64_t compounds; /* objects and lists */
    struct infer_time times[DATETIME_FORMAT_COUNT];
    const char *odd_time; /* a time no record is from, such as 0001-01-01 or 9999-12-31 */
    struct infer_word words[INFER_WORDS];
    size_t word_count;
    bool more_words; /* than are kept */
};

/* One value of a record. Text is copied where it is kept. */
bool infer_field_add(struct arena *arena, const struct synonyms *synonyms, struct infer_field *field, const char *text,
                     size_t length);
/* Its names: of the keys from the record to it. */
void infer_field_name(struct infer_field *field, const struct synonyms *synonyms, const char *const *keys,
                      size_t count);
/* Whether most of its values are times; which format then fits most. */
bool infer_field_time(const struct infer_field *field, enum datetime_format *format);
/* Whether every time fits day-first and month-first alike. */
bool infer_field_ambiguous(const struct infer_field *field);
/* In short, for a comment, without what it holds, which may be about people: "text", "time (iso)". Appended. */
void infer_field_describe(const struct infer_field *field, struct buffer *out);

/* ---- samples: the records of the file, in one of the places where they may stand ---- */

struct infer_place {
    const char *at;    /* as the kind writes it; NULL where a record is the row, line or document */
    const char *words; /* of the keys on the way, for the type */
    uint64_t records;
    struct infer_field **fields;
    size_t field_count;
    bool inner;              /* in a list of a record */
    struct text_list nested; /* lists in a record, which a further row rule could read */
    struct text_list around; /* paths that stand beside, as `ignore:` has them */
    const char *paged;       /* path around the records of what says that there are more, or NULL */
    const char *last;        /* ... of what would say so, and says that this is all, or NULL */
    const char *ends;        /* what the last page says there */
    const char *made;        /* path around the records of a time at which the export was made, or NULL */
    const char *made_time;   /* its format */
};

struct infer_sample {
    enum kind_format format;
    char delimiter;  /* csv */
    bool headless;   /* csv: the first row does not look like a header */
    uint64_t ragged; /* csv: rows of another width than the header */
    bool unread;     /* some records could not be read */
    bool overflow;   /* more fields than are looked at */
    struct infer_place *places;
    size_t place_count;
    const char *refusal;
};

/* Which format it is, and all that its records hold. */
bool infer_sample(struct arena *arena, const struct infer_request *request, struct infer_sample *out);
/* infer_table.c: csv. False with nothing refused: it is none. */
bool infer_table_looks(const char *bytes, size_t length);
bool infer_table(struct arena *arena, const struct infer_request *request, struct infer_sample *out);
/* infer_lines.c: logs of key=value pairs; others are refused. */
bool infer_lines_looks(const char *bytes, size_t length);
bool infer_lines(struct arena *arena, const struct infer_request *request, struct infer_sample *out);
/* infer_places.c: json, ndjson, yaml, xml. `format` is set in *out. */
bool infer_places(struct arena *arena, const struct infer_request *request, struct infer_sample *out);

/* ---- matching (infer_grade.c, infer_match.c): which column of a type is which field ---- */

struct infer_column {
    const struct infer_field *field; /* NULL: none */
    int grade;                       /* of 100 */
    const char *why;                 /* a fixed text: "by its name" */
    bool opposite;                   /* a boolean that says the contrary */
};
struct infer_match {
    const struct evidence_type *type;
    struct infer_column *columns; /* as many as the type has */
    double score;
    const char *spoken; /* the words in names that speak for the type, or NULL */
    size_t filled;
};

/* How well each type fits, best first: an array of schema->type_count, or one where a type was asked for. */
struct infer_match *infer_match(struct arena *arena, const struct infer_request *request,
                                const struct infer_place *place, size_t *count);
/*
 * infer_grade.c: the value of the column that a word of an export stands for, or NULL: of an enumeration, "true" or
 * "false".
 */
const char *infer_match_value(const struct synonyms *synonyms, const struct evidence_type *type,
                              const struct column *column, const struct infer_word *word);

/* ---- detection (infer_detect.c) ---- */

struct infer_detection {
    const struct infer_field **fields;
    size_t count;
    const char *overlap; /* a kind that knows all of them, so that its exports may be claimed; NULL: none */
};
bool infer_detect(struct arena *arena, const struct infer_request *request, const struct infer_sample *sample,
                  const struct infer_place *place, const struct infer_match *match, struct infer_detection *out);

/* ---- writing (infer_write.c) ---- */

/* A text as a YAML scalar: plain where that is safe, else in double quotes. Control and invisible characters escaped.
 */
void infer_write_scalar(struct buffer *out, const char *text, size_t length);
/* A text to be quoted in a comment: one line, at most about 40 bytes. */
void infer_write_quoted(struct buffer *out, const char *text, size_t length);
/* A comment, broken into lines of at most 120 bytes. */
void infer_write_comment(struct buffer *out, int indent, const char *text);

/* ---- the draft ---- */

/* What the writers of its parts share. */
struct infer_writer {
    const struct infer_request *request;
    const struct infer_sample *sample;
    const struct infer_place *place;
    const struct infer_match *matches; /* best first; the first is drafted */
    size_t match_count;
    const struct infer_detection *detection;
    const char *id;
    struct buffer *yaml;
    size_t open;    /* what is left open so far */
    bool zone_said; /* that a zone must be declared */
};

/* infer_write.c: a comment that is formatted as by printf; `open`: something is left to be decided. */
void infer_write_note(struct infer_writer *writer, int indent, bool open, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* infer_notes.c: the comment at its head. */
void infer_notes(struct infer_writer *writer);
/* infer_columns.c: the `map:`. */
void infer_columns(struct infer_writer *writer);

#endif
