#include "base/path.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdint.h>
#include <string.h>

static bool refuse(const char **reason, const char *text) {
    if (reason != NULL) {
        *reason = text;
    }
    return false;
}

/* Controls, and the marks that make a name read otherwise than it is stored. */
static bool is_control(uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

bool path_is_safe(const char *name, const char **reason) {
    size_t length = strlen(name);
    if (length == 0) {
        return refuse(reason, "the name is empty");
    }
    if (length > LIMIT_PACKAGE_NAME_BYTES) {
        return refuse(reason, "the name is too long");
    }
    if (name[0] == '/') {
        return refuse(reason, "the name is absolute");
    }
    if (!text_utf8_valid(name, length, NULL)) {
        return refuse(reason, "the name is not UTF-8");
    }
    for (size_t at = 0; at < length;) {
        uint32_t c = text_utf8_next(name, length, &at);
        if (is_control(c)) {
            return refuse(reason, "the name holds a control character");
        }
        if (c == '\\') {
            return refuse(reason, "the name holds a backslash");
        }
        if (c == '%') {
            return refuse(reason, "the name holds a '%'");
        }
    }
    for (const char *part = name; part != NULL;) {
        const char *slash = strchr(part, '/');
        size_t part_length = slash == NULL ? strlen(part) : (size_t)(slash - part);
        if (part_length == 0) {
            return refuse(reason, "the name has an empty part");
        }
        if ((part_length == 1 && part[0] == '.') || (part_length == 2 && memcmp(part, "..", 2) == 0)) {
            return refuse(reason, "the name has a \".\" or \"..\" part");
        }
        part = slash == NULL ? NULL : slash + 1;
    }
    return true;
}

char *path_join(struct arena *arena, const char *base, const char *name) {
    if (name[0] == '/' || base == NULL || base[0] == '\0' || strcmp(base, ".") == 0) {
        return arena_text(arena, name);
    }
    bool slash = base[strlen(base) - 1] == '/';
    return arena_format(arena, slash ? "%s%s" : "%s/%s", base, name);
}

const char *path_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

char *path_parent(struct arena *arena, const char *path) {
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return arena_text(arena, ".");
    }
    return slash == path ? arena_text(arena, "/") : arena_copy(arena, path, (size_t)(slash - path));
}

/* One piece of a pattern: literal text, or a wildcard. */
struct piece {
    const char *start;
    size_t length;
    enum { PIECE_LITERAL, PIECE_SPAN, PIECE_NAME, PIECE_ANY } kind;
};

/* The piece at `at`, which is not the end; false when a brace is not closed, stray, or has no proper name in it. */
static bool piece_at(const char *at, struct piece *out) {
    if (*at == '}') {
        return false;
    }
    if (*at == '*') {
        *out = (struct piece){at, 1, PIECE_ANY};
        return true;
    }
    if (*at != '{') {
        *out = (struct piece){at, strcspn(at, "{}*"), PIECE_LITERAL};
        return true;
    }
    const char *name = at + 1;
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    if (length == 0 || name[length] != '}') {
        return false;
    }
    bool span = (length == 6 && memcmp(name, "period", 6) == 0) || (length == 4 && memcmp(name, "date", 4) == 0);
    *out = (struct piece){at, length + 2, span ? PIECE_SPAN : PIECE_NAME};
    return true;
}

/* More than named parts need, so that `*` has room; it keeps the memory of failed attempts small. */
#define WILDCARDS (2 * PATH_PARTS)

bool path_pattern_valid(const char *pattern, const char **reason) {
    size_t wildcards = 0;
    size_t named = 0;
    bool after_name = false;
    for (const char *at = pattern; *at != '\0';) {
        struct piece piece;
        if (!piece_at(at, &piece)) {
            return refuse(reason, "a brace is not part of a {name}");
        }
        if (piece.kind == PIECE_NAME && after_name) {
            return refuse(reason, "two named parts stand side by side");
        }
        after_name = piece.kind == PIECE_NAME;
        wildcards += piece.kind != PIECE_LITERAL;
        named += piece.kind == PIECE_SPAN || piece.kind == PIECE_NAME;
        at += piece.length;
    }
    if (named > PATH_PARTS) {
        return refuse(reason, "it has too many named parts");
    }
    if (wildcards > WILDCARDS) {
        return refuse(reason, "it has too many wildcards");
    }
    return path_is_safe(pattern, reason);
}

