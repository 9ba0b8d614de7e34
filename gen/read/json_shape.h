#ifndef READ_JSON_SHAPE_H
#define READ_JSON_SHAPE_H

#include "base/buffer.h"
#include "read/json.h"

/*
 * The shape of a JSON text: all that stands between its scalars, the keys among it. Of a text that has the shape of one
 * that the parser has accepted, only the scalars have to be looked at.
 */
#define JSON_SHAPE_SCALARS 512
#define JSON_SHAPE_BYTES   (64u << 10) /* of a text */

struct json_shape {
    struct buffer between;                    /* the runs of bytes between scalars, one behind the other */
    uint32_t lengths[JSON_SHAPE_SCALARS + 1]; /* of the runs: one before each scalar, and the last */
    size_t scalar_count;
};

/* A text of some shape. Places count from its beginning. */
struct json_shape_text {
    uint32_t starts[JSON_SHAPE_SCALARS + 2]; /* of each run; the text's end */
    enum json_event events[JSON_SHAPE_SCALARS];
};

/*
 * Takes the shape of an object that the parser has accepted. False where it has too many scalars or bytes, or memory is
 * out. The text's events are not set.
 */
bool json_shape_take(struct json_shape *shape, const char *bytes, size_t length, struct json_shape_text *text);
bool json_shape_equals(const struct json_shape *a, const struct json_shape *b);
/*
 * Whether the next text has the shape: `held` bytes are there, with WINDOW_PADDING zeros behind them. Strings with
 * escapes or characters outside ASCII are left to the parser: false.
 */
bool json_shape_matches(const struct json_shape *shape, const char *bytes, size_t held, struct json_shape_text *text);
void json_shape_free(struct json_shape *shape);

#endif
