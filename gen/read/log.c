#include "read/log.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "base/text.h"
#include "read/window.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define ESCAPE 0x1B

/* One line of the input; places are offsets in the input. */
struct log_span {
    uint64_t from;
    uint64_t until;
    uint64_t line;
    bool escapes;
    bool zeros;
    bool not_ascii;
    bool too_long; /* its bytes are not held */
    bool limit;    /* whether it goes on with the record before could not be found out */
};

struct log {
    struct window window;
    struct pattern *continues;
    uint64_t keep; /* what stands before it in the input may go */
    uint64_t at;   /* the next byte to be looked at */
    uint64_t line; /* that it stands on */
    bool started;
    bool ended;
    bool failed;
    bool pending; /* `next` was read ahead, to see whether it goes on with the record before */
    struct log_span next;
    struct log_span record; /* from its first line to its last */
    struct buffer text;     /* the record, where it is not one plain line */
    struct buffer cleaned;  /* a line that is looked at */
    enum log_problem problem;
};

struct log *log_open(struct byte_source *bytes, struct pattern *continues) {
    struct log *log = calloc(1, sizeof *log);

    if (log == NULL || !window_open(&log->window, bytes)) {
        free(log);
        return NULL;
    }
    log->continues = continues;
    log->line = 1;
    return log;
}

void log_close(struct log *log) {
    if (log == NULL) {
        return;
    }
    window_close(&log->window);
    buffer_free(&log->text);
    buffer_free(&log->cleaned);
    free(log);
}

static const char *log_bytes(const struct log *log, uint64_t offset) {
    return (const char *)log->window.data + (offset - log->window.base);
}

static uint64_t log_held(const struct log *log) {
    return log->window.base + log->window.end;
}

/* Reads more; false at the end of the input and on failure. */
static bool log_more(struct log *log) {
    size_t shift;
    enum window_result result = window_more(&log->window, (size_t)(log->keep - log->window.base), &shift);

    log->failed = log->failed || result == WINDOW_FAILED;
    return result == WINDOW_MORE;
}

#ifdef __SSE2__
/* Moves over what log_scan does, a block at a time. */
static const unsigned char *log_scan_blocks(const unsigned char *data, struct log_span *span) {
    const __m128i escape = _mm_set1_epi8(ESCAPE);
    const __m128i feed = _mm_set1_epi8('\n');
    const __m128i back = _mm_set1_epi8('\r');
    __m128i high = _mm_setzero_si128();
    __m128i escapes = _mm_setzero_si128();
    unsigned mask;

    for (;; data += 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)data);
        const __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(bytes, feed), _mm_cmpeq_epi8(bytes, back));
        const __m128i found = _mm_cmpeq_epi8(bytes, escape);
        mask = (unsigned)_mm_movemask_epi8(_mm_or_si128(ends, _mm_cmpeq_epi8(bytes, _mm_setzero_si128())));
        if (mask != 0) {
            const unsigned before = (mask & -mask) - 1;
            span->not_ascii |= (((unsigned)_mm_movemask_epi8(bytes) & before) | (unsigned)_mm_movemask_epi8(high)) != 0;
            span->escapes |=
                (((unsigned)_mm_movemask_epi8(found) & before) | (unsigned)_mm_movemask_epi8(escapes)) != 0;
            return data + __builtin_ctz(mask);
        }
        high = _mm_or_si128(high, bytes);
        escapes = _mm_or_si128(escapes, found);
    }
}
#endif

/* Moves over what is neither a line end nor, as its padding, the end of what is held; notes what the line has. */
static void log_scan(struct log *log, struct log_span *span) {
    const unsigned char *start = (const unsigned char *)log_bytes(log, log->at);
    const unsigned char *data = start;
#ifdef __SSE2__
    data = log_scan_blocks(data, span);
#else
    for (; *data != '\n' && *data != '\r' && *data != 0; data++) {
        span->not_ascii |= *data >= 0x80;
        span->escapes |= *data == ESCAPE;
    }
#endif
    log->at += (size_t)(data - start);
}

