#ifndef WRITE_SUMMARY_H
#define WRITE_SUMMARY_H

#include "base/buffer.h"
#include "base/diagnostics.h"

#include <sqlite3.h>
#include <stdbool.h>

/* The package's place and digest: known only at the end, and in no report inside the package. */
struct summary_package {
    const char *path;   /* file name, relative to the output folder */
    const char *sha256; /* hexadecimal */
    int64_t bytes;
};

/*
 * summary.json (DESIGN 8): period, package, controls, criteria, coverage, evidence, metrics, findings, into an empty
 * `out`. As in the copy inside the package, `package` is null: it stands at `*package_at`.
 */
bool summary_write(sqlite3 *store, struct buffer *out, size_t *package_at, struct diagnostics *diagnostics);
/* Appends that text with the package named in it. Memory that runs out is kept in `out`. */
void summary_name(const struct buffer *summary, size_t package_at, const struct summary_package *package,
                  struct buffer *out);

#endif
