#include "read/workbook.h"

#include "base/limits.h"
#include "base/quote.h"
#include "base/value.h"
#include "read/element.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WORKBOOK_BLOCK_BYTES (256u << 10)
#define WORKBOOK_BOOK        "xl/workbook.xml"
#define WORKBOOK_RELATIONS   "xl/_rels/workbook.xml.rels"
#define WORKBOOK_STYLES_PART "xl/styles.xml"
#define WORKBOOK_CUSTOM      164 /* number formats from here on are the workbook's own (18.8.30) */

static enum workbook_result workbook_fail(struct workbook *workbook, enum diagnostic problem, const char *what) {
    if (workbook->fault.length == 0) {
        workbook->problem = problem;
        buffer_append_text(&workbook->fault, what);
    }
    return WORKBOOK_FAULTY;
}

static enum workbook_result workbook_no_memory(void) {
    errno = ENOMEM;
    return WORKBOOK_FAILED;
}

#define WORKBOOK_OWN_MOST 4096 /* number formats of its own that are looked at */

/* What is looked for in one part, and where it goes. */
struct workbook_search {
    struct workbook *workbook;
    const char *sheet;   /* name that is wanted, or NULL */
    char *relation;      /* id of the sheet that was chosen */
    struct buffer named; /* all sheets, to be shown */
    struct buffer own;   /* struct workbook_format */
    bool failed;         /* memory is out */
};
struct workbook_format {
    int64_t id;
    enum workbook_style style;
};
typedef void workbook_visit(struct workbook_search *search, const struct element_reader *reader, bool begin);

/* Visits the elements of a part. */
static enum workbook_result workbook_elements(struct workbook_search *search, const char *name, size_t most,
                                              workbook_visit *visit) {
    static const char *const texts[] = {"t", NULL};
    struct workbook *workbook = search->workbook;
    struct workbook_part part;
    struct element_reader reader = {0};
    enum workbook_result result = WORKBOOK_FAILED;
    enum element_event event = ELEMENT_BEGIN;
    uint64_t before = workbook->unpacked;

    if (!workbook_part_open(&part, workbook, name)) {
        if (errno == 0) {
            struct buffer text = {0};
            buffer_format(&text, "the workbook has no readable part %s; save it again with a spreadsheet program",
                          name);
            result = workbook_fail(workbook, DIAGNOSTIC_WORKBOOK, buffer_text(&text) != NULL ? text.data : name);
            buffer_free(&text);
        }
        goto end;
    }
    if (!element_open(&reader, &part.source, texts)) {
        errno = ENOMEM;
        goto end;
    }
    while (event == ELEMENT_BEGIN || event == ELEMENT_END) {
        event = element_next(&reader);
        if (event == ELEMENT_BEGIN || event == ELEMENT_END) {
            visit(search, &reader, event == ELEMENT_BEGIN);
        }
        if (search->failed) {
            errno = ENOMEM;
            goto end;
        }
        if (workbook->unpacked - before > most) {
            struct buffer text = {0};
            buffer_format(&text,
                          "the part %s of the workbook has more than %zu MiB, the most that is read; export it "
                          "as CSV",
                          name, most >> 20);
            result = workbook_fail(workbook, DIAGNOSTIC_ARCHIVE_LIMIT, buffer_text(&text) != NULL ? text.data : name);
            buffer_free(&text);
            goto end;
        }
    }
    if (event == ELEMENT_FAILED) {
        errno = reader.nest->system_error != 0 ? reader.nest->system_error : EIO;
        goto end;
    }
    if (event == ELEMENT_FAULT) {
        struct buffer text = {0};
        buffer_format(&text, "the part %s of the workbook cannot be read: %s; export it again", name,
                      reader.nest->error);
        workbook_fail(workbook, DIAGNOSTIC_WORKBOOK, buffer_text(&text) != NULL ? text.data : name);
        buffer_free(&text);
    }
    result = workbook->fault.length > 0 ? WORKBOOK_FAULTY : WORKBOOK_OPENED;

end:
    element_close(&reader);
    workbook_part_close(&part);
    return result;
}

