#ifndef CMD_SAMPLE_LIST_H
#define CMD_SAMPLE_LIST_H

#include "cmd/sample.h"

/*
 * population.csv: every item of a population with its reference and its stratum, in the bytewise order of items. What
 * is drawn is drawn from this file, by us and by whoever repeats it.
 */
struct sample_list_row {
    uint64_t position; /* from 0 */
    const char *item;
    bool has_ref;
    int64_t ref;
    const char *stratum;
};
typedef bool sample_list_visit(void *context, const struct sample_list_row *row);

/* Writes a new file. */
struct sample_list_writer;
/* NULL after reporting. */
struct sample_list_writer *sample_list_create(struct command *command, const char *path);
bool sample_list_add(struct sample_list_writer *writer, const struct sample_list_row *row);
/* Ends and syncs the file, and frees the writer, which may be NULL. False after reporting. */
bool sample_list_end(struct sample_list_writer *writer);

/* Reads it; a row that is not as we write it, or out of order, is reported. False then, or when a visit was false. */
bool sample_list_walk(struct command *command, const char *path, sample_list_visit *visit, void *context);

/* Sets population, digest, strata (in the bytewise order of their names) of a sample by its list. */
bool sample_list_count(struct command *command, const char *path, struct sample *sample);
/*
 * Draws: `sample` has been counted, and has nonce, method and size. Sets seed, what each stratum gives, and the items
 * in the order in which they are drawn.
 */
bool sample_list_draw(struct command *command, const char *path, struct sample *sample);
/* The drawn items by their positions in the list, which it is walked in; in the command's arena. NULL after reporting.
 */
size_t *sample_list_order(struct command *command, const struct sample *sample);

/* Appends a cell of a CSV file in quotes; `guarded`: so that a spreadsheet takes it for no formula. */
void sample_list_cell(struct buffer *out, const char *text, bool guarded);
/* "E12.345", or "" without one; in the arena. NULL when memory is out. */
const char *sample_list_reference(struct arena *arena, bool has_ref, int64_t ref);

#endif
