#include "read/recording.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define BEGINNING_BYTES 256u /* that show whether it is a recorded call */
#define TIME_BYTES      512u /* of a time that is an object */
#define TEXT_BYTES      64u  /* of one that is a text */
#define PART_DIGITS     6u
_Static_assert(BEGINNING_BYTES < RECORDING_BYTES && TIME_BYTES < RECORDING_BYTES, "both can be held");

enum part { PART_YEAR, PART_MONTH, PART_DAY, PART_HOUR, PART_MINUTE, PART_SECOND, PART_FRACTION, PART_COUNT };

/* Held bytes that are looked at from `at` on. */
struct cursor {
    const unsigned char *bytes;
    size_t length;
    size_t at;
};

static void pass_blanks(struct cursor *cursor) {
    while (cursor->at < cursor->length && text_is_blank((char)cursor->bytes[cursor->at])) {
        cursor->at++;
    }
}

/* Whether the word stands next, behind blanks; then it is passed. */
static bool take(struct cursor *cursor, const char *word) {
    size_t length = strlen(word);

    pass_blanks(cursor);
    if (cursor->length - cursor->at < length || memcmp(cursor->bytes + cursor->at, word, length) != 0) {
        return false;
    }
    cursor->at += length;
    return true;
}

static bool take_number(struct cursor *cursor, unsigned *number) {
    size_t digits = 0;

    pass_blanks(cursor);
    *number = 0;
    while (cursor->at < cursor->length && digits <= PART_DIGITS && text_is_digit((char)cursor->bytes[cursor->at])) {
        *number = *number * 10 + (unsigned)(cursor->bytes[cursor->at++] - '0');
        digits++;
    }
    return digits > 0 && digits <= PART_DIGITS;
}

/* Where the answer of a call that went well begins; 0: it is no such call. */
static size_t answer_begins(const unsigned char *bytes, size_t length) {
    struct cursor cursor = {bytes, length, 0};
    unsigned status = 0;

    (void)take(&cursor, "\xEF\xBB\xBF");
    if (!take(&cursor, "{") || !take(&cursor, "\"status_code\"") || !take(&cursor, ":") ||
        !take_number(&cursor, &status) || status / 100 != 2 || !take(&cursor, ",") || !take(&cursor, "\"data\"") ||
        !take(&cursor, ":")) {
        return 0;
    }
    pass_blanks(&cursor);
    return cursor.at < length && (bytes[cursor.at] == '{' || bytes[cursor.at] == '[') ? cursor.at : 0;
}

/* A member of a time; it is noted which ones were there. */
static bool take_part(struct cursor *cursor, unsigned parts[PART_COUNT], unsigned *there) {
    static const char *const names[] = {[PART_YEAR] = "\"year\"",
                                        [PART_MONTH] = "\"month\"",
                                        [PART_DAY] = "\"day\"",
                                        [PART_HOUR] = "\"hour\"",
                                        [PART_MINUTE] = "\"minute\"",
                                        [PART_SECOND] = "\"second\"",
                                        [PART_FRACTION] = "\"microsecond\"",
                                        [PART_COUNT] = "\"__class__\""};
    size_t part = 0;

    while (part <= PART_COUNT && !take(cursor, names[part])) {
        part++;
    }
    if (part > PART_COUNT || (*there & 1u << part) != 0 || !take(cursor, ":")) {
        return false;
    }
    *there |= 1u << part;
    return part == PART_COUNT ? take(cursor, "\"datetime\"") : take_number(cursor, &parts[part]);
}

/* The bytes of a time that begins there, and its text; 0 where there is none. */
static size_t time_length(const unsigned char *bytes, size_t length, char *text, size_t capacity) {
    struct cursor cursor = {bytes, length < TIME_BYTES ? length : TIME_BYTES, 1};
    unsigned parts[PART_COUNT] = {0};
    unsigned there = 0;

    do {
        if (!take_part(&cursor, parts, &there)) {
            return 0;
        }
    } while (take(&cursor, ","));
    if (!take(&cursor, "}") || there != (2u << PART_COUNT) - 1) {
        return 0;
    }
    int written =
        snprintf(text, capacity, "\"%04u-%02u-%02uT%02u:%02u:%02u.%06u\"", parts[PART_YEAR], parts[PART_MONTH],
                 parts[PART_DAY], parts[PART_HOUR], parts[PART_MINUTE], parts[PART_SECOND], parts[PART_FRACTION]);
    return written > 0 && (size_t)written < capacity && (size_t)written <= cursor.at ? cursor.at : 0;
}

