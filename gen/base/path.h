#ifndef BASE_PATH_H
#define BASE_PATH_H

#include "base/datetime.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

/*
 * Whether a name may stand in a package (RFC 8493 2.1.3, notes on sha256sum): valid UTF-8, relative, '/'-separated, no
 * empty, "." or ".." part, no control character, backslash or '%', at most LIMIT_PACKAGE_NAME_BYTES. `*reason`, when
 * not NULL, is set to a fixed text.
 */
bool path_is_safe(const char *name, const char **reason);
/* "base/name", or `name` itself when it is absolute or `base` is NULL, "" or ".". NULL when memory is out. */
char *path_join(struct arena *arena, const char *base, const char *name);
/* The part behind the last '/'. */
const char *path_name(const char *path);
/* The part before the last '/', or ".". */
char *path_parent(struct arena *arena, const char *path);

/*
 * Matches a source's path pattern (`okta/users-{date}.json`). `{period}` and `{date}` each match one span as
 * datetime_span reads it (the longest that fits), `{name}` for any other name matches a run of one or more bytes
 * without
 * '/' (the shortest that fits), `*` the same without a name, and also nothing. At most PATH_PARTS named parts and twice
 * as many wildcards in all. Of several spans the narrowest dates the file.
 */
#define PATH_PARTS 8
struct path_part {
    const char *name; /* points into the pattern */
    size_t name_length;
    const char *text; /* points into the path */
    size_t text_length;
};
struct path_match {
    struct path_part parts[PATH_PARTS];
    size_t part_count;
    bool dated; /* {period} or {date} was matched, and this is its span */
    struct span span;
};
bool path_match(const char *pattern, const char *path, struct path_match *match);
/* Whether the pattern is well-formed; sets a fixed reason if not. */
bool path_pattern_valid(const char *pattern, const char **reason);
/*
 * Matches a pattern of `member:` against the name of a file in an archive: `*` matches within one part of the name, and
 * a pattern without a '/' is held against its last part.
 */
bool path_member_match(const char *pattern, const char *name);
/* The same for such a pattern, which has no named parts: the path of the archive dates and names all that is in it. */
bool path_member_pattern_valid(const char *pattern, const char **reason);

#endif
