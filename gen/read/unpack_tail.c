#include "read/unpack_tail.h"

#include <string.h>

#define UNPACK_TAIL_LISTED 46 /* bytes of an entry of the directory before its name */
#define UNPACK_TAIL_NAME   28 /* where the lengths of name, extra field and comment stand */
#define UNPACK_TAIL_END    22 /* bytes of the end record before its comment */

static unsigned unpack_tail_number(const struct buffer *held, size_t at) {
    return (unsigned)(unsigned char)held->data[at] | (unsigned)(unsigned char)held->data[at + 1] << 8;
}

/* Which slash a name has, and one at its end, makes no difference to libarchive either. */
static bool unpack_tail_add(struct digest_sum *sum, const char *name, size_t length) {
    struct buffer plain = {0};

    while (length > 0 && (name[length - 1] == '/' || name[length - 1] == '\\')) {
        length--;
    }
    for (size_t i = 0; i < length; i++) {
        buffer_append_byte(&plain, name[i] == '\\' ? '/' : name[i]);
    }
    const char *text = buffer_text(&plain);
    bool good = text != NULL && digest_sum_add(sum, NULL, text, plain.length);
    buffer_free(&plain);
    return good;
}

bool unpack_tail_entry(struct unpack_tail *tail, const char *name) {
    return unpack_tail_add(&tail->entries, name, strlen(name));
}

/* Takes one record off the front. False when it is not whole, or the last was taken. */
static bool unpack_tail_record(struct unpack_tail *tail, bool *memory) {
    struct buffer *held = &tail->held;

    if (tail->wrong || tail->closed || held->length < 4) {
        return false;
    }
    if (memcmp(held->data, "PK\1\2", 4) == 0) {
        if (held->length < UNPACK_TAIL_LISTED) {
            return false;
        }
        size_t name = unpack_tail_number(held, UNPACK_TAIL_NAME);
        size_t whole = UNPACK_TAIL_LISTED + name + unpack_tail_number(held, UNPACK_TAIL_NAME + 2) +
                       unpack_tail_number(held, UNPACK_TAIL_NAME + 4);
        if (held->length < whole) {
            return false;
        }
        *memory = unpack_tail_add(&tail->listed, held->data + UNPACK_TAIL_LISTED, name);
        buffer_drop(held, whole);
        return *memory;
    }
    if (memcmp(held->data, "PK\5\6", 4) == 0) {
        if (held->length < UNPACK_TAIL_END) {
            return false;
        }
        size_t whole = UNPACK_TAIL_END + unpack_tail_number(held, UNPACK_TAIL_END - 2);
        if (held->length < whole) {
            return false;
        }
        buffer_drop(held, whole);
        tail->closed = true;
        return false;
    }
    /* Records of ZIP64 (4.3.14, 4.3.15): the first says how long it is, the second is 20 bytes. */
    bool end64 = memcmp(held->data, "PK\6\6", 4) == 0;
    bool locator = memcmp(held->data, "PK\6\7", 4) == 0;
    size_t whole = locator ? 20 : 12;
    if ((!end64 && !locator) || (held->length >= whole && end64 && unpack_tail_number(held, 6) != 0)) {
        tail->wrong = true;
        return false;
    }
    if (held->length >= whole && end64) {
        whole += unpack_tail_number(held, 4);
    }
    if (held->length < whole) {
        return false;
    }
    buffer_drop(held, whole);
    return true;
}

bool unpack_tail_feed(struct unpack_tail *tail, const void *bytes, size_t length) {
    bool memory = true;

    if (length == 0 || tail->wrong) {
        return true;
    }
    if (tail->closed) {
        tail->wrong = true;
        return true;
    }
    buffer_append(&tail->held, bytes, length);
    if (tail->held.failed) {
        return false;
    }
    while (unpack_tail_record(tail, &memory)) {
    }
    tail->wrong = tail->wrong || (tail->closed && tail->held.length > 0);
    return memory;
}

const char *unpack_tail_fault(const struct unpack_tail *tail) {
    if (tail->wrong) {
        return "its directory is malformed, or other bytes stand behind it";
    }
    if (!tail->closed) {
        return "it is cut off: its directory is not there, or not whole";
    }
    bool same = tail->listed.members == tail->entries.members &&
                memcmp(tail->listed.bytes, tail->entries.bytes, DIGEST_BYTES) == 0;
    return same ? NULL : "its directory does not list the members that it has";
}

void unpack_tail_free(struct unpack_tail *tail) {
    buffer_free(&tail->held);
}
