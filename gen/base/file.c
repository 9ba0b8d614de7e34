#include "base/file.h"

#include "base/arena.h"
#include "base/byte_sink.h"
#include "base/byte_source.h"
#include "base/limits.h"
#include "base/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIGEST_BLOCK_BYTES 16384

static int open_regular(int folder, const char *path) {
    int descriptor = openat(folder, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) {
        return -1;
    }
    struct stat status;
    int error = EINVAL;
    if (fstat(descriptor, &status) != 0 || (S_ISREG(status.st_mode) && fcntl(descriptor, F_SETFL, 0) != 0)) {
        error = errno;
    } else if (S_ISREG(status.st_mode)) {
        return descriptor;
    } else if (S_ISDIR(status.st_mode)) {
        error = EISDIR;
    }
    close(descriptor);
    errno = error;
    return -1;
}

int file_open(const char *path) {
    return open_regular(AT_FDCWD, path);
}

/*
 * Appends up to `limit` bytes; false with errno set, EFBIG when there are more. Room is made for what the file says it
 * holds and a byte more, so that its end is met without growing; what says nothing true about its size grows by blocks.
 */
static bool read_all(int descriptor, uint64_t limit, struct buffer *out) {
    struct byte_source_descriptor source;
    struct stat status;
    byte_source_descriptor(&source, descriptor);
    if (fstat(descriptor, &status) != 0) {
        return false;
    }
    size_t expected = (uint64_t)status.st_size < limit ? (size_t)status.st_size : (size_t)limit;
    uint64_t total = 0;
    for (;;) {
        if (!buffer_reserve(out, total <= expected ? expected - (size_t)total + 1 : LIMIT_BLOCK_BYTES)) {
            errno = ENOMEM;
            return false;
        }
        ssize_t got = source.source.read(&source.source, out->data + out->length, out->capacity - out->length - 1);
        if (got <= 0) {
            return got == 0;
        }
        out->length += (size_t)got;
        out->data[out->length] = '\0';
        total += (uint64_t)got;
        if (total > limit) {
            errno = EFBIG;
            return false;
        }
    }
}

/* Reads a file to its end, or a little past `limit`: an error where the whole is wanted. */
static bool read_path(const char *path, uint64_t limit, bool whole, struct buffer *out,
                      struct diagnostics *diagnostics) {
    struct place place = {.path = path};
    int descriptor = file_open(path);
    if (descriptor < 0) {
        diagnostics_report_errno(diagnostics, DIAGNOSTIC_FILE_READ, &place, errno,
                                 "the file cannot be opened, check its name, kind and permissions");
        return false;
    }
    bool complete = read_all(descriptor, limit, out);
    int error = errno;
    close(descriptor);
    if (complete || (error == EFBIG && !whole)) {
        return true;
    }
    if (error == EFBIG) {
        diagnostics_report(diagnostics, DIAGNOSTIC_FILE_TOO_LARGE, &place,
                           "the file is larger than %" PRIu64 " bytes, split it", limit);
    } else if (error == ENOMEM) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, &place, "memory ran out while the file was read");
    } else {
        diagnostics_report_errno(diagnostics, DIAGNOSTIC_FILE_READ, &place, error,
                                 "the file cannot be read, check the disk");
    }
    return false;
}

bool file_read(const char *path, uint64_t limit, struct buffer *out, struct diagnostics *diagnostics) {
    return read_path(path, limit, true, out, diagnostics);
}

bool file_read_head(const char *path, size_t most, struct buffer *out, struct diagnostics *diagnostics) {
    size_t before = out->length;
    bool done = read_path(path, most, false, out, diagnostics);

    if (done && out->length - before > most) {
        out->length = before + most;
        out->data[out->length] = '\0';
    }
    return done;
}

bool file_digest(const char *path, uint8_t out[DIGEST_BYTES]) {
    struct byte_sink_digest tap = {0};
    struct byte_source_descriptor bytes;
    char block[DIGEST_BLOCK_BYTES];
    ssize_t got = 0;
    int descriptor = file_open(path);
    if (descriptor < 0) {
        return false;
    }
    bool done = byte_sink_digest_open(&tap, NULL);
    byte_source_descriptor(&bytes, descriptor);
    while (done && (got = bytes.source.read(&bytes.source, block, sizeof block)) > 0) {
        done = tap.sink.write(&tap.sink, block, (size_t)got);
    }
    int error = got < 0 ? errno : ENOMEM;
    done = byte_sink_digest_close(&tap, out) && done && got == 0;
    close(descriptor);
    errno = error;
    return done;
}

bool file_exists(const char *path) {
    struct stat status;
    return stat(path, &status) == 0;
}

