#ifndef DOCUMENT_ENTITY_H
#define DOCUMENT_ENTITY_H

#include "base/buffer.h"

#include <stddef.h>

/*
 * Appends what a character reference of Markdown ("&amp;", "&#8212;", "&#x2014;") stands for. A name that is not one of
 * the few that are known is appended as it is written; NUL and what is no character become U+FFFD (CommonMark 2.5).
 */
void entity_decode(struct buffer *out, const char *text, size_t length);

#endif
