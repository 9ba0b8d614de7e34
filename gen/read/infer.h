#ifndef READ_INFER_H
#define READ_INFER_H

#include "base/arena.h"
#include "base/buffer.h"
#include "config/schema.h"

/*
 * Drafts an evidence kind from a sample export. Bytes and schema in, YAML out: no files, no stdio, no clock. What the
 * sample does not say is never guessed silently: it is left open, so that nothing is read until somebody decides, and
 * said in a comment.
 */
struct infer_request {
    const struct schema *schema;
    const char *name; /* of the file, without its folder: for its words and the kind's id */
    const char *bytes;
    size_t length;
    bool cut;       /* the bytes are only the beginning of the file */
    const char *id; /* of the kind; NULL: made from the name */
    size_t type;    /* index of the evidence type; SIZE_MAX: the one that fits best */
};

struct infer_draft {
    const char *id;
    const char *type;
    const char *extension; /* of an export of this format: "csv" */
    uint64_t records;      /* in the sample */
    size_t open;           /* places that want a decision */
    const char *refusal;   /* why there is no draft, and what to do; NULL: there is one */
};

/* What is left open in a draft stands behind this word; as a path, it is one that no export has. */
#define INFER_OPEN                                                                                                     \
    "TO"                                                                                                               \
    "DO"

/*
 * Appends the draft to `yaml`: a kind that loads with this schema, whatever the sample holds. Texts in *out live in the
 * arena. False when memory is out.
 */
bool infer_kind(struct arena *arena, const struct infer_request *request, struct buffer *yaml, struct infer_draft *out);

/*
 * Why a file is no data that a kind could read (an archive, a web page, a list without records), and what to do; NULL
 * when nothing speaks against it. `name` is the file's. A fixed text.
 */
const char *infer_unreadable(const char *name, const char *bytes, size_t length);

/* Whether a text may be the id of a kind. */
bool infer_id_valid(const char *id);

#endif
