#include "store/bulk_row.h"

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

unsigned char *bulk_row_varint(unsigned char *out, uint64_t number) {
    if (number <= SHORT_VARINT) {
        *out = (unsigned char)number;
        return out + 1;
    }
    size_t size = bulk_row_varint_size(number);

    if (size == BULK_ROW_VARINT) {
        out[8] = (unsigned char)number;
        number >>= 8;
        for (size_t i = 8; i-- > 0; number >>= 7) {
            out[i] = (unsigned char)(number | 0x80);
        }
        return out + BULK_ROW_VARINT;
    }
    for (size_t i = size; i-- > 0; number >>= 7) {
        out[i] = (unsigned char)((number & 0x7f) | (i + 1 < size ? 0x80 : 0));
    }
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

void bulk_row_measure(struct bulk_row *row) {
    const size_t count = row->type->column_count;
    const struct column *const columns = row->type->columns;
    const struct value *const values = row->columns;
    uint64_t *const serials = row->serials;
    size_t header = 2 + BULK_ROW_INTEGERS; /* the ref, which is the row's number, and `excluded` are NULL */
    size_t body = 0;

    for (size_t i = 0; i < BULK_ROW_INTEGERS; i++) {
        uint64_t serial = integer_serial(row->integers[i]);
        row->integer_serials[i] = (unsigned char)serial;
        body += body_size(serial);
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t serial = SERIAL_NULL;
        size_t size = 0;
        if (values[i].kind == VALUE_TEXT) { /* as most are */
            size = values[i].text.length;
            serial = SERIAL_TEXT + 2 * (uint64_t)size;
        } else if (values[i].kind != VALUE_NULL) {
            serial = number_serial(&columns[i], &values[i]);
            size = body_size(serial);
        }
        serials[i] = serial;
        header += serial <= SHORT_VARINT ? 1 : bulk_row_varint_size(serial);
        body += size;
    }
    size_t own = bulk_row_varint_size(header); /* which may be what makes it longer */
    header += own;
    header += bulk_row_varint_size(header) > own;
    row->header_size = header;
    row->size = header + body;
}

/*
 * The lowest bytes of a number, the highest of them first. Where there is room before `end`, what stands behind them is
 * overwritten too: it is written afterwards.
 */
static inline unsigned char *write_bytes(unsigned char *out, const unsigned char *end, uint64_t number, size_t size) {
    unsigned char *behind = out + size;

    if (size > 0 && (size_t)(end - out) >= sizeof number) {
        number <<= 64 - 8 * size;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        number = __builtin_bswap64(number);
#endif
        memcpy(out, &number, sizeof number);
        return behind;
    }
    for (size_t i = size; i-- > 0; number >>= 8) {
        out[i] = (unsigned char)number;
    }
    return behind;
}

static inline unsigned char *write_column(unsigned char *out, const unsigned char *end, uint64_t serial,
                                          const struct value *value) {
    uint64_t bits;
    double real;

    if (serial >= SERIAL_TEXT) {
        memcpy(out, value->text.length == 0 ? "" : value->text.bytes, value->text.length);
        return out + value->text.length;
    }
    if (serial == SERIAL_NULL) {
        return out;
    }
    if (serial == SERIAL_REAL) {
        real = value->kind == VALUE_INTEGER ? (double)value->integer : value->real;
        memcpy(&bits, &real, sizeof bits);
        return write_bytes(out, end, bits, sizeof bits);
    }
    bits = (uint64_t)(value->kind == VALUE_REAL ? (int64_t)value->real : value->integer);
    return write_bytes(out, end, bits, body_size(serial));
}

void bulk_row_write(const struct bulk_row *row, unsigned char *out) {
    const size_t count = row->type->column_count;
    const struct value *const values = row->columns;
    const uint64_t *const serials = row->serials;
    const unsigned char *const end = out + row->size;
    unsigned char *body = out + row->header_size;
    unsigned char *header = bulk_row_varint(out, row->header_size);

    *header++ = SERIAL_NULL;
    for (size_t i = 0; i < BULK_ROW_INTEGERS; i++) {
        *header++ = row->integer_serials[i];
        body = write_bytes(body, end, (uint64_t)row->integers[i], body_size(row->integer_serials[i]));
    }
    *header++ = SERIAL_NULL;
    for (size_t i = 0; i < count; i++) {
        uint64_t serial = serials[i];
        if (serial <= SHORT_VARINT) {
            *header++ = (unsigned char)serial;
        } else {
            header = bulk_row_varint(header, serial);
        }
        body = write_column(body, end, serial, &values[i]);
    }
}
