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
static size_t body_size(uint64_t serial) {
    static const unsigned char sizes[SERIAL_TEXT] = {0, 1, 2, 3, 4, 6, 8, 8};

    return serial < SERIAL_TEXT ? sizes[serial] : (serial - SERIAL_TEXT) / 2;
}

static uint64_t integer_serial(int64_t integer) {
    uint64_t magnitude = (uint64_t)(integer < 0 ? ~integer : integer);

    if ((integer & 1) == integer) {
        return SERIAL_ZERO + (uint64_t)integer;
    }
    unsigned bits = 64 - (unsigned)__builtin_clzll(magnitude | 1) + 1; /* and one for the sign */
    return bits <= 32 ? (bits + 7) / 8 : bits <= 48 ? SERIAL_INTEGER_48 : SERIAL_INTEGER_64;
}

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

static uint64_t column_serial(const struct column *column, const struct value *value) {
    int64_t integer;

    switch (value->kind) {
    case VALUE_NULL:
        return SERIAL_NULL;
    case VALUE_TEXT:
        return SERIAL_TEXT + 2 * (uint64_t)value->text.length;
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
    size_t header = 2 + BULK_ROW_INTEGERS; /* the ref, which is the row's number, and `excluded` are NULL */
    size_t body = 0;

    for (size_t i = 0; i < BULK_ROW_INTEGERS; i++) {
        row->integer_serials[i] = (unsigned char)integer_serial(row->integers[i]);
        body += body_size(row->integer_serials[i]);
    }
    for (size_t i = 0; i < row->type->column_count; i++) {
        uint64_t serial = column_serial(&row->type->columns[i], &row->columns[i]);
        row->serials[i] = serial;
        header += serial <= SHORT_VARINT ? 1 : bulk_row_varint_size(serial);
        body += body_size(serial);
    }
    size_t own = bulk_row_varint_size(header); /* which may be what makes it longer */
    header += own;
    header += bulk_row_varint_size(header) > own;
    row->header_size = header;
    row->size = header + body;
}

/* The lowest bytes of a number, the highest of them first. */
static unsigned char *write_bytes(unsigned char *out, uint64_t number, size_t size) {
    switch (size) {
    case 8:
        out[size - 8] = (unsigned char)(number >> 56);
        out[size - 7] = (unsigned char)(number >> 48);
        /* fall through */
    case 6:
        out[size - 6] = (unsigned char)(number >> 40);
        out[size - 5] = (unsigned char)(number >> 32);
        /* fall through */
    case 4:
        out[size - 4] = (unsigned char)(number >> 24);
        /* fall through */
    case 3:
        out[size - 3] = (unsigned char)(number >> 16);
        /* fall through */
    case 2:
        out[size - 2] = (unsigned char)(number >> 8);
        /* fall through */
    case 1:
        out[size - 1] = (unsigned char)number;
        /* fall through */
    default: /* a value that its type says */
        return out + size;
    }
}

static unsigned char *write_column(unsigned char *out, uint64_t serial, const struct value *value) {
    uint64_t bits;
    double real;

    if (serial >= SERIAL_TEXT) {
        memcpy(out, value->text.length == 0 ? "" : value->text.bytes, value->text.length);
        return out + value->text.length;
    }
    if (serial == SERIAL_REAL) {
        real = value->kind == VALUE_INTEGER ? (double)value->integer : value->real;
        memcpy(&bits, &real, sizeof bits);
        return write_bytes(out, bits, sizeof bits);
    }
    bits = (uint64_t)(value->kind == VALUE_REAL ? (int64_t)value->real : value->integer);
    return write_bytes(out, bits, body_size(serial));
}

void bulk_row_write(const struct bulk_row *row, unsigned char *out) {
    unsigned char *body = out + row->header_size;
    unsigned char *header = bulk_row_varint(out, row->header_size);

    *header++ = SERIAL_NULL;
    for (size_t i = 0; i < BULK_ROW_INTEGERS; i++) {
        *header++ = row->integer_serials[i];
        body = write_bytes(body, (uint64_t)row->integers[i], body_size(row->integer_serials[i]));
    }
    *header++ = SERIAL_NULL;
    for (size_t i = 0; i < row->type->column_count; i++) {
        uint64_t serial = row->serials[i];
        if (serial <= SHORT_VARINT) {
            *header++ = (unsigned char)serial;
        } else {
            header = bulk_row_varint(header, serial);
        }
        body = write_column(body, serial, &row->columns[i]);
    }
}
