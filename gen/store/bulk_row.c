#include "store/bulk_row.h"

#include "base/bytes.h"

#include <string.h>

/* Serial types of the record format. */
enum {
    SERIAL_NULL = 0,
    SERIAL_INTEGER_48 = 5,
    SERIAL_INTEGER_64 = 6,
    SERIAL_REAL = 7,
    SERIAL_ZERO = 8, /* and one behind it: the numbers themselves */
    SERIAL_TEXT = 13 /* and two for each byte */
};

#define SHORT_VARINT 127 /* the highest of one byte */

/* A number's lowest bytes stand at the beginning of these eight, the highest of them first. */
static inline void put_bytes(unsigned char *out, uint64_t number, size_t size) {
    number <<= (64 - 8 * size) & 63;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    number = __builtin_bswap64(number);
#endif
    memcpy(out, &number, sizeof number);
}

unsigned char *bulk_row_varint(unsigned char *out, uint64_t number) {
    if (number <= SHORT_VARINT) {
        *out = (unsigned char)number;
        return out + 1;
    }
    unsigned char bytes[8];
    size_t size = bulk_row_varint_size(number);

    if (size == BULK_ROW_VARINT) {
        out[8] = (unsigned char)number;
        number >>= 8;
        for (size_t i = 8; i-- > 0; number >>= 7) {
            out[i] = (unsigned char)(number | 0x80);
        }
        return out + BULK_ROW_VARINT;
    }
    /* Its bits are moved apart, seven to a byte: halves, quarters, then eighths. */
    number = (number & UINT64_C(0x00fffffff0000000)) << 4 | (number & UINT64_C(0x000000000fffffff));
    number = (number & UINT64_C(0x0fffc0000fffc000)) << 2 | (number & UINT64_C(0x00003fff00003fff));
    number = (number & UINT64_C(0x3f803f803f803f80)) << 1 | (number & UINT64_C(0x007f007f007f007f));
    put_bytes(bytes, number | UINT64_C(0x8080808080808000), size);
    memcpy(out, bytes, size);
    return out + size;
}

/* The bytes that stand for a value in the record's body. */
static inline size_t body_size(uint64_t serial) {
    static const unsigned char sizes[SERIAL_TEXT] = {0, 1, 2, 3, 4, 6, 8, 8};

    return serial < SERIAL_TEXT ? sizes[serial] : (serial - SERIAL_TEXT) / 2;
}

static inline uint64_t integer_serial(int64_t integer) {
    /* By the bits of a number, without its sign. */
    static const unsigned char serials[] = {1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3,
                                            3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5,
                                            5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6};
    uint64_t magnitude = (uint64_t)(integer ^ integer >> 63);

    if ((integer & 1) == integer) {
        return SERIAL_ZERO + (uint64_t)integer;
    }
    return serials[magnitude == 0 ? 0 : 64 - __builtin_clzll(magnitude)];
}
_Static_assert((-1 >> 1) == -1, "a shift keeps the sign");

/* A column of real numbers keeps whole ones of 48 bits as integers. False when it is none. */
static bool real_is_whole(const struct value *value, int64_t *integer) {
    if (value->kind == VALUE_INTEGER) {
        *integer = value->integer;
    } else if (value->real >= -0x1p63 && value->real < 0x1p63 && value->real == (double)(int64_t)value->real) {
        *integer = (int64_t)value->real;
    } else {
        return false;
    }
    return integer_serial(*integer) != SERIAL_INTEGER_64;
}

static uint64_t number_serial(const struct column *column, const struct value *value) {
    int64_t integer;

    switch (value->kind) {
    case VALUE_NULL:
    case VALUE_TEXT:
        return SERIAL_NULL;
    case VALUE_INTEGER:
        if (column->kind != COLUMN_REAL) {
            return integer_serial(value->integer);
        }
        break;
    case VALUE_REAL:
        break;
    }
    return real_is_whole(value, &integer) ? integer_serial(integer) : SERIAL_REAL;
}

