#include "assess/subject.h"

#include <string.h>

static const char *const separators[] = {" @ ", " on ", " in ", " of ", " at "};

static bool read_time(const char *text, size_t length, struct span *time) {
    int64_t moment = 0;

    if (length == 0 || text[0] < '0' || text[0] > '9') {
        return false;
    }
    if (datetime_span(text, length, time)) {
        return true;
    }
    if (datetime_parse(text, length, DATETIME_ISO, 0, &moment) != DATETIME_OK) {
        return false;
    }
    *time = (struct span){moment, moment + 1};
    return true;
}

/* The length of the separator that a text begins with; 0: with none. */
static size_t separator_length(const char *text) {
    for (size_t i = 0; i < sizeof separators / sizeof separators[0]; i++) {
        size_t length = strlen(separators[i]);
        if (strncmp(text, separators[i], length) == 0) {
            return length;
        }
    }
    return 0;
}

/* The length of the subject, and the time behind it where one is there. */
static size_t divide(const char *item, bool *timed, struct span *time) {
    size_t length = strlen(item);

    *timed = false;
    /* Only the last separator can have a time and nothing else behind it; one of a time's own is no separator. */
    for (size_t at = length; at-- > 1;) {
        size_t separator = item[at] == ' ' ? separator_length(item + at) : 0;
        if (separator > 0) {
            size_t behind = at + separator;
            *timed = read_time(item + behind, length - behind, time);
            return *timed ? at : length;
        }
    }
    return length;
}

size_t subject_length(const char *item) {
    bool timed;
    struct span time;

    return divide(item, &timed, &time);
}

bool subject_time(const char *item, struct span *time) {
    bool timed;

    divide(item, &timed, time);
    return timed || read_time(item, strlen(item), time);
}

const char *subject_of(const char *item, struct buffer *out) {
    size_t length = subject_length(item);

    if (item[length] == '\0') {
        return item;
    }
    buffer_clear(out);
    buffer_append(out, item, length);
    return buffer_text(out);
}
