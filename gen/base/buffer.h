#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A growable run of bytes, kept NUL-terminated. Running out of memory is sticky: `failed` is set, later appends do
 * nothing, and the caller checks once, at the end. An all-zero struct is an empty buffer.
 */
struct buffer {
    char *data;
    size_t length;
    size_t capacity;
    bool failed;
};

/* Makes room for `extra` more bytes; false when memory is out. */
bool buffer_reserve(struct buffer *buffer, size_t extra);
void buffer_append(struct buffer *buffer, const void *bytes, size_t length);
static inline void buffer_append_byte(struct buffer *buffer, char byte) {
    if (buffer->failed || buffer->capacity - buffer->length < 2) {
        buffer_append(buffer, &byte, 1);
        return;
    }
    buffer->data[buffer->length++] = byte;
    buffer->data[buffer->length] = '\0';
}
void buffer_append_text(struct buffer *buffer, const char *text);
/* Appends a number in decimal digits. */
void buffer_append_integer(struct buffer *buffer, int64_t value);
/* Appends as printf does. A formatting error counts as a failure. */
void buffer_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buffer_format_list(struct buffer *buffer, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
/* The content as a C string ("" when empty), or NULL when an append failed. Owned by the buffer. */
const char *buffer_text(const struct buffer *buffer);
/* Hands the content to the caller, who frees it, and empties the buffer; NULL when an append failed. */
char *buffer_take(struct buffer *buffer);
/* Empties the buffer, keeps its memory, and forgets a failure. */
void buffer_clear(struct buffer *buffer);
/* Removes the first `length` bytes. */
void buffer_drop(struct buffer *buffer, size_t length);
void buffer_free(struct buffer *buffer);

#endif
