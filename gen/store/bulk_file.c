#include "store/bulk_file.h"

#include <stdlib.h>
#include <string.h>

#define PAGES     16 /* that are written at a time: as many bytes as the largest page that SQLite has */
#define LOCK_BYTE UINT32_C(0x40000000)
#define LOCK_PAGE (LOCK_BYTE / BULK_FILE_PAGE + 1) /* where SQLite has its locks, and nothing else */
#define LAST_PAGE UINT32_C(0xfffffffd)

/* The database header, at the beginning of the first page. */
enum {
    HEADER_PAGE_SIZE = 16,
    HEADER_WRITE_VERSION = 18,
    HEADER_READ_VERSION = 19,
    HEADER_RESERVED = 20,
    HEADER_CHANGES = 24,
    HEADER_PAGES = 28,
    HEADER_FORMAT = 44,
    HEADER_AUTO_VACUUM = 52,
    HEADER_ENCODING = 56,
    HEADER_VALID_FOR = 92,
    HEADER_BYTES = 100
};

uint32_t bulk_file_get(const unsigned char *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

void bulk_file_put(unsigned char *bytes, uint32_t number) {
    bytes[0] = (unsigned char)(number >> 24);
    bytes[1] = (unsigned char)(number >> 16);
    bytes[2] = (unsigned char)(number >> 8);
    bytes[3] = (unsigned char)number;
}

static bool note(struct bulk_file *file, int result) {
    if (file->error == SQLITE_OK) {
        file->error = result;
    }
    return file->error == SQLITE_OK;
}

static bool read_at(struct bulk_file *file, int64_t offset, unsigned char *bytes, int length) {
    return file->error == SQLITE_OK && note(file, file->file->pMethods->xRead(file->file, bytes, length, offset));
}

static bool write_at(struct bulk_file *file, int64_t offset, const unsigned char *bytes, int length) {
    return file->error == SQLITE_OK && note(file, file->file->pMethods->xWrite(file->file, bytes, length, offset));
}

/* The number behind one. */
static uint32_t following(uint32_t number) {
    return number + 1 == LOCK_PAGE ? LOCK_PAGE + 1 : number + 1;
}

static int64_t page_offset(uint32_t number) {
    return (int64_t)(number - 1) * BULK_FILE_PAGE;
}

/* A rollback journal, whole pages, no pointer map, UTF-8, and the format that has 0 and 1 as types of their own. */
static bool understood(const unsigned char *header) {
    static const char magic[16] = "SQLite format 3";

    return memcmp(header, magic, sizeof magic) == 0 && header[HEADER_PAGE_SIZE] == BULK_FILE_PAGE >> 8 &&
           header[HEADER_PAGE_SIZE + 1] == 0 && header[HEADER_WRITE_VERSION] == 1 && header[HEADER_READ_VERSION] == 1 &&
           header[HEADER_RESERVED] == 0 && bulk_file_get(header + HEADER_FORMAT) == 4 &&
           bulk_file_get(header + HEADER_AUTO_VACUUM) == 0 && bulk_file_get(header + HEADER_ENCODING) == 1 &&
           bulk_file_get(header + HEADER_PAGES) > 0 &&
           memcmp(header + HEADER_CHANGES, header + HEADER_VALID_FOR, sizeof(uint32_t)) == 0;
}

static bool lock(struct bulk_file *file) {
    const sqlite3_io_methods *methods = file->file->pMethods;

    if (methods->xLock(file->file, SQLITE_LOCK_SHARED) != SQLITE_OK) {
        return false;
    }
    if (methods->xLock(file->file, SQLITE_LOCK_RESERVED) == SQLITE_OK &&
        methods->xLock(file->file, SQLITE_LOCK_EXCLUSIVE) == SQLITE_OK) {
        return true;
    }
    (void)methods->xUnlock(file->file, SQLITE_LOCK_NONE);
    return false;
}

bool bulk_file_open(struct bulk_file *file, sqlite3 *connection) {
    unsigned char header[HEADER_BYTES];

    *file = (struct bulk_file){0};
    if (sqlite3_txn_state(connection, "main") != SQLITE_TXN_NONE ||
        sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file->file) != SQLITE_OK ||
        file->file->pMethods == NULL) {
        return false;
    }
    file->pages = malloc((size_t)PAGES * BULK_FILE_PAGE);
    if (file->pages == NULL || !lock(file)) {
        goto failed;
    }
    if (read_at(file, 0, header, sizeof header) && understood(header)) {
        file->next = following(bulk_file_get(header + HEADER_PAGES));
        file->first = file->next;
        return true;
    }
    (void)file->file->pMethods->xUnlock(file->file, SQLITE_LOCK_NONE);

failed:
    free(file->pages);
    *file = (struct bulk_file){0};
    return false;
}

bool bulk_file_read(struct bulk_file *file, uint32_t number, unsigned char *page) {
    return read_at(file, page_offset(number), page, BULK_FILE_PAGE);
}

bool bulk_file_write(struct bulk_file *file, uint32_t number, const unsigned char *page) {
    return write_at(file, page_offset(number), page, BULK_FILE_PAGE);
}

static bool flush(struct bulk_file *file) {
    size_t count = file->count;

    file->count = 0;
    return count == 0 || write_at(file, page_offset(file->first), file->pages, (int)(count * BULK_FILE_PAGE));
}

unsigned char *bulk_file_add(struct bulk_file *file, uint32_t *number) {
    if (file->count == PAGES || file->first + file->count != file->next) {
        (void)flush(file); /* keeps the error */
    }
    if (file->next > LAST_PAGE) {
        (void)note(file, SQLITE_FULL);
        file->next = LOCK_PAGE + 1; /* of a file that is given up */
    }
    if (file->count == 0) {
        file->first = file->next;
    }
    unsigned char *page = file->pages + file->count++ * BULK_FILE_PAGE;
    memset(page, 0, BULK_FILE_PAGE);
    *number = file->next;
    file->next = following(file->next);
    return page;
}

uint32_t bulk_file_next(const struct bulk_file *file) {
    return file->next;
}

bool bulk_file_end(struct bulk_file *file) {
    unsigned char header[HEADER_BYTES];

    if (!flush(file) || !read_at(file, 0, header, sizeof header)) {
        return false;
    }
    uint32_t changes = bulk_file_get(header + HEADER_CHANGES) + 1;
    bulk_file_put(header + HEADER_CHANGES, changes);
    bulk_file_put(header + HEADER_VALID_FOR, changes);
    bulk_file_put(header + HEADER_PAGES, file->next - 1 == LOCK_PAGE ? LOCK_PAGE - 1 : file->next - 1);
    return write_at(file, 0, header, sizeof header);
}

void bulk_file_close(struct bulk_file *file) {
    if (file->file != NULL) {
        (void)file->file->pMethods->xUnlock(file->file, SQLITE_LOCK_NONE);
    }
    free(file->pages);
    *file = (struct bulk_file){0};
}
