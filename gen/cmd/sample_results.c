#include "cmd/sample_results.h"

#include "base/byte_source.h"
#include "base/file.h"
#include "base/text.h"
#include "cmd/sample_list.h"
#include "read/csv.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static const char *const answer_words[] = {"", "no deviation", "deviation", "not examined"};
#define ANSWER_COUNT (sizeof answer_words / sizeof answer_words[0])

enum result_column { RESULT_ITEM, RESULT_REF, RESULT_RESULT, RESULT_REMARK, RESULT_COLUMNS };
static const char *const column_names[] = {"item", "ref", "result", "remark"};

struct reading {
    struct command *command;
    const struct sample *sample;
    struct sample_results *results;
    struct csv *csv;
    struct place place;
    size_t columns[RESULT_COLUMNS]; /* where each stands, or SIZE_MAX */
    uint64_t *lines;                /* where each item was answered */
    const char *texts[RESULT_COLUMNS];
    struct buffer buffers[RESULT_COLUMNS];
};

#define WRONG(reading, ...)                                                                                            \
    (diagnostics_report((reading)->command->diagnostics, DIAGNOSTIC_SAMPLE_RESULT, &(reading)->place, __VA_ARGS__),    \
     false)

/* A cell without blanks at its ends, and with LF for CR LF, as spreadsheets write them; NULL with a NUL inside. */
static const char *take_cell(struct buffer *into, const struct csv_cell *cell, bool trimmed) {
    size_t from = 0;
    size_t until = cell->length;

    if (memchr(cell->bytes, '\0', cell->length) != NULL) {
        return NULL;
    }
    while (trimmed && from < until && isspace((unsigned char)cell->bytes[from])) {
        from++;
    }
    while (trimmed && until > from && isspace((unsigned char)cell->bytes[until - 1])) {
        until--;
    }
    buffer_clear(into);
    for (size_t i = from; i < until; i++) {
        if (cell->bytes[i] != '\r' || i + 1 == until || cell->bytes[i + 1] != '\n') {
            buffer_append_byte(into, cell->bytes[i]);
        }
    }
    return buffer_text(into);
}

static bool take_head(struct reading *reading) {
    const struct csv_cell *cells = NULL;
    size_t count = 0;
    bool good = true;

    enum csv_event event = csv_next(reading->csv, &cells, &count);
    if (event == CSV_ERROR) {
        return WRONG(reading, "%s; save the file as CSV in UTF-8", csv_error(reading->csv));
    }
    if (event != CSV_ROW) {
        return WRONG(reading, "there is no header line; it is item,ref,evidence,record,stratum,result,remark");
    }
    reading->place.line = csv_line(reading->csv);
    for (size_t c = 0; c < RESULT_COLUMNS; c++) {
        reading->columns[c] = SIZE_MAX;
        for (size_t i = 0; i < count; i++) {
            const char *name = take_cell(&reading->buffers[c], &cells[i], true);
            if (name == NULL || strcasecmp(name, column_names[c]) != 0) {
                continue;
            }
            if (reading->columns[c] != SIZE_MAX) {
                good = WRONG(reading, "the column \"%s\" stands twice; remove one", column_names[c]);
            }
            reading->columns[c] = i;
        }
        if (reading->columns[c] == SIZE_MAX && c != RESULT_REMARK) {
            good =
                WRONG(reading, "there is no column \"%s\"; keep the columns of the drawn sample.csv", column_names[c]);
        }
    }
    return good;
}

static bool same_text(const char *written, const char *read) {
    for (; *written != '\0' && *read != '\0'; written++, read++) {
        if (written[0] == '\r' && written[1] == '\n') {
            written++;
        }
        if (*written != *read) {
            return false;
        }
    }
    return *written == *read;
}

/* Whether a cell is the item: as it is, or as it was written to be no formula of a spreadsheet. */
static bool is_item(const struct sample_item *item, const char *text, const char *reference) {
    return strcmp(item->reference, reference) == 0 &&
           (same_text(item->item, text) || (text[0] == '\'' && same_text(item->item, text + 1)));
}

static size_t find_item(const struct sample *sample, const char *text, const char *reference) {
    size_t i = 0;

    while (i < sample->item_count && !is_item(&sample->items[i], text, reference)) {
        i++;
    }
    return i;
}

