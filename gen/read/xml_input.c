#include "read/xml_input.h"

#include "base/limits.h"

#include <errno.h>
#include <string.h>

#define XML_INPUT_CHUNK 8192

void xml_input_open(struct xml_input *input, struct byte_source *bytes) {
    *input = (struct xml_input){.bytes = bytes, .unit = 1};
}

void xml_input_close(struct xml_input *input) {
    buffer_free(&input->held);
}

/* UTF-16 by its mark, or by how the first '<' is written. */
static void xml_input_start(struct xml_input *input) {
    const char *bytes = input->held.data;
    size_t length = input->held.length;
    bool little = length >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "<\0", 2) == 0);
    bool big = length >= 2 && (memcmp(bytes, "\xFE\xFF", 2) == 0 || memcmp(bytes, "\0<", 2) == 0);

    if (little || big) {
        input->unit = 2;
        input->low = big ? 1 : 0;
    }
}

static bool xml_input_fill(struct xml_input *input, size_t from) {
    while (input->held.length - from < XML_INPUT_CHUNK && !input->ended) {
        if (!buffer_reserve(&input->held, XML_INPUT_CHUNK)) {
            input->error = ENOMEM;
            return false;
        }
        ssize_t got = input->bytes->read(input->bytes, input->held.data + input->held.length,
                                         XML_INPUT_CHUNK - (input->held.length - from));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            input->error = errno != 0 ? errno : EIO;
            return false;
        }
        input->held.length += (size_t)got;
        input->ended = got == 0;
    }
    return true;
}

enum xml_input_result xml_input_more(struct xml_input *input, uint64_t consumed, const char **chunk, size_t *length) {
    uint64_t passed = consumed > input->base ? consumed - input->base : 0;

    buffer_drop(&input->held, passed < input->held.length ? (size_t)passed : input->held.length);
    input->base = input->total - input->held.length;
    if (input->held.length > LIMIT_RECORD_BYTES) {
        return XML_INPUT_TOO_LONG;
    }
    size_t from = input->held.length;
    if (!xml_input_fill(input, from)) {
        return XML_INPUT_FAILED;
    }
    *length = input->held.length - from;
    *chunk = input->held.data + from;
    if (*length == 0) {
        return XML_INPUT_END;
    }
    if (input->total == 0) {
        xml_input_start(input);
    }
    input->total += *length;
    const char *nul = input->unit == 1 ? memchr(*chunk, '\0', *length) : NULL;
    if (nul != NULL) {
        *length = (size_t)(nul - *chunk);
        return XML_INPUT_NUL;
    }
    return XML_INPUT_MORE;
}

uint64_t xml_input_tag(const struct xml_input *input, uint64_t end, uint64_t *line) {
    uint64_t lines = 0;

    if (end < input->base || end > input->base + input->held.length) {
        return end;
    }
    for (size_t at = (size_t)(end - input->base); at >= input->unit;) {
        at -= input->unit;
        const char *unit = input->held.data + at;
        if (input->unit == 2 && unit[1 - input->low] != '\0') {
            continue;
        }
        if (unit[input->low] == '<') {
            *line -= lines < *line ? lines : 0;
            return input->base + at;
        }
        lines += unit[input->low] == '\n';
    }
    return end;
}

bool xml_input_begins(const struct xml_input *input) {
    static const char passed[] = " \t\r\n\xEF\xBB\xBF\xFE\xFF\0";

    for (size_t i = 0; i < input->held.length; i++) {
        if (memchr(passed, input->held.data[i], sizeof passed - 1) == NULL) {
            return input->held.data[i] == '<';
        }
    }
    return true;
}
