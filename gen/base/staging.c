#include "base/staging.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/file_remove.h"
#include "base/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SYNC_DESCRIPTORS 16

struct staging {
    struct arena *arena;
    const char *target;
    const char *parent;
    const char *prefix;   /* name of every staging folder of this target, up to the process number */
    const char *path;     /* where the outputs are written */
    const char *previous; /* where the last good output waits on file systems that cannot exchange */
    int lock;             /* the staging folder, locked for as long as this run lives */
    bool committed;
};

static bool fail(struct diagnostics *diagnostics, const char *path, int error, const char *what) {
    diagnostics_report_errno(diagnostics, DIAGNOSTIC_FILE_WRITE, &(struct place){.path = path}, error, "%s", what);
    return false;
}

/* Whether the run that made a staging folder is dead: the kernel drops the lock with its holder. */
static bool is_abandoned(const char *path) {
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) {
        return true;
    }
    bool abandoned = flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
    close(descriptor);
    return abandoned;
}

static bool remove_leftover(struct staging *staging, const char *name, struct diagnostics *diagnostics) {
    char *path = path_join(staging->arena, staging->parent, name);
    if (path == NULL) {
        return fail(diagnostics, staging->target, ENOMEM, "the output cannot be prepared");
    }
    if (!is_abandoned(path)) {
        diagnostics_report(diagnostics, DIAGNOSTIC_FILE_WRITE, &(struct place){.path = staging->target},
                           "another run is writing this output, wait for it to end");
        return false;
    }
    return file_remove_tree(path, diagnostics);
}

static bool remove_leftovers(struct staging *staging, struct diagnostics *diagnostics) {
    DIR *directory = opendir(staging->parent);
    if (directory == NULL) {
        return fail(diagnostics, staging->parent, errno, "the output folder cannot be read, check its permissions");
    }
    bool done = true;
    size_t prefix = strlen(staging->prefix);
    while (done) {
        errno = 0;
        const struct dirent *entry = readdir(directory);
        if (entry == NULL) {
            done = errno == 0 ||
                   fail(diagnostics, staging->parent, errno, "the output folder cannot be read, check its permissions");
            break;
        }
        if (strncmp(entry->d_name, staging->prefix, prefix) == 0) {
            done = remove_leftover(staging, entry->d_name, diagnostics);
        }
    }
    closedir(directory);
    return done;
}

/* Puts back an output that a killed run had moved aside and not replaced, or removes one that it did replace. */
static bool restore_previous(struct staging *staging, struct diagnostics *diagnostics) {
    if (!file_exists(staging->previous)) {
        return true;
    }
    if (file_exists(staging->target)) {
        return file_remove_tree(staging->previous, diagnostics);
    }
    return rename(staging->previous, staging->target) == 0 ||
           fail(diagnostics, staging->target, errno, "the last output cannot be put back, rename it by hand");
}

static bool make_names(struct staging *staging, const char *target) {
    size_t length = strlen(target);
    while (length > 1 && target[length - 1] == '/') {
        length--;
    }
    struct arena *arena = staging->arena;
    char *clean = arena_copy(arena, target, length);
    if (clean == NULL) {
        return false;
    }
    const char *name = path_name(clean);
    char *previous = arena_format(arena, ".%s.previous", name);
    char *folder = arena_format(arena, ".%s.partial-%ld", name, (long)getpid());
    staging->target = clean;
    staging->parent = path_parent(arena, clean);
    staging->prefix = arena_format(arena, ".%s.partial-", name);
    if (previous == NULL || folder == NULL || staging->parent == NULL) {
        return false;
    }
    staging->previous = path_join(arena, staging->parent, previous);
    staging->path = path_join(arena, staging->parent, folder);
    return staging->prefix != NULL && staging->previous != NULL && staging->path != NULL;
}

