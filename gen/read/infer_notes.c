#include "read/infer_private.h"

#include <inttypes.h>
#include <string.h>

#define RUNNERS_UP    3
#define COLUMNS_NAMED 5
#define SCORE_WEAK    2.5 /* below it no type fits well */
#define GRADE_GOOD    80

/* column from "path", ... */
static void infer_notes_columns(const struct infer_match *match, struct buffer *out) {
    size_t named = 0;

    for (size_t c = 0; c < match->type->column_count; c++) {
        const struct infer_field *field = match->columns[c].field;
        if (field == NULL || named++ >= COLUMNS_NAMED) {
            continue;
        }
        buffer_format(out, "%s%s from ", named > 1 ? ", " : "", match->type->columns[c].name);
        infer_write_quoted(out, field->path, strlen(field->path));
    }
    buffer_append_text(out, named > COLUMNS_NAMED ? " ..." : "");
}

/* Required columns that nothing fills. */
static void infer_notes_missing(const struct infer_match *match, struct buffer *out) {
    bool first = true;

    for (size_t c = 0; c < match->type->column_count; c++) {
        const struct column *column = &match->type->columns[c];
        bool when = match->type->shape == TYPE_EVENT && c == match->type->time_column;
        if (match->columns[c].field == NULL && (column->required || when)) {
            buffer_format(out, "%s%s", first ? ", but not the required " : ", ", column->name);
            first = false;
        }
    }
}

static void infer_notes_type(struct infer_writer *writer) {
    const struct infer_match *best = writer->matches;
    struct buffer text = {0};

    buffer_format(&text, "Type: %s%s; %zu of its %zu columns found a field", best->type->id,
                  writer->request->type != SIZE_MAX ? ", as it was asked for" : "", best->filled,
                  best->type->column_count);
    infer_notes_missing(best, &text);
    if (best->spoken != NULL) {
        buffer_format(&text, "; the word \"%s\" speaks for it", best->spoken);
    }
    bool others = writer->match_count > 1 && writer->matches[1].filled > 0;
    buffer_format(&text, ". Score %.1f%s", best->score, others ? "; next:" : ".");
    for (size_t i = 1; i < writer->match_count && i <= RUNNERS_UP && writer->matches[i].filled > 0; i++) {
        buffer_format(&text, "%s %s %.1f (", i > 1 ? ";" : "", writer->matches[i].type->id, writer->matches[i].score);
        infer_notes_columns(&writer->matches[i], &text);
        buffer_append_byte(&text, ')');
    }
    infer_write_note(writer, 0, false, "%s", buffer_text(&text) != NULL ? buffer_text(&text) : "");
    if (best->score < SCORE_WEAK && writer->request->type == SIZE_MAX) {
        infer_write_note(writer, 0, true,
                         "no type fits well. `tickmark show types` lists them; draft again with --type TYPE, or leave "
                         "the export out where no control needs it.");
    }
    buffer_free(&text);
}

static bool infer_notes_uses(const struct infer_match *match, const struct infer_field *field) {
    for (size_t c = 0; c < match->type->column_count; c++) {
        if (match->columns[c].field == field) {
            return true;
        }
    }
    return false;
}

/* Types that want a flag which the drafted one has no use for: the same records can make rows of both. */
static void infer_notes_beside(struct infer_writer *writer) {
    size_t named = 0;

    for (size_t i = 1; i < writer->match_count && named < 2; i++) {
        const struct infer_match *match = &writer->matches[i];
        for (size_t c = 0; c < match->type->column_count; c++) {
            const struct infer_column *column = &match->columns[c];
            if (column->field == NULL || column->grade < GRADE_GOOD || !match->type->columns[c].required ||
                match->type->columns[c].kind != COLUMN_BOOLEAN || infer_notes_uses(writer->matches, column->field)) {
                continue;
            }
            struct buffer quoted = {0};
            infer_write_quoted(&quoted, column->field->path, strlen(column->field->path));
            infer_write_note(writer, 0, false,
                             "The same records may make rows of %s, too, whose %s could be %s: draft those with --type "
                             "%s and put both rules under `rows:`.",
                             match->type->id, match->type->columns[c].name, buffer_text(&quoted), match->type->id);
            buffer_free(&quoted);
            named++;
            break;
        }
    }
}

static bool infer_notes_nested(const struct infer_place *place, const char *at) {
    for (size_t i = 0; i < place->nested.count; i++) {
        if (strcmp(place->nested.items[i], at) == 0) {
            return true;
        }
    }
    return false;
}

