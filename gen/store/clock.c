#include "store/clock.h"

#include "store/file_ahead.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JULIAN_EPOCH_MS INT64_C(210866760000000) /* 1970-01-01T00:00:00Z in milliseconds since noon of -4713-11-24 */
#define NAME_BYTES      40
#define TEMPORARY_BYTES 512 /* longest path of a temporary file */

struct clock {
    sqlite3_vfs vfs; /* first: SQLite hands its address back */
    sqlite3_vfs *system;
    int64_t as_of;
    unsigned temporary_count;
    char name[NAME_BYTES];
    char folder[TEMPORARY_BYTES];
};

static int current_time_ms(sqlite3_vfs *vfs, sqlite3_int64 *out) {
    const struct clock *clock = (const struct clock *)vfs;
    *out = JULIAN_EPOCH_MS + clock->as_of * 1000;
    return SQLITE_OK;
}

static int current_time(sqlite3_vfs *vfs, double *out) {
    sqlite3_int64 milliseconds;
    int result = current_time_ms(vfs, &milliseconds);
    *out = (double)milliseconds / 86400000.0;
    return result;
}

/* What stands behind the system's part of a file object. */
union behind {
    char temporary[TEMPORARY_BYTES]; /* a temporary file's name, which must live as long as it */
    struct file_ahead ahead;         /* of a database */
};

/* SQLite asks for a temporary file by giving no name. */
static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags) {
    struct clock *clock = (struct clock *)vfs;
    union behind *behind = (union behind *)(void *)((char *)file + clock->system->szOsFile);
    if (name != NULL || clock->folder[0] == '\0') {
        int result = clock->system->xOpen(vfs, name, file, flags, out_flags);
        if (result == SQLITE_OK && (flags & SQLITE_OPEN_MAIN_DB) != 0) {
            file_ahead_begin(&behind->ahead, file);
        }
        return result;
    }
    char *temporary = behind->temporary;
    memset(temporary, 0, TEMPORARY_BYTES);
    int length = snprintf(temporary, TEMPORARY_BYTES - 1, "%s/.sort-%p-%u", clock->folder, (void *)clock,
                          clock->temporary_count++);
    if (length < 0 || length >= TEMPORARY_BYTES - 1) {
        file->pMethods = NULL;
        return SQLITE_CANTOPEN;
    }
    return clock->system->xOpen(vfs, temporary, file, flags | SQLITE_OPEN_EXCLUSIVE | SQLITE_OPEN_DELETEONCLOSE,
                                out_flags);
}

/* False when the folder's name is too long. */
static bool keep_folder(struct clock *clock, const char *path) {
    const char *slash = path == NULL ? NULL : strrchr(path, '/');
    size_t length = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
    if (length >= sizeof clock->folder) {
        return false;
    }
    memcpy(clock->folder, path == NULL ? "" : slash == NULL ? "." : path, path != NULL && slash == NULL ? 1 : length);
    return true;
}

struct clock *clock_open(int64_t as_of, const char *path) {
    struct clock *clock = calloc(1, sizeof *clock);
    if (clock == NULL) {
        return NULL;
    }
    clock->system = sqlite3_vfs_find(NULL);
    if (clock->system == NULL || !keep_folder(clock, path)) {
        goto failed;
    }
    /* Connections are told apart by the address; it is never printed or stored. */
    snprintf(clock->name, sizeof clock->name, "tickmark-%p", (void *)clock);
    clock->as_of = as_of;
    clock->vfs = *clock->system;
    clock->vfs.zName = clock->name;
    clock->vfs.pNext = NULL;
    clock->vfs.szOsFile = clock->system->szOsFile + (int)sizeof(union behind);
    clock->vfs.xOpen = open_file;
    clock->vfs.xCurrentTime = current_time;
    clock->vfs.xCurrentTimeInt64 = current_time_ms;
    if (sqlite3_vfs_register(&clock->vfs, 0) != SQLITE_OK) {
        goto failed;
    }
    return clock;

failed:
    free(clock);
    return NULL;
}

const char *clock_name(const struct clock *clock) {
    return clock->name;
}

void clock_free(struct clock *clock) {
    if (clock != NULL) {
        (void)sqlite3_vfs_unregister(&clock->vfs); /* fails only for a VFS that is not registered */
        free(clock);
    }
}
