#ifndef PACK_ZIP_ENTRY_DATA_H
#define PACK_ZIP_ENTRY_DATA_H

#include "base/byte_sink.h"
#include "pack/zip_header.h"

#include <stdint.h>

/* The data of one entry, read, inflated and checked against its header (see zip_read_entry). */
enum zip_entry_data {
    ZIP_ENTRY_DATA_POURED,
    ZIP_ENTRY_DATA_REFUSED,    /* *reason is a plain text; NULL when the sink refused */
    ZIP_ENTRY_DATA_UNREADABLE, /* errno is set */
    ZIP_ENTRY_DATA_MEMORY
};
/* `block` is ZIP_FILE_BLOCK bytes of room. */
enum zip_entry_data zip_entry_data_pour(int descriptor, const struct zip_entry *entry, uint8_t *block,
                                        struct byte_sink *sink, const char **reason);

#endif