static void infer_notes_places(struct infer_writer *writer) {
    const struct infer_sample *sample = writer->sample;
    struct buffer text = {0};

    for (size_t i = 0; i < sample->place_count; i++) {
        const struct infer_place *place = &sample->places[i];
        if (place != writer->place && place->at != NULL && strcmp(place->at, ".") != 0 &&
            !infer_notes_nested(writer->place, place->at)) {
            buffer_append_text(&text, text.length > 0 ? ", " : "");
            infer_write_scalar(&text, place->at, strlen(place->at));
            buffer_format(&text, " (%" PRIu64 ")", place->records);
        }
    }
    if (text.length > 0) {
        infer_write_note(writer, 0, false,
                         "Records stand in other lists, too, which rules of their own could read: %s.",
                         buffer_text(&text));
    }
    buffer_clear(&text);
    for (size_t i = 0; i < writer->place->nested.count; i++) {
        buffer_append_text(&text, i > 0 ? ", " : "");
        infer_write_scalar(&text, writer->place->nested.items[i], strlen(writer->place->nested.items[i]));
    }
    if (text.length > 0) {
        infer_write_note(writer, 0, false,
                         "Each record holds lists: %s. A further rule with that `at:` makes a row of each element; "
                         "\"../name\" is then a value of the record.",
                         buffer_text(&text));
    }
    buffer_free(&text);
}

/* A page of many looks like the whole: what around the records tells them apart. */
static void infer_notes_pages(struct infer_writer *writer) {
    const char *key = writer->place->paged != NULL ? writer->place->paged : writer->place->last;
    struct buffer path = {0};

    if (key == NULL) {
        return;
    }
    infer_write_scalar(&path, key, strlen(key));
    infer_write_note(writer, 0, true,
                     "%s, as %s around the records says. %s: complete: {%s: [%s]} says what the last one says, count: "
                     "$.key how many records there are in all.",
                     writer->place->paged != NULL ? "this may be one page of several"
                                                  : "this seems to be all, or the last of several pages",
                     buffer_text(&path),
                     writer->place->paged != NULL ? "Export all pages, or have such a page refused"
                                                  : "Have other pages refused",
                     buffer_text(&path), writer->place->ends);
    buffer_free(&path);
}

static void infer_notes_whole(struct infer_writer *writer) {
    const struct infer_sample *sample = writer->sample;
    const struct infer_place *place = writer->place;

    if (sample->headless) {
        infer_write_note(
            writer, 0, true,
            "the first row does not look like a header: it holds a number, a time or an address. Export with "
            "a header row, or remove the lines above it.");
    }
    if (sample->ragged > 0) {
        infer_write_note(
            writer, 0, true,
            "%" PRIu64 " row%s more or fewer cells than the first; %s rejected. Is the first row the header?",
            sample->ragged, sample->ragged == 1 ? " has" : "s have", sample->ragged == 1 ? "it is" : "they are");
    }
    if (sample->unread) {
        infer_write_note(writer, 0, true, "some records cannot be read at all; `tickmark validate` says which.");
    }
    if (sample->overflow) {
        infer_write_note(writer, 0, false, "The sample has more fields than are looked at here.");
    }
    if (writer->request->cut) {
        infer_write_note(writer, 0, false, "Only the beginning of the file was looked at.");
    }
    infer_notes_pages(writer);
    if (place->made != NULL) {
        struct buffer path = {0};
        infer_write_scalar(&path, place->made, strlen(place->made));
        infer_write_note(writer, 0, true, "if this is when the export was made, add: effective: {from: %s, time: %s}",
                         buffer_text(&path), place->made_time);
        buffer_free(&path);
    }
}

void infer_notes(struct infer_writer *writer) {
    struct buffer name = {0};

    infer_write_scalar(&name, writer->request->name, strlen(writer->request->name));
    infer_write_note(
        writer, 0, false,
        "Drafted by `tickmark kind infer` from %s (%" PRIu64 " record%s). It only proposes, by names and by "
        "what one file holds: read each line against the vendor's documentation, decide what is marked " INFER_OPEN
        ", and remove these comments.",
        buffer_text(&name), writer->place->records, writer->place->records == 1 ? "" : "s");
    infer_notes_type(writer);
    infer_notes_beside(writer);
    infer_notes_places(writer);
    infer_notes_whole(writer);
    if (writer->detection->count == 0) {
        infer_write_note(writer, 0, true, "nothing is in every record, so that `detect:` must be written by hand.");
    } else if (writer->detection->overlap != NULL) {
        infer_write_note(
            writer, 0, true,
            "the exports of the kind %s may have all that `detect:` asks for; add something that only this "
            "export has.",
            writer->detection->overlap);
    }
    buffer_free(&name);
}
