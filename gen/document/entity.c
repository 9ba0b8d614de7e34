#include "document/entity.h"

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static const struct {
    const char *name;
    uint32_t code_point;
} entity_names[] = {
    {"&amp;", '&'},      {"&lt;", '<'},        {"&gt;", '>'},       {"&quot;", '"'},     {"&apos;", '\''},
    {"&nbsp;", 0xa0},    {"&sect;", 0xa7},     {"&copy;", 0xa9},    {"&middot;", 0xb7},  {"&times;", 0xd7},
    {"&ndash;", 0x2013}, {"&mdash;", 0x2014},  {"&lsquo;", 0x2018}, {"&rsquo;", 0x2019}, {"&ldquo;", 0x201c},
    {"&rdquo;", 0x201d}, {"&hellip;", 0x2026}, {"&euro;", 0x20ac},  {"&rarr;", 0x2192},  {"&le;", 0x2264},
    {"&ge;", 0x2265},
};

static int entity_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Characters that a document cannot hold, and the noncharacters that document/inset.h keeps for itself. */
static bool entity_refused(uint32_t code_point) {
    return code_point == 0 || code_point > 0x10ffff || (code_point >= 0xd800 && code_point <= 0xdfff) ||
           (code_point >= 0xfdd0 && code_point <= 0xfdef) || (code_point & 0xfffe) == 0xfffe;
}

void entity_decode(struct buffer *out, const char *text, size_t length) {
    if (length > 3 && text[1] == '#') {
        bool hexadecimal = text[2] == 'x' || text[2] == 'X';
        uint32_t code_point = 0;
        for (size_t i = hexadecimal ? 3 : 2; i + 1 < length && code_point <= 0x10ffff; i++)
            code_point = code_point * (hexadecimal ? 16 : 10) + (uint32_t)entity_digit(text[i]);
        text_utf8_append(out, entity_refused(code_point) ? 0xfffd : code_point);
        return;
    }
    for (size_t i = 0; i < sizeof entity_names / sizeof entity_names[0]; i++) {
        if (strlen(entity_names[i].name) == length && memcmp(entity_names[i].name, text, length) == 0) {
            text_utf8_append(out, entity_names[i].code_point);
            return;
        }
    }
    buffer_append(out, text, length);
}