bool file_is_directory(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool file_size(const char *path, uint64_t *size, struct diagnostics *diagnostics) {
    struct stat status;
    int error = lstat(path, &status) != 0 ? errno : S_ISREG(status.st_mode) ? 0 : EINVAL;

    if (error != 0) {
        diagnostics_report_errno(diagnostics, DIAGNOSTIC_FILE_READ, &(struct place){.path = path}, error,
                                 "cannot tell the file's size; check that it is a regular file");
        return false;
    }
    *size = (uint64_t)status.st_size;
    return true;
}

/* A listing in progress. */
struct listing {
    struct arena *arena;
    struct file_list *list;
    struct diagnostics *diagnostics;
    const char *folder;
};

static bool out_of_memory(struct listing *listing) {
    diagnostics_report(listing->diagnostics, DIAGNOSTIC_MEMORY, &(struct place){.path = listing->folder},
                       "memory ran out while the folder was listed");
    return false;
}

/* Where something below the folder is, or the folder itself; false after reporting that memory is out. */
static bool place_of(struct listing *listing, const char *relative, struct place *out) {
    *out = (struct place){.path = listing->folder};
    if (relative[0] != '\0') {
        out->path = path_join(listing->arena, listing->folder, relative);
    }
    return out->path != NULL || out_of_memory(listing);
}

static bool list_failed(struct listing *listing, const char *relative, int error) {
    struct place place;
    if (place_of(listing, relative, &place)) {
        diagnostics_report_errno(listing->diagnostics, DIAGNOSTIC_FILE_READ, &place, error,
                                 "the folder cannot be read, check its name and permissions");
    }
    return false;
}

static bool list_folder(struct listing *listing, int descriptor, const char *relative, unsigned depth);

static bool list_subfolder(struct listing *listing, int parent, const char *name, const char *relative,
                           unsigned depth) {
    if (depth >= LIMIT_DIRECTORY_DEPTH) {
        diagnostics_report(listing->diagnostics, DIAGNOSTIC_FILE_READ, &(struct place){.path = listing->folder},
                           "folders are nested more than %d deep, move the files up", LIMIT_DIRECTORY_DEPTH);
        return false;
    }
    int descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) {
        return list_failed(listing, relative, errno);
    }
    return list_folder(listing, descriptor, relative, depth + 1);
}

static bool list_file(struct listing *listing, const char *relative, uint64_t size) {
    if (listing->list->count >= LIMIT_EVIDENCE_FILES) {
        diagnostics_report(listing->diagnostics, DIAGNOSTIC_FILE_READ, &(struct place){.path = listing->folder},
                           "the folder holds more than %d files, split it", LIMIT_EVIDENCE_FILES);
        return false;
    }
    struct file_entry *entry =
        arena_push(listing->arena, &listing->list->entries, &listing->list->count, sizeof *entry);
    if (entry == NULL) {
        return out_of_memory(listing);
    }
    entry->path = relative;
    entry->size = size;
    return true;
}

static bool list_entry(struct listing *listing, int parent, const char *name, const char *prefix, unsigned depth) {
    char *relative = path_join(listing->arena, prefix, name);
    if (relative == NULL) {
        return out_of_memory(listing);
    }
    struct place place;
    const char *reason;
    if (!path_is_safe(relative, &reason)) {
        if (!place_of(listing, relative, &place)) {
            return false;
        }
        diagnostics_report(listing->diagnostics, DIAGNOSTIC_FILE_NAME, &place, "%s, rename it", reason);
        listing->list->partial = true;
        return true;
    }
    struct stat status;
    if (fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return list_failed(listing, relative, errno);
    }
    if (S_ISDIR(status.st_mode)) {
        return list_subfolder(listing, parent, name, relative, depth);
    }
    if (!S_ISREG(status.st_mode)) {
        if (!place_of(listing, relative, &place)) {
            return false;
        }
        diagnostics_report(listing->diagnostics, DIAGNOSTIC_FILE_KIND, &place,
                           "%s is not read as evidence, put a regular file in its place",
                           S_ISLNK(status.st_mode) ? "a symbolic link" : "a device, pipe or socket");
        listing->list->partial = true;
        return true;
    }
    return list_file(listing, relative, (uint64_t)status.st_size);
}

/* Takes over the descriptor. */
static bool list_folder(struct listing *listing, int descriptor, const char *relative, unsigned depth) {
    DIR *directory = fdopendir(descriptor);
    if (directory == NULL) {
        int error = errno;
        close(descriptor);
        return list_failed(listing, relative, error);
    }
    bool complete = true;
    while (complete) {
        errno = 0;
        const struct dirent *entry = readdir(directory);
        if (entry == NULL) {
            complete = errno == 0 || list_failed(listing, relative, errno);
            break;
        }
        if (entry->d_name[0] != '.') {
            complete = list_entry(listing, descriptor, entry->d_name, relative, depth);
        }
    }
    closedir(directory);
    return complete;
}

static int compare_entries(const void *left, const void *right) {
    const struct file_entry *a = left;
    const struct file_entry *b = right;
    return strcmp(a->path, b->path);
}

