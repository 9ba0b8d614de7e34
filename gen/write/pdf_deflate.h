#ifndef WRITE_PDF_DEFLATE_H
#define WRITE_PDF_DEFLATE_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

#define PDF_DEFLATE_LEVEL 1

/*
 * Deflates texts in place, on all processors: each becomes a zlib stream, as /FlateDecode takes it (ISO
 * 32000-1, 7.4.4), whose bytes depend on nothing but the text. False when memory is out; the texts are to be freed
 * then.
 */
bool pdf_deflate(struct buffer **texts, size_t count);

#endif
