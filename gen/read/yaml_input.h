#ifndef READ_YAML_INPUT_H
#define READ_YAML_INPUT_H

#include "base/buffer.h"
#include "base/byte_source.h"

#include <stdint.h>

/*
 * The bytes on their way to libyaml. Its marks count characters; what has been read and not yet passed by is kept, so
 * that they can be turned into bytes and lines. Memory is what libyaml reads ahead.
 */
struct yaml_input {
    struct byte_source *bytes;
    struct buffer held;
    uint64_t base;   /* offset of held.data[0] */
    size_t at;       /* of the place in `held` */
    uint64_t passed; /* characters before the place */
    uint64_t line;   /* of the place, from 1 */
    bool after_return;
    unsigned unit; /* bytes of the smallest unit: 1 for UTF-8, 2 for UTF-16; 0 before anything was asked */
    bool little;   /* UTF-16LE */
    size_t since;  /* bytes read since it was set to 0: what one event took */
    bool ended;
    bool too_long; /* `since` went over LIMIT_RECORD_BYTES */
    int error;     /* errno of the source, or ENOMEM */
};

void yaml_input_open(struct yaml_input *input, struct byte_source *bytes);
void yaml_input_close(struct yaml_input *input);
/* libyaml's read handler; `context` is the input. */
int yaml_input_read(void *context, unsigned char *into, size_t size, size_t *got);
/* Moves the place on to the character that `index` others stand before; never back. The byte offset of the place. */
uint64_t yaml_input_pass(struct yaml_input *input, uint64_t index);
/* Moves the place on to a byte offset, where libyaml stopped over the bytes themselves. */
void yaml_input_pass_bytes(struct yaml_input *input, uint64_t offset);
/* Whether nothing but white space stands behind the place, and the input has ended. */
bool yaml_input_at_end(const struct yaml_input *input);

#endif
