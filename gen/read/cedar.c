#include "read/cedar.h"

#include "base/text.h"
#include "read/cedar_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define STEP_BYTES (64u << 10)

struct cedar *cedar_open(struct byte_source *bytes) {
    struct cedar *cedar = calloc(1, sizeof *cedar);

    if (cedar == NULL || !window_open(&cedar->window, bytes)) {
        free(cedar);
        return NULL;
    }
    cedar->line = 1;
    cedar->column = 1;
    return cedar;
}

void cedar_close(struct cedar *cedar) {
    if (cedar == NULL) {
        return;
    }
    window_close(&cedar->window);
    buffer_free(&cedar->pool);
    free(cedar->policy.annotations);
    free(cedar->policy.actions);
    free(cedar);
}

/* Lets go of all bytes before `at`. */
static void cedar_pass(struct cedar *cedar) {
    cedar_token_count(cedar, cedar->at);
    cedar->start = cedar->at;
}

/* Byte order mark, UTF-16. False after an error. */
static bool cedar_start(struct cedar *cedar) {
    cedar->started = true;
    (void)cedar_token_peek(cedar, 2);
    const unsigned char *data = cedar->window.data;
    size_t there = cedar->window.end;
    bool mark = there >= 2 && ((data[0] == 0xFF && data[1] == 0xFE) || (data[0] == 0xFE && data[1] == 0xFF));
    bool ascii = there >= 2 && (data[0] == 0) != (data[1] == 0);
    if (mark || ascii) {
        cedar->ended = true;
        return cedar_token_fail_at(cedar, CEDAR_PROBLEM_UTF16, "the text is UTF-16", 0);
    }
    if (there >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) {
        cedar->at = cedar->start = cedar->counted = 3;
    }
    return true;
}

/* Stands behind the next ';'; false when there is none. */
static bool cedar_resynchronise(struct cedar *cedar) {
    int byte;

    while ((byte = cedar_token_peek(cedar, 0)) >= 0) {
        cedar->at++;
        if (byte == ';') {
            return true;
        }
        if (cedar->at - cedar->start > STEP_BYTES) {
            cedar_pass(cedar);
        }
    }
    return false;
}

static enum cedar_event cedar_end(struct cedar *cedar, enum cedar_event event) {
    cedar->ended = true;
    cedar->policy_length = cedar->at - cedar->policy_offset;
    return cedar->failed ? CEDAR_READ_FAILED : event;
}

/* What became of a policy that could not be parsed. */
static enum cedar_event cedar_recover(struct cedar *cedar) {
    bool cut = cedar->token.kind == CEDAR_TOKEN_END;
    size_t unclosed = cedar->unclosed;

    if (cut) {
        return cedar_end(cedar, CEDAR_READ_TRUNCATED);
    }
    bool at_end = cedar->at == cedar->token.from + 1 && *cedar_token_bytes(cedar, cedar->token.from) == ';';
    bool found = at_end || cedar_resynchronise(cedar);
    if (cedar->failed) {
        return cedar_end(cedar, CEDAR_READ_FAILED);
    }
    /* Each such text was looked for up to the end: a second one is not worth it. */
    if (unclosed > 1 || (unclosed == 1 && !found)) {
        return cedar_end(cedar, CEDAR_READ_TRUNCATED);
    }
    cedar->policy_length = cedar->at - cedar->policy_offset;
    return CEDAR_READ_ERROR;
}

/* Empties the policy but keeps its memory. */
static void cedar_clear(struct cedar *cedar) {
    struct cedar_policy *policy = &cedar->policy;

    *policy = (struct cedar_policy){
        .annotations = policy->annotations,
        .annotation_capacity = policy->annotation_capacity,
        .actions = policy->actions,
        .action_capacity = policy->action_capacity,
    };
    buffer_clear(&cedar->pool);
    cedar->depth = 0;
}

enum cedar_event cedar_next(struct cedar *cedar, const struct cedar_policy **policy) {
    *policy = NULL;
    if (cedar->ended || cedar->failed) {
        return cedar->failed ? CEDAR_READ_FAILED : CEDAR_READ_END;
    }
    if (!cedar->started && !cedar_start(cedar)) {
        return cedar->failed ? CEDAR_READ_FAILED : CEDAR_READ_ERROR;
    }
    do {
        cedar_pass(cedar);
        cedar_token_blanks(cedar);
    } while (cedar->at > cedar->start);
    if (cedar_token_peek(cedar, 0) < 0) {
        return cedar_end(cedar, CEDAR_READ_END);
    }
    cedar_clear(cedar);
    cedar->policy_line = cedar->line;
    cedar->policy_offset = cedar->at;
    bool good = cedar_token_advance(cedar) && cedar_parse_policy(cedar);
    if (cedar->pool.failed) {
        cedar->window.error = ENOMEM;
        cedar->failed = true;
    }
    if (cedar->failed) {
        return cedar_end(cedar, CEDAR_READ_FAILED);
    }
    if (!good) {
        return cedar_recover(cedar);
    }
    cedar->policy_length = cedar->at - cedar->policy_offset;
    size_t bad;
    if (!text_utf8_valid(cedar_token_bytes(cedar, cedar->start), (size_t)(cedar->at - cedar->start), &bad)) {
        cedar_token_fail_at(cedar, CEDAR_PROBLEM_ENCODING, "the policy is not UTF-8", cedar->start + bad);
        return CEDAR_READ_ERROR;
    }
    *policy = &cedar->policy;
    return CEDAR_READ_POLICY;
}

const char *cedar_bytes(const struct cedar *cedar, const struct cedar_text *text) {
    return text->there && cedar->pool.data != NULL ? cedar->pool.data + text->from : "";
}

uint64_t cedar_line(const struct cedar *cedar) {
    return cedar->policy_line;
}

uint64_t cedar_offset(const struct cedar *cedar) {
    return cedar->policy_offset;
}

uint64_t cedar_length(const struct cedar *cedar) {
    return cedar->policy_length;
}

enum cedar_problem cedar_problem(const struct cedar *cedar) {
    return cedar->problem;
}

const char *cedar_error(const struct cedar *cedar) {
    return cedar->error;
}

uint64_t cedar_error_line(const struct cedar *cedar) {
    return cedar->error_line;
}

uint64_t cedar_error_column(const struct cedar *cedar) {
    return cedar->error_column;
}

int cedar_system_error(const struct cedar *cedar) {
    return cedar->window.error;
}
