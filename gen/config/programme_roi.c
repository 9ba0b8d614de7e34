#include "config/programme_private.h"

#include "base/value.h"

#include <string.h>

#define MOST           1e12 /* of any input */
#define CURRENCY_BYTES 3
#define PERCENT        100.0

const struct programme_roi_kind programme_roi_kinds[ROI_INPUT_COUNT] = {
    [ROI_CERTIFICATION_BEFORE] = {"time_to_certification_before", "Time to certification before", "months"},
    [ROI_CERTIFICATION_AFTER] = {"time_to_certification_after", "Time to certification with the programme", "months"},
    [ROI_HOURS_BEFORE] = {"engineering_hours_before", "Engineering hours a year before", "hours"},
    [ROI_HOURS_AFTER] = {"engineering_hours_after", "Engineering hours a year with the programme", "hours"},
    [ROI_AUDIT_BEFORE] = {"audit_cost_before", "Cost of the audit a year before", "money"},
    [ROI_AUDIT_AFTER] = {"audit_cost_after", "Cost of the audit a year with the programme", "money"},
    [ROI_PREPARATION_BEFORE] = {"audit_preparation_before", "Preparation of the audit before", "working days"},
    [ROI_PREPARATION_AFTER] = {"audit_preparation_after", "Preparation of the audit with the programme",
                               "working days"},
    [ROI_RATE] = {"hourly_rate", "Cost of an hour of work", "money"},
    [ROI_TOOL_COST] = {"tool_cost", "Cost of the programme's tools a year", "money"},
    [ROI_TOOL_HOURS] = {"tool_effort", "Hours a year to run the programme's tools", "hours"},
    [ROI_START_COST] = {"introduction_cost", "Cost of the introduction, once", "money"},
    [ROI_START_HOURS] = {"introduction_effort", "Hours of the introduction, once", "hours"},
    [ROI_BY_HAND] = {"collection_by_hand", "Time to collect one export by hand", "minutes"},
};

static const char *const programme_roi_claim_keys[ROI_CLAIM_COUNT] = {
    [ROI_CLAIM_CERTIFICATION] = "time_to_certification",
    [ROI_CLAIM_HOURS] = "engineering_hours",
    [ROI_CLAIM_AUDIT] = "audit_cost",
    [ROI_CLAIM_PREPARATION] = "audit_preparation",
};

/* Words that may stand behind a number, and what they are in the input's unit. */
static const struct programme_roi_word {
    const char *unit;
    const char *word;
    double factor;
} programme_roi_words[] = {
    {"months", "month", 1},     {"months", "year", 12},
    {"hours", "hour", 1},       {"working days", "working day", 1},
    {"working days", "day", 1}, {"working days", "week", PROGRAMME_WORKING_WEEK},
    {"minutes", "minute", 1},   {"minutes", "hour", 60},
};

struct programme_roi_draft {
    const char *currency;
    const struct yaml_node *published;
    const struct yaml_node *inputs[ROI_INPUT_COUNT];
};
struct programme_roi_claims {
    double values[ROI_CLAIM_COUNT];
};

/* A number at `text`, of at most `length` bytes; how many it takes, or 0. */
static size_t programme_roi_number(const char *text, double *out) {
    size_t length = strspn(text, "0123456789");
    if (length > 0 && text[length] == '.' && text[length + 1] != '.')
        length += 1 + strspn(text + length + 1, "0123456789");
    return value_real(text, length, out) && *out <= MOST ? length : 0;
}

static bool programme_roi_unit(const char *word, const char *unit, const char *currency, double *factor) {
    size_t length = strlen(word);
    *factor = 1;
    if (length == 0)
        return true;
    if (strcmp(unit, "money") == 0)
        return strcmp(word, currency) == 0;
    if (length > 1 && word[length - 1] == 's')
        length--;
    for (size_t i = 0; i < sizeof(programme_roi_words) / sizeof(programme_roi_words[0]); i++) {
        const struct programme_roi_word *known = &programme_roi_words[i];
        if (strcmp(known->unit, unit) == 0 && strlen(known->word) == length && memcmp(known->word, word, length) == 0) {
            *factor = known->factor;
            return true;
        }
    }
    return false;
}

/* "2000", "12..18 months", "45000..65000 USD". */
static bool programme_roi_range(const char *text, const char *unit, const char *currency,
                                struct programme_roi_input *out) {
    double factor;
    size_t used = programme_roi_number(text, &out->low);
    if (used == 0)
        return false;
    const char *rest = text + used;
    out->high = out->low;
    if (strncmp(rest, "..", 2) == 0) {
        used = programme_roi_number(rest + 2, &out->high);
        if (used == 0)
            return false;
        rest += 2 + used;
    }
    rest += strspn(rest, " ");
    if (out->high < out->low || !programme_roi_unit(rest, unit, currency, &factor))
        return false;
    out->low *= factor;
    out->high *= factor;
    return true;
}

