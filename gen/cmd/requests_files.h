#ifndef CMD_REQUESTS_FILES_H
#define CMD_REQUESTS_FILES_H

#include "cmd/assessment.h"

/*
 * The index of the answers (requests.csv, requests.json, requests.html) and a folder for each request (answer.json,
 * evidence.csv; with --copy the evidence itself, its digests checked, and the listings). Results are committed. False
 * after reporting.
 */
bool requests_files_write(struct command *command, const struct assessment *assessment, const char *folder);
/* The table for a person, or the index as JSON, and whether anything is open or short. `list` is the list's path. */
bool requests_files_print(struct command *command, const struct assessment *assessment, const char *list,
                          const char *target);

#endif