static void workbook_see_book(struct workbook_search *search, const struct element_reader *reader, bool begin) {
    const char *name = element_attribute(reader, "name");
    const char *relation = element_attribute(reader, "id");
    const char *state = element_attribute(reader, "state");
    const char *epoch = element_attribute(reader, "date1904");
    char quoted[QUOTE_BYTES];

    if (begin && strcmp(element_name(reader), "workbookPr") == 0 && epoch != NULL) {
        search->workbook->epoch_1904 = strcmp(epoch, "1") == 0 || strcmp(epoch, "true") == 0;
    }
    if (!begin || strcmp(element_name(reader), "sheet") != 0 || name == NULL || relation == NULL) {
        return;
    }
    if (search->named.length < LIMIT_DIAGNOSTIC_BYTES / 2) {
        buffer_format(&search->named, "%s%s", search->named.length > 0 ? ", " : "", quote(quoted, name, strlen(name)));
    }
    bool wanted =
        search->sheet != NULL ? strcmp(search->sheet, name) == 0 : state == NULL || strcmp(state, "visible") == 0;
    if (wanted && search->relation == NULL) {
        search->relation = strdup(relation);
        search->failed = search->relation == NULL;
    }
}

/* A target is relative to the folder of the part that names it, or absolute. */
static char *workbook_target(const char *target) {
    struct buffer path = {0};

    while (strncmp(target, "./", 2) == 0) {
        target += 2;
    }
    buffer_format(&path, target[0] == '/' ? "%s%s" : "%s/%s", target[0] == '/' ? "" : "xl",
                  target[0] == '/' ? target + 1 : target);
    return buffer_take(&path);
}

static void workbook_see_relations(struct workbook_search *search, const struct element_reader *reader, bool begin) {
    struct workbook *workbook = search->workbook;
    const char *id = element_attribute(reader, "Id");
    const char *type = element_attribute(reader, "Type");
    const char *target = element_attribute(reader, "Target");

    if (!begin || strcmp(element_name(reader), "Relationship") != 0 || id == NULL || type == NULL || target == NULL) {
        return;
    }
    const char *last = strrchr(type, '/');
    char **slot = strcmp(id, search->relation) == 0                     ? &workbook->sheet
                  : last != NULL && strcmp(last, "/sharedStrings") == 0 ? &workbook->shared
                                                                        : NULL;
    if (slot != NULL && *slot == NULL) {
        *slot = workbook_target(target);
        search->failed = *slot == NULL;
    }
}

/* What a number format shows (18.8.31), apart from what it quotes, escapes or has in brackets. */
static enum workbook_style workbook_format_style(const char *code) {
    bool day = false;
    bool time = false;

    for (const char *at = code; *at != '\0' && *at != ';'; at++) {
        if (*at == '"') {
            at += strcspn(at + 1, "\"") + 1;
        } else if (*at == '[') {
            /* [h] counts hours: a duration is a number. */
            if (strchr("hHmMsS", at[1]) != NULL && at[1] != '\0' && (at[2] == ']' || at[2] == at[1])) {
                return WORKBOOK_NUMBER;
            }
            at += strcspn(at, "]");
        } else if (*at == '\\' || *at == '_' || *at == '*') {
            at++;
        } else {
            day = day || strchr("dDyY", *at) != NULL;
            time = time || strchr("hHsS", *at) != NULL;
        }
        if (*at == '\0') {
            break;
        }
    }
    return time                                                           ? WORKBOOK_MOMENT
           : day || strcmp(code, "mmm") == 0 || strcmp(code, "mmmm") == 0 ? WORKBOOK_DATE
                                                                          : WORKBOOK_NUMBER;
}

/* The formats that every workbook has, also those of East Asian ones. */
static enum workbook_style workbook_builtin_style(int64_t id) {
    bool date =
        (id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) || id == 57 || id == 58;
    bool moment = (id >= 18 && id <= 22) || (id >= 32 && id <= 35) || id == 55 || id == 56;

