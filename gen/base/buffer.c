#include "base/buffer.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALLEST_CAPACITY 64

bool buffer_reserve(struct buffer *buffer, size_t extra) {
    if (buffer->failed) {
        return false;
    }
    size_t needed;
    if (__builtin_add_overflow(buffer->length, extra, &needed) || __builtin_add_overflow(needed, 1, &needed)) {
        buffer->failed = true;
        return false;
    }
    if (needed <= buffer->capacity) {
        return true;
    }
    size_t capacity = buffer->capacity > SIZE_MAX / 2 ? needed : buffer->capacity * 2;
    if (capacity < SMALLEST_CAPACITY) {
        capacity = SMALLEST_CAPACITY;
    }
    if (capacity < needed) {
        capacity = needed;
    }
    char *data = realloc(buffer->data, capacity);
    if (data == NULL) {
        buffer->failed = true;
        return false;
    }
    data[buffer->length] = '\0';
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t length) {
    if (!buffer_reserve(buffer, length)) {
        return;
    }
    if (length > 0) {
        memcpy(buffer->data + buffer->length, bytes, length);
    }
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

void buffer_append_text(struct buffer *buffer, const char *text) {
    buffer_append(buffer, text, strlen(text));
}

void buffer_append_integer(struct buffer *buffer, int64_t value) {
    char digits[24];
    char *end = digits + sizeof digits;
    char *at = end;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (value < 0) {
        *--at = '-';
    }
    buffer_append(buffer, at, (size_t)(end - at));
}

void buffer_format(struct buffer *buffer, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    buffer_format_list(buffer, format, arguments);
    va_end(arguments);
}

void buffer_format_list(struct buffer *buffer, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length < 0) {
        buffer->failed = true;
    } else if (buffer_reserve(buffer, (size_t)length)) {
        if (vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again) == length) {
            buffer->length += (size_t)length;
        } else {
            buffer->data[buffer->length] = '\0';
            buffer->failed = true;
        }
    }
    va_end(again);
}

const char *buffer_text(const struct buffer *buffer) {
    if (buffer->failed) {
        return NULL;
    }
    return buffer->data == NULL ? "" : buffer->data;
}

char *buffer_take(struct buffer *buffer) {
    if (!buffer_reserve(buffer, 0)) {
        buffer_free(buffer);
        return NULL;
    }
    char *data = buffer->data;
    *buffer = (struct buffer){0};
    return data;
}

void buffer_clear(struct buffer *buffer) {
    buffer->length = 0;
    buffer->failed = false;
    if (buffer->data != NULL) {
        buffer->data[0] = '\0';
    }
}

void buffer_drop(struct buffer *buffer, size_t length) {
    if (length == 0 || buffer->data == NULL) {
        return;
    }
    if (length > buffer->length) {
        length = buffer->length;
    }
    buffer->length -= length;
    memmove(buffer->data, buffer->data + length, buffer->length);
    buffer->data[buffer->length] = '\0';
}

void buffer_free(struct buffer *buffer) {
    if (buffer == NULL) {
        return;
    }
    free(buffer->data);
    *buffer = (struct buffer){0};
}
