#include "base/text.h"
#include "read/infer_tree.h"

#include <string.h>

/* Beginnings of files that are no data, and what to do about each. */
static const struct {
    const char *bytes;
    size_t length;
    const char *why;
} infer_beginnings[] = {
    {"PK\3\4", 4, "this is a ZIP archive or a workbook; unpack it, or save its sheet as CSV"},
    {"\x1F\x8B", 2, "this is compressed by gzip; unpack it: gunzip FILE"},
    {"\x28\xB5\x2F\xFD", 4, "this is compressed by zstd; unpack it: unzstd FILE"},
    {"\xFD"
     "7zXZ",
     5, "this is compressed by xz; unpack it: unxz FILE"},
    {"BZh", 3, "this is compressed by bzip2; unpack it: bunzip2 FILE"},
    {"%PDF", 4,
     "this is a PDF document, which is evidence itself and has no records; declare it under `sources:` of "
     "inputs/programme.yaml with a kind of the format document"},
    {"\xFF\xFE", 2, "this is text in UTF-16; export it as UTF-8, or convert it: iconv -f UTF-16 -t UTF-8 FILE"},
    {"\xFE\xFF", 2, "this is text in UTF-16; export it as UTF-8, or convert it: iconv -f UTF-16 -t UTF-8 FILE"},
    {"\xD0\xCF\x11\xE0", 4, "this is an old Office document; save its sheet as CSV"},
};

static bool infer_sample_ends(const char *name, const char *ending) {
    size_t length = name == NULL ? 0 : strlen(name);

    return length >= strlen(ending) && strcasecmp(name + length - strlen(ending), ending) == 0;
}

/* Whether it is brackets and nothing in them: what a JSON export without any record is, whatever its kind. */
static bool infer_sample_hollow(const char *bytes, size_t length) {
    size_t from = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

    for (size_t i = from; i < length; i++) {
        if (memchr(" \t\r\n[]{}", bytes[i], 8) == NULL) {
            return false;
        }
    }
    return length > from;
}

const char *infer_unreadable(const char *name, const char *bytes, size_t length) {
    static const char *const documents[] = {".md", ".markdown", ".pdf", ".docx", ".odt", ".png", ".jpg"};

    for (size_t i = 0; i < sizeof infer_beginnings / sizeof infer_beginnings[0]; i++) {
        if (length >= infer_beginnings[i].length &&
            memcmp(bytes, infer_beginnings[i].bytes, infer_beginnings[i].length) == 0) {
            return infer_beginnings[i].why;
        }
    }
    if (length == 0) {
        return "the file is empty; export it again";
    }
    if (infer_sample_hollow(bytes, length)) {
        return "there is no record in it that would tell of what kind it is; declare it under `sources:` of "
               "inputs/programme.yaml with its kind, or take an export that has some";
    }
    if (memchr(bytes, '\0', length < LIMIT_BLOCK_BYTES ? length : LIMIT_BLOCK_BYTES) != NULL) {
        return "this is no text; export it as CSV, JSON, YAML or XML in UTF-8";
    }
    if (memmem(bytes, length < 1024 ? length : 1024, "<html", 5) != NULL ||
        memmem(bytes, length < 1024 ? length : 1024, "<!DOCTYPE html", 14) != NULL) {
        return "this is a web page, perhaps of an error or of signing in; export the data again";
    }
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        if (infer_sample_ends(name, documents[i])) {
            return "this looks like a written document, which is evidence itself and has no records; declare it under "
                   "`sources:` of inputs/programme.yaml with a kind of the format document";
        }
    }
    return NULL;
}

/* Lines that hold something. */
static uint64_t infer_sample_lines(const char *bytes, size_t length) {
    uint64_t lines = 0;

    for (size_t at = 0; at < length;) {
        const char *end = memchr(bytes + at, '\n', length - at);
        size_t next = end == NULL ? length : (size_t)(end - bytes);
        size_t text = at;
        while (text < next && strchr(" \t\r", bytes[text]) != NULL) {
            text++;
        }
        lines += text < next;
        at = next + 1;
    }
    return lines;
}

/* JSON or NDJSON, by how many documents there are; FORMAT_COUNT: neither. */
static enum kind_format infer_sample_json(const char *bytes, size_t length) {
    uint64_t documents;
    uint64_t lines = infer_sample_lines(bytes, length);

    if (infer_tree_looks(FORMAT_JSON, bytes, length, false, &documents) && (documents < 2 || documents * 2 <= lines)) {
        return FORMAT_JSON;
    }
    if (infer_tree_looks(FORMAT_NDJSON, bytes, length, true, &documents) && documents > 1 && documents * 2 > lines) {
        return FORMAT_NDJSON;
    }
    return FORMAT_COUNT;
}

static enum kind_format infer_sample_format(const struct infer_request *request) {
    const char *bytes = request->bytes;
    size_t length = request->length;
    size_t at = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    uint64_t documents;

    while (at < length && strchr(" \t\r\n", bytes[at]) != NULL) {
        at++;
    }
    char first = at < length ? bytes[at] : '\0';
    if (first == '<') {
        return infer_tree_looks(FORMAT_XML, bytes, length, false, &documents) ? FORMAT_XML : FORMAT_COUNT;
    }
    bool json = first == '{' || first == '[' || memmem(bytes, length, "\n{", 2) != NULL;
    enum kind_format format = json ? infer_sample_json(bytes, length) : FORMAT_COUNT;
    if (format != FORMAT_COUNT) {
        return format;
    }
    bool yaml = infer_sample_ends(request->name, ".yaml") || infer_sample_ends(request->name, ".yml");
    bool log = infer_sample_ends(request->name, ".log");
    bool table = infer_sample_ends(request->name, ".csv") || infer_sample_ends(request->name, ".tsv");
    if (table || (!yaml && !log && infer_table_looks(bytes, length))) {
        return FORMAT_CSV;
    }
    if (!yaml && (log || infer_lines_looks(bytes, length))) {
        return FORMAT_LOG;
    }
    if (infer_tree_looks(FORMAT_YAML, bytes, length, false, &documents)) {
        return FORMAT_YAML;
    }
    return FORMAT_COUNT;
}

bool infer_sample(struct arena *arena, const struct infer_request *request, struct infer_sample *out) {
    *out = (struct infer_sample){.refusal = infer_unreadable(request->name, request->bytes, request->length)};
    if (out->refusal != NULL) {
        return true;
    }
    out->format = infer_sample_format(request);
    bool good = out->format == FORMAT_COUNT ? true
                : out->format == FORMAT_CSV ? infer_table(arena, request, out)
                : out->format == FORMAT_LOG ? infer_lines(arena, request, out)
                                            : infer_places(arena, request, out);
    if (!good || out->refusal != NULL) {
        return good;
    }
    bool any = false;
    for (size_t i = 0; i < out->place_count; i++) {
        any = any || (out->places[i].records > 0 && out->places[i].field_count > 0);
    }
    if (out->format == FORMAT_COUNT) {
        out->refusal = "this is neither a table with a header row and two columns or more, nor well-formed JSON, YAML "
                       "or XML, nor a log of key=value pairs; export it as one of those, or write the kind by hand: a "
                       "log of free text wants a `pattern:`, as in schema/kinds/sudo-log.yaml";
    } else if (!any) {
        out->refusal = "there are no records in it to learn from; take an export that has some";
    }
    return true;
}