/* Leaves of the bytes only where lines end, so that what follows keeps its line and column. */
static void blank_out(unsigned char *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) {
        bytes[i] = bytes[i] == '\n' || bytes[i] == '\r' ? bytes[i] : ' ';
    }
}

/*
 * Writes the text in place of the object. A text cannot go over the end of a line: the ends of lines in its place come
 * behind it.
 */
static void put_time(unsigned char *bytes, size_t length, const char *text) {
    size_t written = strlen(text);
    size_t ends = 0;

    for (size_t i = 0; i < written; i++) {
        ends += bytes[i] == '\n';
    }
    memcpy(bytes, text, written);
    blank_out(bytes + written, length - written);
    for (size_t i = written; i < length && ends > 0; i++) {
        if (bytes[i] == ' ') {
            bytes[i] = '\n';
            ends--;
        }
    }
}

/* Looks at what opens and closes lists and objects; the last one is not of the answer. */
static void look_at_bracket(struct recording *recording, unsigned char *byte) {
    bool closes = *byte == '}' || *byte == ']';

    if (closes && recording->depth == 0) {
        *byte = ' ';
        recording->state = RECORDING_PASSES;
    } else if (closes) {
        recording->depth--;
    } else if (*byte == '{' || *byte == '[') {
        recording->depth++;
    }
}

/* Looks at one byte of the answer, an escaped one, or a time. */
static void look(struct recording *recording) {
    unsigned char *bytes = recording->held + recording->looked_at;
    size_t length = recording->length - recording->looked_at;
    char text[TEXT_BYTES];
    size_t taken = !recording->text && bytes[0] == '{' ? time_length(bytes, length, text, sizeof text) : 0;

    if (taken > 0) {
        put_time(bytes, taken, text);
    } else if (recording->text) {
        taken = bytes[0] == '\\' && length > 1 ? 2 : 1;
        recording->text = bytes[0] != '"';
    } else {
        taken = 1;
        recording->text = bytes[0] == '"';
        look_at_bracket(recording, bytes);
    }
    recording->looked_at += taken;
}

static void look_at_all(struct recording *recording) {
    if (recording->state == RECORDING_BEGINS) {
        size_t begins = answer_begins(recording->held, recording->length);
        blank_out(recording->held, begins);
        recording->looked_at = begins;
        recording->state = begins > 0 ? RECORDING_ANSWER : RECORDING_PASSES;
    }
    while (recording->state == RECORDING_ANSWER && recording->looked_at < recording->length &&
           (recording->ended || recording->length - recording->looked_at >= TIME_BYTES)) {
        look(recording);
    }
    if (recording->state == RECORDING_PASSES) {
        recording->looked_at = recording->length;
    }
}

/* Reads until there is enough to look at; false on failure. */
static bool fill(struct recording *recording) {
    size_t wanted = recording->state == RECORDING_BEGINS ? BEGINNING_BYTES : TIME_BYTES;

    memmove(recording->held, recording->held + recording->given, recording->length - recording->given);
    recording->length -= recording->given;
    recording->looked_at -= recording->given;
    recording->given = 0;
    while (!recording->ended && recording->length < wanted) {
        ssize_t got = recording->from->read(recording->from, recording->held + recording->length,
                                            RECORDING_BYTES - recording->length);
        if (got < 0) {
            return false;
        }
        recording->length += (size_t)got;
        recording->ended = got == 0;
    }
    return true;
}

static ssize_t recording_read(struct byte_source *source, void *into, size_t capacity) {
    struct recording *recording = (struct recording *)source;

    if (recording->given == recording->looked_at) {
        if (recording->state == RECORDING_PASSES && recording->given == recording->length) {
            return recording->ended ? 0 : recording->from->read(recording->from, into, capacity);
        }
        if (!fill(recording)) {
            return -1;
        }
        look_at_all(recording);
    }
    size_t ready = recording->looked_at - recording->given;
    size_t length = ready < capacity ? ready : capacity;
    memcpy(into, recording->held + recording->given, length);
    recording->given += length;
    return (ssize_t)length;
}

struct byte_source *recording_open(struct recording *recording, struct byte_source *from) {
    *recording = (struct recording){.source = {recording_read}, .from = from};
    return &recording->source;
}
