#ifndef READ_NEST_H
#define READ_NEST_H

#include "base/byte_source.h"
#include "config/schema.h"

/*
 * A text that is a nest of objects, lists and scalars, as a stream of events, whatever it is written in: JSON, YAML or
 * XML. An XML document is an object whose one key is its root; an element is an object whose keys are its attributes
 * ("@name") and the elements in it, and an element that stands several times is its key several times (`repeats`).
 * Memory is one block plus the longest record asked for.
 */
enum nest_event {
    NEST_OBJECT_BEGIN,
    NEST_OBJECT_END,
    NEST_LIST_BEGIN,
    NEST_LIST_END,
    NEST_KEY,    /* text: decoded */
    NEST_STRING, /* text: decoded */
    NEST_NUMBER, /* text: the lexeme */
    NEST_TRUE,   /* text: the lexeme, or NULL where it can only be "true" or "false" */
    NEST_FALSE,
    NEST_NULL,
    NEST_DOCUMENT_END, /* one document is complete; the next event begins another or is NEST_END */
    NEST_END,
    NEST_ERROR,      /* nest->error, at nest->line and nest->column */
    NEST_TRUNCATED,  /* the input ended inside a document */
    NEST_READ_FAILED /* the byte source failed: errno in nest->system_error */
};

/* What ends reading. */
enum nest_problem {
    NEST_PROBLEM_SYNTAX,
    NEST_PROBLEM_DEPTH,
    NEST_PROBLEM_LENGTH,
    NEST_PROBLEM_ENCODING,
    NEST_PROBLEM_REFUSED, /* well-formed, and more than is read for good reasons */
    NEST_PROBLEM_COUNT
};

/* What makes a record unusable although its end is clear. */
enum nest_flaw {
    NEST_FLAW_NOT_TEXT,  /* malformed UTF-8, half a surrogate pair */
    NEST_FLAW_REFERENCE, /* an alias or entity, which stands for what is said elsewhere */
    NEST_FLAW_BINARY,
    NEST_FLAW_KEY /* a list or object as a key */
};

struct nest {
    const struct nest_format *format;
    /* Of the last event. */
    const char *text; /* until the next call; not NUL-terminated */
    size_t text_length;
    uint64_t offset; /* where its token begins, and the first byte behind it */
    uint64_t end;
    uint64_t line; /* from 1 */
    uint64_t column;
    /* So far; whoever used the record asks. */
    uint64_t flaws;
    enum nest_flaw flaw; /* the last one, and its line */
    uint64_t flaw_line;
    /* After NEST_ERROR: what is wrong, such as "a comma is missing"; lives as long as the nest. */
    enum nest_problem problem;
    const char *error;
    int system_error;
};

struct nest_format {
    const char *name;                             /* "JSON" */
    const char *document;                         /* "a JSON document" */
    const char *object;                           /* what it calls an object: "JSON object" */
    enum diagnostic problems[NEST_PROBLEM_COUNT]; /* how each is reported */
    enum diagnostic duplicate;                    /* a key that is mapped and stands twice */
    enum diagnostic reference;                    /* flaws other than NEST_FLAW_NOT_TEXT */
    bool repeats;                                 /* a list is a key that stands several times */
    /* `lines`: documents begin on their own lines, so that an error costs one line only. NULL when memory is out. */
    struct nest *(*open)(struct byte_source *bytes, bool lines);
    void (*close)(struct nest *nest);
    /* After NEST_END, an error or a failure the event stays. */
    enum nest_event (*next)(struct nest *nest);
    /* After a BEGIN event or a key: passes over the rest of that value, fully checked. False when reading ended. */
    bool (*skip)(struct nest *nest);
    /*
     * After a BEGIN event: keeps the value as text from here on, until `release`; once the value has ended, `held`
     * gives the text from the mark on: JSON for a list or object of JSON and YAML, all text in it for an element. NULL
     * when it was too long to be kept or memory ran out.
     */
    uint64_t (*hold)(struct nest *nest);
    const char *(*held)(struct nest *nest, uint64_t mark, size_t *length);
    void (*release)(struct nest *nest);
    /*
     * Where the next element of a list, or the next document in lines, is an object: its text, of which `*held` bytes
     * are there and zeros behind them; its place is the nest's. `pass` goes behind it, `length` bytes with so many ends
     * of lines, of which the last line begins at `last_line`. `behind` shows a text that was read, if it is still
     * there. NULL for a format that has no such things.
     */
    const char *(*ahead)(struct nest *nest, size_t *held);
    void (*pass)(struct nest *nest, size_t length, uint64_t lines, size_t last_line);
    const char *(*behind)(struct nest *nest, uint64_t offset, uint64_t length);
    /* After NEST_ERROR in lines: goes on behind the line in which the document began. False at the end of the input. */
    bool (*resynchronise)(struct nest *nest);
};

/* NULL for a format that is no nest. */
const struct nest_format *nest_format(enum kind_format format);
/* Counts a flaw at the nest's line. */
void nest_note_flaw(struct nest *nest, enum nest_flaw flaw);

extern const struct nest_format json_nest_format;
extern const struct nest_format yaml_nest_format;
extern const struct nest_format xml_nest_format;
/* Of XML: `held` gives a text with the white space at its ends. */
void xml_nest_keep_blanks(struct nest *nest);

#endif
