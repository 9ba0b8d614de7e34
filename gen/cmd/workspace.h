#ifndef CMD_WORKSPACE_H
#define CMD_WORKSPACE_H

#include "cmd/command.h"
#include "config/programme.h"
#include "config/schema.h"

/* A programme folder with its configuration: inputs/, schema/, templates/. */
struct workspace {
    const char *folder;
    const char *inputs;   /* folder/inputs */
    const char *evidence; /* folder/inputs/evidence */
    const char *schema_folder;
    const char *templates;
    struct schema *schema;
    struct programme *programme;
    const char *const *more_readable; /* files outside that a run reads too, NULL-terminated; NULL: none */
};

/* Loads schema and programme of the command's folder, reporting everything wrong in both. */
bool workspace_open(struct command *command, struct workspace *out);
/* The same without kinds that no source names, for a run. */
bool workspace_open_used(struct command *command, struct workspace *out);
/* The schema alone, for commands that need no programme. */
bool workspace_open_schema(struct command *command, struct workspace *out);

/* The period a command works on: --period, or the only one declared; with --as-of, or the period's last second. */
struct workspace_period {
    const char *id;
    struct span span;
    int64_t as_of;
};
bool workspace_choose_period(struct command *command, const struct workspace *workspace, struct workspace_period *out);
/* Says where a period has another length than examinations have; a note, since a month is fine for other purposes. */
void workspace_note_length(struct command *command, const struct workspace *workspace,
                           const struct workspace_period *period);
/* The output folder: --out, or "out" below the programme folder. NULL when memory is out, after reporting. */
const char *workspace_out(struct command *command, const struct workspace *workspace);
/* A path of the programme (keys, outputs) from where the process stands. NULL when memory is out, after reporting. */
const char *workspace_path(struct command *command, const struct workspace *workspace, const char *path);

#endif
