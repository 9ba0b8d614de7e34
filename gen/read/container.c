#include "read/container.h"

#include <stdbool.h>
#include <string.h>

#define ZIP_NAME_LENGTH 26 /* where a local header has the length of its name, and the name (APPNOTE 4.3.7) */
#define ZIP_NAME        30
#define TAR_MAGIC       257
#define BZIP2_BLOCK     4

static const struct {
    enum container container;
    size_t offset;
    size_t length;
    const char *magic;
} signatures[] = {
    {CONTAINER_GZIP, 0, 3, "\x1F\x8B\x08"},
    {CONTAINER_ZSTD, 0, 4, "\x28\xB5\x2F\xFD"},
    {CONTAINER_BZIP2, BZIP2_BLOCK, 6, "\x31\x41\x59\x26\x53\x59"},
    {CONTAINER_BZIP2, BZIP2_BLOCK, 6, "\x17\x72\x45\x38\x50\x90"}, /* of nothing */
    {CONTAINER_ZIP, 0, 4, "PK\x03\x04"},
    {CONTAINER_ZIP, 0, 4, "PK\x05\x06"}, /* of nothing */
    {CONTAINER_TAR, TAR_MAGIC, 5, "ustar"},
    {CONTAINER_REFUSED, 0, 6, "\xFD\x37\x7A\x58\x5A\x00"},
    {CONTAINER_REFUSED, 0, 6, "\x37\x7A\xBC\xAF\x27\x1C"},
    {CONTAINER_REFUSED, 0, 6, "Rar!\x1A\x07"},
    {CONTAINER_REFUSED, 0, 4, "\x04\x22\x4D\x18"},
    {CONTAINER_REFUSED, 0, 4, "\x5D\x00\x00\x80"}, /* lzma without a container */
};

/* Whether the first member of a ZIP is a part of an office document (ISO/IEC 29500-2, ISO/IEC 26300-3). */
static bool container_office(const char *head, size_t length) {
    static const char *const parts[] = {
        "[Content_Types].xml", "_rels/", "docProps/", "xl/", "word/", "ppt/", "mimetype", "customXml/"};

    if (length < ZIP_NAME) {
        return false;
    }
    size_t named = (size_t)(unsigned char)head[ZIP_NAME_LENGTH] | (size_t)(unsigned char)head[ZIP_NAME_LENGTH + 1] << 8;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        size_t part = strlen(parts[i]);
        if (named >= part && length - ZIP_NAME >= part && memcmp(head + ZIP_NAME, parts[i], part) == 0) {
            return true;
        }
    }
    return false;
}

enum container container_tell(const char *head, size_t length) {
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        if (length >= signatures[i].offset + signatures[i].length &&
            memcmp(head + signatures[i].offset, signatures[i].magic, signatures[i].length) == 0) {
            enum container container = signatures[i].container;
            bool zip = container == CONTAINER_ZIP && container_office(head, length);
            bool bzip2 = container == CONTAINER_BZIP2 && memcmp(head, "BZh", 3) != 0;
            return zip ? CONTAINER_OFFICE : bzip2 ? CONTAINER_NONE : container;
        }
    }
    return CONTAINER_NONE;
}
