#ifndef READ_UNPACK_H
#define READ_UNPACK_H

#include "base/byte_source.h"
#include "base/diagnostics.h"

#include <stdbool.h>

/*
 * The files that stand in an input, one after the other, whatever they are packed in: gzip, zstd, bzip2, ZIP and tar,
 * in one another to LIMIT_ARCHIVE_DEPTH. An input that is packed in nothing is its own only member. Nothing is ever
 * written to disk; memory is a block a level, however large the input says it is; how much comes out is bounded by
 * LIMIT_UNPACKED_BYTES, LIMIT_UNPACKED_RATIO and LIMIT_ARCHIVE_MEMBERS.
 */
struct unpack;

enum unpack_event {
    UNPACK_MEMBER,
    UNPACK_END,
    UNPACK_PROBLEM, /* something cannot be read; the next call goes on with what can */
    UNPACK_FAILED   /* the input failed, or memory is out: unpack_system_error */
};

/* NULL when memory is out. */
struct unpack *unpack_open(struct byte_source *bytes);
void unpack_close(struct unpack *unpack);
/* Before the first call of unpack_next: office documents are unpacked too; else they are members as they are. */
void unpack_offices(struct unpack *unpack);
/*
 * Goes to the next member, past what was not read of the last. Folders are passed over, and so are members one part of
 * whose name begins with '.' or is __MACOSX, as in the evidence folder.
 */
enum unpack_event unpack_next(struct unpack *unpack);
/* The member's content, until the next call. Content that is damaged or too much ends early; a problem follows. */
struct byte_source *unpack_bytes(struct unpack *unpack);
/* "a/b.csv", or "a.zip/b.csv" of an archive in an archive; safe by path_is_safe. NULL for the input itself. */
const char *unpack_name(const struct unpack *unpack);
/* Whether the input is packed in anything; known after the first call of unpack_next. */
bool unpack_packed(const struct unpack *unpack);
/* After UNPACK_PROBLEM: what is wrong, what to do, and with which member (NULL: the input as a whole). */
enum diagnostic unpack_problem(const struct unpack *unpack);
const char *unpack_problem_text(const struct unpack *unpack);
const char *unpack_problem_member(const struct unpack *unpack);
int unpack_system_error(const struct unpack *unpack);

#endif
