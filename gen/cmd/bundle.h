#ifndef CMD_BUNDLE_H
#define CMD_BUNDLE_H

#include "cmd/report.h"
#include "cmd/workspace.h"
#include "pack/package.h"

struct bundle;

/*
 * Begins to put what the evidence was read by into a package, on a thread until bundle_end: programme/, schema/,
 * templates/ and toolchain.txt. Nobody else may touch the package until then. NULL after reporting a failure.
 */
struct bundle *bundle_begin(struct command *command, const struct workspace *workspace, struct package *package);
/* Waits for it and frees it, which may be NULL; whether all is in the package, after reporting if not. */
bool bundle_end(struct bundle *bundle);
/* Adds what the run made: reports/ but the PDF, and store/. */
bool bundle_outputs(struct command *command, const struct report_paths *paths, struct package *package);
/* Adds the PDF, which takes longest to write and so comes last. */
bool bundle_pdf(struct command *command, const struct report_paths *paths, struct package *package);

#endif
