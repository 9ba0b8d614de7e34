#include "base/value.h"
#include "read/infer_private.h"

#include <inttypes.h>
#include <string.h>

#define INDENT 6

/* The words of the list that are not told by the column's values. */
static void infer_columns_nulls(struct buffer *out, const struct infer_field *field, const bool *meant) {
    bool first = true;

    for (size_t i = 0; i < field->word_count; i++) {
        if (!field->words[i].nothing || (meant != NULL && meant[i])) {
            continue;
        }
        buffer_append_text(out, first ? ", null: [" : ", ");
        infer_write_scalar(out, field->words[i].text, field->words[i].length);
        first = false;
    }
    buffer_append_text(out, first ? "" : "]");
}

static bool infer_columns_has_nulls(const struct infer_field *field, const bool *meant) {
    for (size_t i = 0; i < field->word_count; i++) {
        if (field->words[i].nothing && (meant == NULL || !meant[i])) {
            return true;
        }
    }
    return false;
}

/* Whether some records are without it: of a table, none. */
static bool infer_columns_optional(const struct infer_writer *writer, const struct infer_field *field) {
    return writer->sample->format != FORMAT_CSV && !field->above && field->present < writer->place->records;
}

/* name: path, or {from: path, ...}; `time` may be NULL. */
static void infer_columns_from(const struct infer_writer *writer, const struct column *column,
                               const struct infer_column *match, const char *time) {
    const struct infer_field *field = match->field;
    bool optional = infer_columns_optional(writer, field);
    bool nulls = infer_columns_has_nulls(field, NULL);
    bool plain = time == NULL && !optional && !nulls;
    struct buffer *out = writer->yaml;

    buffer_format(out, "%*s%s: %s", INDENT, "", column->name, plain ? "" : "{from: ");
    infer_write_scalar(out, field->path, strlen(field->path));
    if (time != NULL) {
        buffer_format(out, ", time: %s", time);
    }
    if (nulls) {
        infer_columns_nulls(out, field, NULL);
    }
    buffer_format(out, "%s%s # %s%s\n", optional ? ", optional: true" : "", plain ? "" : "}", match->why,
                  field->values + field->nothing == 0 ? "; empty in the whole sample" : "");
}

static void infer_columns_seen(const struct infer_field *field, struct buffer *out) {
    for (size_t i = 0; i < field->word_count; i++) {
        buffer_append_text(out, i > 0 ? ", " : "");
        infer_write_quoted(out, field->words[i].text, field->words[i].length);
        buffer_format(out, " %" PRIu64, field->words[i].count);
    }
}

/* What decided between day and month. */
static void infer_columns_order(struct infer_writer *writer, const struct infer_field *field,
                                enum datetime_format format) {
    enum datetime_format other = format == DATETIME_DAY_FIRST ? DATETIME_MONTH_FIRST : DATETIME_DAY_FIRST;
    const char *decided = field->times[other].misfit;
    struct buffer quoted = {0};

    if (decided != NULL) {
        infer_write_quoted(&quoted, decided, strlen(decided));
        infer_write_note(writer, INDENT, false, "%s says that the %s comes first.", buffer_text(&quoted),
                         format == DATETIME_DAY_FIRST ? "day" : "month");
    }
    buffer_free(&quoted);
}

static void infer_columns_zone(struct infer_writer *writer, const struct infer_time *time) {
    if (time->yearless > 0) {
        infer_write_note(writer, INDENT, true,
                         "the times have no year; the path of the source must say it: {date} or {period}.");
    }
    if (time->zoneless > 0 && writer->zone_said) {
        infer_write_note(writer, INDENT, false, "Without a zone, too: %" PRIu64 " of %" PRIu64 " times.",
                         time->zoneless, time->fit);
    } else if (time->zoneless > 0) {
        infer_write_note(writer, INDENT, true,
                         "%" PRIu64 " of %" PRIu64 " times are without a zone, and are rejected until one is declared: "
                         "`zone:` of the source in inputs/programme.yaml, such as UTC or \"+02:00\".",
                         time->zoneless, time->fit);
        writer->zone_said = true;
    }
}