    return date ? WORKBOOK_DATE : moment ? WORKBOOK_MOMENT : WORKBOOK_NUMBER;
}

static enum workbook_style workbook_find_style(const struct workbook_search *search, int64_t id) {
    for (size_t at = search->own.length; at >= sizeof(struct workbook_format);) {
        struct workbook_format format;
        at -= sizeof format;
        memcpy(&format, search->own.data + at, sizeof format);
        if (format.id == id) {
            return format.style;
        }
    }
    return id < WORKBOOK_CUSTOM ? workbook_builtin_style(id) : WORKBOOK_NUMBER;
}

static void workbook_see_styles(struct workbook_search *search, const struct element_reader *reader, bool begin) {
    struct workbook *workbook = search->workbook;
    const char *id = element_attribute(reader, "numFmtId");
    const char *code = element_attribute(reader, "formatCode");
    int64_t number = 0;

    if (!begin || id == NULL || !value_integer(id, strlen(id), &number)) {
        number = 0;
    }
    if (begin && strcmp(element_name(reader), "numFmt") == 0 && code != NULL &&
        search->own.length < WORKBOOK_OWN_MOST * sizeof(struct workbook_format)) {
        const struct workbook_format format = {number, workbook_format_style(code)};
        buffer_append(&search->own, &format, sizeof format);
        search->failed = search->own.failed;
    }
    if (!begin || strcmp(element_name(reader), "xf") != 0 || strcmp(element_parent(reader), "cellXfs") != 0) {
        return;
    }
    if (workbook->styles == NULL) {
        workbook->styles = calloc(LIMIT_WORKBOOK_STYLES, 1);
        search->failed = workbook->styles == NULL;
    }
    if (!search->failed && workbook->style_count < LIMIT_WORKBOOK_STYLES) {
        workbook->styles[workbook->style_count++] = (unsigned char)workbook_find_style(search, number);
    }
}

static void workbook_see_texts(struct workbook_search *search, const struct element_reader *reader, bool begin) {
    struct workbook *workbook = search->workbook;
    const char *name = element_name(reader);

    if (strcmp(name, "t") == 0 && !begin && strcmp(element_parent(reader), "rPh") != 0) {
        if (reader->text == NULL) {
            workbook_fail(workbook, DIAGNOSTIC_RECORD_TOO_LONG,
                          "a text of the workbook is longer than 16 MiB; correct it");
            return;
        }
        buffer_append(&workbook->texts, reader->text, reader->text_length);
    }
    if (strcmp(name, "si") == 0 && !begin) {
        buffer_append(&workbook->ends, &workbook->texts.length, sizeof workbook->texts.length);
    }
    search->failed = search->failed || workbook->texts.failed || workbook->ends.failed;
}

bool workbook_text(const struct workbook *workbook, size_t index, const char **text, size_t *length) {
    size_t bounds[2] = {0, 0};

    if (index >= workbook->ends.length / sizeof bounds[0]) {
        return false;
    }
    if (index > 0) {
        memcpy(&bounds[0], workbook->ends.data + (index - 1) * sizeof bounds[0], sizeof bounds[0]);
    }
    memcpy(&bounds[1], workbook->ends.data + index * sizeof bounds[0], sizeof bounds[1]);
    *text = workbook->texts.data != NULL ? workbook->texts.data + bounds[0] : "";
    *length = bounds[1] - bounds[0];
    return true;
}

/* Takes the file as exported. */
static enum workbook_result workbook_take(struct workbook *workbook, struct byte_source *bytes) {
    ssize_t got = 1;