/* The serials of the integers, behind which it ends, and their bytes. */
static inline unsigned char *measure_integers(struct bulk_row *row, unsigned char *header) {
    size_t size = 0;

    for (size_t i = 0; i < BULK_ROW_INTEGERS; i++) {
        const int64_t integer = row->integers[i];
        if ((integer & 1) == integer) { /* as often none is */
            *header++ = (unsigned char)(SERIAL_ZERO + integer);
            continue;
        }
        uint64_t serial = integer_serial(integer);
        size_t bytes = body_size(serial);
        *header++ = (unsigned char)serial;
        put_bytes(row->integer_bytes + size, (uint64_t)integer, bytes);
        size += bytes;
    }
    row->integer_size = size;
    return header;
}

void bulk_row_measure(struct bulk_row *row) {
    const size_t count = row->type->column_count;
    const struct column *const columns = row->type->columns;
    const struct value *const values = row->columns;
    unsigned char *const serials = row->room + BULK_ROW_VARINT;
    unsigned char *header = serials;

    *header++ = SERIAL_NULL; /* the ref, which is the row's number */
    header = measure_integers(row, header);
    *header++ = SERIAL_NULL; /* excluded */
    size_t body = row->integer_size;
    for (size_t i = 0; i < count; i++) {
        uint64_t serial = SERIAL_NULL;
        if (values[i].kind == VALUE_TEXT) { /* as most are */
            serial = SERIAL_TEXT + 2 * (uint64_t)values[i].text.length;
            body += values[i].text.length;
        } else if (values[i].kind != VALUE_NULL) {
            serial = number_serial(&columns[i], &values[i]);
            body += body_size(serial);
        }
        if (serial <= SHORT_VARINT) {
            *header++ = (unsigned char)serial;
        } else {
            header = bulk_row_varint(header, serial);
        }
    }
    size_t rest = (size_t)(header - serials);
    size_t own = bulk_row_varint_size(rest); /* which may be what makes it longer */
    own = bulk_row_varint_size(rest + own);
    row->header_size = own + rest;
    row->header = serials - own;
    (void)bulk_row_varint(row->room + BULK_ROW_VARINT - own, row->header_size);
    row->size = row->header_size + body;
}

/* Where there is room before `end`, what stands behind it is overwritten too: it is written afterwards. */
static inline unsigned char *write_bytes(unsigned char *out, const unsigned char *end, uint64_t number, size_t size) {
    unsigned char bytes[sizeof number];

    if ((size_t)(end - out) >= sizeof number) {
        put_bytes(out, number, size);
    } else {
        put_bytes(bytes, number, size);
        memcpy(out, bytes, size);
    }
    return out + size;
}

static unsigned char *write_number(unsigned char *out, const unsigned char *end, const struct column *column,
                                   const struct value *value) {
    uint64_t serial = number_serial(column, value);
    uint64_t bits;
    double real;

    if (serial == SERIAL_REAL) {
        real = value->kind == VALUE_INTEGER ? (double)value->integer : value->real;
        memcpy(&bits, &real, sizeof bits);
    } else {
        bits = (uint64_t)(value->kind == VALUE_REAL ? (int64_t)value->real : value->integer);
    }
    return write_bytes(out, end, bits, body_size(serial));
}

void bulk_row_write(const struct bulk_row *row, unsigned char *out) {
    const size_t count = row->type->column_count;
    const struct value *const values = row->columns;
    const unsigned char *const end = out + row->size;
    unsigned char *body = out + row->header_size;

    memcpy(out, row->header, row->header_size);
    memcpy(body, row->integer_bytes, row->integer_size);
    body += row->integer_size;
    for (size_t i = 0; i < count; i++) {
        if (values[i].kind == VALUE_TEXT) {
            size_t length = values[i].text.length;
            bytes_copy(body, length == 0 ? "" : values[i].text.bytes, length);
            body += length;
        } else if (values[i].kind != VALUE_NULL) {
            body = write_number(body, end, &row->type->columns[i], &values[i]);
        }
    }
}
