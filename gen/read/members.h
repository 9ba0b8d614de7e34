#ifndef READ_MEMBERS_H
#define READ_MEMBERS_H

#include "base/record_source.h"
#include "read/unpack.h"

struct reader;

/*
 * The files that one evidence file holds, read one after the other as one export of one kind: the members of an archive
 * that `member:` names, all of them without it; what a compressed file holds; or the file itself.
 */
struct members {
    struct unpack *unpack; /* NULL for a document, which is never unpacked */
    bool started;
    struct record_member *items; /* of what is packed; lives as long as the reader */
    size_t count;
    uint64_t left_out; /* members that `member:` does not name */
    uint64_t problems; /* reported */
};

/* False when memory is out; members_close is then still right. */
bool members_open(struct reader *reader);
void members_close(struct reader *reader);
/* Makes the next member the reader's content: RECORD_ROW, or RECORD_END when there is none left. */
enum record_status members_next(struct reader *reader);
/*
 * Says that the records of the member at hand stand in a part of it, as those of a workbook do. False when memory is
 * out.
 */
bool members_part(struct reader *reader, const char *part);
/* After the last: what there is to say of all of them. False when memory is out. */
bool members_finish(struct reader *reader);

#endif
