/* JSON: what we accept is what jansson accepts, decoded or passed over, whatever the size of the reads. */

#include "json_oracle.h"

#include "base/limits.h"
#include "base/text.h"
#include "read/json.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void must(bool holds) {
    if (!holds) {
        abort();
    }
}

struct summary {
    enum json_event end;
    enum json_problem problem;
    uint64_t documents;
    uint64_t bad_strings;
    uint64_t hash; /* of all events, texts and places */
};

static uint64_t mix(uint64_t hash, const void *bytes, size_t length) {
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ at[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

static struct summary read_all(const uint8_t *bytes, size_t length, size_t most, bool skip) {
    struct byte_source_memory memory;
    struct summary summary = {.hash = 1};

    byte_source_memory(&memory, bytes, length);
    memory.most = most;
    struct json *json = json_open(&memory.source);
    must(json != NULL);
    while ((summary.end = json_next(json)) < JSON_END) {
        size_t text_length;
        const char *text = json_text(json, &text_length);
        bool has_text = summary.end == JSON_KEY || summary.end == JSON_STRING || summary.end == JSON_NUMBER;
        must(!has_text || json_bad_strings(json, NULL) > 0 || text_utf8_valid(text, text_length, NULL));
        must(json_offset(json) <= json_end_offset(json) && json_end_offset(json) <= length);
        must(json_depth(json) <= LIMIT_JSON_DEPTH);
        const uint64_t place[] = {summary.end, json_offset(json), json_end_offset(json), json_line(json)};
        summary.hash = mix(mix(summary.hash, text, text_length), place, sizeof place);
        summary.documents += summary.end == JSON_DOCUMENT_END;
        if (skip && (summary.end == JSON_OBJECT_BEGIN || summary.end == JSON_ARRAY_BEGIN)) {
            json_skip(json);
        }
    }
    must(summary.end != JSON_READ_FAILED);
    must(summary.end != JSON_ERROR || json_error(json) != NULL);
    summary.problem = json_problem(json);
    summary.bad_strings = json_bad_strings(json, NULL);
    json_close(json);
    return summary;
}

/* Line by line: ends, and in as many pieces gives the same. */
static struct summary read_lines(const uint8_t *bytes, size_t length, size_t most) {
    struct byte_source_memory memory;
    struct summary summary = {0};

    byte_source_memory(&memory, bytes, length);
    memory.most = most;
    struct json *json = json_open(&memory.source);
    must(json != NULL);
    json_expect_lines(json);
    while ((summary.end = json_next(json)) != JSON_END && summary.end != JSON_TRUNCATED) {
        summary.documents += summary.end == JSON_DOCUMENT_END;
        must(summary.end != JSON_READ_FAILED);
        if (summary.end == JSON_ERROR) {
            summary.hash++;
            json_resynchronise(json);
        }
    }
    json_close(json);
    return summary;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct summary whole = read_all(bytes, length, 0, false);
    struct summary pieces = read_all(bytes, length, 1, false);
    must(pieces.end == whole.end && pieces.documents == whole.documents && pieces.bad_strings == whole.bad_strings &&
         pieces.hash == whole.hash);
    struct summary skipped = read_all(bytes, length, 3, true);
    must(skipped.end == whole.end && skipped.documents == whole.documents && skipped.bad_strings == whole.bad_strings);
    struct summary lines = read_lines(bytes, length, 0);
    struct summary line_pieces = read_lines(bytes, length, 2);
    must(lines.end == line_pieces.end && lines.documents == line_pieces.documents && lines.hash == line_pieces.hash);

    /* A byte order mark is not jansson's, nor is our limit on depth. */
    bool mark = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
    enum json_oracle oracle = json_oracle((const char *)bytes + (mark ? 3 : 0), length - (mark ? 3 : 0));
    bool accepted = whole.end == JSON_END && whole.documents == 1 && whole.bad_strings == 0;
    bool too_deep = whole.end == JSON_ERROR && whole.problem == JSON_PROBLEM_DEPTH;
    must(oracle == JSON_ORACLE_ABSTAINS || too_deep || accepted == (oracle == JSON_ORACLE_ACCEPTS));
    return 0;
}