/*
 * What a match in progress knows. `failed` remembers at which place of the path a wildcard has already failed, so that
 * a pattern of many wildcards takes time in proportion to the path, not to its power.
 */
struct attempt {
    const char *path;
    size_t length;
    struct path_match *match;
    uint8_t failed[WILDCARDS][LIMIT_PACKAGE_NAME_BYTES / 8 + 1];
};

static bool match_from(struct attempt *attempt, const char *pattern, size_t wildcard, size_t at);

static bool match_span(struct attempt *attempt, const struct piece *piece, size_t wildcard, size_t at, size_t most) {
    struct path_match *match = attempt->match;
    struct path_match before = *match;
    for (size_t length = most; length >= strlen("2025"); length--) {
        struct span span;
        if (!datetime_span(attempt->path + at, length, &span)) {
            continue;
        }
        match->parts[match->part_count++] =
            (struct path_part){piece->start + 1, piece->length - 2, attempt->path + at, length};
        /* Of several, the narrowest span dates the file: out/{period}/users-{date}.csv. */
        if (!match->dated || span.until - span.from < match->span.until - match->span.from) {
            match->span = span;
        }
        match->dated = true;
        if (match_from(attempt, piece->start + piece->length, wildcard + 1, at + length)) {
            return true;
        }
        *match = before;
    }
    return false;
}

static bool match_run(struct attempt *attempt, const struct piece *piece, size_t wildcard, size_t at, size_t most) {
    struct path_match *match = attempt->match;
    struct path_match before = *match;
    bool named = piece->kind == PIECE_NAME;
    for (size_t length = named ? 1 : 0; length <= most; length++) {
        if (named) {
            match->parts[match->part_count++] =
                (struct path_part){piece->start + 1, piece->length - 2, attempt->path + at, length};
        }
        if (match_from(attempt, piece->start + piece->length, wildcard + 1, at + length)) {
            return true;
        }
        *match = before;
    }
    return false;
}

static bool match_from(struct attempt *attempt, const char *pattern, size_t wildcard, size_t at) {
    struct piece piece;
    if (*pattern == '\0') {
        return at == attempt->length;
    }
    if (!piece_at(pattern, &piece)) {
        return false;
    }
    if (piece.kind == PIECE_LITERAL) {
        return attempt->length - at >= piece.length && memcmp(attempt->path + at, piece.start, piece.length) == 0 &&
               match_from(attempt, pattern + piece.length, wildcard, at + piece.length);
    }
    uint8_t *failed = &attempt->failed[wildcard][at / 8];
    uint8_t bit = (uint8_t)(1u << at % 8);
    if (*failed & bit) {
        return false;
    }
    size_t most = strcspn(attempt->path + at, "/");
    bool matched = piece.kind == PIECE_SPAN ? match_span(attempt, &piece, wildcard, at, most)
                                            : match_run(attempt, &piece, wildcard, at, most);
    if (!matched) {
        *failed |= bit;
    }
    return matched;
}

/* Whether the path begins as the pattern does before its first wildcard. */
static bool begins_alike(const char *pattern, const char *path) {
    for (; *pattern != '\0' && *pattern != '{' && *pattern != '}' && *pattern != '*'; pattern++, path++) {
        if (*pattern != *path) {
            return false;
        }
    }
    return true;
}

bool path_match(const char *pattern, const char *path, struct path_match *match) {
    *match = (struct path_match){0};
    /* Most patterns differ in their first letters, and a folder of files is held against every source's. */
    if (!begins_alike(pattern, path)) {
        return false;
    }
    struct attempt attempt = {.path = path, .length = strlen(path), .match = match};
    return attempt.length <= LIMIT_PACKAGE_NAME_BYTES && path_pattern_valid(pattern, NULL) &&
           match_from(&attempt, pattern, 0, 0);
}

bool path_member_match(const char *pattern, const char *name) {
    struct path_match match;

    return path_match(pattern, strchr(pattern, '/') != NULL ? name : path_name(name), &match);
}

bool path_member_pattern_valid(const char *pattern, const char **reason) {
    return strpbrk(pattern, "{}") == NULL ? path_pattern_valid(pattern, reason)
                                          : refuse(reason, "it has a {name}, and the archive's own path says it all");
}
