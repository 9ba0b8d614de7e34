#ifndef PACK_ZIP_HEADER_H
#define PACK_ZIP_HEADER_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The one form in which a package's ZIP records are written (PKWARE APPNOTE 4.3; notes/package.md): every field follows
 * from these few values. The writer writes what is encoded here; the verifier encodes again what it has read and
 * compares byte for byte, so that no field can hold anything else.
 */
enum zip_method { ZIP_STORED = 0, ZIP_DEFLATED = 8 };

struct zip_entry {
    const char *name;
    size_t name_length;
    uint16_t method;
    uint32_t crc;
    uint64_t packed; /* bytes in the file */
    uint64_t size;   /* bytes when inflated */
    uint64_t offset; /* of the local header */
};

/* A date and time as ZIP has them (MS-DOS): two-second steps, from 1980 to 2107; other times become the nearest. */
struct zip_time {
    uint16_t time;
    uint16_t date;
};

#define ZIP_LOCAL_BYTES        30u
#define ZIP_CENTRAL_BYTES      46u
#define ZIP_END_BYTES          22u
#define ZIP_END64_BYTES        56u
#define ZIP_LOCATOR64_BYTES    20u
#define ZIP_LOCAL_EXTRA_BYTES  20u /* the zip64 extra field of a local header */
#define ZIP_CENTRAL_EXTRA_MOST 28u

struct zip_time zip_header_time(int64_t seconds);
/* Whether the sizes need zip64; the same in local and central header. */
bool zip_header_large(const struct zip_entry *entry);
/* The bytes from the local header's first to the entry's first data byte. */
uint64_t zip_header_local_length(const struct zip_entry *entry);
/* Each appends the exact bytes of a record. */
void zip_header_local(const struct zip_entry *entry, struct zip_time time, struct buffer *out);
void zip_header_central(const struct zip_entry *entry, struct zip_time time, struct buffer *out);
void zip_header_end(uint64_t count, uint64_t directory_offset, uint64_t directory_length, struct buffer *out);
/* Whether an entry is inflated to more than what readers accept (LIMIT_PACKAGE_RATIO). */
bool zip_header_ratio_refused(uint64_t size, uint64_t packed);

/* Little-endian numbers, as every ZIP record has them. */
uint16_t zip_header_get16(const uint8_t *bytes);
uint32_t zip_header_get32(const uint8_t *bytes);
uint64_t zip_header_get64(const uint8_t *bytes);

#endif
