#include "pack/zip_header.h"

#include "base/datetime.h"
#include "base/limits.h"

#define LOCAL_SIGNATURE     0x04034b50u
#define CENTRAL_SIGNATURE   0x02014b50u
#define END64_SIGNATURE     0x06064b50u
#define LOCATOR64_SIGNATURE 0x07064b50u
#define END_SIGNATURE       0x06054b50u

#define MADE_BY       0x032du /* Unix, APPNOTE 4.5 */
#define NEEDS_STORED  10u
#define NEEDS_DEFLATE 20u
#define NEEDS_ZIP64   45u
#define FLAG_UTF8     0x0800u
#define EXTRA_ZIP64   0x0001u
#define MODE_REGULAR  (0100644u << 16)

#define MOST16 0xffffu
#define MOST32 0xffffffffu

static void put(struct buffer *out, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; i++) {
        buffer_append_byte(out, (char)(value >> (8 * i) & 0xff));
    }
}

static uint64_t at_most(uint64_t value, uint64_t most) {
    return value < most ? value : most;
}

static uint64_t get(const uint8_t *bytes, int count) {
    uint64_t value = 0;
    for (int i = 0; i < count; i++) {
        value |= (uint64_t)bytes[i] << (8 * i);
    }
    return value;
}

uint16_t zip_header_get16(const uint8_t *bytes) {
    return (uint16_t)get(bytes, 2);
}

uint32_t zip_header_get32(const uint8_t *bytes) {
    return (uint32_t)get(bytes, 4);
}

uint64_t zip_header_get64(const uint8_t *bytes) {
    return get(bytes, 8);
}

struct zip_time zip_header_time(int64_t seconds) {
    struct civil civil = datetime_to_civil(seconds);
    if (civil.year < 1980) {
        civil = (struct civil){.year = 1980, .month = 1, .day = 1};
    } else if (civil.year > 2107) {
        civil = (struct civil){.year = 2107, .month = 12, .day = 31, .hour = 23, .minute = 59, .second = 58};
    }
    return (struct zip_time){
        .time = (uint16_t)(civil.hour << 11 | civil.minute << 5 | civil.second / 2),
        .date = (uint16_t)((civil.year - 1980) << 9 | civil.month << 5 | civil.day),
    };
}

bool zip_header_large(const struct zip_entry *entry) {
    return entry->size >= MOST32 || entry->packed >= MOST32;
}

uint64_t zip_header_local_length(const struct zip_entry *entry) {
    return ZIP_LOCAL_BYTES + entry->name_length + (zip_header_large(entry) ? ZIP_LOCAL_EXTRA_BYTES : 0);
}

/* The offset counts here too, so that the local and the central header ask for the same version. */
static unsigned version_needed(const struct zip_entry *entry) {
    if (zip_header_large(entry) || entry->offset >= MOST32) {
        return NEEDS_ZIP64;
    }
    return entry->method == ZIP_DEFLATED ? NEEDS_DEFLATE : NEEDS_STORED;
}

static unsigned flags_of(const struct zip_entry *entry) {
    for (size_t i = 0; i < entry->name_length; i++) {
        if ((unsigned char)entry->name[i] >= 0x80) {
            return FLAG_UTF8;
        }
    }
    return 0;
}

/* The run of fields that both headers share: version needed, flags, method, time, date, CRC, sizes, name length. */
static void put_shared(const struct zip_entry *entry, struct zip_time time, struct buffer *out) {
    bool large = zip_header_large(entry);
    put(out, version_needed(entry), 2);
    put(out, flags_of(entry), 2);
    put(out, entry->method, 2);
    put(out, time.time, 2);
    put(out, time.date, 2);
    put(out, entry->crc, 4);
    put(out, large ? MOST32 : entry->packed, 4);
    put(out, large ? MOST32 : entry->size, 4);
    put(out, entry->name_length, 2);
}

void zip_header_local(const struct zip_entry *entry, struct zip_time time, struct buffer *out) {
    bool large = zip_header_large(entry);
    put(out, LOCAL_SIGNATURE, 4);
    put_shared(entry, time, out);
    put(out, large ? ZIP_LOCAL_EXTRA_BYTES : 0, 2);
    buffer_append(out, entry->name, entry->name_length);
    if (large) {
        put(out, EXTRA_ZIP64, 2);
        put(out, 16, 2);
        put(out, entry->size, 8);
        put(out, entry->packed, 8);
    }
}

void zip_header_central(const struct zip_entry *entry, struct zip_time time, struct buffer *out) {
    unsigned sizes = zip_header_large(entry) ? 16 : 0;
    unsigned offset = entry->offset >= MOST32 ? 8 : 0;
    unsigned extra = sizes + offset;
    put(out, CENTRAL_SIGNATURE, 4);
    put(out, MADE_BY, 2);
    put_shared(entry, time, out);
    put(out, extra > 0 ? extra + 4 : 0, 2);
    put(out, 0, 2); /* comment */
    put(out, 0, 2); /* disk */
    put(out, 0, 2); /* internal attributes */
    put(out, MODE_REGULAR, 4);
    put(out, at_most(entry->offset, MOST32), 4);
    buffer_append(out, entry->name, entry->name_length);
    if (extra > 0) {
        put(out, EXTRA_ZIP64, 2);
        put(out, extra, 2);
    }
    if (sizes > 0) {
        put(out, entry->size, 8);
        put(out, entry->packed, 8);
    }
    if (offset > 0) {
        put(out, entry->offset, 8);
    }
}

void zip_header_end(uint64_t count, uint64_t directory_offset, uint64_t directory_length, struct buffer *out) {
    if (count >= MOST16 || directory_offset >= MOST32 || directory_length >= MOST32) {
        put(out, END64_SIGNATURE, 4);
        put(out, ZIP_END64_BYTES - 12, 8);
        put(out, MADE_BY, 2);
        put(out, NEEDS_ZIP64, 2);
        put(out, 0, 4); /* this disk */
        put(out, 0, 4); /* disk of the directory */
        put(out, count, 8);
        put(out, count, 8);
        put(out, directory_length, 8);
        put(out, directory_offset, 8);
        put(out, LOCATOR64_SIGNATURE, 4);
        put(out, 0, 4);
        put(out, directory_offset + directory_length, 8);
        put(out, 1, 4); /* disks */
    }
    put(out, END_SIGNATURE, 4);
    put(out, 0, 2);
    put(out, 0, 2);
    put(out, at_most(count, MOST16), 2);
    put(out, at_most(count, MOST16), 2);
    put(out, at_most(directory_length, MOST32), 4);
    put(out, at_most(directory_offset, MOST32), 4);
    put(out, 0, 2); /* comment */
}

bool zip_header_ratio_refused(uint64_t size, uint64_t packed) {
    return size > LIMIT_PACKAGE_RATIO_ABOVE && (size - 1) / LIMIT_PACKAGE_RATIO >= packed; /* size > ratio * packed */
}