/* Stands behind the line end at `at`. */
static void log_line_end(struct log *log) {
    char end = *log_bytes(log, log->at++);

    log->line++;
    if (end == '\r' && (log->at < log_held(log) || log_more(log)) && *log_bytes(log, log->at) == '\n') {
        log->at++;
    }
}

/* Reads the next line into *span. False at the end of the input, and on failure. */
static bool log_read_line(struct log *log, struct log_span *span) {
    *span = (struct log_span){.from = log->at, .line = log->line};
    log->keep = log->at;
    for (;;) {
        log_scan(log, span);
        /* What was scanned of the padding is not there yet. */
        bool held = log->at < log_held(log);
        if (log->at - span->from > LIMIT_RECORD_BYTES) {
            span->too_long = true;
            log->keep = log->at;
        }
        if (held && *log_bytes(log, log->at) != 0) {
            break;
        }
        if (held) {
            span->zeros = true;
            log->at++;
        } else if (!log_more(log)) {
            break;
        }
    }
    span->until = log->at;
    if (log->at < log_held(log)) {
        log_line_end(log);
    } else if (span->until == span->from) {
        return false;
    }
    return !log->failed;
}

/* Where an escape sequence ends that begins at `at`; `at + 1` when it is none that is complete. */
static size_t log_escape_end(const char *bytes, size_t length, size_t at) {
    size_t end = at + 1;

    if (end == length) {
        return end;
    }
    if (bytes[end] == '[') {
        for (end++; end < length && bytes[end] >= 0x20 && bytes[end] < 0x40; end++) {
        }
        return end < length && bytes[end] >= 0x40 && bytes[end] < 0x7F ? end + 1 : at + 1;
    }
    if (bytes[end] == ']') {
        for (end++; end < length && bytes[end] != '\a' && bytes[end] != ESCAPE; end++) {
        }
        if (end < length && bytes[end] == '\a') {
            return end + 1;
        }
        return end + 1 < length && bytes[end + 1] == '\\' ? end + 2 : at + 1;
    }
    for (; end < length && bytes[end] >= 0x20 && bytes[end] < 0x30; end++) {
    }
    return end < length && bytes[end] >= 0x30 && bytes[end] < 0x7F ? end + 1 : at + 1;
}

/* Appends the line without the escape sequences; of one that is incomplete only the ESC goes. */
static void log_clean(const char *bytes, size_t length, struct buffer *out) {
    size_t at = 0;

    while (at < length) {
        const char *found = memchr(bytes + at, ESCAPE, length - at);
        size_t escape = found == NULL ? length : (size_t)(found - bytes);
        buffer_append(out, bytes + at, escape - at);
        at = found == NULL ? length : log_escape_end(bytes, length, escape);
    }
}

/* The line as the kind's patterns see it; `*text` lives until the next call or read. */
static void log_view(struct log *log, const struct log_span *span, const char **text, size_t *length) {
    *text = log_bytes(log, span->from);
    *length = (size_t)(span->until - span->from);
    if (span->escapes) {
        buffer_clear(&log->cleaned);
        log_clean(*text, *length, &log->cleaned);
        *text = log->cleaned.data == NULL ? "" : log->cleaned.data;
        *length = log->cleaned.length;
    }
}

static bool log_blank(struct log *log, const struct log_span *span) {
    const char *text;
    size_t length;

    if (span->too_long || (!span->escapes && span->until > span->from && *log_bytes(log, span->from) > ' ')) {
        return false;
    }
    log_view(log, span, &text, &length);
    for (size_t i = 0; i < length; i++) {
        if (text[i] != ' ' && text[i] != '\t') {
            return false;
        }
    }
    return true;
}

/* Byte order mark, UTF-16. False after an error. */
static bool log_start(struct log *log) {
    log->started = true;
    while (log->window.end < 3 && log_more(log)) {
    }
    const unsigned char *data = log->window.data;
    size_t there = log->window.end;
    bool mark = there >= 2 && ((data[0] == 0xFF && data[1] == 0xFE) || (data[0] == 0xFE && data[1] == 0xFF));
    bool ascii = there >= 2 && (data[0] == 0) != (data[1] == 0);
    if (mark || ascii) {
        log->ended = true;
        log->problem = LOG_PROBLEM_UTF16;
        return false;
    }
    log->at = there >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    return true;
}

