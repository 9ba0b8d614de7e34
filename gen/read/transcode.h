#ifndef READ_TRANSCODE_H
#define READ_TRANSCODE_H

#include "base/buffer.h"
#include "base/byte_source.h"
#include "base/encoding.h"

/*
 * Text on its way to a reader of UTF-8. Without an encoding it passes as it is, but for UTF-16 with its byte order
 * mark; with one it is turned into UTF-8, and what is no character becomes the byte ENCODING_MALFORMED, which the
 * reader reports where it stands. The raw bytes of what may still be asked for are held, so that a place in the UTF-8
 * can be told in the file.
 */
struct transcode {
    struct byte_source source; /* first: gives the UTF-8 */
    struct byte_source *from;
    struct encoding_decoder decoder;
    const struct encoding *declared; /* NULL: none */
    bool started;
    bool passing;  /* it is UTF-8 already */
    bool conflict; /* a byte order mark says otherwise than what is declared, and counts */
    bool failed;   /* the system has not got the encoding */
    bool ended;
    struct buffer raw;  /* held, from `base` on; the last `raw.length - decoded_to` are not decoded yet */
    uint64_t base;      /* offset in the file of raw.data[0] ... */
    uint64_t base_text; /* ... and in the UTF-8 */
    size_t decoded_to;
    uint64_t text;       /* UTF-8 made so far */
    struct buffer marks; /* struct transcode_mark */
    struct buffer out;   /* made and not given yet */
    size_t out_at;
};

void transcode_open(struct transcode *transcode, struct byte_source *from, const struct encoding *declared);
void transcode_close(struct transcode *transcode);
/* The offset in the file of an offset in the UTF-8 that was not released. */
uint64_t transcode_offset(const struct transcode *transcode, uint64_t text);
/* Nothing before this offset in the UTF-8 will be asked for. */
void transcode_release(struct transcode *transcode, uint64_t text);

#endif
