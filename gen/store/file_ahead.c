#include "store/file_ahead.h"

#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

#define LEAST_PAGE 512        /* what is shorter is a part of a header, which tells whether the file has changed */
#define NEARLY     (4 * 4096) /* between two pages of a table may be some that lead to others */
#define IN_ORDER   4          /* pages, after which those that follow are expected to be asked for */

static struct file_ahead *ahead_of(sqlite3_file *file) {
    return (struct file_ahead *)(void *)file->pMethods;
}

static void forget(struct file_ahead *ahead) {
    ahead->held = 0;
    ahead->run = 0;
    ahead->size = 0;
}

/* Counts how many pages were asked for as they lie in the file. */
static void follow(struct file_ahead *ahead, int amount, sqlite3_int64 offset) {
    bool follows = amount >= LEAST_PAGE && offset >= ahead->next && offset - ahead->next <= NEARLY;

    ahead->run = follows ? ahead->run + 1 : 0;
    ahead->next = offset + amount;
}

/* Whether the file is gone through in order up to this place, and what follows was read. */
static bool fill(struct file_ahead *ahead, sqlite3_file *file, int amount, sqlite3_int64 offset) {
    if (ahead->run < IN_ORDER || amount > LIMIT_SQL_AHEAD_BYTES ||
        (ahead->size == 0 && ahead->system->xFileSize(file, &ahead->size) != SQLITE_OK)) {
        return false;
    }
    if (ahead->bytes == NULL) {
        ahead->bytes = malloc(LIMIT_SQL_AHEAD_BYTES);
    }
    sqlite3_int64 left = ahead->size - offset;
    sqlite3_int64 wanted = left < LIMIT_SQL_AHEAD_BYTES ? left : LIMIT_SQL_AHEAD_BYTES;
    ahead->held = 0;
    if (ahead->bytes == NULL || wanted < amount ||
        ahead->system->xRead(file, ahead->bytes, (int)wanted, offset) != SQLITE_OK) {
        return false; /* it is read as it was asked for, and what is wrong shows there */
    }
    ahead->from = offset;
    ahead->held = wanted;
    return true;
}

static bool holds(const struct file_ahead *ahead, int amount, sqlite3_int64 offset) {
    return amount >= LEAST_PAGE && offset >= ahead->from && offset + amount <= ahead->from + ahead->held;
}

static int read_file(sqlite3_file *file, void *out, int amount, sqlite3_int64 offset) {
    struct file_ahead *ahead = ahead_of(file);

    follow(ahead, amount, offset);
    if (holds(ahead, amount, offset) || fill(ahead, file, amount, offset)) {
        memcpy(out, ahead->bytes + (offset - ahead->from), (size_t)amount);
        return SQLITE_OK;
    }
    return ahead->system->xRead(file, out, amount, offset);
}

static int write_file(sqlite3_file *file, const void *bytes, int amount, sqlite3_int64 offset) {
    forget(ahead_of(file));
    return ahead_of(file)->system->xWrite(file, bytes, amount, offset);
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) {
    forget(ahead_of(file));
    return ahead_of(file)->system->xTruncate(file, size);
}

static int lock_file(sqlite3_file *file, int level) {
    forget(ahead_of(file));
    return ahead_of(file)->system->xLock(file, level);
}

static int unlock_file(sqlite3_file *file, int level) {
    forget(ahead_of(file));
    return ahead_of(file)->system->xUnlock(file, level);
}

/* With a write-ahead log, what may be read and written is told by these. */
static int lock_shared(sqlite3_file *file, int offset, int count, int flags) {
    forget(ahead_of(file));
    return ahead_of(file)->system->xShmLock(file, offset, count, flags);
}

static int close_file(sqlite3_file *file) {
    struct file_ahead *ahead = ahead_of(file);

    free(ahead->bytes);
    ahead->bytes = NULL;
    return ahead->system->xClose(file);
}

void file_ahead_begin(struct file_ahead *ahead, sqlite3_file *file) {
    *ahead = (struct file_ahead){.methods = *file->pMethods, .system = file->pMethods};
    ahead->methods.xRead = read_file;
    ahead->methods.xWrite = write_file;
    ahead->methods.xTruncate = truncate_file;
    ahead->methods.xLock = lock_file;
    ahead->methods.xUnlock = unlock_file;
    ahead->methods.xShmLock = lock_shared;
    ahead->methods.xClose = close_file;
    file->pMethods = &ahead->methods;
}
