#ifndef CMD_POPULATION_FILES_H
#define CMD_POPULATION_FILES_H

#include "assess/population_list.h"
#include "cmd/assessment.h"

/* Lists one population into FOLDER/ID.csv, a staging folder. False after reporting. */
bool population_files_list(struct command *command, struct population_list *list, const struct population *population,
                           const char *folder);
/* The index of what was listed: populations.csv, populations.json, exports.csv. Results are committed. */
bool population_files_index(struct command *command, const struct assessment *assessment, const char *folder);

#endif
