#include "assess/sample_rule.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* Whether `text` has the words of `word` in it, whole and in any case. */
static bool says(const char *text, const char *word) {
    size_t length = strlen(word);

    for (const char *at = strcasestr(text, word); at != NULL; at = strcasestr(at + 1, word)) {
        bool begins = at == text || !isalnum((unsigned char)at[-1]);
        if (begins && !isalnum((unsigned char)at[length])) {
            return true;
        }
    }
    return false;
}

/* The last size whose words are in the control's frequency: of several the most frequent. */
static const struct sampling_size *by_frequency(const struct sampling_rule *rule, const struct control *control) {
    const struct sampling_size *found = NULL;

    for (size_t i = 0; control->frequency != NULL && i < rule->size_count; i++) {
        for (size_t k = 0; k < rule->sizes[i].words.count; k++) {
            if (says(control->frequency, rule->sizes[i].words.items[k])) {
                found = &rule->sizes[i];
            }
        }
    }
    return found;
}

/* Config has seen to it that the last size has no bound. */
static const struct sampling_size *by_population(const struct sampling_rule *rule, uint64_t population) {
    size_t i = 0;

    while (i + 1 < rule->size_count && population > (uint64_t)rule->sizes[i].up_to) {
        i++;
    }
    return &rule->sizes[i];
}

static void print_share(struct buffer *out, const struct sampling_size *size) {
    int64_t percent = size->share / (SAMPLING_SHARES / 100);
    int64_t rest = size->share % (SAMPLING_SHARES / 100);

    if (size->share == SAMPLING_SHARES) {
        buffer_append_text(out, "all items");
        return;
    }
    buffer_format(out, "%" PRId64, percent);
    if (rest > 0) {
        buffer_format(out, rest % 10 == 0 ? ".%" PRId64 : ".%02" PRId64, rest % 10 == 0 ? rest / 10 : rest);
    }
    buffer_append_text(out, " % of the items, rounded up");
    if (size->least > 1) {
        buffer_format(out, ", at least %" PRId64, size->least);
    }
    if (size->most < INT64_MAX) {
        buffer_format(out, ", at most %" PRId64, size->most);
    }
}

static void print_size(struct buffer *out, const struct sampling_size *size, enum sampling_risk risk) {
    if (size->share > 0) {
        print_share(out, size);
    } else if (size->lower == size->higher) {
        buffer_format(out, "%" PRId64 " item%s", size->lower, size->lower == 1 ? "" : "s");
    } else {
        buffer_format(out, "%" PRId64 " to %" PRId64 " items, %s risk", size->lower, size->higher,
                      schema_risk_names[risk]);
    }
}

static uint64_t count_items(const struct sampling_size *size, enum sampling_risk risk, uint64_t population) {
    if (size->share == 0) {
        return (uint64_t)(risk == SAMPLING_RISK_HIGHER ? size->higher : size->lower);
    }
    uint64_t items = (population * (uint64_t)size->share + SAMPLING_SHARES - 1) / SAMPLING_SHARES;
    items = items < (uint64_t)size->least ? (uint64_t)size->least : items;
    return items > (uint64_t)size->most ? (uint64_t)size->most : items;
}

bool sample_rule_size(const struct sampling_rule *rule, enum sampling_risk risk, const struct control *control,
                      uint64_t population, uint64_t *size, struct buffer *why) {
    const struct sampling_size *found =
        rule->by == SAMPLING_BY_FREQUENCY ? by_frequency(rule, control) : by_population(rule, population);

    if (found == NULL) {
        return false;
    }
    *size = count_items(found, risk, population);
    if (rule->by == SAMPLING_BY_FREQUENCY) {
        buffer_format(why, "the control's frequency (\"%s\") counts as %s: ", control->frequency, found->operates);
    } else if (found->up_to < INT64_MAX) {
        buffer_format(why, "a population of up to %" PRId64 ": ", found->up_to);
    } else if (rule->size_count > 1) {
        buffer_format(why, "a population of more than %" PRId64 ": ", rule->sizes[rule->size_count - 2].up_to);
    }
    print_size(why, found, risk);
    if (*size > population) {
        *size = population;
        buffer_append_text(why, "; there are fewer, so all are taken");
    }
    return true;
}
