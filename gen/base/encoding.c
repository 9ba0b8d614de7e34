#include "base/encoding.h"

#include <string.h>
#include <strings.h>
#include <unicode/ucnv.h>

#define ENCODING_NONE 0xFFFF

struct encoding {
    const char *name;
    enum encoding_sort { ENCODING_UTF8, ENCODING_UTF16_LITTLE, ENCODING_UTF16_BIG, ENCODING_BYTE } sort;
};

static const struct encoding encodings[] = {
    {"utf-8", ENCODING_UTF8},        {"utf-16le", ENCODING_UTF16_LITTLE}, {"utf-16be", ENCODING_UTF16_BIG},
    {"windows-1250", ENCODING_BYTE}, {"windows-1251", ENCODING_BYTE},     {"windows-1252", ENCODING_BYTE},
    {"windows-1253", ENCODING_BYTE}, {"windows-1254", ENCODING_BYTE},     {"windows-1257", ENCODING_BYTE},
    {"iso-8859-1", ENCODING_BYTE},   {"iso-8859-2", ENCODING_BYTE},       {"iso-8859-15", ENCODING_BYTE},
    {"ibm437", ENCODING_BYTE},       {"ibm850", ENCODING_BYTE},           {"macintosh", ENCODING_BYTE},
};
#define ENCODING_COUNT (sizeof encodings / sizeof encodings[0])

static const struct {
    const char *name;
    const char *means;
} aliases[] = {
    {"cp1250", "windows-1250"}, {"cp1251", "windows-1251"}, {"cp1252", "windows-1252"}, {"latin1", "iso-8859-1"},
    {"cp437", "ibm437"},        {"cp850", "ibm850"},        {"utf8", "utf-8"},
};

const struct encoding *encoding_find(const char *name) {
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
        if (strcasecmp(aliases[i].name, name) == 0) {
            name = aliases[i].means;
            break;
        }
    }
    for (size_t i = 0; i < ENCODING_COUNT; i++) {
        if (strcasecmp(encodings[i].name, name) == 0) {
            return &encodings[i];
        }
    }
    return NULL;
}

const char *encoding_name(const struct encoding *encoding) {
    return encoding->name;
}

bool encoding_is_utf8(const struct encoding *encoding) {
    return encoding->sort == ENCODING_UTF8;
}

const struct encoding *encoding_of_mark(const char *bytes, size_t length) {
    if (length >= 2 && memcmp(bytes, "\xFF\xFE", 2) == 0) {
        return encoding_find("utf-16le");
    }
    return length >= 2 && memcmp(bytes, "\xFE\xFF", 2) == 0 ? encoding_find("utf-16be") : NULL;
}

bool encoding_decoder_open(struct encoding_decoder *decoder, const struct encoding *encoding) {
    UErrorCode status = U_ZERO_ERROR;

    decoder->encoding = encoding;
    if (encoding->sort != ENCODING_BYTE) {
        return true;
    }
    UConverter *converter = ucnv_open(encoding->name, &status);
    if (U_FAILURE(status)) {
        return false;
    }
    ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    for (int i = 0; i < 256 && U_SUCCESS(status); i++) {
        const char byte = (char)i;
        UChar unit[2];
        UErrorCode result = U_ZERO_ERROR;
        ucnv_resetToUnicode(converter);
        int32_t length = ucnv_toUChars(converter, unit, 2, &byte, 1, &result);
        /* What a code page leaves free is a control of C1 to some: no text has them. */
        bool none = U_FAILURE(result) || length != 1 || (unit[0] >= 0x80 && unit[0] < 0xA0);
        decoder->table[i] = none ? ENCODING_NONE : unit[0];
    }
    ucnv_close(converter);
    return U_SUCCESS(status);
}

/* Writes a character as UTF-8. */
static size_t encoding_write(uint32_t c, char out[4]) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

static size_t encoding_malformed(size_t taken, char out[4], size_t *out_length) {
    out[0] = (char)ENCODING_MALFORMED;
    *out_length = 1;
    return taken;
}

static uint32_t encoding_unit(const struct encoding_decoder *decoder, const unsigned char *bytes) {
    return decoder->encoding->sort == ENCODING_UTF16_LITTLE ? (uint32_t)(bytes[0] | bytes[1] << 8)
                                                            : (uint32_t)(bytes[1] | bytes[0] << 8);
}

size_t encoding_step(const struct encoding_decoder *decoder, const unsigned char *bytes, size_t length, bool last,
                     char out[4], size_t *out_length) {
    if (length == 0) {
        return 0;
    }
    if (decoder->encoding->sort == ENCODING_UTF8) {
        out[0] = (char)bytes[0];
        *out_length = 1;
        return 1;
    }
    if (decoder->encoding->sort == ENCODING_BYTE) {
        if (decoder->table[bytes[0]] == ENCODING_NONE) {
            return encoding_malformed(1, out, out_length);
        }
        *out_length = encoding_write(decoder->table[bytes[0]], out);
        return 1;
    }
    if (length < 2) {
        return last ? encoding_malformed(1, out, out_length) : 0;
    }
    uint32_t c = encoding_unit(decoder, bytes);
    if (c < 0xD800 || c > 0xDFFF) {
        *out_length = encoding_write(c, out);
        return 2;
    }
    if (length < 4 && !last) {
        return 0;
    }
    uint32_t low = length >= 4 ? encoding_unit(decoder, bytes + 2) : 0;
    if (c > 0xDBFF || low < 0xDC00 || low > 0xDFFF) {
        return encoding_malformed(2, out, out_length);
    }
    *out_length = encoding_write(0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00), out);
    return 4;
}

void encoding_text(const struct encoding_decoder *decoder, const char *bytes, size_t length, struct buffer *out) {
    size_t at = 0;
    char character[4];
    size_t written;

    while (at < length) {
        at += encoding_step(decoder, (const unsigned char *)bytes + at, length - at, true, character, &written);
        bool malformed = written == 1 && (unsigned char)character[0] == ENCODING_MALFORMED;
        buffer_append(out, malformed ? "?" : character, written);
    }
}
