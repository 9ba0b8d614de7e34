#ifndef READ_XML_INPUT_H
#define READ_XML_INPUT_H

#include "base/buffer.h"
#include "base/byte_source.h"

#include <stdint.h>

/*
 * The bytes on their way to libxml2, in chunks of one size however the source cuts them. What the parser has not passed
 * by is kept, so that the beginning of a tag can be found from its end.
 */
struct xml_input {
    struct byte_source *bytes;
    struct buffer held;
    uint64_t base;  /* offset of held.data[0] */
    uint64_t total; /* bytes read */
    unsigned unit;  /* bytes of the smallest unit: 2 for UTF-16, else 1 */
    size_t low;     /* where in a unit ASCII stands: 1 for UTF-16BE, else 0 */
    bool ended;
    int error; /* errno of the source, or ENOMEM */
};

enum xml_input_result {
    XML_INPUT_MORE,
    XML_INPUT_END,
    XML_INPUT_NUL, /* the chunk ends before a NUL byte, where none can stand */
    XML_INPUT_TOO_LONG,
    XML_INPUT_FAILED
};

void xml_input_open(struct xml_input *input, struct byte_source *bytes);
void xml_input_close(struct xml_input *input);
/* The next chunk, which lives until the next call; all before the offset `consumed` may go. */
enum xml_input_result xml_input_more(struct xml_input *input, uint64_t consumed, const char **chunk, size_t *length);
/* The offset of the last '<' before `end`; lines between them are taken from *line. `end` when there is none. */
uint64_t xml_input_tag(const struct xml_input *input, uint64_t end, uint64_t *line);
/* Whether what is held begins with '<', white space and a byte order mark aside. */
bool xml_input_begins(const struct xml_input *input);

#endif
