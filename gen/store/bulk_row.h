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

struct bulk_row {
    int64_t integers[BULK_ROW_INTEGERS];
    const struct value *columns;
    const struct evidence_type *type;
    uint64_t *serials; /* of the columns: what stands in the record's header; room for as many as the type has */
    unsigned char integer_serials[BULK_ROW_INTEGERS];
    size_t header_size; /* bytes, with the number that says so */
    size_t size;        /* of the whole record */
};

/* Finds serials and sizes of a row whose first four members are set. */
void bulk_row_measure(struct bulk_row *row);
/* Writes a row that was measured: `size` bytes. */
void bulk_row_write(const struct bulk_row *row, unsigned char *out);

#define BULK_ROW_VARINT 9 /* bytes of a number at most */
static inline size_t bulk_row_varint_size(uint64_t number) {
    unsigned bits = 64 - (unsigned)__builtin_clzll(number | 1);

    return bits > 56 ? BULK_ROW_VARINT : (bits + 6) / 7; /* the last of nine bytes has eight bits */
}
/* Writes it; behind it. */
unsigned char *bulk_row_varint(unsigned char *out, uint64_t number);

#endif
