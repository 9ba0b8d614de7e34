#include "base/file_remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define REMOVE_LISTED_BYTES 2048 /* names read at once from a folder that is removed: on the stack, at every level */

static bool remove_folder(int parent, const char *name);

/* Takes away one entry of a folder, with all that is below it. */
static bool remove_entry(int folder, const char *name) {
    if (unlinkat(folder, name, 0) == 0 || errno == ENOENT) {
        return true;
    }
    int error = errno;
    if (error != EISDIR && error != EPERM) { /* what unlink says of a folder: Linux, and POSIX */
        return false;
    }
    if (remove_folder(folder, name)) {
        return true;
    }
    errno = errno == ENOTDIR ? error : errno;
    return false;
}

/* Takes away the entries that one reading of a folder names: their count, or -1 with errno set. */
static int remove_listed(int folder) {
    _Alignas(struct dirent64) char listed[REMOVE_LISTED_BYTES];
    int removed = 0;
    ssize_t got;

    while ((got = getdents64(folder, listed, sizeof listed)) > 0) {
        for (ssize_t at = 0; at < got;) {
            const struct dirent64 *entry = (const struct dirent64 *)(const void *)(listed + at);
            at += entry->d_reclen;
            if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
                continue;
            }
            if (!remove_entry(folder, entry->d_name)) {
                return -1;
            }
            removed++;
        }
    }
    return got < 0 ? -1 : removed;
}

/* Reads the folder until nothing is found in it: file systems may skip entries where others go away meanwhile. */
static bool remove_folder(int parent, const char *name) {
    int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int removed = folder < 0 ? -1 : 0;

    do {
        removed = removed < 0 || lseek(folder, 0, SEEK_SET) < 0 ? -1 : remove_listed(folder);
    } while (removed > 0);
    if (folder >= 0) {
        int error = errno;
        close(folder);
        errno = error;
    }
    return removed == 0 && unlinkat(parent, name, AT_REMOVEDIR) == 0;
}

bool file_remove_tried(const char *path) {
    return remove_entry(AT_FDCWD, path);
}

bool file_remove_tree(const char *path, struct diagnostics *diagnostics) {
    if (file_remove_tried(path)) {
        return true;
    }
    diagnostics_report_errno(diagnostics, DIAGNOSTIC_FILE_WRITE, &(struct place){.path = path}, errno,
                             "the folder cannot be removed, remove it by hand");
    return false;
}
