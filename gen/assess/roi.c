#include "assess/roi.h"

#include "assess/metric_print.h"
#include "assess/roi.sql.h"
#include "assess/roi_figures.h"
#include "store/query.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DAY_SECONDS   86400
#define NUMBER_BYTES  64
#define MOST_PRINTED  1e15
#define SAME_PERCENT  0.5 /* points within which a claim, given in whole percent, is what the inputs give */
#define EXPORTS_TITLE "Exports collected by automation in the period"

struct roi_job {
    const struct programme_roi *roi;
    struct roi_context context;
    struct corners_input inputs[ROI_ALL_INPUTS];
    struct diagnostics *diagnostics;
    struct query add_input;
    struct query add_figure;
    struct query add_sensitivity;
};

/* "1 200" or "17.5": at most one decimal, thousands apart. */
static void print_number(double value, struct buffer *out) {
    char text[NUMBER_BYTES];
    double rounded = nearbyint(value * 10.0) / 10.0;
    bool whole = !(rounded > nearbyint(rounded)) && !(rounded < nearbyint(rounded));
    bool negative = rounded < 0.0;
    int length = fabs(rounded) < MOST_PRINTED ? snprintf(text, sizeof text, whole ? "%.0f" : "%.1f", fabs(rounded)) : 0;
    int digits = whole ? length : length - 2;

    if (length <= 0) {
        buffer_append_text(out, "beyond all measure");
        return;
    }
    if (negative) {
        buffer_append_byte(out, '-');
    }
    for (int i = 0; i < length; i++) {
        if (i > 0 && i < digits && (digits - i) % 3 == 0) {
            buffer_append_text(out, "\u00a0");
        }
        buffer_append_byte(out, text[i]);
    }
}

static void print_value(const struct roi_job *job, double value, const char *unit, struct buffer *out) {
    if (strcmp(unit, SCHEMA_UNIT_PERCENT) == 0) {
        metric_print(value, unit, 1, out);
        return;
    }
    bool money = strcmp(unit, "money") == 0;
    print_number(money ? nearbyint(value) : value, out);
    buffer_append_text(out, "\u00a0");
    buffer_append_text(out, money ? job->roi->currency : unit);
}

/* "45 000 to 65 000 USD": the unit once, but for percentages. */
static void print_range(const struct roi_job *job, double low, double high, const char *unit, struct buffer *out) {
    if (high > low) {
        if (strcmp(unit, SCHEMA_UNIT_PERCENT) == 0) {
            print_value(job, low, unit, out);
        } else {
            print_number(low, out);
        }
        buffer_append_text(out, " to ");
    }
    print_value(job, high, unit, out);
}

/* ---- inputs ---- */

static bool add_input(struct roi_job *job, size_t input, const char *id, const char *title, const char *text,
                      const char *unit, const char *origin) {
    const struct corners_input *range = &job->inputs[input];
    struct buffer printed = {0};

    print_range(job, range->low, range->high, unit, &printed);
    query_text(&job->add_input, 1, id);
    query_text(&job->add_input, 2, title);
    query_text(&job->add_input, 3, text);
    query_text(&job->add_input, 4, strcmp(unit, "money") == 0 ? job->roi->currency : unit);
    query_real(&job->add_input, 5, range->low);
    query_real(&job->add_input, 6, corners_middle(range));
    query_real(&job->add_input, 7, range->high);
    query_buffer(&job->add_input, 8, &printed);
    query_text(&job->add_input, 9, origin);
    query_integer(&job->add_input, 10, (int64_t)input + 1);
    bool done = query_run(&job->add_input);
    buffer_free(&printed);
    return done;
}

static bool measure(struct roi_job *job, sqlite3 *connection) {
    struct query query = {0};
    struct buffer text = {0};
    bool done =
        query_open(&query, connection, "roi_measured", sql_roi_measured, job->diagnostics) && query_step(&query);

    if (done) {
        double exports = (double)query_column_integer(&query, 0);
        job->inputs[ROI_EXPORTS] = (struct corners_input){exports, exports};
        job->context.declared |= ROI_BIT(ROI_EXPORTS);
        buffer_append_text(&text, "each once; they met ");
        buffer_append_integer(&text, query_column_integer(&query, 1));
        buffer_append_text(&text, " occurrences of automated requirements");
        const char *said = buffer_text(&text);
        done = said != NULL &&
               add_input(job, ROI_EXPORTS, "exports_automated", EXPORTS_TITLE, said, "exports", "measured");
    }
    buffer_free(&text);
    return query_close(&query) && done;
}

