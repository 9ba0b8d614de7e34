#ifndef READ_WALK_REPEAT_H
#define READ_WALK_REPEAT_H

#include "read/capture.h"
#include "read/nest.h"

/*
 * Most records of a JSON export have one of a few shapes. One that has the shape of a record before it is read at one
 * go, without its keys being looked up again, and captured as that was. What has no such shape is left to the walk.
 */
struct walk_repeat;

/* NULL for a format that has nothing of the kind, or when memory is out: all records are walked then. */
struct walk_repeat *walk_repeat_new(const struct nest *nest);
void walk_repeat_free(struct walk_repeat *repeat);
/*
 * Learns a record without fault that was captured from item `first` on. `node` is its element in the outline, or the
 * document's; its text goes from the offset on and begins in that line.
 */
struct walk_repeat_record {
    const struct outline_node *node;
    uint32_t first;
    uint64_t offset;
    uint64_t length;
    uint64_t line;
};
void walk_repeat_learn(struct walk_repeat *repeat, struct nest *nest, const struct capture *capture,
                       const struct walk_repeat_record *record);
/* Whether a record of `node` comes next whose shape is known: nest->offset and nest->line are its own then. */
bool walk_repeat_find(struct walk_repeat *repeat, struct nest *nest, const struct outline_node *node);
/* Captures it as an element of `parent`, or as the document (CAPTURE_NONE), and goes behind it. */
void walk_repeat_capture(struct walk_repeat *repeat, struct nest *nest, struct capture *capture, uint32_t parent);

#endif