static bool take_answer(struct reading *reading, size_t index, const char *word) {
    struct sample_results *results = reading->results;
    size_t answer = 0;

    if (reading->lines[index] > 0) {
        return WRONG(reading, "this item has a result in line %llu already; keep one",
                     (unsigned long long)reading->lines[index]);
    }
    reading->lines[index] = reading->place.line;
    while (answer < ANSWER_COUNT && strcasecmp(answer_words[answer], word) != 0) {
        answer++;
    }
    if (answer == SAMPLE_ANSWER_NONE) {
        return WRONG(reading, "\"%.80s\" has no result; write `no deviation`, `deviation` or `not examined`",
                     reading->sample->items[index].item);
    }
    if (answer == ANSWER_COUNT) {
        const char *near = text_nearest(word, answer_words, ANSWER_COUNT, sizeof answer_words[0]);
        near = near != NULL && *near == '\0' ? NULL : near;
        return WRONG(reading,
                     "the result \"%.80s\" is none that is known%s%s%s; write `no deviation`, `deviation` or "
                     "`not examined`",
                     word, near != NULL ? " (did you mean " : "", near != NULL ? near : "", near != NULL ? "?)" : "");
    }
    results->answers[index] = (enum sample_answer)answer;
    results->remarks[index] = arena_text(reading->command->arena, reading->texts[RESULT_REMARK]);
    return results->remarks[index] != NULL || sample_out_of_memory(reading->command);
}

static bool take_row(struct reading *reading, const struct csv_cell *cells, size_t count) {
    bool any = false;

    reading->place.line = csv_line(reading->csv);
    for (size_t i = 0; i < count; i++) {
        any = any || cells[i].length > 0;
    }
    if (!any) {
        return true; /* a spreadsheet writes rows that it once used */
    }
    for (size_t c = 0; c < RESULT_COLUMNS; c++) {
        reading->texts[c] = "";
        if (reading->columns[c] < count) {
            reading->texts[c] = take_cell(&reading->buffers[c], &cells[reading->columns[c]], c != RESULT_ITEM);
        }
        if (reading->texts[c] == NULL) {
            return WRONG(reading, "this row cannot be read; save the file as CSV in UTF-8");
        }
    }
    size_t index = find_item(reading->sample, reading->texts[RESULT_ITEM], reading->texts[RESULT_REF]);
    if (index == reading->sample->item_count) {
        return WRONG(reading,
                     "\"%.80s\" with reference %.40s was not drawn; remove the row, or restore what was "
                     "written in it",
                     reading->texts[RESULT_ITEM],
                     *reading->texts[RESULT_REF] != '\0' ? reading->texts[RESULT_REF] : "\"\"");
    }
    return take_answer(reading, index, reading->texts[RESULT_RESULT]);
}

static bool take_rows(struct reading *reading) {
    const struct csv_cell *cells = NULL;
    size_t count = 0;
    bool good = true;
    enum csv_event event = csv_next(reading->csv, &cells, &count);

    for (; event == CSV_ROW || event == CSV_ERROR; event = csv_next(reading->csv, &cells, &count)) {
        if (event == CSV_ROW) {
            good = take_row(reading, cells, count) && good;
            continue;
        }
        reading->place.line = csv_line(reading->csv);
        good = WRONG(reading, "%s; save the file as CSV in UTF-8", csv_error(reading->csv));
    }
    if (event == CSV_READ_FAILED) {
        diagnostics_report_errno(reading->command->diagnostics, DIAGNOSTIC_FILE_READ, &reading->place,
                                 csv_system_error(reading->csv), "cannot read the results; check the disk");
        return false;
    }
    if (event == CSV_TRUNCATED) {
        reading->place.line = csv_line(reading->csv);
        good = WRONG(reading, "the file ends inside quotes; save it again");
    }
    return good;
}

/* Every item that was drawn has its row. */
static bool check_complete(struct reading *reading) {
    bool good = true;

    reading->place.line = 0;
    for (size_t i = 0; i < reading->sample->item_count; i++) {
        if (reading->lines[i] == 0) {
            good = WRONG(reading, "\"%.80s\" was drawn and has no row; add it", reading->sample->items[i].item);
        }
    }
    return good;
}

bool sample_results_read(struct command *command, const char *path, const struct sample *sample,
                         struct sample_results *out) {
    struct reading reading = {.command = command, .sample = sample, .results = out, .place = {.path = path}};
    struct byte_source_descriptor bytes;
    int descriptor = -1;
    bool done = false;

    *out = (struct sample_results){
        .answers = arena_array(command->arena, sample->item_count + 1, sizeof *out->answers),
        .remarks = arena_array(command->arena, sample->item_count + 1, sizeof *out->remarks),
    };
    reading.lines = arena_array(command->arena, sample->item_count + 1, sizeof *reading.lines);
    if (out->answers == NULL || out->remarks == NULL || reading.lines == NULL) {
        return sample_out_of_memory(command);
    }
    descriptor = file_open(path);
    if (descriptor < 0) {
        diagnostics_report_errno(command->diagnostics, DIAGNOSTIC_FILE_READ, &reading.place, errno,
                                 "cannot open the results; check the name");
        return false;
    }
    byte_source_descriptor(&bytes, descriptor);
    reading.csv = csv_open(&bytes.source, 0);
    if (reading.csv == NULL) {
        sample_out_of_memory(command);
    } else if (take_head(&reading)) {
        done = take_rows(&reading);
        done = check_complete(&reading) && done;
    }
    csv_close(reading.csv);
    for (size_t c = 0; c < RESULT_COLUMNS; c++) {
        buffer_free(&reading.buffers[c]);
    }
    close(descriptor);
    return done;
}
