#ifndef READ_CONTAINER_H
#define READ_CONTAINER_H

#include <stddef.h>

/* What holds other files, told by its first bytes. */
enum container {
    CONTAINER_NONE,   /* an export as it is */
    CONTAINER_OFFICE, /* a workbook or another office document, which is a ZIP and an export as it is */
    CONTAINER_GZIP,   /* one compressed stream */
    CONTAINER_ZSTD,   /* the same */
    CONTAINER_BZIP2,  /* the same */
    CONTAINER_ZIP,    /* named members */
    CONTAINER_TAR,    /* the same */
    CONTAINER_REFUSED /* xz, lzma, 7-zip, RAR, LZ4: not read */
};

/* So many bytes, where there are as many, are enough to tell. */
#define CONTAINER_HEAD_BYTES 512

enum container container_tell(const char *head, size_t length);

#endif
