#ifndef PACK_ZIP_WRITE_H
#define PACK_ZIP_WRITE_H

#include "base/diagnostics.h"
#include "base/digest.h"
#include "pack/zip_header.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Writes a ZIP of the form in zip_header.h, entry after entry, without knowing their sizes beforehand. An entry's
 * header is written when the entry ends: its place is left free, and in the rare case that 4 GiB are passed, when the
 * header grows by its zip64 field, the entry's data is shifted by those 20 bytes. So local and central header always
 * agree, and zip64 is used exactly where it is needed. Failures are reported under FILE_WRITE, once; later calls return
 * false.
 */
struct zip_write;

/* Creates `path`, which must not exist. `seconds` (UTC) is the time of every entry. */
struct zip_write *zip_write_open(const char *path, int64_t seconds, struct diagnostics *diagnostics);
/*
 * Begins an entry, which is deflated quickly rather than to the least size where that is wanted. `name` stays the
 * caller's and must live until zip_write_free.
 */
bool zip_write_begin(struct zip_write *zip, const char *name, enum zip_method method, bool quick);
bool zip_write_bytes(struct zip_write *zip, const void *bytes, size_t length);
/*
 * Ends the entry. An empty one, and one that deflated better than readers accept (zip_header_ratio_refused), becomes a
 * stored one.
 */
bool zip_write_end(struct zip_write *zip, uint64_t *size);
/* Whether deflating is to wait, as far as it may: deflate_pool_hold. */
void zip_write_hold(struct zip_write *zip, bool hold);
/*
 * Writes the directory and closes; whoever gives the file its name syncs it. The SHA-256 of the whole file, when
 * `digest` is not NULL.
 */
bool zip_write_finish(struct zip_write *zip, uint8_t digest[DIGEST_BYTES]);
/* Frees; removes the file unless zip_write_finish succeeded. NULL is fine. */
void zip_write_free(struct zip_write *zip);

#endif