static bool write_inputs(struct roi_job *job, sqlite3 *connection) {
    for (size_t i = 0; i < ROI_INPUT_COUNT; i++) {
        const struct programme_roi_input *input = &job->roi->inputs[i];
        const struct programme_roi_kind *kind = &programme_roi_kinds[i];
        if (!input->declared) {
            continue;
        }
        job->inputs[i] = (struct corners_input){input->low, input->high};
        job->context.declared |= ROI_BIT(i);
        if (!add_input(job, i, kind->key, kind->title, input->text, kind->unit, "programme")) {
            return false;
        }
    }
    return measure(job, connection);
}

/* ---- figures ---- */

/* The first input that a figure lacks, or NULL. */
static const char *lacking(const struct roi_job *job, const struct roi_figure *figure) {
    for (size_t i = 0; i < ROI_INPUT_COUNT; i++) {
        if ((figure->needs & ~job->context.declared & ROI_BIT(i)) != 0) {
            return programme_roi_kinds[i].key;
        }
    }
    bool labour = (figure->may & ROI_BIT(ROI_HOURS_BEFORE)) != 0;
    bool known = (job->context.declared & (ROI_BIT(ROI_HOURS_BEFORE) | ROI_BIT(ROI_BY_HAND))) != 0;
    return labour && !known ? programme_roi_kinds[ROI_HOURS_BEFORE].key : NULL;
}

/* Those of the inputs that count: of hours of work the declared ones, else the measured ones. */
static uint32_t used(const struct roi_job *job, const struct roi_figure *figure) {
    uint32_t may = figure->may;

    if ((job->context.declared & ROI_BIT(ROI_HOURS_BEFORE)) != 0) {
        may &= ~(ROI_BIT(ROI_EXPORTS) | ROI_BIT(ROI_BY_HAND));
    }
    return (figure->needs | may) & job->context.declared;
}

static bool within(double value, double low, double high) {
    return value >= low - SAME_PERCENT && value <= high + SAME_PERCENT;
}

/* What becomes of a figure that was published: whether these inputs give it. */
static void weigh_claim(const struct roi_job *job, const struct roi_figure *figure, const struct corners_range *range,
                        struct buffer *out) {
    double claim = job->roi->claims[figure->claim];

    if (!range->some) {
        buffer_append_text(out, "nothing to hold it against");
    } else if (range->has_ends && within(claim, range->ends_low, range->ends_high)) {
        bool wide = range->ends_high - range->ends_low > 2.0 * SAME_PERCENT;
        buffer_append_text(
            out, !wide                                               ? "is what the inputs give"
                 : within(claim, range->ends_low, range->ends_low)   ? "is the low end of what like ends give"
                 : within(claim, range->ends_high, range->ends_high) ? "is the high end of what like ends give"
                                                                     : "lies in what like ends give");
    } else if (within(claim, range->low, range->high)) {
        buffer_append_text(out, "differs from what like ends give, and lies in what any ends give");
    } else {
        buffer_append_text(out, "differs: the inputs give ");
        print_range(job, range->low, range->high, SCHEMA_UNIT_PERCENT, out);
    }
}

struct roi_texts {
    struct buffer low;
    struct buffer mid;
    struct buffer high;
    struct buffer paired;
    struct buffer claim;
    struct buffer claim_note;
    struct buffer note;
};

static void free_texts(struct roi_texts *texts) {
    struct buffer *const all[] = {&texts->low,   &texts->mid,        &texts->high, &texts->paired,
                                  &texts->claim, &texts->claim_note, &texts->note};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        buffer_free(all[i]);
    }
}