/* Adds the line in `next` to the record. */
static void log_join(struct log *log, bool first) {
    const struct log_span *line = &log->next;
    struct log_span *record = &log->record;
    const char *text;
    size_t length;

    log->pending = false;
    if (first) {
        *record = *line;
    } else {
        record->until = line->until;
        record->not_ascii |= line->not_ascii;
        record->too_long |= record->until - record->from > LIMIT_RECORD_BYTES;
    }
    /* Without a line to join it a plain one is used where it stands. */
    if (!record->too_long && (line->escapes || log->continues != NULL)) {
        log_view(log, line, &text, &length);
        buffer_append(&log->text, "\n", first ? 0 : 1);
        buffer_append(&log->text, text, length);
    }
}

/* Whether the line in `next` belongs to the record before it. */
static bool log_continues(struct log *log) {
    const char *text;
    size_t length;

    if (log->next.too_long || log->next.zeros) {
        return false;
    }
    log_view(log, &log->next, &text, &length);
    if (log->next.not_ascii && !text_utf8_valid(text, length, NULL)) {
        return false;
    }
    switch (pattern_match(log->continues, text, length)) {
    case PATTERN_MATCHED:
        return true;
    case PATTERN_UNMATCHED:
        return false;
    case PATTERN_LIMIT:
        log->next.limit = true;
        return false;
    case PATTERN_FAILED:
        log->window.error = ENOMEM;
        log->failed = true;
        return false;
    }
    return false;
}

/* Reads the next line that is not blank into `next`. False at the end of the input, and on failure. */
static bool log_advance(struct log *log) {
    do {
        log->pending = log_read_line(log, &log->next);
    } while (log->pending && log_blank(log, &log->next));
    return log->pending;
}

static enum log_event log_fail(struct log *log, enum log_problem problem) {
    log->problem = problem;
    return LOG_ERROR;
}

enum log_event log_next(struct log *log, const char **text, size_t *length) {
    *text = "";
    *length = 0;
    buffer_clear(&log->text);
    if (!log->ended && !log->failed && !log->started && !log_start(log)) {
        return log->failed ? LOG_READ_FAILED : log_fail(log, LOG_PROBLEM_UTF16);
    }
    if (log->ended || log->failed || (!log->pending && !log_advance(log))) {
        log->ended = true;
        return log->failed ? LOG_READ_FAILED : LOG_END;
    }
    log_join(log, true);
    while (log->continues != NULL && log_advance(log) && log_continues(log)) {
        log_join(log, false);
    }
    if (log->text.failed || log->cleaned.failed) {
        log->window.error = ENOMEM;
        log->failed = true;
    }
    if (log->failed) {
        return LOG_READ_FAILED;
    }
    const struct log_span *record = &log->record;
    if (record->too_long) {
        return log_fail(log, LOG_PROBLEM_LENGTH);
    }
    bool copied = record->escapes || log->continues != NULL;
    *text = copied ? buffer_text(&log->text) : log_bytes(log, record->from);
    *length = copied ? log->text.length : (size_t)(record->until - record->from);
    if (record->zeros) {
        return log_fail(log, LOG_PROBLEM_NUL);
    }
    if (record->not_ascii && !text_utf8_valid(*text, *length, NULL)) {
        return log_fail(log, LOG_PROBLEM_ENCODING);
    }
    return record->limit ? log_fail(log, LOG_PROBLEM_PATTERN) : LOG_RECORD;
}

uint64_t log_line(const struct log *log) {
    return log->record.line;
}

uint64_t log_offset(const struct log *log) {
    return log->record.from;
}

uint64_t log_length(const struct log *log) {
    return log->record.until - log->record.from;
}

enum log_problem log_problem(const struct log *log) {
    return log->problem;
}

int log_system_error(const struct log *log) {
    return log->window.error;
}
