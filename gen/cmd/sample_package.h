#ifndef CMD_SAMPLE_PACKAGE_H
#define CMD_SAMPLE_PACKAGE_H

#include "base/staging.h"
#include "cmd/command.h"

/* A signed package that a sample is drawn from, in place of a programme folder and its published run. */
struct sample_package {
    struct staging *staging; /* what was taken out; NULL: there is no package */
    const char *store;       /* its assessment.sqlite */
};

/*
 * Verifies the package that --package names, as `verify` does, and refuses one that is not intact or whose signer no
 * anchor vouches for. Takes evidence, programme, schema, templates and store out of it into a hidden folder beside the
 * outputs, and makes that the command's folder, and the package's period the command's. False after reporting;
 * sample_package_close ends it either way.
 */
bool sample_package_open(struct command *command, struct sample_package *out);
void sample_package_close(struct sample_package *package);

#endif
