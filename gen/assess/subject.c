#include "assess/subject.h"

#include "base/datetime.h"

#include <string.h>

static const char *const separators[] = {" @ ", " on ", " in ", " of ", " at "};

static bool is_time(const char *text, size_t length) {
    struct span span;
    int64_t moment = 0;

    return length > 0 && text[0] >= '0' && text[0] <= '9' &&
           (datetime_span(text, length, &span) ||
            datetime_parse(text, length, DATETIME_ISO, 0, &moment) == DATETIME_OK);
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

size_t subject_length(const char *item) {
    size_t length = strlen(item);

    /* Only the last separator can have a time and nothing else behind it; one of a time's own is no separator. */
    for (size_t at = length; at-- > 1;) {
        size_t separator = item[at] == ' ' ? separator_length(item + at) : 0;
        if (separator > 0) {
            size_t behind = at + separator;
            return is_time(item + behind, length - behind) ? at : length;
        }
    }
    return length;
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