static void infer_columns_time(struct infer_writer *writer, const struct column *column,
                               const struct infer_column *match) {
    const struct infer_field *field = match->field;
    enum datetime_format format = DATETIME_ISO;
    struct buffer quoted = {0};

    if (!infer_field_time(field, &format)) {
        infer_write_note(writer, INDENT, true, "it is empty in the whole sample; say how its times are written.");
        infer_columns_from(writer, column, match, datetime_format_name(DATETIME_ISO));
        return;
    }
    const struct infer_time *time = &field->times[format];
    const char *misfit = time->misfit;
    const char *written = datetime_format_name(format);
    if (infer_field_ambiguous(field)) {
        const char *sample = field->times[DATETIME_ISO].misfit;
        infer_write_quoted(&quoted, sample == NULL ? "" : sample, sample == NULL ? 0 : strlen(sample));
        infer_write_note(writer, INDENT, true,
                         "day or month first? Every date seen can be read both ways, such as %s. Ask the vendor's "
                         "documentation and write `time: day-first` or `time: month-first`; until then `iso` stands "
                         "here so that none is read.",
                         buffer_text(&quoted));
        written = datetime_format_name(DATETIME_ISO);
        misfit = NULL;
    } else if (format == DATETIME_DAY_FIRST || format == DATETIME_MONTH_FIRST) {
        infer_columns_order(writer, field, format);
    }
    infer_columns_zone(writer, time);
    buffer_clear(&quoted);
    if (misfit != NULL) {
        infer_write_quoted(&quoted, misfit, strlen(misfit));
        infer_write_note(writer, INDENT, true,
                         "%" PRIu64 " of %" PRIu64 " values are no such time, the first %s; they are rejected unless "
                         "they are listed under `null:`.",
                         field->values - time->fit, field->values, buffer_text(&quoted));
    }
    buffer_clear(&quoted);
    if (field->odd_time != NULL) {
        infer_write_quoted(&quoted, field->odd_time, strlen(field->odd_time));
        infer_write_note(writer, INDENT, true, "%s may stand for \"never\"; if so, list it under `null:`.",
                         buffer_text(&quoted));
    }
    infer_columns_from(writer, column, match, written);
    buffer_free(&quoted);
}

/* true or false; or the values of the enumeration. */
static void infer_columns_choice(const struct column *column, struct buffer *out) {
    for (size_t i = 0; i < column->values.count; i++) {
        buffer_format(out, "%s%s",
                      i == 0                          ? ""
                      : i + 1 == column->values.count ? " or "
                                                      : ", ",
                      column->values.items[i]);
    }
    buffer_append_text(out, column->values.count == 0 ? "true or false" : "");
}

/* An enumeration, or a boolean that is said by other words than true and false. */
static void infer_columns_values(struct infer_writer *writer, const struct column *column,
                                 const struct infer_column *match) {
    const struct synonyms *synonyms = &writer->request->schema->synonyms;
    const struct infer_field *field = match->field;
    struct buffer *out = writer->yaml;
    struct buffer seen = {0};
    bool meant[INFER_WORDS] = {false};
    size_t known = 0;
    size_t unknown = 0;

    for (size_t i = 0; i < field->word_count; i++) {
        meant[i] = infer_match_value(synonyms, writer->matches->type, column, &field->words[i]) != NULL;
        known += meant[i];
        unknown += !meant[i] && !field->words[i].nothing;
    }
    infer_columns_seen(field, &seen);
    infer_write_note(writer, INDENT, false, "%s: %s. Seen: %s", column->name, match->why,
                     seen.length > 0 ? buffer_text(&seen) : "nothing");
    if (unknown > 0 || known == 0) {
        struct buffer choice = {0};
        infer_columns_choice(column, &choice);
        infer_write_note(writer, INDENT, true, "%s: %s? A word that is not listed is reported and read as unknown.",
                         unknown > 0 ? "what do the words below that are commented out mean"
                                     : "what words are there, and what do they mean",
                         buffer_text(&choice));
        buffer_free(&choice);
    }
    buffer_format(out, "%*s%s:\n%*sfrom: ", INDENT, "", column->name, INDENT + 2, "");
    infer_write_scalar(out, field->path, strlen(field->path));
    buffer_append_byte(out, '\n');
    if (infer_columns_optional(writer, field)) {
        buffer_format(out, "%*soptional: true\n", INDENT + 2, "");
    }
    if (infer_columns_has_nulls(field, meant)) {
        struct buffer nulls = {0};
        infer_columns_nulls(&nulls, field, meant);
        buffer_format(out, "%*s%s\n", INDENT + 2, "", buffer_text(&nulls) + strlen(", "));
        buffer_free(&nulls);
    }
    buffer_format(out, known > 0 ? "%*svalues:\n" : "%*s# values:\n", INDENT + 2, "");
    for (size_t i = 0; i < field->word_count; i++) {
        const struct infer_word *word = &field->words[i];
        const char *value = infer_match_value(synonyms, writer->matches->type, column, word);
        if (value == NULL && word->nothing) {
            continue;
        }
        buffer_format(out, "%*s%s", INDENT + (known > 0 ? 4 : 2), "", known == 0 ? "#   " : value == NULL ? "# " : "");
        infer_write_scalar(out, word->text, word->length);
        buffer_format(out, ": %s\n", value == NULL ? "?" : value);
    }
    buffer_free(&seen);
}

