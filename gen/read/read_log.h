#ifndef READ_READ_LOG_H
#define READ_READ_LOG_H

#include "base/buffer.h"
#include "read/log.h"
#include "read/reader.h"

/* What the parts of the log reader share. */

#define READ_LOG_UNKNOWN 10 /* unknown keys that are named */

struct read_log_name { /* a path that the kind asks for: a named group, or a key */
    const char *name;
    struct raw raw;  /* in the record that is being read */
    size_t unescape; /* pairs: where the value stands in `unescaped`, or SIZE_MAX */
    bool seen;       /* in any record */
};

struct read_log_rule { /* the name that each mapping, input and condition reads; SIZE_MAX: none */
    size_t *fields[ROWS_CONDITION + 1];
};

struct read_log {
    struct log *log;
    struct pattern *continues;
    struct pattern **patterns;  /* arena, as long as the kind's list */
    struct pattern **skips;     /* the same */
    size_t matched;             /* the pattern that matched last */
    size_t skipped;             /* the same of the skips */
    size_t *groups;             /* arena: of pattern i and name j at [i * name_count + j]; SIZE_MAX: none */
    struct pattern_part *parts; /* arena: of the record at hand, by name */
    struct read_log_name *names;
    size_t name_count;
    struct read_log_rule *rules;
    struct buffer unescaped;
    char *unknown[READ_LOG_UNKNOWN]; /* arena: keys that nobody asked for */
    size_t unknown_count;
    bool unknown_more;
    struct locator locator;
    struct value_run texts; /* the record */
    size_t next_rule;       /* of the record */
    bool wanted;            /* some rule took it */
};

enum read_log_match {
    READ_LOG_MATCHED, /* the names have their values */
    READ_LOG_SKIPPED, /* it is expected and not wanted */
    READ_LOG_UNKNOWN_LINE,
    READ_LOG_LIMIT,    /* a pattern takes too many steps */
    READ_LOG_TWICE,    /* pairs: a key that is asked for stands twice; *fault is its name */
    READ_LOG_UNCLOSED, /* pairs: a quote has no end */
    READ_LOG_FAILED    /* memory is out */
};

/* Compiles the kind's patterns and finds the paths in them. False when memory is out; read_log_forget is then right. */
bool read_log_prepare(struct reader *reader);
void read_log_forget(struct reader *reader);
/* Finds the values of one record's text, which they point into. */
enum read_log_match read_log_match(struct reader *reader, const char *text, size_t length, const char **fault);

#endif