static bool programme_roi_input_read(const struct yaml_node *node, const struct programme_roi_kind *kind,
                                     const char *currency, struct programme_roi_input *out,
                                     struct diagnostics *diagnostics) {
    if (!decode_is(node, YAML_SCALAR, kind->key, diagnostics))
        return false;
    out->declared = true;
    out->text = node->text;
    if (programme_roi_range(node->text, kind->unit, currency, out))
        return true;
    diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &node->place,
                       "'%s' must be a number or a range, the smaller first, in %s, such as '%s %s', and here is "
                       "'%.80s'",
                       kind->key, strcmp(kind->unit, "money") == 0 ? currency : kind->unit, "12..18",
                       strcmp(kind->unit, "money") == 0 ? currency : kind->unit, node->text);
    return false;
}

static bool programme_roi_claims_read(struct arena *arena, const struct yaml_node *node, struct programme_roi *roi,
                                      struct diagnostics *diagnostics) {
    struct decode_field fields[ROI_CLAIM_COUNT];
    struct programme_roi_claims draft = {0};
    for (size_t i = 0; i < ROI_CLAIM_COUNT; i++)
        fields[i] =
            (struct decode_field){programme_roi_claim_keys[i], DECODE_PERCENT,
                                  offsetof(struct programme_roi_claims, values) + i * sizeof(double), false, NULL};
    if (!decode_mapping(arena, node, "published figure", fields, ROI_CLAIM_COUNT, &draft, diagnostics))
        return false;
    for (size_t i = 0; i < ROI_CLAIM_COUNT; i++) {
        roi->claimed[i] = yaml_get(node, programme_roi_claim_keys[i]) != NULL;
        roi->claims[i] = draft.values[i] * PERCENT;
    }
    return true;
}

/* What was before and what is now belong together: one of them alone says nothing. */
static bool programme_roi_pairs(const struct programme_roi *roi, struct diagnostics *diagnostics) {
    bool good = true;
    for (size_t i = ROI_CERTIFICATION_BEFORE; i < ROI_RATE; i += 2) {
        bool before = roi->inputs[i].declared;
        if (before == roi->inputs[i + 1].declared)
            continue;
        diagnostics_report(diagnostics, DIAGNOSTIC_MISSING_KEY, &roi->place,
                           "'%s' is declared without '%s'; declare both or neither",
                           programme_roi_kinds[before ? i : i + 1].key, programme_roi_kinds[before ? i + 1 : i].key);
        good = false;
    }
    return good;
}

const struct programme_roi *programme_roi_read(struct arena *arena, const struct yaml_node *node,
                                               struct diagnostics *diagnostics) {
    struct decode_field fields[ROI_INPUT_COUNT + 2];
    struct programme_roi_draft draft = {0};
    struct programme_roi *roi = arena_allocate(arena, sizeof(*roi));
    if (roi == NULL) {
        decode_out_of_memory(diagnostics);
        return NULL;
    }
    for (size_t i = 0; i < ROI_INPUT_COUNT; i++)
        fields[i] = (struct decode_field){programme_roi_kinds[i].key, DECODE_NODE,
                                          offsetof(struct programme_roi_draft, inputs) + i * sizeof(draft.inputs[0]),
                                          false, NULL};
    fields[ROI_INPUT_COUNT] =
        (struct decode_field){"currency", DECODE_TEXT, offsetof(struct programme_roi_draft, currency), true, NULL};
    fields[ROI_INPUT_COUNT + 1] =
        (struct decode_field){"published", DECODE_NODE, offsetof(struct programme_roi_draft, published), false, NULL};
    roi->place = node->place;
    bool good = decode_mapping(arena, node, "return on investment", fields, ROI_INPUT_COUNT + 2, &draft, diagnostics);
    if (draft.currency == NULL)
        return NULL;
    roi->currency = draft.currency;
    if (strlen(roi->currency) != CURRENCY_BYTES ||
        strspn(roi->currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != CURRENCY_BYTES) {
        diagnostics_report(diagnostics, DIAGNOSTIC_WRONG_VALUE, &yaml_get(node, "currency")->place,
                           "'currency' must be a code of three capital letters, such as EUR, and here is '%.80s'",
                           roi->currency);
        return NULL;
    }
    for (size_t i = 0; i < ROI_INPUT_COUNT; i++) {
        if (draft.inputs[i] != NULL)
            good = programme_roi_input_read(draft.inputs[i], &programme_roi_kinds[i], roi->currency, &roi->inputs[i],
                                            diagnostics) &&
                   good;
    }
    good = programme_roi_pairs(roi, diagnostics) && good;
    good = (draft.published == NULL || programme_roi_claims_read(arena, draft.published, roi, diagnostics)) && good;
    return good ? roi : NULL;
}