static void word_figure(const struct roi_job *job, const struct roi_figure *figure, const struct corners_range *range,
                        struct roi_texts *texts) {
    const char *lack = lacking(job, figure);

    if (lack != NULL) {
        buffer_format(&texts->note, "not determined: %s is not declared", lack);
    } else if (!range->some) {
        buffer_append_text(&texts->note, "none: nothing is saved, or there is nothing to divide by");
    } else if (!range->all) {
        buffer_append_text(&texts->note, "at the worst of the inputs' ends there is none: nothing is saved there");
    }
    if (lack != NULL || !range->some) {
        return;
    }
    print_value(job, range->low, figure->unit, &texts->low);
    if (range->has_mid) {
        print_value(job, range->mid, figure->unit, &texts->mid);
    }
    if (range->all) {
        print_value(job, range->high, figure->unit, &texts->high);
    }
    if (figure->paired && range->has_ends) {
        print_range(job, range->ends_low, range->ends_high, figure->unit, &texts->paired);
    }
}

static void bind_real(struct query *query, int index, double value, bool there) {
    if (there) {
        query_real(query, index, value);
    } else {
        query_null(query, index);
    }
}

/* NULL where there is nothing to print. */
static void bind_text(struct query *query, int index, const struct buffer *text) {
    if (text->length > 0 || text->failed) {
        query_buffer(query, index, text);
    } else {
        query_null(query, index);
    }
}

static bool write_figure(struct roi_job *job, const struct roi_figure *figure, const struct corners_range *range,
                         int64_t position) {
    struct query *add = &job->add_figure;
    struct roi_texts texts = {0};
    bool there = lacking(job, figure) == NULL && range->some;
    bool paired = there && figure->paired && range->has_ends;
    bool claimed = figure->claim >= 0 && job->roi->claimed[figure->claim];

    word_figure(job, figure, range, &texts);
    if (claimed) {
        print_value(job, job->roi->claims[figure->claim], SCHEMA_UNIT_PERCENT, &texts.claim);
        weigh_claim(job, figure, range, &texts.claim_note);
    }
    query_text(add, 1, figure->id);
    query_text(add, 2, figure->title);
    query_text(add, 3, figure->formula);
    query_text(add, 4, strcmp(figure->unit, "money") == 0 ? job->roi->currency : figure->unit);
    bind_real(add, 5, range->low, there);
    bind_real(add, 6, range->mid, there && range->has_mid);
    bind_real(add, 7, range->high, there && range->all);
    bind_text(add, 8, &texts.low);
    bind_text(add, 9, &texts.mid);
    bind_text(add, 10, &texts.high);
    bind_real(add, 11, range->ends_low, paired);
    bind_real(add, 12, range->ends_high, paired);
    bind_text(add, 13, &texts.paired);
    bind_real(add, 14, claimed ? job->roi->claims[figure->claim] : 0.0, claimed);
    bind_text(add, 15, &texts.claim);
    bind_text(add, 16, &texts.claim_note);
    bind_text(add, 17, &texts.note);
    query_integer(add, 18, position);
    bool done = query_run(add);
    free_texts(&texts);
    return done;
}

/* Of what nothing is declared, nothing is said; a figure that has some of its inputs says which it lacks. */
static bool left_out(const struct roi_job *job, const struct roi_figure *figure) {
    return (figure->needs & job->context.declared & ~ROI_BIT(ROI_EXPORTS)) == 0;
}

static bool write_figures(struct roi_job *job) {
    for (size_t i = 0; i < roi_figures_count; i++) {
        const struct roi_figure *figure = &roi_figures[i];
        struct corners_range range = {0};
        if (left_out(job, figure)) {
            continue;
        }
        if (lacking(job, figure) == NULL &&
            !corners_range(job->inputs, ROI_ALL_INPUTS, used(job, figure), figure->work_out, &job->context, &range)) {
            return false;
        }
        if (!write_figure(job, figure, &range, (int64_t)i + 1)) {
            return false;
        }
    }
    return true;
}

/* ---- sensitivity ---- */

struct roi_effect {
    size_t input;
    double at_low;
    double at_high;
};

static double size_of(const struct roi_effect *effect) {
    return fabs(effect->at_high - effect->at_low);
}

