#ifndef CMD_SAMPLE_H
#define CMD_SAMPLE_H

#include "assess/sample_draw.h"
#include "base/digest.h"
#include "cmd/command.h"
#include "config/schema.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A drawn sample: what sample.json holds. All texts live in the command's arena. */

#define SAMPLE_DRAW_FILE    "sample.json"
#define SAMPLE_LIST_FILE    "population.csv"
#define SAMPLE_RESULTS_FILE "sample.csv"
#define SAMPLE_TEXT_FILE    "README.txt"

struct sample_stratum {
    const char *name;
    uint64_t items;
    uint64_t selected;
};

struct sample_item {
    uint64_t position; /* from 0, in population.csv */
    const char *item;
    bool has_ref;
    int64_t ref;
    const char *reference; /* "E12.345", or "" */
    const char *stratum;
    const char *evidence; /* path of the evidence file, or "" */
    int64_t record;       /* in it, or 0 */
    const char *found;    /* by the full test: "exception", "undetermined" or "" */
    const char *text;     /* what it said, or "" */
};

struct sample {
    const char *organisation;
    const char *period;
    const char *test;
    const char *title;
    const char *control;
    double tolerable;       /* share of the population, of the test */
    uint64_t confidence;    /* of SAMPLING_LEVELS: by which results are evaluated */
    uint64_t conclude_from; /* items; fewer give no conclusion */
    const char *digest;
    uint64_t population;
    const char *verdict; /* of the full test, with the exceptions that it found */
    uint64_t exceptions;
    uint64_t undetermined;
    const char *nonce;
    const char *seed; /* in hexadecimal */
    enum sample_method method;
    const char *stratum; /* what strata are made of: "quarter", "month", "source" or a column; "" */
    uint64_t size;
    const char *rule; /* "" where the size was given */
    const char *why;  /* how the size was chosen, in words */
    struct sample_stratum *strata;
    size_t stratum_count;
    struct sample_item *items;
    size_t item_count;
};

/* Reports that memory ran out. Always false. */
bool sample_out_of_memory(struct command *command);
/* The folder of the draw for a test and a nonce: OUT/PERIOD-samples/TEST-DIGEST. NULL when memory is out. */
const char *sample_place(struct command *command, const char *out, const char *period, const char *test,
                         const char *nonce);
/* Whether a nonce is one line of text; reports if not. */
bool sample_nonce_good(struct command *command, const char *nonce);

/* The parts of the command; sample_command chooses among them. */
bool sample_draw_command(struct command *command);
bool sample_evaluate_command(struct command *command);
bool sample_fulfil_command(struct command *command);

#endif
