#ifndef PACK_ZIP_READ_H
#define PACK_ZIP_READ_H

#include "base/byte_sink.h"
#include "base/diagnostics.h"
#include "base/digest.h"
#include "pack/zip_header.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reads a ZIP that must have exactly the form of zip_header.h, without trusting a byte of it: each record is encoded
 * again from what was read and compared. Memory is bounded by LIMIT_PACKAGE_ENTRIES and the length of their names. What
 * is wrong is reported (level UNVERIFIED) with the package as its place.
 */
struct zip_read;

/* Opens a file; a file that cannot be read is reported under FILE_READ. */
struct zip_read *zip_read_open(const char *path, struct diagnostics *diagnostics);
void zip_read_free(struct zip_read *zip);
/*
 * Checks end records, central directory and local headers, that the entries follow each other from the first byte to
 * the directory without gap or overlap, and that counts, sizes and ratios keep the limits. Reports under
 * PACKAGE_CONTAINER.
 */
bool zip_read_directory(struct zip_read *zip, struct diagnostics *diagnostics);
/* The entries after zip_read_directory. A name may hold any byte, NUL too; one NUL more stands behind it. */
const struct zip_entry *zip_read_entries(const struct zip_read *zip, size_t *count);
/* Whether the last read failed because the file could not be read, rather than for what it holds. */
bool zip_read_failed(const struct zip_read *zip);
/* The SHA-256 of the whole file. */
bool zip_read_digest(struct zip_read *zip, uint8_t digest[DIGEST_BYTES], struct diagnostics *diagnostics);

/*
 * Pours one entry into `sink`, never more than its declared size. False when the sink refuses, the data does not
 * inflate to exactly the declared size, input is left over, bits that deflate ignores are set, or the CRC differs;
 * `*reason` is then a plain text, or NULL when a diagnostic was recorded already.
 */
bool zip_read_entry(struct zip_read *zip, const struct zip_entry *entry, struct byte_sink *sink, const char **reason,
                    struct diagnostics *diagnostics);

/*
 * A name for print: what is not plain in it is shown as \xNN, and what does not fit as dots. A NUL stands behind the
 * `length` bytes; `capacity` is at least 8.
 */
void zip_read_printable(const char *name, size_t length, char *out, size_t capacity);

#endif
