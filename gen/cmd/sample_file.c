#include "cmd/sample_file.h"

#include "base/file.h"
#include "base/path.h"
#include "base/statement.h"
#include "base/text.h"
#include "cmd/sample_list.h"
#include "cmd/sample_text.h"

#include <inttypes.h>
#include <string.h>

static void key(struct buffer *out, const char *before, const char *name) {
    buffer_format(out, "%s\"%s\": ", before, name);
}

/* What YAML, as which the file is read again, would not take as it is: controls, and what it takes for a line's end. */
static bool escaped(uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || c == 0xFEFF || c == 0xFFFE ||
           c == 0xFFFF;
}

static void text(struct buffer *out, const char *before, const char *name, const char *value) {
    size_t length = strlen(value);

    key(out, before, name);
    if (length == 0) {
        buffer_append_text(out, "null");
        return;
    }
    buffer_append_byte(out, '"');
    for (size_t at = 0; at < length;) {
        uint32_t c = text_utf8_next(value, length, &at);
        if (escaped(c)) {
            buffer_format(out, "\\u%04" PRIx32, c);
            continue;
        }
        if (c == '"' || c == '\\') {
            buffer_append_byte(out, '\\');
        }
        text_utf8_append(out, c);
    }
    buffer_append_byte(out, '"');
}

static void number(struct buffer *out, const char *before, const char *name, uint64_t value) {
    key(out, before, name);
    buffer_format(out, "%" PRIu64, value);
}

static void print_strata(const struct sample *sample, struct buffer *out) {
    key(out, ",\n  ", "strata");
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < sample->stratum_count; i++) {
        text(out, i > 0 ? ",\n    {" : "\n    {", "stratum", sample->strata[i].name);
        number(out, ", ", "items", sample->strata[i].items);
        number(out, ", ", "selected", sample->strata[i].selected);
        buffer_append_byte(out, '}');
    }
    buffer_append_text(out, "\n  ]");
}

static void print_items(const struct sample *sample, struct buffer *out) {
    key(out, ",\n  ", "selected");
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < sample->item_count; i++) {
        const struct sample_item *item = &sample->items[i];
        text(out, i > 0 ? ",\n    {" : "\n    {", "item", item->item);
        text(out, ", ", "ref", item->reference);
        text(out, ", ", "stratum", item->stratum);
        text(out, ", ", "evidence", item->evidence);
        key(out, ", ", "record");
        if (item->record > 0) {
            buffer_append_integer(out, item->record);
        } else {
            buffer_append_text(out, "null");
        }
        text(out, ", ", "found", item->found);
        text(out, ", ", "text", item->text);
        buffer_append_byte(out, '}');
    }
    buffer_append_text(out, "\n  ]");
}

void sample_file_json(const struct sample *sample, struct buffer *out) {
    text(out, "{\n  ", "format", SAMPLE_FORMAT);
    text(out, ",\n  ", "statement", STATEMENT);
    text(out, ",\n  ", "organisation", sample->organisation);
    text(out, ",\n  ", "period", sample->period);
    text(out, ",\n  ", "control", sample->control);
    text(out, ",\n  ", "test", sample->test);
    text(out, ",\n  ", "title", sample->title);
    key(out, ",\n  ", "tolerable");
    buffer_format(out, "\"%.10g%%\"", sample->tolerable * 100);
    key(out, ",\n  ", "confidence");
    buffer_format(out, "\"%.1f%%\"", (double)sample->confidence * 100 / SAMPLING_LEVELS);
    number(out, ",\n  ", "conclude_from", sample->conclude_from);
    number(out, ",\n  ", "population", sample->population);
    text(out, ",\n  ", "verdict", sample->verdict);
    number(out, ",\n  ", "exceptions", sample->exceptions);
    number(out, ",\n  ", "undetermined", sample->undetermined);
    text(out, ",\n  ", "population_digest", sample->digest);
    text(out, ",\n  ", "nonce", sample->nonce);
    text(out, ",\n  ", "seed", sample->seed);
    text(out, ",\n  ", "method", sample_draw_methods[sample->method]);
    text(out, ",\n  ", "stratum", sample->stratum);
    number(out, ",\n  ", "size", sample->size);
    text(out, ",\n  ", "rule", sample->rule);
    text(out, ",\n  ", "why", sample->why);
    print_strata(sample, out);
    print_items(sample, out);
    buffer_append_text(out, "\n}\n");
}

void sample_file_results(const struct sample *sample, struct buffer *out) {
    buffer_append_text(out, "item,ref,evidence,record,stratum,result,remark\n");
    for (size_t i = 0; i < sample->item_count; i++) {
        const struct sample_item *item = &sample->items[i];
        sample_list_cell(out, item->item, true);
        buffer_format(out, ",%s,", item->reference);
        sample_list_cell(out, item->evidence, true);
        buffer_append_byte(out, ',');
        if (item->record > 0) {
            buffer_append_integer(out, item->record);
        }
        buffer_append_byte(out, ',');
        sample_list_cell(out, item->stratum, true);
        buffer_append_text(out, ",,\n");
    }
}

void sample_file_text(const struct sample *sample, struct buffer *out) {
    buffer_format(
        out,
        "Sample of test %s, %s: %s\n" STATEMENT ".\n\n"
        "sample.csv      the items that were drawn, to be filled in: `result` is `no deviation`, `deviation` "
        "or\n"
        "                `not examined` (which counts as a deviation), `remark` is free\n"
        "sample.json     how they were drawn, and what the test of the full population found of each\n"
        "population.csv  every item of the population, as the digest has it: no text in it is guarded against a\n"
        "                spreadsheet program that would run it as a formula\n\n"
        "When sample.csv is filled in: tickmark sample --evaluate sample.csv\n\n"
        "Digest of the population  %s\n"
        "Nonce                     %s\n"
        "Seed                      %s\n"
        "Items of the population   %" PRIu64 "\n"
        "Size of the sample        %" PRIu64 "%s%s (%s)\n"
        "Method                    %s%s%s\n\n"
        "To repeat the draw without tickmark:\n\n",
        sample->test, sample->period, sample->title, sample->digest, sample->nonce, sample->seed, sample->population,
        sample->size, *sample->rule != '\0' ? ", by rule " : "", sample->rule, sample->why,
        sample_draw_methods[sample->method], *sample->stratum != '\0' ? " by " : "", sample->stratum);
    buffer_append_text(out, SAMPLE_TEXT_ALGORITHM);
}

bool sample_file_write(struct command *command, const char *folder, const struct sample *sample) {
    static const struct {
        const char *name;
        void (*print)(const struct sample *sample, struct buffer *out);
    } files[] = {
        {SAMPLE_DRAW_FILE, sample_file_json},
        {SAMPLE_RESULTS_FILE, sample_file_results},
        {SAMPLE_TEXT_FILE, sample_file_text},
    };
    bool done = true;

    for (size_t i = 0; done && i < sizeof files / sizeof files[0]; i++) {
        struct buffer bytes = {0};
        const char *path = path_join(command->arena, folder, files[i].name);
        files[i].print(sample, &bytes);
        done = path != NULL && !bytes.failed
                   ? file_create_staged(path, bytes.data, bytes.length, 0644, command->diagnostics)
                   : sample_out_of_memory(command);
        buffer_free(&bytes);
    }
    return done;
}