static const struct roi_figure *saving(void) {
    for (size_t i = 0; i < roi_figures_count; i++) {
        if (strcmp(roi_figures[i].id, ROI_SAVING) == 0) {
            return &roi_figures[i];
        }
    }
    return NULL;
}

/* Each input that is a range at its two ends, the others in the middle; the largest effect first. */
static size_t try_inputs(const struct roi_job *job, const struct roi_figure *figure, struct roi_effect *effects) {
    double values[ROI_ALL_INPUTS];
    size_t count = 0;

    for (size_t i = 0; i < ROI_ALL_INPUTS; i++) {
        values[i] = corners_middle(&job->inputs[i]);
    }
    for (size_t i = 0; i < ROI_ALL_INPUTS; i++) {
        struct roi_effect effect = {.input = i};
        double middle = values[i];
        if ((used(job, figure) & ROI_BIT(i)) == 0 || !(job->inputs[i].high > job->inputs[i].low)) {
            continue;
        }
        values[i] = job->inputs[i].low;
        bool done = figure->work_out(values, &job->context, &effect.at_low);
        values[i] = job->inputs[i].high;
        done = figure->work_out(values, &job->context, &effect.at_high) && done;
        values[i] = middle;
        size_t place = count;
        while (done && place > 0 && size_of(&effect) > size_of(&effects[place - 1])) {
            effects[place] = effects[place - 1];
            place--;
        }
        effects[place] = effect;
        count += done;
    }
    return count;
}

static bool write_effect(struct roi_job *job, const struct roi_effect *effect, int64_t position) {
    const struct programme_roi_kind *kind = &programme_roi_kinds[effect->input];
    const struct corners_input *input = &job->inputs[effect->input];
    struct query *add = &job->add_sensitivity;
    const struct {
        double value;
        const char *unit;
        int index;
    } printed[] = {{input->low, kind->unit, 4},
                   {input->high, kind->unit, 5},
                   {effect->at_low, "money", 9},
                   {effect->at_high, "money", 10},
                   {size_of(effect), "money", 11}};
    struct buffer text = {0};

    query_integer(add, 1, position);
    query_text(add, 2, kind->key);
    query_text(add, 3, kind->title);
    for (size_t i = 0; i < sizeof printed / sizeof printed[0]; i++) {
        buffer_clear(&text);
        print_value(job, printed[i].value, printed[i].unit, &text);
        query_buffer(add, printed[i].index, &text);
    }
    query_real(add, 6, effect->at_low);
    query_real(add, 7, effect->at_high);
    query_real(add, 8, size_of(effect));
    buffer_free(&text);
    return query_run(add);
}

static bool write_sensitivity(struct roi_job *job) {
    const struct roi_figure *figure = saving();
    struct roi_effect effects[ROI_ALL_INPUTS];

    if (figure == NULL || lacking(job, figure) != NULL) {
        return true;
    }
    size_t count = try_inputs(job, figure, effects);
    for (size_t i = 0; i < count; i++) {
        if (!write_effect(job, &effects[i], (int64_t)i + 1)) {
            return false;
        }
    }
    return true;
}

bool roi_run(struct store *store, const struct programme *programme, struct diagnostics *diagnostics) {
    sqlite3 *connection = store_connection(store);
    const struct store_options *options = store_options(store);
    struct roi_job job = {.roi = programme->roi, .diagnostics = diagnostics};

    if (programme->roi == NULL) {
        return true;
    }
    int64_t until = options->span.until < options->as_of + 1 ? options->span.until : options->as_of + 1;
    job.context.days = (double)(until - options->span.from) / DAY_SECONDS;
    bool done =
        query_open(&job.add_input, connection, "roi_add_input", sql_roi_add_input, diagnostics) &&
        query_open(&job.add_figure, connection, "roi_add_figure", sql_roi_add_figure, diagnostics) &&
        query_open(&job.add_sensitivity, connection, "roi_add_sensitivity", sql_roi_add_sensitivity, diagnostics) &&
        write_inputs(&job, connection) && write_figures(&job) && write_sensitivity(&job);

    done = query_close(&job.add_input) && done;
    done = query_close(&job.add_figure) && done;
    return query_close(&job.add_sensitivity) && done;
}
