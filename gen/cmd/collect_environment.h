#ifndef CMD_COLLECT_ENVIRONMENT_H
#define CMD_COLLECT_ENVIRONMENT_H

#include "base/byte_sink.h"
#include "cmd/command.h"
#include "config/programme.h"

/*
 * What a command knows of its surroundings: PATH, a fixed locale and time zone, TICKMARK_SOURCE, TICKMARK_DATE,
 * TICKMARK_FROM, TICKMARK_TO and TICKMARK_UNTIL, and the variables that its source lists. Their values go to the
 * command and nowhere else.
 */
struct collect_variable {
    const char *name;
    const char *value;
    bool secret; /* by its name; a path to a file is none */
};
struct collect_environment {
    const char *path;           /* of PATH */
    const char *const *entries; /* "NAME=value", NULL-terminated */
    const struct collect_variable *variables;
    size_t count;
};

/* The span that a collection covers, in the words that commands and file names get. */
struct collect_words {
    const char *date;  /* "2025-10-06", "2025-W41", "2025-10", "2025-Q4", "2025" */
    const char *from;  /* its first day */
    const char *to;    /* its last day */
    const char *until; /* the day after it */
};

/*
 * Takes the listed variables from this process's environment. False after reporting: one is not set, its value stands
 * in the command, or memory is out.
 */
bool collect_environment_open(struct command *command, const struct programme_source *source,
                              const struct collect_words *words, struct collect_environment *out);

/* Appends a text with every value of a listed variable shown as [NAME], and line ends as " | ". */
void collect_environment_mask(const struct collect_environment *environment, const char *text, size_t length,
                              struct buffer *out);

/* Looks for secrets in what passes, also across the edges of what is written at once, and passes it on to `next`. */
struct collect_environment_sink {
    struct byte_sink sink;
    struct byte_sink *next;
    const struct collect_environment *environment;
    const char *found;   /* name of a variable whose value passed, or NULL */
    struct buffer carry; /* freed by the caller */
};
void collect_environment_watch(struct collect_environment_sink *watch, const struct collect_environment *environment,
                               struct byte_sink *next);

#endif