static bool make_folder(struct staging *staging, struct diagnostics *diagnostics) {
    if (mkdir(staging->path, 0755) != 0) {
        return fail(diagnostics, staging->path, errno, "the output folder cannot be made, check the permissions");
    }
    staging->lock = open(staging->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (staging->lock < 0 || (flock(staging->lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)) {
        int error = errno;
        rmdir(staging->path);
        return fail(diagnostics, staging->path, error, "the output folder cannot be locked, run again");
    }
    return true;
}

/*
 * Runs take turns where they look for leftovers, make their folders and exchange them: a folder that is made and not
 * yet locked would seem abandoned. Returns a descriptor to close, or -1 on a file system that cannot lock, where two
 * runs at one time are not told apart.
 */
static int take_turn(const struct staging *staging) {
    int descriptor = open(staging->parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (descriptor >= 0 && flock(descriptor, LOCK_EX) != 0 && errno == EINTR) {
    }
    return descriptor;
}

static void end_turn(int descriptor) {
    if (descriptor >= 0) {
        close(descriptor);
    }
}

static bool prepare(struct staging *staging, struct diagnostics *diagnostics) {
    if (!file_make_directory(staging->parent, diagnostics)) {
        return false;
    }
    int turn = take_turn(staging);
    bool done = remove_leftovers(staging, diagnostics) && restore_previous(staging, diagnostics) &&
                make_folder(staging, diagnostics);
    end_turn(turn);
    return done;
}

static bool is_empty(DIR *directory) {
    const struct dirent *entry;

    do {
        errno = 0;
        entry = readdir(directory);
    } while (entry != NULL && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
    return entry == NULL && errno == 0;
}

bool staging_may_replace(const char *target, const char *mark, struct diagnostics *diagnostics) {
    struct stat status;
    if (lstat(target, &status) != 0) {
        return true; /* that nothing is there, or cannot be, is for the beginning to find */
    }
    if (!S_ISDIR(status.st_mode)) {
        diagnostics_report(diagnostics, DIAGNOSTIC_FILE_WRITE, &(struct place){.path = target},
                           "what is there is no folder, so it is not replaced; move it away or write elsewhere with "
                           "--out");
        return false;
    }
    int descriptor = open(target, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) {
        return fail(diagnostics, target, errno, "the folder cannot be read, check its permissions");
    }
    DIR *directory = fdopendir(descriptor);
    if (directory == NULL) {
        int error = errno;
        close(descriptor);
        return fail(diagnostics, target, error, "the folder cannot be read, check its permissions");
    }
    bool ours = fstatat(descriptor, mark, &status, AT_SYMLINK_NOFOLLOW) == 0 || is_empty(directory);
    closedir(directory);
    if (!ours) {
        diagnostics_report(diagnostics, DIAGNOSTIC_FILE_WRITE, &(struct place){.path = target},
                           "the folder holds files but no %s, so it is none that a run wrote; move it away or write "
                           "elsewhere with --out",
                           mark);
    }
    return ours;
}

struct staging *staging_begin(const char *target, struct diagnostics *diagnostics) {
    struct staging *staging = calloc(1, sizeof *staging);
    if (staging == NULL) {
        goto memory;
    }
    staging->lock = -1;
    staging->committed = true; /* nothing to remove yet */
    staging->arena = arena_new();
    if (staging->arena == NULL || !make_names(staging, target)) {
        goto memory;
    }
    if (!prepare(staging, diagnostics)) {
        goto failed;
    }
    staging->committed = false;
    return staging;

memory:
    fail(diagnostics, target, ENOMEM, "the output cannot be prepared");
failed:
    staging_end(staging);
    return NULL;
}

struct staging *staging_replace(const char *target, const char *mark, struct diagnostics *diagnostics) {
    return staging_may_replace(target, mark, diagnostics) ? staging_begin(target, diagnostics) : NULL;
}

const char *staging_path(const struct staging *staging) {
    return staging->path;
}

static bool sync_path(const char *path, int flags) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | flags);
    if (descriptor < 0) {
        return false;
    }
    /* EINVAL: the file system has nothing to sync here. */
    bool synced = fsync(descriptor) == 0 || errno == EINVAL;
    int error = errno;
    close(descriptor);
    errno = error;
    return synced;
}

static int sync_entry(const char *path, const struct stat *status, int type, struct FTW *position) {
    (void)status;
    (void)position;
    if (type == FTW_DNR || type == FTW_NS) {
        errno = EACCES;
        return -1;
    }
    if (type != FTW_F && type != FTW_DP) {
        return 0;
    }
    return sync_path(path, O_NOFOLLOW | (type == FTW_DP ? O_DIRECTORY : 0)) ? 0 : -1;
}

/* Moves the new folder to its final name; the former output, if any, ends up at staging->path or ->previous. */
static bool publish(struct staging *staging) {
    if (renameat2(AT_FDCWD, staging->path, AT_FDCWD, staging->target, RENAME_NOREPLACE) == 0) {
        return true;
    }
    if (errno == EEXIST) {
        if (renameat2(AT_FDCWD, staging->path, AT_FDCWD, staging->target, RENAME_EXCHANGE) == 0) {
            return true;
        }
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return false;
    }
    /*
     * The file system knows no flags of renameat2. Two renames leave a moment without any output; a run that is killed
     * in it is repaired by the next one (restore_previous).
     */
    bool had = file_exists(staging->target);
    if (had && rename(staging->target, staging->previous) != 0) {
        return false;
    }
    if (rename(staging->path, staging->target) == 0) {
        return true;
    }
    int error = errno;
    if (had && rename(staging->previous, staging->target) != 0) {
        error = errno;
    }
    errno = error;
    return false;
}

bool staging_sync(const struct staging *staging, struct diagnostics *diagnostics) {
    return nftw(staging->path, sync_entry, SYNC_DESCRIPTORS, FTW_DEPTH | FTW_PHYS) == 0 ||
           fail(diagnostics, staging->path, errno, "the output cannot be synced to the disk, check its free space");
}

bool staging_commit(struct staging *staging, struct diagnostics *diagnostics) {
    if (!staging_sync(staging, diagnostics)) {
        return false;
    }
    int turn = take_turn(staging);
    bool done = false;
    if (!publish(staging)) {
        fail(diagnostics, staging->target, errno, "the output cannot be put in its place, check the permissions");
        goto end;
    }
    staging->committed = true;
    if (!sync_path(staging->parent, O_DIRECTORY)) {
        fail(diagnostics, staging->parent, errno, "the folder cannot be synced to the disk, check the disk");
        goto end;
    }
    done = file_remove_tree(staging->path, diagnostics) && file_remove_tree(staging->previous, diagnostics);

end:
    end_turn(turn);
    return done;
}

void staging_end(struct staging *staging) {
    if (staging == NULL) {
        return;
    }
    if (!staging->committed) {
        /* What cannot be removed now is a leftover that the next run removes, or reports. */
        (void)file_remove_tried(staging->path);
    }
    if (staging->lock >= 0) {
        close(staging->lock);
    }
    arena_free(staging->arena);
    free(staging);
}
