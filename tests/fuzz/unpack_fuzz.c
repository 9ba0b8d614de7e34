/* Archives and compressed files: whatever the bytes and the size of the reads, the same members with the same content,
 * names that are safe, and an end. */

#include "base/limits.h"
#include "base/path.h"
#include "read/unpack.h"

#include <stdlib.h>
#include <string.h>

#define MOST_BYTES (4u << 20) /* of content that is looked at */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void must(bool holds) {
    if (!holds) {
        abort();
    }
}

struct summary {
    uint64_t members;
    uint64_t problems;
    uint64_t bytes;
    uint64_t hash; /* of names, content and what was said */
    bool cut;      /* it was too much to be looked at */
};

static uint64_t mix(uint64_t hash, const void *bytes, size_t length) {
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ at[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

static void read_member(struct unpack *unpack, struct summary *summary) {
    struct byte_source *source = unpack_bytes(unpack);
    char block[4096];
    ssize_t got;

    while ((got = source->read(source, block, sizeof block)) > 0 && !summary->cut) {
        summary->hash = mix(summary->hash, block, (size_t)got);
        summary->bytes += (uint64_t)got;
        summary->cut = summary->bytes > MOST_BYTES;
    }
    must(got >= 0);
}

static struct summary read_all(const uint8_t *bytes, size_t length, size_t most, bool offices) {
    struct byte_source_memory memory;
    struct summary summary = {.hash = 1};

    byte_source_memory(&memory, bytes, length);
    memory.most = most;
    struct unpack *unpack = unpack_open(&memory.source);
    must(unpack != NULL);
    if (offices) {
        unpack_offices(unpack);
    }
    for (enum unpack_event event; !summary.cut && (event = unpack_next(unpack)) != UNPACK_END;) {
        must(event != UNPACK_FAILED);
        if (event == UNPACK_PROBLEM) {
            const char *text = unpack_problem_text(unpack);
            must(text != NULL && *text != '\0');
            summary.hash = mix(summary.hash, text, strlen(text));
            summary.problems++;
            continue;
        }
        const char *name = unpack_name(unpack);
        must(name == NULL || path_is_safe(name, NULL));
        must(name == NULL || unpack_packed(unpack));
        summary.hash = mix(summary.hash, name != NULL ? name : "", name != NULL ? strlen(name) : 0) + 1;
        must(++summary.members <= LIMIT_ARCHIVE_MEMBERS);
        /* Some members are left unread, or read in part. */
        if (summary.members % 3 != 0) {
            read_member(unpack, &summary);
        }
    }
    unpack_close(unpack);
    return summary;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct summary whole = read_all(bytes, length, 0, false);
    struct summary pieces = read_all(bytes, length, 1 + length % 7, false);
    must(whole.cut || (whole.members == pieces.members && whole.problems == pieces.problems &&
                       whole.bytes == pieces.bytes && whole.hash == pieces.hash));
    read_all(bytes, length, 0, true);
    return 0;
}
