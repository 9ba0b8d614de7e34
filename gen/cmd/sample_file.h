#ifndef CMD_SAMPLE_FILE_H
#define CMD_SAMPLE_FILE_H

#include "cmd/sample.h"

/* The files of a draw: sample.json, sample.csv to be filled in, README.txt; population.csv is sample_list.h's. */

/* sample.json. */
void sample_file_json(const struct sample *sample, struct buffer *out);
/* sample.csv: item, ref, evidence, record, stratum, and empty cells for result and remark. */
void sample_file_results(const struct sample *sample, struct buffer *out);
/* README.txt: what is in the folder, how it was drawn, how to repeat it, how to fill it in. */
void sample_file_text(const struct sample *sample, struct buffer *out);
/* Writes these into a folder that has none of them; false after reporting. */
bool sample_file_write(struct command *command, const char *folder, const struct sample *sample);

/*
 * Reads a sample.json, and draws again from the population.csv beside it: digest, seed and items must be the same.
 * False after reporting.
 */
bool sample_file_read(struct command *command, const char *path, struct sample *sample);
/* What sample.json alone says, without drawing again. */
bool sample_file_decode(struct command *command, const char *path, struct sample *sample);
/*
 * The sample.json that a command means: its only argument, or the draw of --test and --nonce in the output folder.
 * `*path` stays NULL where neither is given. False after reporting.
 */
bool sample_file_find(struct command *command, const char **path);

#endif
