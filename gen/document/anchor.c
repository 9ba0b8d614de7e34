#include "document/anchor.h"

#include <stdint.h>
#include <string.h>

#define ANCHOR_SLOTS 64

void anchor_slug(struct buffer *out, const char *text, size_t length) {
    size_t start = out->length;
    bool gap = false;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
        if (!plain) {
            gap = true;
            continue;
        }
        if (gap && out->length > start)
            buffer_append_byte(out, '-');
        gap = false;
        buffer_append_byte(out, c);
    }
}

/* FNV-1a, 64 bits: only spreads the names, their order is never seen. */
static uint64_t anchor_hash(const char *name) {
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * UINT64_C(1099511628211);
    return hash;
}

/* The slot that holds the name, or the free one where it belongs. */
static size_t anchor_slot(const struct anchors *anchors, const char *name) {
    size_t mask = anchors->slot_count - 1;
    size_t slot = (size_t)anchor_hash(name) & mask;
    while (anchors->slots[slot] != NULL && strcmp(anchors->slots[slot], name) != 0)
        slot = (slot + 1) & mask;
    return slot;
}

static bool anchor_grow(struct anchors *anchors) {
    struct anchors larger = {.arena = anchors->arena,
                             .slot_count = anchors->slot_count == 0 ? ANCHOR_SLOTS : anchors->slot_count * 2,
                             .count = anchors->count};
    larger.slots = arena_array(anchors->arena, larger.slot_count, sizeof *larger.slots);
    if (larger.slots == NULL)
        return false;
    for (size_t i = 0; i < anchors->slot_count; i++)
        if (anchors->slots[i] != NULL)
            larger.slots[anchor_slot(&larger, anchors->slots[i])] = anchors->slots[i];
    *anchors = larger;
    return true;
}

const char *anchor_claim(struct anchors *anchors, const char *name) {
    if (anchors->count * 2 >= anchors->slot_count && !anchor_grow(anchors))
        return NULL;
    const char *claimed = arena_text(anchors->arena, name);
    size_t slot = 0;
    for (size_t number = 2; claimed != NULL; number++) {
        slot = anchor_slot(anchors, claimed);
        if (anchors->slots[slot] == NULL)
            break;
        claimed = arena_format(anchors->arena, "%s-%zu", name, number);
    }
    if (claimed == NULL)
        return NULL;
    anchors->slots[slot] = claimed;
    anchors->count++;
    return claimed;
}
