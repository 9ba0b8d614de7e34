#include "base/byte_sink.h"

#include <errno.h>
#include <unistd.h>

static bool write_digest(struct byte_sink *sink, const void *bytes, size_t length) {
    struct byte_sink_digest *tap = (struct byte_sink_digest *)sink;
    if (!digest_update(tap->digest, bytes, length)) {
        return false;
    }
    tap->bytes += length;
    return tap->next == NULL || tap->next->write(tap->next, bytes, length);
}

bool byte_sink_digest_open(struct byte_sink_digest *tap, struct byte_sink *next) {
    *tap = (struct byte_sink_digest){.sink.write = write_digest, .next = next, .digest = digest_new()};
    return tap->digest != NULL;
}

bool byte_sink_digest_close(struct byte_sink_digest *tap, uint8_t out[DIGEST_BYTES]) {
    bool finished = tap->digest != NULL && digest_finish(tap->digest, out);
    digest_free(tap->digest);
    tap->digest = NULL;
    return finished;
}

static bool write_descriptor(struct byte_sink *sink, const void *bytes, size_t length) {
    struct byte_sink_descriptor *file = (struct byte_sink_descriptor *)sink;
    const char *rest = bytes;
    while (length > 0) {
        ssize_t written = write(file->descriptor, rest, length);
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            file->error = errno;
            return false;
        }
        rest += written;
        length -= (size_t)written;
    }
    return true;
}

void byte_sink_descriptor(struct byte_sink_descriptor *file, int descriptor) {
    *file = (struct byte_sink_descriptor){.sink.write = write_descriptor, .descriptor = descriptor};
}
