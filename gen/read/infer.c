#include "read/infer_private.h"

#include "base/text.h"

#include <string.h>

#define LIST_BONUS   0.5  /* for records in a list, against the document as one */
#define RECORD_BONUS 0.02 /* for each record, up to a score of them */
#define RECORDS_MOST 20
#define INNER_LOSS   2.0 /* of records in a list of a record */
#define SCORE_LEAST  1.0 /* below it no type is proposed */

static const struct {
    const char *format;
    const char *extension;
} infer_formats[FORMAT_COUNT] = {
    [FORMAT_CSV] = {"csv", "csv"},    [FORMAT_JSON] = {"json", "json"}, [FORMAT_NDJSON] = {"ndjson", "ndjson"},
    [FORMAT_YAML] = {"yaml", "yaml"}, [FORMAT_XML] = {"xml", "xml"},    [FORMAT_LOG] = {"log", "log"},
};

bool infer_id_valid(const char *id) {
    return text_is_name(id, true) && strlen(id) <= LIMIT_NAME_BYTES;
}

static bool infer_is_number(const char *word, size_t length) {
    return strspn(word, "0123456789") >= length;
}

/* An id from the file's name: its words but for the ending and numbers. */
static const char *infer_make_id(struct arena *arena, const struct infer_request *request) {
    char words[INFER_NAME_BYTES];
    struct buffer id = {0};
    const char *ending = strrchr(request->name, '.');
    size_t length =
        ending == NULL || ending == request->name ? strlen(request->name) : (size_t)(ending - request->name);

    infer_words(request->name, length, words);
    for (const char *at = words; *at != '\0'; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        bool ascii = true;
        for (size_t i = 0; i < word; i++) {
            ascii = ascii && (unsigned char)at[i] < 0x80;
        }
        if (ascii && !infer_is_number(at, word) && id.length + word + 8 < LIMIT_NAME_BYTES) {
            buffer_format(&id, "%s%.*s", id.length > 0 ? "-" : "", (int)word, at);
        }
        at += word;
    }
    const char *text = buffer_text(&id);
    const char *lead = text == NULL || id.length == 0 ? "new-kind" : infer_id_valid(text) ? "" : "kind-";
    const char *made = text == NULL ? NULL : arena_format(arena, "%s%s", lead, text);
    bool taken = made != NULL && schema_kind(request->schema, made) != SIZE_MAX;
    made = taken ? arena_format(arena, "my-%s", made) : made;
    buffer_free(&id);
    return made;
}

static void infer_texts(struct buffer *out, const char *key, const struct infer_detection *detection) {
    buffer_format(out, "detect: {%s: [", key);
    for (size_t i = 0; i < detection->count; i++) {
        buffer_append_text(out, i > 0 ? ", " : "");
        infer_write_scalar(out, detection->fields[i]->known, strlen(detection->fields[i]->known));
    }
    buffer_append_text(out, "]}\n");
}

/* Of a log of pairs: each key with its '=' stands in one of the first lines. */
static void infer_lines_detection(struct buffer *out, const struct infer_detection *detection) {
    struct buffer pattern = {0};

    buffer_append_text(out, "detect:\n  lines:\n");
    for (size_t i = 0; i < detection->count; i++) {
        buffer_clear(&pattern);
        buffer_append_text(&pattern, "(?:.*[ ,])?\\Q");
        buffer_append_text(&pattern, detection->fields[i]->path);
        buffer_append_text(&pattern, "\\E=");
        buffer_append_text(out, "    - ");
        infer_write_scalar(out, buffer_text(&pattern) == NULL ? "" : buffer_text(&pattern), pattern.length);
        buffer_append_byte(out, '\n');
    }
    buffer_free(&pattern);
}

static void infer_head(struct infer_writer *writer) {
    struct buffer *out = writer->yaml;
    const struct infer_sample *sample = writer->sample;

    buffer_format(out, "kind: %s\n", writer->id);
    buffer_append_text(out, "title: " INFER_OPEN "\nvendor: " INFER_OPEN "\nproduced_by: \"" INFER_OPEN
                            ": the command, API call or console page that exports it\"\n");
    writer->open++;
    buffer_format(out, "format: %s\n", infer_formats[sample->format].format);
    if (sample->format == FORMAT_LOG) {
        buffer_append_text(out, "preset: keyvalue\n");
    }
    if (sample->format == FORMAT_CSV) {
        buffer_append_text(out, "delimiter: ");
        if (sample->delimiter == '\t') {
            buffer_append_text(out, "tab");
        } else {
            buffer_format(out, "\"%c\"", sample->delimiter);
        }
        buffer_append_byte(out, '\n');
    }
    if (writer->detection->count > 0 && sample->format == FORMAT_LOG) {
        infer_lines_detection(out, writer->detection);
    } else if (writer->detection->count > 0) {
        infer_texts(out, sample->format == FORMAT_CSV ? "columns" : "paths", writer->detection);
    }
}

static bool infer_is_mapped(const struct infer_match *match, const struct infer_field *field, const char *top) {
    for (size_t c = 0; c < match->type->column_count; c++) {
        const struct infer_field *mapped = match->columns[c].field;
        if (mapped != NULL && (mapped == field || (top != NULL && strcmp(mapped->top, top) == 0))) {
            return true;
        }
    }
    return false;
}

