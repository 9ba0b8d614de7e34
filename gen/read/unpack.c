#include "read/unpack.h"

#include "base/limits.h"
#include "read/unpack_level.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define UNPACK_SCRATCH_BYTES (64u << 10)

/* Counts the bytes of the evidence file. */
struct unpack_raw {
    struct byte_source source;
    struct byte_source *from;
    struct unpack_budget *budget;
};

struct unpack {
    struct unpack_raw raw;
    struct unpack_budget budget;
    struct unpack_level levels[LIMIT_ARCHIVE_DEPTH + 1]; /* the last may be a member that is given */
    size_t count;
    bool started;
    bool packed;
    bool given; /* the last level is what unpack_bytes gives */
    enum diagnostic problem;
    struct buffer text;
    char *problem_member;
    char scratch[UNPACK_SCRATCH_BYTES]; /* last: it is written before it is read */
};

static ssize_t unpack_raw_read(struct byte_source *source, void *into, size_t capacity) {
    struct unpack_raw *raw = (struct unpack_raw *)source;
    ssize_t got = raw->from->read(raw->from, into, capacity);

    raw->budget->raw += got > 0 ? (uint64_t)got : 0;
    return got;
}

struct unpack *unpack_open(struct byte_source *bytes) {
    struct unpack *unpack = malloc(sizeof *unpack);

    if (unpack != NULL) {
        memset(unpack, 0, offsetof(struct unpack, scratch)); /* the rest costs more than a small file */
        unpack->raw = (struct unpack_raw){{unpack_raw_read}, bytes, &unpack->budget};
    }
    return unpack;
}

void unpack_offices(struct unpack *unpack) {
    unpack->budget.offices = true;
}

static void unpack_pop(struct unpack *unpack, size_t until) {
    while (unpack->count > until) {
        unpack_level_close(&unpack->levels[--unpack->count]);
    }
}

void unpack_close(struct unpack *unpack) {
    if (unpack == NULL) {
        return;
    }
    unpack_pop(unpack, 0);
    buffer_free(&unpack->text);
    free(unpack->problem_member);
    free(unpack);
}

/* Hands over what is wrong. */
static enum unpack_event unpack_report(struct unpack *unpack, enum diagnostic problem, const struct buffer *text,
                                       const char *member) {
    unpack->problem = problem;
    buffer_clear(&unpack->text);
    buffer_append(&unpack->text, text->data, text->length);
    free(unpack->problem_member);
    unpack->problem_member = member != NULL ? strdup(member) : NULL;
    if (text->failed || unpack->text.failed || (member != NULL && unpack->problem_member == NULL)) {
        unpack->budget.system_error = ENOMEM;
        return UNPACK_FAILED;
    }
    return UNPACK_PROBLEM;
}

/* What is wrong below is why the levels above it cannot be read: only that is said. NULL when all is well. */
static struct unpack_level *unpack_broken(struct unpack *unpack, size_t *index) {
    for (size_t i = 0; i < unpack->count; i++) {
        if (unpack->levels[i].broken) {
            *index = i;
            return &unpack->levels[i];
        }
    }
    return NULL;
}

/* Passes over the rest of the member at hand. False when the input failed. */
static bool unpack_drain(struct unpack *unpack, struct unpack_level *level) {
    ssize_t got;

    if (level->archive == NULL && level->gunzip == NULL) {
        return true;
    }
    do {
        got = level->content.read(&level->content, unpack->scratch, sizeof unpack->scratch);
    } while (got > 0 || (got < 0 && errno == EINTR));
    return got == 0;
}

/* Adds the level of a member and enters what it is. `*leaf`: it is none that holds others. False when that failed. */
static bool unpack_push(struct unpack *unpack, struct byte_source *bytes, const char *name, bool *leaf) {
    struct unpack_level *level = &unpack->levels[unpack->count];
    char *copy = name != NULL ? strdup(name) : NULL;

    *leaf = false;
    if (name != NULL && copy == NULL) {
        unpack->budget.system_error = ENOMEM;
        return false;
    }
    unpack->count++;
    if (!unpack_level_open(level, bytes, copy, &unpack->budget)) {
        return false;
    }
    if (level->container == CONTAINER_NONE) {
        *leaf = true;
        return true;
    }
    unpack->packed = true;
    if (unpack->count > LIMIT_ARCHIVE_DEPTH) {
        level->broken = true;
        level->problem = DIAGNOSTIC_ARCHIVE_LIMIT;
        buffer_format(&level->text,
                      "it is an archive or compressed file in others, more than %d in one another; pack it again",
                      LIMIT_ARCHIVE_DEPTH);
        return true;
    }
    return unpack_level_enter(level);
}

enum unpack_event unpack_next(struct unpack *unpack) {
    bool leaf = false;
    size_t index;

    if (!unpack->started) {
        unpack->started = true;
        if (!unpack_push(unpack, &unpack->raw.source, NULL, &leaf)) {
            return UNPACK_FAILED;
        }
    } else if (unpack->given) {
        unpack_pop(unpack, unpack->count - 1);
    }
    unpack->given = false;
    while (unpack->budget.system_error == 0) {
        const struct unpack_level *broken = unpack_broken(unpack, &index);
        /* A fault that was met while it was looked at is said behind what there is of it. */
        if (leaf && (broken == NULL || unpack->levels[unpack->count - 1].input.length > 0)) {
            unpack->given = true;
            return UNPACK_MEMBER;
        }
        if (broken != NULL) {
            enum unpack_event event = unpack_report(unpack, broken->problem, &broken->text,
                                                    broken->member_name != NULL ? broken->member_name : broken->name);
            unpack_pop(unpack, unpack->budget.spent ? 0 : index);
            return event;
        }
        if (unpack->count == 0) {
            return UNPACK_END;
        }
        struct unpack_level *top = &unpack->levels[unpack->count - 1];
        if (!unpack_drain(unpack, top)) {
            break;
        }
        if (top->broken) {
            continue;
        }
        switch (unpack_level_next(top)) {
        case UNPACK_STEP_MEMBER:
            if (!unpack_push(unpack, &top->content, top->member_name, &leaf)) {
                return UNPACK_FAILED;
            }
            break;
        case UNPACK_STEP_END:
            unpack_pop(unpack, unpack->count - 1);
            break;
        case UNPACK_STEP_REFUSED:
            return unpack_report(unpack, top->problem, &top->text, NULL);
        case UNPACK_STEP_PASS:
        case UNPACK_STEP_BROKEN:
        case UNPACK_STEP_FAILED:
            break;
        }
    }
    return UNPACK_FAILED;
}

struct byte_source *unpack_bytes(struct unpack *unpack) {
    return &unpack->levels[unpack->count - 1].input.source;
}

const char *unpack_name(const struct unpack *unpack) {
    return unpack->levels[unpack->count - 1].name;
}

bool unpack_packed(const struct unpack *unpack) {
    return unpack->packed;
}

enum diagnostic unpack_problem(const struct unpack *unpack) {
    return unpack->problem;
}

const char *unpack_problem_text(const struct unpack *unpack) {
    return buffer_text(&unpack->text);
}

const char *unpack_problem_member(const struct unpack *unpack) {
    return unpack->problem_member;
}

int unpack_system_error(const struct unpack *unpack) {
    return unpack->budget.system_error;
}
