#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/buffer.h"
#include "base/diagnostics.h"
#include "base/digest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* The one place that opens files. */

/*
 * Opens a regular file for reading (O_NOFOLLOW for its last part, close-on-exec, non-blocking while opening so that a
 * FIFO cannot hang). Returns the descriptor, or -1 with errno set (EINVAL: not a regular file).
 */
int file_open(const char *path);
/* Reads a whole file of at most `limit` bytes; reports under FILE_READ or FILE_TOO_LARGE and returns false. */
bool file_read(const char *path, uint64_t limit, struct buffer *out, struct diagnostics *diagnostics);
/* Reads at most the first `most` bytes; reports under FILE_READ. */
bool file_read_head(const char *path, size_t most, struct buffer *out, struct diagnostics *diagnostics);
/* The SHA-256 of a regular file; false with errno set, nothing is reported. */
bool file_digest(const char *path, uint8_t out[DIGEST_BYTES]);
bool file_exists(const char *path);
bool file_is_directory(const char *path);
/* The size of a regular file; reports under FILE_READ. */
bool file_size(const char *path, uint64_t *size, struct diagnostics *diagnostics);

struct file_entry {
    const char *path; /* relative to the listed folder */
    uint64_t size;
};
struct file_list {
    struct file_entry *entries;
    size_t count;
    bool partial; /* a link, a device or an unsafe name was reported and left out */
};
/*
 * Lists the regular files below a folder, bytewise sorted by relative path. Names beginning with '.' are left out.
 * Links, devices and unsafe names are reported (FILE_KIND, FILE_NAME) and left out; a folder that cannot be read is
 * reported under FILE_READ and the result is false. A missing folder gives an empty list when `missing_ok`.
 */
bool file_list(struct arena *arena, const char *folder, bool missing_ok, struct file_list *out,
               struct diagnostics *diagnostics);

/* Creates a new file (O_EXCL; `mode`, or 0644 when it is 0) with exactly these bytes, synced; reports under FILE_WRITE.
 */
bool file_create(const char *path, const void *bytes, size_t length, unsigned mode, struct diagnostics *diagnostics);
/* The same in a staging folder, which is synced as a whole when it is committed. */
bool file_create_staged(const char *path, const void *bytes, size_t length, unsigned mode,
                        struct diagnostics *diagnostics);
/* The same in place of what is at `path`, at once: readers see the old file or the new one, whole. */
bool file_replace(const char *path, const void *bytes, size_t length, unsigned mode, struct diagnostics *diagnostics);
/* Opens a new file for writing (O_EXCL, O_NOFOLLOW, close-on-exec); -1 with errno set, EEXIST where something is there.
 */
int file_open_new(const char *path, unsigned mode);
/*
 * Gives a file a name of the same file system that nothing has yet, and syncs the folder. False with `*taken` set where
 * the name is taken, which is not reported, or after reporting under FILE_WRITE.
 */
bool file_move_new(const char *from, const char *to, bool *taken, struct diagnostics *diagnostics);
/* Creates the folder and its parents where missing; reports under FILE_WRITE. */
bool file_make_directory(const char *path, struct diagnostics *diagnostics);

#endif
