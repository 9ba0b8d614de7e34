#ifndef STORE_BULK_ROW_H
#define STORE_BULK_ROW_H

#include "base/value.h"
#include "config/schema.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The record of a row of a type's table (tables.sql, create_table), byte for byte as SQLite would make it. Its values
 * fit their columns: see load_value_fits.
 */
#define BULK_ROW_INTEGERS 7 /* snapshot, record, line, offset, length, invalid, row_rule */

#define BULK_ROW_VARINT 9 /* bytes of a number at most */
/* Bytes that the header of a row with so many columns takes at most; `ref` and `excluded` stand there too. */
#define BULK_ROW_ROOM(columns) (BULK_ROW_VARINT * (1 + 2 + BULK_ROW_INTEGERS + (columns)))

struct bulk_row {
    int64_t integers[BULK_ROW_INTEGERS];
    const struct value *columns;
    const struct evidence_type *type;
    unsigned char *room;         /* BULK_ROW_ROOM bytes for the header */
    const unsigned char *header; /* in it */
    size_t header_size;
    size_t integer_size;
    size_t size; /* of the whole record */
    unsigned char integer_bytes[8 * (BULK_ROW_INTEGERS + 1)];
};

/* Makes the header and finds the sizes of a row whose first four members are set. */
void bulk_row_measure(struct bulk_row *row);
/* Writes a row that was measured: `size` bytes. */
void bulk_row_write(const struct bulk_row *row, unsigned char *out);

static inline size_t bulk_row_varint_size(uint64_t number) {
    unsigned bits = 64 - (unsigned)__builtin_clzll(number | 1);

    return bits > 56 ? BULK_ROW_VARINT : (bits + 6) / 7; /* the last of nine bytes has eight bits */
}
/* Writes it; behind it. */
unsigned char *bulk_row_varint(unsigned char *out, uint64_t number);

#endif
