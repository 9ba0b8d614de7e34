#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include <stddef.h>

#define QUOTE_BYTES 96

/*
 * A piece of an export as it may stand in a diagnostic: in double quotes, cut to about 60 bytes, with '?' for what is
 * no printable text. Returns `out`.
 */
const char *quote(char out[QUOTE_BYTES], const char *bytes, size_t length);

#endif
