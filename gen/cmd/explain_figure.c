#include "cmd/explain_private.h"

#include "assess/metric.sql.h"

#include <string.h>

#define INDENT 4 /* of the figures in their statement */

/* A copy with at most INDENT blanks fewer before each line but the first, which begins in the middle of one. */
static const char *outdented(struct arena *arena, const char *text, size_t length) {
    char *copy = arena_copy(arena, text, length);
    size_t kept = 0;

    for (size_t i = 0; copy != NULL && i < length; i++) {
        copy[kept++] = text[i];
        for (size_t blanks = 0; text[i] == '\n' && blanks < INDENT && text[i + 1] == ' '; blanks++, text++, length--) {
        }
    }
    if (copy != NULL) {
        copy[kept] = '\0';
    }
    return copy;
}

/* The figures stand in one statement, joined by UNION ALL; the first value of each is its id, on the line it begins. */
const char *explain_figure_sql(struct arena *arena, const char *id) {
    static const char next[] = "UNION ALL";
    const char *last = sql_metric_insert + strlen(sql_metric_insert);
    struct buffer quoted = {0};
    const char *found = NULL;

    buffer_format(&quoted, "'%s'", id);
    const char *text = buffer_text(&quoted);
    const char *at = text != NULL ? strstr(sql_metric_insert, text) : NULL;
    if (at == NULL) {
        goto end;
    }
    while (at > sql_metric_insert && at[-1] != '\n') {
        at--;
    }
    at += strspn(at, " ");
    const char *until = strstr(at, next);
    if (until == NULL) {
        /* The last one stands before the parenthesis around them all. */
        for (until = last; until > at && *until != ')'; until--) {
        }
    }
    while (until > at && strchr(" \n", until[-1]) != NULL) {
        until--;
    }
    found = outdented(arena, at, (size_t)(until - at));

end:
    buffer_free(&quoted);
    return found;
}
