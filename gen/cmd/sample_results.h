#ifndef CMD_SAMPLE_RESULTS_H
#define CMD_SAMPLE_RESULTS_H

#include "cmd/sample.h"

/* A sample.csv that was filled in. */
enum sample_answer {
    SAMPLE_ANSWER_NONE,
    SAMPLE_ANSWER_SOUND,     /* "no deviation" */
    SAMPLE_ANSWER_DEVIATION, /* "deviation" */
    SAMPLE_ANSWER_UNEXAMINED /* "not examined": counts as a deviation */
};
struct sample_results {
    enum sample_answer *answers; /* of the sample's items, in their order */
    const char **remarks;
};

/*
 * Reads results and holds them against the draw: the same items, each once and with a known result, none added. Comma
 * or semicolon, further columns and another order of rows are fine. Everything wrong is reported with its line; false
 * then.
 */
bool sample_results_read(struct command *command, const char *path, const struct sample *sample,
                         struct sample_results *out);

#endif