/* Fields that nothing is made of. A part of the record without any that is mapped is left out whole. */
static void infer_ignore(struct infer_writer *writer) {
    const struct infer_place *place = writer->place;
    struct buffer *out = writer->yaml;
    struct buffer about = {0};
    const char *last = NULL;
    size_t count = 0;

    for (size_t f = 0; f < place->field_count; f++) {
        const struct infer_field *field = place->fields[f];
        bool whole = strcmp(field->top, field->known) != 0 && !infer_is_mapped(writer->matches, NULL, field->top);
        const char *path = whole ? field->top : field->known;
        if (infer_is_mapped(writer->matches, field, NULL) || (last != NULL && strcmp(last, path) == 0) ||
            path[0] == '\0' || strcmp(path, "@key") == 0) {
            continue;
        }
        last = path;
        buffer_clear(&about);
        buffer_append_text(out, count++ == 0 ? "ignore:\n  - " : "  - ");
        infer_write_scalar(out, path, strlen(path));
        if (whole) {
            buffer_append_text(&about, "all of it");
        } else if (field->twice) {
            buffer_append_text(&about,
                               "cannot be mapped: it stands twice, or its name would be read as something else");
        } else {
            infer_field_describe(field, &about);
        }
        buffer_format(out, " # %s\n", buffer_text(&about));
    }
    for (size_t i = 0; i < place->around.count; i++) {
        buffer_append_text(out, count++ == 0 ? "ignore:\n  - " : "  - ");
        infer_write_scalar(out, place->around.items[i], strlen(place->around.items[i]));
        buffer_append_text(out, " # around the records\n");
    }
    buffer_free(&about);
}

static void infer_write(struct infer_writer *writer) {
    struct buffer *out = writer->yaml;

    infer_notes(writer);
    infer_head(writer);
    buffer_format(out, "rows:\n  - type: %s\n", writer->matches->type->id);
    if (writer->place->at != NULL) {
        buffer_append_text(out, "    at: ");
        infer_write_scalar(out, writer->place->at, strlen(writer->place->at));
        buffer_append_byte(out, '\n');
    }
    buffer_append_text(out, "    map:\n");
    infer_columns(writer);
    infer_ignore(writer);
}

/* Of all places where records may stand, the one that makes the most of a type. */
static bool infer_choose(struct arena *arena, struct infer_writer *writer) {
    const struct infer_sample *sample = writer->sample;
    double most = 0;

    for (size_t i = 0; i < sample->place_count; i++) {
        const struct infer_place *place = &sample->places[i];
        size_t count = 0;
        if (place->records == 0 || place->field_count == 0) {
            continue;
        }
        const struct infer_match *matches = infer_match(arena, writer->request, place, &count);
        if (matches == NULL) {
            return false;
        }
        uint64_t records = place->records < RECORDS_MOST ? place->records : RECORDS_MOST;
        bool list = place->at == NULL || strcmp(place->at, ".") != 0;
        double score =
            matches->score + (list ? LIST_BONUS : 0) - (place->inner ? INNER_LOSS : 0) + RECORD_BONUS * (double)records;
        if (writer->place == NULL || score > most) {
            most = score;
            writer->place = place;
            writer->matches = matches;
            writer->match_count = count;
        }
    }
    return true;
}

bool infer_kind(struct arena *arena, const struct infer_request *asked, struct buffer *yaml, struct infer_draft *out) {
    struct infer_request whole = *asked; /* without a line that was cut */
    const struct infer_request *request = &whole;
    struct infer_sample sample;
    struct infer_detection detection;
    struct infer_writer writer = {.request = request, .sample = &sample, .detection = &detection, .yaml = yaml};

    *out = (struct infer_draft){0};
    if (whole.cut && memrchr(whole.bytes, '\n', whole.length) != NULL) {
        whole.length = (size_t)((const char *)memrchr(whole.bytes, '\n', whole.length) - whole.bytes) + 1;
    }
    if (!infer_sample(arena, request, &sample)) {
        return false;
    }
    if (sample.refusal != NULL) {
        out->refusal = sample.refusal;
        return true;
    }
    writer.id = request->id != NULL ? request->id : infer_make_id(arena, request);
    if (writer.id == NULL || !infer_choose(arena, &writer)) {
        return false;
    }
    if (writer.matches->score < SCORE_LEAST && request->type == SIZE_MAX) {
        const struct infer_match *best = writer.matches;
        out->refusal =
            arena_format(arena,
                         "no evidence type fits what is in it (the nearest are %s, %s and %s); name one with "
                         "--type TYPE, `tickmark show types` lists them, or leave the export out where no "
                         "control needs it",
                         best[0].type->id, best[writer.match_count > 1 ? 1 : 0].type->id,
                         best[writer.match_count > 2 ? 2 : 0].type->id);
        return out->refusal != NULL;
    }
    if (!infer_detect(arena, request, &sample, writer.place, writer.matches, &detection)) {
        return false;
    }
    infer_write(&writer);
    out->id = writer.id;
    out->type = writer.matches->type->id;
    out->extension = infer_formats[sample.format].extension;
    out->records = writer.place->records;
    out->open = writer.open;
    return !yaml->failed;
}
