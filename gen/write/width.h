#ifndef WRITE_WIDTH_H
#define WRITE_WIDTH_H

#include <stddef.h>
#include <stdint.h>

/*
 * How many cells of a terminal a character takes, by the Unicode 14 data: 0 for combining marks and format characters,
 * 2 for East Asian wide and fullwidth ones (UAX #11), else 1. The same in every locale.
 */
int width_of(uint32_t code_point);
/* Of a text in UTF-8; malformed bytes count as U+FFFD. */
size_t width_text(const char *bytes, size_t length);

#endif
