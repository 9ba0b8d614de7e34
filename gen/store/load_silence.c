#include "store/load.h"

#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

/*
 * How long an export of events is silent at most: a log that ends halfway, or that lost a week, gives rows like any
 * other. Every hour with a row of its own time is marked, so that the order of rows does not matter and nothing is
 * sorted; what is found is true to the hour, and never longer than the silence was.
 */
#define HOUR_SECONDS INT64_C(3600)
#define WORD_BITS    64

static bool tells_events(const struct store *store, const struct kind *kind) {
    for (size_t i = 0; i < kind->rule_count; i++) {
        const struct evidence_type *type = &store->schema->types[kind->rules[i].type];
        if (type->shape == TYPE_EVENT && type->time_column != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

/* What the export has to speak of: its span, or the period, as far as the source was in use and the past reaches. */
static struct span covered(const struct store *store, const struct store_evidence *evidence) {
    struct span span = evidence->dated ? evidence->span : store->options.span;
    int64_t known = store->options.as_of + 1;

    if (evidence->collected_at != INT64_MIN && evidence->collected_at < known) {
        known = evidence->collected_at;
    }
    span.from = evidence->source->from > span.from ? evidence->source->from : span.from;
    span.until = evidence->source->until < span.until ? evidence->source->until : span.until;
    span.until = known < span.until ? known : span.until;
    return span;
}

bool load_silence_begin(struct store *store, const struct store_evidence *evidence) {
    struct state_silence *silence = &store->silence;
    const struct span span = covered(store, evidence);
    uint64_t hours = span.until > span.from ? (uint64_t)(span.until - span.from) / HOUR_SECONDS : 0;

    silence->hours = 0;
    silence->any = false;
    if (hours == 0 || hours > LIMIT_SILENCE_HOURS || !tells_events(store, evidence->kind)) {
        return true;
    }
    size_t words = (size_t)(hours / WORD_BITS + 1);
    if (words > silence->capacity) {
        uint64_t *grown = reallocarray(silence->marks, words, sizeof *grown);
        if (grown == NULL) {
            diagnostics_report(store->diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while loading evidence");
            return false;
        }
        silence->marks = grown;
        silence->capacity = words;
    }
    memset(silence->marks, 0, words * sizeof *silence->marks);
    silence->from = span.from;
    silence->hours = (size_t)hours;
    return true;
}

void load_silence_note(struct store *store, int64_t at) {
    struct state_silence *silence = &store->silence;

    if (silence->hours == 0) {
        return;
    }
    silence->any = true;
    if (at < silence->from) {
        return;
    }
    uint64_t hour = (uint64_t)(at - silence->from) / HOUR_SECONDS;
    if (hour < silence->hours) {
        silence->marks[hour / WORD_BITS] |= UINT64_C(1) << hour % WORD_BITS;
    }
}

bool load_silence_longest(const struct store *store, int64_t *from, int64_t *seconds) {
    const struct state_silence *silence = &store->silence;
    size_t longest = 0;
    size_t begin = 0; /* of the silence at hand */

    if (silence->hours == 0 || !silence->any) {
        return false;
    }
    *from = silence->from;
    for (size_t word = 0; word <= silence->hours / WORD_BITS; word++) {
        uint64_t marks = silence->marks[word];
        if (word == silence->hours / WORD_BITS) {
            marks |= UINT64_C(1) << silence->hours % WORD_BITS; /* the end */
        }
        for (; marks != 0; marks &= marks - 1) {
            size_t hour = word * WORD_BITS + (size_t)__builtin_ctzll(marks);
            if (hour - begin > longest) {
                longest = hour - begin;
                *from = silence->from + (int64_t)begin * HOUR_SECONDS;
            }
            begin = hour + 1;
        }
    }
    *seconds = (int64_t)longest * HOUR_SECONDS;
    return true;
}
