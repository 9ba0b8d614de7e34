#include "cmd/sample_print.h"

#include "base/statement.h"
#include "write/terminal.h"
#include "write/terminal_table.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#define NAME_WIDTH "%-12s"

void sample_print_line(struct command *command, const char *name, const char *text) {
    buffer_format(&command->out, NAME_WIDTH, name);
    terminal_table_text(&command->out, text, strlen(text));
    buffer_append_byte(&command->out, '\n');
}

void sample_print_format(struct command *command, const char *name, const char *format, ...) {
    struct buffer line = {0};
    va_list arguments;

    va_start(arguments, format);
    buffer_format_list(&line, format, arguments);
    va_end(arguments);
    if (buffer_text(&line) != NULL) {
        sample_print_line(command, name, buffer_text(&line));
    } else {
        command->out.failed = true;
    }
    buffer_free(&line);
}

bool sample_print_unproven(const struct sample *sample) {
    return strcmp(sample->verdict, "insufficient") == 0 || strcmp(sample->verdict, "pending") == 0;
}

void sample_print_head(struct command *command, const struct sample *sample, const char *what) {
    const char *by = *sample->stratum != '\0' ? " by " : "";

    sample_print_format(command, what, "%s: %s", sample->test, sample->title);
    buffer_append_text(&command->out, STATEMENT "\n\n");
    sample_print_format(command, "Period", "%s, %s", sample->period, sample->organisation);
    sample_print_format(command, "Population", "%" PRIu64 " item%s", sample->population,
                        sample->population == 1 ? "" : "s");
    sample_print_line(command, "Digest", sample->digest);
    sample_print_line(command, "Nonce", sample->nonce);
    sample_print_line(command, "Seed", sample->seed);
    sample_print_format(command, "Method", "%s%s%s", sample_draw_methods[sample->method], by, sample->stratum);
    sample_print_format(command, "Size", "%" PRIu64 "%s%s: %s", sample->size, *sample->rule != '\0' ? ", by rule " : "",
                        sample->rule, sample->why);
    sample_print_format(command, "Full test", "%s: %" PRIu64 " exception%s, %" PRIu64 " undetermined; verdict %s",
                        sample_print_unproven(sample)
                            ? "covers every item that the evidence holds, and that evidence is insufficient"
                            : "covers the full population, so that a sample is not needed",
                        sample->exceptions, sample->exceptions == 1 ? "" : "s", sample->undetermined, sample->verdict);
}

static void print_strata(struct command *command, const struct sample *sample) {
    for (size_t i = 0; *sample->stratum != '\0' && i < sample->stratum_count; i++) {
        const struct sample_stratum *stratum = &sample->strata[i];
        sample_print_format(command, i == 0 ? "Strata" : "", "%s: %" PRIu64 " of %" PRIu64, stratum->name,
                            stratum->selected, stratum->items);
    }
}

bool sample_print_draw(struct command *command, const struct sample *sample, const char *written) {
    /* The last column is left out where there are no strata. */
    static const struct terminal_column columns[] = {
        {"", true}, {"Item", false}, {"Reference", false}, {"Full test", false}, {"Stratum", false}};
    const size_t count = sizeof columns / sizeof columns[0] - (*sample->stratum == '\0');
    const char **cells = arena_array(command->arena, sample->item_count * count + 1, sizeof *cells);
    bool done = cells != NULL;

    sample_print_head(command, sample, "Sample of");
    print_strata(command, sample);
    buffer_append_byte(&command->out, '\n');
    for (size_t i = 0; done && i < sample->item_count; i++) {
        const struct sample_item *item = &sample->items[i];
        const char **row = cells + i * count;
        row[0] = arena_format(command->arena, "%zu", i + 1);
        row[1] = item->item;
        row[2] = *item->reference != '\0' ? item->reference : "(no record)";
        row[3] =
            *item->found == '\0' ? "no deviation" : arena_format(command->arena, "%s: %s", item->found, item->text);
        if (count > 4) {
            row[4] = item->stratum;
        }
        done = row[0] != NULL && row[3] != NULL;
    }
    done = done &&
           terminal_table(columns, count, cells, sample->item_count, command->width, command->colour, &command->out);
    buffer_append_byte(&command->out, '\n');
    sample_print_line(command, "Written to", written);
    buffer_append_text(&command->out, "Fill in " SAMPLE_RESULTS_FILE " and give it to `tickmark sample --evaluate`; "
                                      "`tickmark show REFERENCE` shows a record.\n");
    return done || sample_out_of_memory(command);
}
