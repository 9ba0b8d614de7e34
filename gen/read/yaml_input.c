#include "read/yaml_input.h"

#include "base/limits.h"

#include <errno.h>
#include <string.h>

#define YAML_INPUT_PASSED 65536 /* bytes passed by that are dropped at once */

void yaml_input_open(struct yaml_input *input, struct byte_source *bytes) {
    *input = (struct yaml_input){.bytes = bytes, .line = 1};
}

void yaml_input_close(struct yaml_input *input) {
    buffer_free(&input->held);
}

static void yaml_input_drop(struct yaml_input *input) {
    if (input->at >= YAML_INPUT_PASSED) {
        memmove(input->held.data, input->held.data + input->at, input->held.length - input->at);
        input->held.length -= input->at;
        input->base += input->at;
        input->at = 0;
    }
}

/* As much as libyaml asks for, so that what it finds does not depend on how the source cuts. */
int yaml_input_read(void *context, unsigned char *into, size_t size, size_t *got) {
    struct yaml_input *input = context;

    *got = 0;
    if (input->since > LIMIT_RECORD_BYTES) {
        input->too_long = true;
        return 0;
    }
    while (*got < size && !input->ended) {
        ssize_t length = input->bytes->read(input->bytes, into + *got, size - *got);
        if (length < 0 && errno == EINTR) {
            continue;
        }
        if (length < 0) {
            input->error = errno != 0 ? errno : EIO;
            return 0;
        }
        *got += (size_t)length;
        input->ended = length == 0;
    }
    yaml_input_drop(input);
    buffer_append(&input->held, into, *got);
    if (input->held.failed) {
        input->error = ENOMEM;
        return 0;
    }
    input->since += *got;
    return 1;
}

/* The encoding as libyaml tells it: by the byte order mark, which it does not count. */
static void yaml_input_start(struct yaml_input *input) {
    const char *bytes = input->held.data;
    size_t length = input->held.length;

    input->unit = 1;
    if (length >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0)) {
        input->unit = 2;
        input->little = bytes[0] == '\xFF';
        input->at = 2;
    } else if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        input->at = 3;
    }
}

/* The length of the character at the place, whose first unit goes to *unit. */
static size_t yaml_input_character(const struct yaml_input *input, unsigned *unit) {
    const unsigned char *bytes = (const unsigned char *)input->held.data + input->at;
    size_t left = input->held.length - input->at;

    *unit = bytes[0];
    if (input->unit == 1) {
        size_t length = bytes[0] < 0x80 ? 1 : bytes[0] < 0xE0 ? 2 : bytes[0] < 0xF0 ? 3 : 4;
        return length < left ? length : left;
    }
    if (left < 2) {
        return left;
    }
    *unit = input->little ? bytes[0] | (unsigned)bytes[1] << 8 : bytes[1] | (unsigned)bytes[0] << 8;
    bool pair = *unit >= 0xD800 && *unit < 0xDC00 && left >= 4;
    return pair ? 4 : 2;
}

static void yaml_input_step(struct yaml_input *input) {
    unsigned unit;

    input->at += yaml_input_character(input, &unit);
    input->passed++;
    input->line += unit == '\r' || (unit == '\n' && !input->after_return);
    input->after_return = unit == '\r';
}

uint64_t yaml_input_pass(struct yaml_input *input, uint64_t index) {
    if (input->unit == 0) {
        yaml_input_start(input);
    }
    while (input->passed < index && input->at < input->held.length) {
        yaml_input_step(input);
    }
    return input->base + input->at;
}

void yaml_input_pass_bytes(struct yaml_input *input, uint64_t offset) {
    yaml_input_pass(input, 0);
    while (input->base + input->at < offset && input->at < input->held.length) {
        yaml_input_step(input);
    }
}

bool yaml_input_at_end(const struct yaml_input *input) {
    for (size_t i = input->at; i < input->held.length; i++) {
        if (memchr(" \t\r\n\0", input->held.data[i], 5) == NULL) {
            return false;
        }
    }
    return input->ended;
}
