#include "base/value.h"
#include "read/infer_private.h"

#include <string.h>

#define SHORT_TEXT    64                  /* longer values are neither words of a list nor times */
#define EPOCH_FROM    INT64_C(946684800)  /* 2000-01-01: numbers are taken for times only from here ... */
#define EPOCH_UNTIL   INT64_C(4102444800) /* ... to 2100-01-01 */
#define RECORDS_FROM  INT64_C(31536000)   /* 1971-01-01: a time before it stands for "never" */
#define RECORDS_UNTIL INT64_C(7258118400) /* 2200-01-01, likewise */
#define HANDLE_LOSS   8                   /* of grade, for the name of the object whose value says who it is */
#define TABLE_WORDS   6                   /* that a description lists */

/* In the order in which they are preferred where several fit equally well. */
static const enum datetime_format infer_field_formats[] = {
    DATETIME_ISO,   DATETIME_COMPACT,    DATETIME_EPOCH_MS, DATETIME_EPOCH,     DATETIME_RFC1123,
    DATETIME_CTIME, DATETIME_COMMON_LOG, DATETIME_SYSLOG,   DATETIME_DAY_FIRST, DATETIME_MONTH_FIRST,
};
#define FORMAT_TRIED (sizeof infer_field_formats / sizeof infer_field_formats[0])

static bool infer_field_plausible(enum datetime_format format, int64_t seconds) {
    return (format != DATETIME_EPOCH && format != DATETIME_EPOCH_MS && format != DATETIME_COMPACT) ||
           (seconds >= EPOCH_FROM && seconds < EPOCH_UNTIL);
}

static bool infer_field_keep(struct arena *arena, const char **slot, const char *text, size_t length) {
    if (*slot == NULL) {
        *slot = arena_copy(arena, text, length);
    }
    return *slot != NULL;
}

static bool infer_field_add_time(struct arena *arena, struct infer_field *field, const char *text, size_t length) {
    bool good = true;

    for (size_t i = 0; i < FORMAT_TRIED && good; i++) {
        enum datetime_format format = infer_field_formats[i];
        struct infer_time *time = &field->times[format];
        int64_t seconds = 0;
        enum datetime_result result = length > SHORT_TEXT
                                          ? DATETIME_MALFORMED
                                          : datetime_parse(text, length, format, DATETIME_ZONE_UNDECLARED, &seconds);
        bool zoneless = result == DATETIME_NO_ZONE;
        if (zoneless) {
            result = datetime_parse(text, length, format, 0, &seconds);
        }
        if (result == DATETIME_NO_YEAR) {
            time->fit++;
            time->yearless++;
            time->zoneless += zoneless;
        } else if (result == DATETIME_OK && infer_field_plausible(format, seconds)) {
            time->fit++;
            time->zoneless += zoneless;
            if (seconds < RECORDS_FROM || seconds >= RECORDS_UNTIL) {
                good = infer_field_keep(arena, &field->odd_time, text, length);
            }
        } else {
            good = length > SHORT_TEXT || infer_field_keep(arena, &time->misfit, text, length);
        }
    }
    return good;
}

static bool infer_field_is_address(const char *text, size_t length) {
    const char *at = memchr(text, '@', length);

    return at != NULL && at > text && memchr(text, ' ', length) == NULL &&
           memchr(at, '.', length - (size_t)(at - text)) != NULL;
}

static bool infer_field_add_word(struct arena *arena, struct infer_field *field, const char *text, size_t length,
                                 bool nothing) {
    for (size_t i = 0; i < field->word_count; i++) {
        if (field->words[i].length == length && memcmp(field->words[i].text, text, length) == 0) {
            field->words[i].count++;
            return true;
        }
    }
    if (field->word_count == INFER_WORDS || length > SHORT_TEXT) {
        field->more_words = true;
        return true;
    }
    struct infer_word *word = &field->words[field->word_count];
    *word = (struct infer_word){arena_copy(arena, text, length), length, 1, nothing};
    field->word_count += word->text != NULL;
    return word->text != NULL;
}

bool infer_field_add(struct arena *arena, const struct synonyms *synonyms, struct infer_field *field, const char *text,
                     size_t length) {
    int64_t integer;
    double real;
    bool boolean;
    bool nothing = false;

    if (length == 0) {
        return true;
    }
    for (size_t i = 0; i < synonyms->nulls.count && !nothing; i++) {
        const char *word = synonyms->nulls.items[i];
        nothing = strlen(word) == length && memcmp(word, text, length) == 0;
    }
    if (!infer_field_add_word(arena, field, text, length, nothing)) {
        return false;
    }
    field->nothing += nothing;
    if (nothing) {
        return true;
    }
    field->values++;
    field->integers += value_integer(text, length, &integer);
    field->reals += value_real(text, length, &real);
    field->booleans += value_boolean(text, length, &boolean);
    field->addresses += infer_field_is_address(text, length);
    return infer_field_add_time(arena, field, text, length);
}

