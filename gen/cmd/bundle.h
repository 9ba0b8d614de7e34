#ifndef CMD_BUNDLE_H
#define CMD_BUNDLE_H

#include "cmd/report.h"
#include "cmd/workspace.h"
#include "pack/package.h"

/*
 * Puts what stands behind the evidence into a package, in bytewise order: programme/, reports/ but the PDF, schema/,
 * store/, templates/ and toolchain.txt.
 */
bool bundle_outputs(struct command *command, const struct workspace *workspace, const struct report_paths *paths,
                    struct package *package);
/* Adds the PDF, which takes longest to write and so comes last. */
bool bundle_pdf(struct command *command, const struct report_paths *paths, struct package *package);

#endif