bool file_list(struct arena *arena, const char *folder, bool missing_ok, struct file_list *out,
               struct diagnostics *diagnostics) {
    *out = (struct file_list){0};
    struct listing listing = {arena, out, diagnostics, folder};
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return (missing_ok && errno == ENOENT) || list_failed(&listing, "", errno);
    }
    if (!list_folder(&listing, descriptor, "", 1)) {
        return false;
    }
    if (out->count > 1) {
        qsort(out->entries, out->count, sizeof *out->entries, compare_entries);
    }
    return true;
}

int file_open_new(const char *path, unsigned mode) {
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, (mode_t)mode);
}

static bool create(const char *path, const void *bytes, size_t length, unsigned mode, bool sync,
                   struct diagnostics *diagnostics) {
    int error;
    int descriptor = file_open_new(path, mode == 0 ? 0644 : mode);
    if (descriptor < 0) {
        error = errno;
        goto report;
    }
    struct byte_sink_descriptor sink;
    byte_sink_descriptor(&sink, descriptor);
    if (!sink.sink.write(&sink.sink, bytes, length)) {
        error = sink.error;
        close(descriptor);
        goto discard;
    }
    if (sync && fsync(descriptor) != 0) {
        error = errno;
        close(descriptor);
        goto discard;
    }
    if (close(descriptor) != 0) {
        error = errno;
        goto discard;
    }
    return true;

discard:
    unlink(path);
report:
    diagnostics_report_errno(diagnostics, DIAGNOSTIC_FILE_WRITE, &(struct place){.path = path}, error,
                             "the file cannot be written, check the folder's permissions and free space");
    return false;
}

bool file_create(const char *path, const void *bytes, size_t length, unsigned mode, struct diagnostics *diagnostics) {
    return create(path, bytes, length, mode, true, diagnostics);
}

bool file_create_staged(const char *path, const void *bytes, size_t length, unsigned mode,
                        struct diagnostics *diagnostics) {
    return create(path, bytes, length, mode, false, diagnostics);
}

/* Syncs the folder that holds a file; one that the file system cannot sync is fine. */
static bool sync_parent(const char *path) {
    const char *slash = strrchr(path, '/');
    char *parent = slash == NULL ? strdup(".") : strndup(path, slash == path ? 1 : (size_t)(slash - path));
    int descriptor = parent == NULL ? -1 : open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = descriptor >= 0 && (fsync(descriptor) == 0 || errno == EINVAL);
    int error = errno;

    if (descriptor >= 0) {
        close(descriptor);
    }
    free(parent);
    errno = error;
    return synced;
}

bool file_move_new(const char *from, const char *to, bool *taken, struct diagnostics *diagnostics) {
    bool moved = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0;

    *taken = false;
    if (!moved && (errno == EINVAL || errno == ENOSYS)) {
        /* The file system knows no flags; a second name is as safe where it knows that. */
        moved = link(from, to) == 0 && unlink(from) == 0;
    }
    *taken = !moved && errno == EEXIST;
    if (*taken) {
        return false;
    }
    if (!moved || !sync_parent(to)) {
        diagnostics_report_errno(diagnostics, DIAGNOSTIC_FILE_WRITE, &(struct place){.path = to}, errno,
                                 "the file cannot be put in its place, check the folder's permissions and free space");
        return false;
    }
    return true;
}

bool file_replace(const char *path, const void *bytes, size_t length, unsigned mode, struct diagnostics *diagnostics) {
    struct buffer fresh = {0};
    bool done = false;

    buffer_format(&fresh, "%s.new", path);
    const char *name = buffer_text(&fresh);
    if (name == NULL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, &(struct place){.path = path},
                           "no memory to write the file");
        goto end;
    }
    unlink(name); /* what a run that died has left */
    if (!file_create(name, bytes, length, mode, diagnostics)) {
        goto end;
    }
    done = rename(name, path) == 0 && sync_parent(path);
    if (!done) {
        diagnostics_report_errno(diagnostics, DIAGNOSTIC_FILE_WRITE, &(struct place){.path = path}, errno,
                                 "the file cannot be put in its place, check the folder's permissions and free space");
        unlink(name);
    }

end:
    buffer_free(&fresh);
    return done;
}

static bool make_one(const char *path) {
    return mkdir(path, 0755) == 0 || (errno == EEXIST && file_is_directory(path));
}

bool file_make_directory(const char *path, struct diagnostics *diagnostics) {
    int error;
    char *copy = strdup(path);
    if (copy == NULL) {
        error = ENOMEM;
        goto report;
    }
    for (char *slash = copy[0] == '\0' ? NULL : strchr(copy + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (!make_one(copy)) {
            error = errno;
            goto report;
        }
        *slash = '/';
    }
    if (!make_one(copy)) {
        error = errno;
        goto report;
    }
    free(copy);
    return true;

report:
    free(copy);
    diagnostics_report_errno(diagnostics, DIAGNOSTIC_FILE_WRITE, &(struct place){.path = path}, error,
                             "the folder cannot be made, check the permissions of the one that holds it");
    return false;
}
