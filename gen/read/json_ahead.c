#include "read/json_private.h"

const char *json_ahead(struct json *json, size_t *held) {
    bool document = json->lines && json->expect == JSON_EXPECT_DOCUMENT;

    if (json->stopped || !json->started) {
        return NULL;
    }
    if (json->expect == JSON_EXPECT_MORE && !json_in_object(json) && json_peek(json) == ',') {
        json->at++;
        json->expect = JSON_EXPECT_VALUE;
    }
    if ((!document && (json->expect != JSON_EXPECT_VALUE || json_in_object(json))) || json_peek(json) != '{') {
        return NULL;
    }
    json_place(json, json->at);
    *held = json->window.end - json->at;
    return (const char *)json->window.data + json->at;
}

void json_ahead_pass(struct json *json, size_t length, uint64_t lines, size_t last_line) {
    if (lines > 0) {
        json->line += lines;
        json->line_start = json->window.base + json->at + last_line;
    }
    json->at += length;
    json->token = JSON_NO_POSITION;
    json->token_end = json->window.base + json->at;
    json->event = json->depth == 0 ? JSON_DOCUMENT_END : JSON_OBJECT_END;
    json->expect = json->depth == 0 ? JSON_EXPECT_DOCUMENT : JSON_EXPECT_MORE;
}

const char *json_ahead_read(const struct json *json, uint64_t offset, uint64_t length) {
    if (offset < json->window.base || offset - json->window.base > json->at ||
        length > json->at - (offset - json->window.base)) {
        return NULL;
    }
    return (const char *)json->window.data + (offset - json->window.base);
}