    while (got != 0) {
        if (!buffer_reserve(&workbook->bytes, WORKBOOK_BLOCK_BYTES)) {
            return workbook_no_memory();
        }
        got = bytes->read(bytes, workbook->bytes.data + workbook->bytes.length, WORKBOOK_BLOCK_BYTES);
        if (got < 0 && errno != EINTR) {
            return WORKBOOK_FAILED;
        }
        workbook->bytes.length += got > 0 ? (size_t)got : 0;
        if (workbook->bytes.length > LIMIT_WORKBOOK_BYTES) {
            buffer_format(&workbook->fault,
                          "the workbook is larger than %u MiB, the most that is read; export it as CSV",
                          LIMIT_WORKBOOK_BYTES >> 20);
            workbook->problem = DIAGNOSTIC_ARCHIVE_LIMIT;
            return WORKBOOK_FAULTY;
        }
    }
    return WORKBOOK_OPENED;
}

enum workbook_result workbook_open(struct workbook *workbook, struct byte_source *bytes, const char *sheet) {
    struct workbook_search search = {.workbook = workbook, .sheet = sheet};
    struct workbook_part part;

    *workbook = (struct workbook){0};
    enum workbook_result result = workbook_take(workbook, bytes);
    if (result == WORKBOOK_OPENED && workbook->bytes.length >= 4 &&
        memcmp(workbook->bytes.data, "\xD0\xCF\x11\xE0", 4) == 0) {
        result =
            workbook_fail(workbook, DIAGNOSTIC_WORKBOOK,
                          "the workbook has a password or is of the old sort (.xls); save it as .xlsx without one");
    }
    if (result == WORKBOOK_OPENED && (workbook->bytes.length < 4 || memcmp(workbook->bytes.data, "PK", 2) != 0)) {
        result = workbook_fail(workbook, DIAGNOSTIC_WRONG_SHAPE, "the file is no workbook (.xlsx); export it as one");
    }
    if (result == WORKBOOK_OPENED) {
        result = workbook_elements(&search, WORKBOOK_BOOK, LIMIT_WORKBOOK_PART_BYTES, workbook_see_book);
    }
    if (result == WORKBOOK_OPENED && search.relation == NULL) {
        char quoted[QUOTE_BYTES];
        struct buffer text = {0};
        buffer_format(&text, "the workbook has no%s sheet %s; it has %s: correct `sheet:`, or export it again",
                      sheet != NULL ? "" : " visible", sheet != NULL ? quote(quoted, sheet, strlen(sheet)) : "at all",
                      buffer_text(&search.named) != NULL && search.named.length > 0 ? search.named.data : "none");
        result = workbook_fail(workbook, DIAGNOSTIC_WORKBOOK, buffer_text(&text) != NULL ? text.data : "no sheet");
        buffer_free(&text);
    }
    if (result == WORKBOOK_OPENED) {
        result = workbook_elements(&search, WORKBOOK_RELATIONS, LIMIT_WORKBOOK_PART_BYTES, workbook_see_relations);
    }
    if (result == WORKBOOK_OPENED && workbook->sheet == NULL) {
        result = workbook_fail(workbook, DIAGNOSTIC_WORKBOOK,
                               "the workbook does not say where its sheet is; save it "
                               "again with a spreadsheet program");
    }
    /* A workbook may do without styles: then it has no dates. */
    if (result == WORKBOOK_OPENED && workbook_part_open(&part, workbook, WORKBOOK_STYLES_PART)) {
        workbook_part_close(&part);
        result = workbook_elements(&search, WORKBOOK_STYLES_PART, LIMIT_WORKBOOK_PART_BYTES, workbook_see_styles);
    } else if (result == WORKBOOK_OPENED) {
        workbook_part_close(&part);
    }
    if (result == WORKBOOK_OPENED && workbook->shared != NULL) {
        result = workbook_elements(&search, workbook->shared, LIMIT_WORKBOOK_TEXT_BYTES, workbook_see_texts);
    }
    free(search.relation);
    buffer_free(&search.named);
    buffer_free(&search.own);
    return result;
}

void workbook_close(struct workbook *workbook) {
    buffer_free(&workbook->bytes);
    buffer_free(&workbook->texts);
    buffer_free(&workbook->ends);
    buffer_free(&workbook->fault);
    free(workbook->styles);
    free(workbook->sheet);
    free(workbook->shared);
    *workbook = (struct workbook){0};
}
