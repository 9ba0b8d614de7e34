#include "base/pattern_literal.h"

#include <string.h>

#define LEAST 3  /* bytes that are worth looking for */
#define DEPTH 16 /* of groups in groups */

/* A group, or the expression as a whole. */
struct level {
    struct pattern_literal best; /* of what must stand in it */
    bool passed_over;            /* it has alternatives, or only looks around: nothing in it must stand there */
};

struct scan {
    const char *at;
    bool extended;              /* (?x): blanks mean nothing */
    struct pattern_literal run; /* of what stands side by side right before */
    struct level levels[DEPTH];
    size_t depth;
};

static void keep_longer(struct pattern_literal *best, const struct pattern_literal *other) {
    if (other->length > best->length) {
        *best = *other;
    }
}

static void end_run(struct scan *scan) {
    keep_longer(&scan->levels[scan->depth].best, &scan->run);
    scan->run.length = 0;
}

static void add(struct scan *scan, char byte) {
    if (scan->run.length == PATTERN_LITERAL_BYTES) {
        end_run(scan);
    }
    scan->run.bytes[scan->run.length++] = byte;
}

static bool is_one_of(char byte, const char *set) {
    return byte != '\0' && strchr(set, byte) != NULL;
}

/* Stands on the backslash. False for what is unusual. */
static bool pass_escape(struct scan *scan) {
    char letter = scan->at[1];
    bool word =
        (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z');

    if (letter < ' ' || letter > '~') {
        return false;
    }
    scan->at += 2;
    if (!word) {
        add(scan, letter);
        return true;
    }
    end_run(scan);
    if (letter == 'x') {
        scan->at += *scan->at == '{' ? strcspn(scan->at, "}") : 0;
        return *scan->at == '}' && scan->at++ != NULL;
    }
    return is_one_of(letter, "dDsSwWtnrbB");
}

/* Stands on the opening bracket. */
static bool pass_class(struct scan *scan) {
    end_run(scan);
    scan->at += scan->at[1] == '^' ? 2 : 1;
    if (*scan->at == ']') {
        return false;
    }
    for (; *scan->at != ']'; scan->at++) {
        bool named = *scan->at == '[' && is_one_of(scan->at[1], ":.=");
        bool escaped = *scan->at == '\\';
        scan->at += escaped;
        if (named || *scan->at == '\0' || scan->at[0] == 'Q' || scan->at[0] == 'E' || (escaped && scan->at[0] == 'c')) {
            /* A Q or E may be that of \Q and \E: unusual enough to give up in either case. \c takes a byte more. */
            return false;
        }
    }
    scan->at++;
    return true;
}

/* Stands on the opening parenthesis. */
static bool enter(struct scan *scan) {
    bool around = false;

    end_run(scan);
    if (++scan->depth == DEPTH || scan->at[1] == '*') {
        return false;
    }
    if (*++scan->at == '?') {
        char what = scan->at[1];
        around = what == '=' || what == '!' || (what == '<' && is_one_of(scan->at[2], "=!"));
        bool name = what == '<' && !around;
        if (name && scan->at[2] == '*') { /* it looks behind, which may be entered again */
            return false;
        }
        if (!around && !name && !is_one_of(what, ":>|")) {
            return false;
        }
        scan->at += name ? strcspn(scan->at, ">") : what == '<' ? 2 : 1;
        if (*scan->at++ == '\0') {
            return false;
        }
    }
    scan->levels[scan->depth] = (struct level){.passed_over = around};
    return true;
}

static void pass_blanks(struct scan *scan) {
    while (scan->extended && is_one_of(*scan->at, " \t\n\v\f\r")) {
        scan->at++;
    }
}

/* Stands on the closing parenthesis. */
static bool leave(struct scan *scan) {
    end_run(scan);
    if (scan->depth == 0) {
        return false;
    }
    const struct level *level = &scan->levels[scan->depth--];
    scan->at++;
    pass_blanks(scan);
    if (!level->passed_over && !is_one_of(*scan->at, "?*{")) {
        keep_longer(&scan->levels[scan->depth].best, &level->best);
    }
    return true;
}

/* Stands on a quantifier: what is before it may not stand there, or several times. */
static bool pass_quantifier(struct scan *scan) {
    char kind = *scan->at++;

    scan->run.length -= kind != '+' && scan->run.length > 0;
    end_run(scan);
    if (kind == '{') {
        scan->at += strspn(scan->at, "0123456789,");
        return *scan->at == '}' && scan->at++ != NULL;
    }
    return true;
}

static bool pass_one(struct scan *scan) {
    char byte = *scan->at;

    switch (byte) {
    case '\\':
        return pass_escape(scan);
    case '[':
        return pass_class(scan);
    case '(':
        return enter(scan);
    case ')':
        return leave(scan);
    case '?':
    case '*':
    case '+':
    case '{':
        return pass_quantifier(scan);
    case '|':
        end_run(scan);
        scan->levels[scan->depth].passed_over = true;
        break;
    case '.':
    case '^':
    case '$':
        end_run(scan);
        break;
    case '#':
        if (scan->extended) {
            return false;
        }
        add(scan, byte);
        break;
    default:
        if ((unsigned char)byte >= 0x80) {
            return false;
        }
        add(scan, byte);
        break;
    }
    scan->at++;
    return true;
}

/* Options at the very beginning; elsewhere they are unusual. */
static bool pass_options(struct scan *scan) {
    while (scan->at[0] == '(' && scan->at[1] == '?' && is_one_of(scan->at[2], "Jsx")) {
        for (scan->at += 2; *scan->at != ')'; scan->at++) {
            if (!is_one_of(*scan->at, "Jsx") || (scan->at[0] == 'x' && scan->at[1] == 'x')) {
                return false;
            }
            scan->extended = scan->extended || *scan->at == 'x';
        }
        scan->at++;
    }
    return true;
}

void pattern_literal_find(const char *expression, struct pattern_literal *out) {
    struct scan scan = {.at = expression};
    bool good = pass_options(&scan);

    out->length = 0;
    for (pass_blanks(&scan); good && *scan.at != '\0'; pass_blanks(&scan)) {
        good = pass_one(&scan);
    }
    if (!good || scan.depth > 0) {
        return;
    }
    end_run(&scan);
    if (!scan.levels[0].passed_over && scan.levels[0].best.length >= LEAST) {
        *out = scan.levels[0].best;
    }
}

bool pattern_literal_holds(const struct pattern_literal *literal, const char *text, size_t length) {
    return literal->length == 0 || memmem(text, length, literal->bytes, literal->length) != NULL;
}
