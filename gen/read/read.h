#ifndef READ_READ_H
#define READ_READ_H

#include "base/buffer.h"
#include "base/byte_sink.h"
#include "base/byte_source.h"
#include "base/diagnostics.h"
#include "base/path.h"
#include "base/record_source.h"
#include "config/schema.h"

/* Opens evidence of any kind as typed rows. Bytes in, rows out: no files, no stdio, no globals. */
struct read_request {
    const struct schema *schema;
    const struct kind *kind;
    const char *path;                /* of the evidence, for diagnostics */
    const struct path_match *match;  /* named parts of the path for "@file.NAME"; may be NULL */
    int32_t zone;                    /* of times without one; DATETIME_ZONE_UNDECLARED: the kind's, or a diagnostic */
    const struct yaml_node *sidecar; /* what is said beside a document (approver, dates); may be NULL */
    const char *approved_by;         /* declared by the source, where no sidecar says it; may be NULL */
    const struct text_list *members; /* of an archive, the source's `member:`; empty or NULL: as the kind says */
    const enum datetime_format *day_order; /* the source's `day_order:`, for times that the kind says are day-first or
                                              month-first; NULL: as it says */
    const struct encoding *encoding;       /* the source's `encoding:`; NULL: as the kind says */
    const char *sheet;                     /* of a workbook, the source's `sheet:`; NULL: as the kind says */
    struct byte_source *bytes;
    struct byte_sink *sink; /* every byte read passes here, in order, once; may be NULL */
    struct diagnostics *diagnostics;
};

/*
 * The returned source reads the input to its very end, so that the sink has seen every byte when RECORD_END comes, also
 * when the content is malformed (the rest is then passed on unread). NULL when memory is out. Free with read_close.
 */
struct record_source *read_open(const struct read_request *request);
void read_close(struct record_source *source);

/* What the export says of itself, once RECORD_END was returned. */
struct read_facts {
    bool has_effective; /* the kind's `effective` value was there */
    int64_t effective;
    uint64_t bytes; /* read */
};
void read_facts(const struct record_source *source, struct read_facts *out);

/*
 * Which kinds claim a file, by its first bytes (and the whole of it where a path must be found): indexes into
 * schema.kinds, at most `capacity` written, the count of all returned.
 */
size_t read_detect(const struct schema *schema, const char *bytes, size_t length, size_t *kinds, size_t capacity);
/*
 * The kind that comes nearest to claiming a file that none claims: at least half of the columns or paths that its
 * `detect` asks for are there. The others are appended to `missing`, with ", " between them. NULL: none comes near.
 */
const struct kind *read_nearest(const struct schema *schema, const char *bytes, size_t length, struct buffer *missing);

#endif
