#ifndef CMD_SAMPLE_PRINT_H
#define CMD_SAMPLE_PRINT_H

#include "cmd/sample.h"

/* A sample for a person at a terminal. */

/* What was drawn, of what, how and with what; `written` is the folder with its files. False when memory is out. */
bool sample_print_draw(struct command *command, const struct sample *sample, const char *written);
/* A line "Name   text" in which the text can do nothing to a terminal. */
void sample_print_line(struct command *command, const char *name, const char *text);
void sample_print_format(struct command *command, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Whether the evidence of the full test is insufficient or still awaited, so that the population may not be whole. */
bool sample_print_unproven(const struct sample *sample);
/* The lines that every result begins with: test, population, digest, nonce, seed, method, size. */
void sample_print_head(struct command *command, const struct sample *sample, const char *what);

#endif