static void infer_field_add_name(struct infer_field *field, const struct synonyms *synonyms, const char *words,
                                 int loss) {
    for (size_t i = 0; i < field->name_count; i++) {
        if (strcmp(field->names[i].words, words) == 0) {
            return;
        }
    }
    if (*words == '\0' || field->name_count == INFER_NAMES) {
        return;
    }
    struct infer_name *name = &field->names[field->name_count++];
    strcpy(name->words, words);
    name->loss = loss;
    infer_words_without(words, &synonyms->fillers, name->bare);
}

/* The words of some keys one behind the other. */
static void infer_field_join(const char *const *keys, size_t count, char out[INFER_NAME_BYTES]) {
    char joined[4 * INFER_NAME_BYTES] = "";
    size_t length = 0;

    for (size_t i = 0; i < count; i++) {
        size_t room = sizeof joined - length - 1;
        size_t part = strlen(keys[i]) < room ? strlen(keys[i]) : room;
        memcpy(joined + length, keys[i], part);
        length += part;
        joined[length] = ' ';
        length += length + 1 < sizeof joined;
    }
    infer_words(joined, length, out);
}

void infer_field_name(struct infer_field *field, const struct synonyms *synonyms, const char *const *keys,
                      size_t count) {
    char words[INFER_NAME_BYTES];
    char parent[INFER_NAME_BYTES];

    field->name_count = 0;
    infer_field_join(keys, count, words);
    infer_field_add_name(field, synonyms, words, count < 2 ? 0 : 6);
    if (count < 2) {
        return;
    }
    infer_field_join(keys + count - 1, 1, words);
    infer_field_join(keys + count - 2, 1, parent);
    infer_field_add_name(field, synonyms, words, infer_words_listed(&synonyms->wrappers, parent) ? 3 : 30);
    for (size_t i = 0; i < synonyms->handles.count; i++) { /* creator.login is the creator */
        char handle[INFER_NAME_BYTES];
        infer_words(synonyms->handles.items[i], strlen(synonyms->handles.items[i]), handle);
        if (strcmp(words, handle) == 0) {
            infer_field_add_name(field, synonyms, parent, HANDLE_LOSS + (int)i);
            break;
        }
    }
    infer_field_join(keys + count - 2, 2, words);
    infer_field_add_name(field, synonyms, words, 6);
}

bool infer_field_time(const struct infer_field *field, enum datetime_format *format) {
    uint64_t most = 0;

    for (size_t i = 0; i < FORMAT_TRIED; i++) {
        if (field->times[infer_field_formats[i]].fit > most) {
            most = field->times[infer_field_formats[i]].fit;
            *format = infer_field_formats[i];
        }
    }
    return most > 0 && most * 2 >= field->values;
}

bool infer_field_ambiguous(const struct infer_field *field) {
    enum datetime_format format;

    return infer_field_time(field, &format) && format == DATETIME_DAY_FIRST &&
           field->times[DATETIME_MONTH_FIRST].fit == field->times[DATETIME_DAY_FIRST].fit;
}

void infer_field_describe(const struct infer_field *field, struct buffer *out) {
    enum datetime_format format;

    if (field->compounds > 0) {
        buffer_append_text(out, "list or object");
    } else if (field->values == 0) {
        buffer_append_text(out, field->nothing > 0 ? "nothing but words for \"nothing\"" : "empty");
    } else if (infer_field_time(field, &format)) {
        buffer_format(out, "time (%s)",
                      infer_field_ambiguous(field) ? "day or month first" : datetime_format_name(format));
    } else if (field->booleans == field->values && field->word_count <= 3) {
        buffer_append_text(out, "boolean");
    } else if (field->integers == field->values) {
        buffer_append_text(out, "integer");
    } else if (field->reals == field->values) {
        buffer_append_text(out, "number");
    } else if (!field->more_words && field->word_count <= TABLE_WORDS && field->word_count * 2 <= field->values) {
        buffer_format(out, field->word_count == 1 ? "always the same" : "one of %zu words", field->word_count);
    } else {
        buffer_append_text(out, "text");
    }
}
