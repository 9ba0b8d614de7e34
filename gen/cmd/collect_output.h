#ifndef CMD_COLLECT_OUTPUT_H
#define CMD_COLLECT_OUTPUT_H

#include "cmd/command.h"
#include "cmd/workspace.h"

#include "base/path.h"
#include "base/record_source.h"

/* What reading a command's output as its source's kind shows. */
struct collect_output {
    const char *problem; /* why it is no export, and what to do; NULL: it is one */
    struct record_tally tally;
    struct diagnostics *said; /* of its records, under the path where it was read; freed with collect_output_free */
};

/*
 * Reads the output at `path`, which is to be the file that `match` dates, record by record. It is no export when it is
 * empty and its source does not declare that it may be, when it is cut off, when it has not the shape of its kind or
 * only records that cannot be read, or when that kind does not recognise it. Rows with bad values are evidence with
 * faults, which a person may have to look at. False after reporting that the
 * system failed.
 */
bool collect_output_read(struct command *command, const struct workspace *workspace,
                         const struct programme_source *source, const char *path, const struct path_match *match,
                         struct collect_output *out);
/* Reports what was said of its records under the path where it ended up. */
void collect_output_report(const struct collect_output *output, const char *path, struct diagnostics *diagnostics);
void collect_output_free(struct collect_output *output);

#endif
