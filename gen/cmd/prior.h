#ifndef CMD_PRIOR_H
#define CMD_PRIOR_H

#include "cmd/workspace.h"
#include "store/store.h"

/* The assessments of earlier periods that a run takes findings from: signed packages, or bare stores. */
struct prior_file {
    const char *path;  /* to open */
    const char *shown; /* from the programme folder, or its name alone where it is outside */
};
struct prior_files {
    struct prior_file *files;
    size_t count;
    struct text_list anchors; /* certificates that vouch for who signed them */
};

/*
 * Before the process is sealed: the files that --prior names, or else those of the period's `prior:`. An entry of
 * `prior:` that names a period means the package of that period below `out`; where it is not there, that is said, and
 * nothing is carried from it. What is read is added to the workspace's `more_readable`. False after reporting.
 */
bool prior_find(struct command *command, struct workspace *workspace, const struct workspace_period *period,
                const char *out, struct prior_files *files);
/* The package of a period below the output folder: of the run's profile, or else the portfolio. NULL: not there. */
const char *prior_package(struct command *command, const struct workspace *workspace, const char *out,
                          const char *period);
/*
 * Takes the files' stores into `scratch`, a folder that is made for it and removed again, and fills the tm_prior
 * tables. A package is verified first: one that is not intact is refused.
 */
bool prior_take(struct command *command, const struct prior_files *files, const char *scratch, struct store *store);

#endif