/* A boolean that says the contrary of the column: each word becomes the other value. */
static void infer_columns_contrary(struct infer_writer *writer, const struct column *column,
                                   const struct infer_column *match) {
    const struct infer_field *field = match->field;
    struct buffer *out = writer->yaml;
    bool boolean = false;

    infer_write_note(writer, INDENT, false, "%s: %s, so that true becomes false.", column->name, match->why);
    buffer_format(out, "%*s%s:\n%*sfrom: ", INDENT, "", column->name, INDENT + 2, "");
    infer_write_scalar(out, field->path, strlen(field->path));
    buffer_format(out, "%s\n%*svalues:\n", infer_columns_optional(writer, field) ? "\n        optional: true" : "",
                  INDENT + 2, "");
    for (size_t i = 0; i < field->word_count; i++) {
        const struct infer_word *word = &field->words[i];
        if (value_boolean(word->text, word->length, &boolean)) {
            buffer_format(out, "%*s", INDENT + 4, "");
            infer_write_scalar(out, word->text, word->length);
            buffer_format(out, ": %s\n", boolean ? "false" : "true");
        }
    }
    if (field->word_count == 1) { /* the other word, which this sample has not */
        buffer_format(out, "%*s\"%s\": %s\n", INDENT + 4, "", boolean ? "false" : "true", boolean ? "true" : "false");
    }
}

static void infer_columns_boolean(struct infer_writer *writer, const struct column *column,
                                  const struct infer_column *match) {
    const struct infer_field *field = match->field;
    struct buffer seen = {0};

    if (match->opposite && field->booleans == field->values) {
        infer_columns_contrary(writer, column, match);
        return;
    }
    if (field->booleans < field->values || field->values == 0) {
        infer_columns_values(writer, column, match);
        return;
    }
    infer_columns_seen(field, &seen);
    if (seen.length > 0) {
        infer_write_note(writer, INDENT, false, "Seen: %s", buffer_text(&seen));
    }
    infer_columns_from(writer, column, match, NULL);
    buffer_free(&seen);
}

/* A required column that nothing fills: its records are invalid until somebody says what does. */
static void infer_columns_missing(struct infer_writer *writer, size_t index) {
    const struct evidence_type *type = writer->matches->type;
    const struct column *column = &type->columns[index];
    bool id = type->key_count == 1 && type->key[0] == index && column->kind == COLUMN_TEXT;
    static const char *const wanted[] = {
        [COLUMN_TEXT] = "a text",   [COLUMN_INTEGER] = "a whole number",
        [COLUMN_REAL] = "a number", [COLUMN_BOOLEAN] = "a boolean",
        [COLUMN_TIME] = "a time",   [COLUMN_ENUMERATION] = "",
    };
    struct buffer values = {0};

    if (column->kind == COLUMN_ENUMERATION) {
        infer_columns_choice(column, &values);
    }
    infer_write_note(writer, INDENT, true,
                     "%s is required, %s%s. %s. Name what holds it, or write {value: ...} if it is the same for all "
                     "records of this export%s.",
                     column->name, wanted[column->kind], values.length > 0 ? buffer_text(&values) : "", column->meaning,
                     id ? "; where the export has no id, `expr:` joins several values to one, as in "
                          "schema/kinds/sshd-log.yaml"
                        : "");
    buffer_format(writer->yaml, "%*s%s: {from: " INFER_OPEN "%s, optional: true}\n", INDENT, "", column->name,
                  column->kind == COLUMN_TIME ? ", time: iso" : "");
    buffer_free(&values);
}

/* Rows with the same key are one row, and the others do not count. */
static void infer_columns_key(struct infer_writer *writer, size_t index) {
    const struct infer_match *match = writer->matches;
    const struct infer_field *field = match->columns[index].field;

    if (match->type->key_count == 1 && match->type->key[0] == index && !field->more_words && !field->above &&
        field->word_count < field->values) {
        infer_write_note(writer, INDENT, true,
                         "%s tells the records of this type apart, but several have the same here; another column "
                         "may be meant, or the export lists events, which `fold:` makes one row.",
                         match->type->columns[index].name);
    }
}

static void infer_columns_number(struct infer_writer *writer, const struct column *column,
                                 const struct infer_field *field) {
    uint64_t fit = column->kind == COLUMN_INTEGER ? field->integers : field->reals;

    if (column->kind != COLUMN_TEXT && fit < field->values) {
        infer_write_note(writer, INDENT, true, "%" PRIu64 " of %" PRIu64 " values are no %s; they are rejected.",
                         field->values - fit, field->values,
                         column->kind == COLUMN_INTEGER ? "whole numbers" : "numbers");
    }
}

void infer_columns(struct infer_writer *writer) {
    const struct infer_match *match = writer->matches;
    const struct evidence_type *type = match->type;

    for (size_t c = 0; c < type->column_count; c++) {
        const struct column *column = &type->columns[c];
        const struct infer_column *found = &match->columns[c];
        if (found->field == NULL) {
            if (column->required || (type->shape == TYPE_EVENT && c == type->time_column)) {
                infer_columns_missing(writer, c);
            }
            continue;
        }
        infer_columns_key(writer, c);
        if (column->kind == COLUMN_TIME) {
            infer_columns_time(writer, column, found);
        } else if (column->kind == COLUMN_ENUMERATION) {
            infer_columns_values(writer, column, found);
        } else if (column->kind == COLUMN_BOOLEAN) {
            infer_columns_boolean(writer, column, found);
        } else {
            infer_columns_number(writer, column, found->field);
            infer_columns_from(writer, column, found, NULL);
        }
    }
}
