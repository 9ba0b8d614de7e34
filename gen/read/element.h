#ifndef READ_ELEMENT_H
#define READ_ELEMENT_H

#include "base/buffer.h"
#include "read/nest.h"

/* The elements of an XML document as they begin and end, with their attributes, for formats that are written in XML. */
#define ELEMENT_DEPTH      LIMIT_JSON_DEPTH
#define ELEMENT_NAME_BYTES 32 /* a longer name is cut: no element that is looked for has one */
#define ELEMENT_ATTRIBUTES 16 /* further ones are passed over: as above */

enum element_event {
    ELEMENT_BEGIN,
    ELEMENT_END,
    ELEMENT_DONE,  /* the document is complete */
    ELEMENT_FAULT, /* nest->problem and error; a document that is cut off too */
    ELEMENT_FAILED /* nest->system_error */
};

struct element_attribute {
    char name[ELEMENT_NAME_BYTES];
    size_t value; /* in the pool */
    size_t length;
};

struct element_reader {
    struct nest *nest;
    const char *const *texts; /* names of the elements whose text is wanted, NULL at the end */
    char names[64][ELEMENT_NAME_BYTES];
    size_t depth; /* open elements; the last of `names` is the one at hand */
    bool ending;  /* the one at hand has ended */
    struct element_attribute attributes[ELEMENT_ATTRIBUTES];
    size_t attribute_count;
    struct buffer pool;
    enum nest_event pending; /* read ahead */
    bool has_pending;
    char pending_name[ELEMENT_NAME_BYTES];
    uint64_t pending_offset;
    uint64_t pending_end;
    bool holding;
    uint64_t mark;
    const char *text; /* of an element that has ended and whose text is wanted; NULL else, or where it is too long */
    size_t text_length;
    uint64_t offset; /* of the element's '<' at its begin, and behind its '>' at its end */
};

/* False when memory is out; element_close is then still right. */
bool element_open(struct element_reader *reader, struct byte_source *bytes, const char *const *texts);
void element_close(struct element_reader *reader);
enum element_event element_next(struct element_reader *reader);
/* The name of the element at hand, and of the one around it ("" at the root). */
const char *element_name(const struct element_reader *reader);
const char *element_parent(const struct element_reader *reader);
/* An attribute of the element that has begun, by its local name; NUL-terminated, NULL when it is not there. */
const char *element_attribute(const struct element_reader *reader, const char *name);

#endif
