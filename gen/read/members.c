#include "read/members.h"

#include "base/path.h"
#include "base/quote.h"
#include "read/reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static ssize_t members_read(struct byte_source *source, void *into, size_t capacity) {
    struct reader_content *content = (struct reader_content *)source;
    ssize_t got = content->from->read(content->from, into, capacity);

    if (got > 0) {
        size_t room = sizeof content->head - content->head_length;
        size_t kept = (size_t)got < room ? (size_t)got : room;
        memcpy(content->head + content->head_length, into, kept);
        content->head_length += kept;
        content->bytes += (uint64_t)got;
    }
    return got;
}

bool members_open(struct reader *reader) {
    struct members *members = &reader->members;

    if (reader->request.kind->format == FORMAT_DOCUMENT) {
        return true;
    }
    members->unpack = unpack_open(&reader->tap.source);
    return members->unpack != NULL;
}

void members_close(struct reader *reader) {
    transcode_close(&reader->transcode);
    unpack_close(reader->members.unpack);
    reader->members.unpack = NULL;
}

/* Counts what was read of the last one. */
static void members_count(struct reader *reader) {
    struct members *members = &reader->members;

    if (members->count > 0) {
        struct record_member *last = &members->items[members->count - 1];
        last->records = reader->source.tally.records + 1 - last->first_record;
        last->bytes = reader->content.bytes;
    }
}

/* Whether text of the format is turned into UTF-8 here; XML does it itself, and so does YAML with UTF-16. */
static bool members_transcodes(const struct reader *reader, const struct encoding *declared) {
    switch (reader->request.kind->format) {
    case FORMAT_XML:
    case FORMAT_DOCUMENT:
    case FORMAT_XLSX:
    case FORMAT_COUNT:
        return false;
    case FORMAT_YAML:
        return declared != NULL;
    case FORMAT_CSV:
    case FORMAT_JSON:
    case FORMAT_NDJSON:
    case FORMAT_LOG:
    case FORMAT_CEDAR:
        return true;
    }
    return false;
}

/* Reports what is declared and not so. */
static void members_check_encoding(struct reader *reader) {
    const struct transcode *transcode = &reader->transcode;
    const struct place place = reader_place(reader, 0, 0, 0);

    if (transcode->conflict || transcode->failed) {
        reader->source.tally.wrong_shape = true;
        diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_ENCODING, &place,
                           transcode->failed ? "the system cannot read %s, as `encoding:` says; export it as UTF-8"
                                             : "the text has a byte order mark of another encoding than %s, as "
                                               "`encoding:` says; correct one of them",
                           encoding_name(transcode->declared));
    }
    transcode_close(&reader->transcode);
}

static void members_begin(struct reader *reader, struct byte_source *bytes) {
    const struct encoding *declared =
        reader->request.encoding != NULL ? reader->request.encoding : reader->request.kind->encoding;

    if (members_transcodes(reader, declared)) {
        transcode_open(&reader->transcode, bytes, declared);
        bytes = &reader->transcode.source;
    }
    reader->placed = 0;
    reader->content = (struct reader_content){.source = {members_read}, .from = bytes};
    reader->bytes = &reader->content.source;
}

/* Whether `member:` names it. */
static bool members_wanted(const struct reader *reader, const char *name) {
    const struct text_list *patterns = reader->request.members;

    patterns = patterns != NULL && patterns->count > 0 ? patterns : &reader->request.kind->members;
    for (size_t i = 0; i < patterns->count; i++) {
        if (path_member_match(patterns->items[i], name)) {
            return true;
        }
    }
    return patterns->count == 0;
}

static void members_report(struct reader *reader) {
    const struct unpack *unpack = reader->members.unpack;
    const struct place place = {.path = reader->request.path, .member = unpack_problem_member(unpack)};

    reader->members.problems++;
    reader->source.tally.wrong_shape = true;
    diagnostics_report(reader->request.diagnostics, unpack_problem(unpack), &place, "%s", unpack_problem_text(unpack));
}

static bool members_add(struct reader *reader, const char *name) {
    struct members *members = &reader->members;
    char *copy = name != NULL ? arena_text(reader->whole, name) : NULL;
    struct record_member *slot = name != NULL && copy == NULL ? NULL
                                                              : arena_push(reader->whole, &members->items,
                                                                           &members->count, sizeof *members->items);

    if (slot == NULL) {
        return false;
    }
    *slot = (struct record_member){.name = copy, .first_record = reader->source.tally.records + 1};
    reader->rows.member = copy;
    return true;
}

bool members_part(struct reader *reader, const char *part) {
    struct members *members = &reader->members;

    if (reader->rows.member == NULL && !unpack_packed(members->unpack)) {
        bool added = members_add(reader, part);
        reader->rows.member = NULL; /* to whom it may concern the file is one */
        return added;
    }
    struct record_member *last = &members->items[members->count - 1];
    last->name =
        last->name != NULL ? arena_format(reader->whole, "%s/%s", last->name, part) : arena_text(reader->whole, part);
    return last->name != NULL;
}

enum record_status members_next(struct reader *reader) {
    struct members *members = &reader->members;

    if (members->unpack == NULL) {
        bool first = !members->started;
        members->started = true;
        if (first) {
            members_begin(reader, &reader->tap.source);
        }
        return first ? RECORD_ROW : RECORD_END;
    }
    members_check_encoding(reader);
    members_count(reader);
    for (;;) {
        reader->rows.member = NULL;
        switch (unpack_next(members->unpack)) {
        case UNPACK_MEMBER: {
            const char *name = unpack_name(members->unpack);
            if (name != NULL && !members_wanted(reader, name)) {
                members->left_out++;
                break;
            }
            if (unpack_packed(members->unpack) && !members_add(reader, name)) {
                return reader_out_of_memory(reader);
            }
            members_begin(reader, unpack_bytes(members->unpack));
            return RECORD_ROW;
        }
        case UNPACK_PROBLEM:
            members_report(reader);
            break;
        case UNPACK_FAILED:
            return reader_failed(reader, unpack_system_error(members->unpack));
        case UNPACK_END:
            return RECORD_END;
        }
    }
}

static int members_compare(const void *left, const void *right) {
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* An archive may hold a name twice, and which of the two is meant depends on who unpacks it. */
static bool members_check_names(struct reader *reader) {
    const struct members *members = &reader->members;
    const char **names = calloc(members->count + 1, sizeof *names);
    size_t count = 0;

    if (names == NULL) {
        return false;
    }
    for (size_t i = 0; i < members->count; i++) {
        names[count] = members->items[i].name;
        count += members->items[i].name != NULL;
    }
    qsort(names, count, sizeof *names, members_compare);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(names[i - 1], names[i]) == 0 && (i < 2 || strcmp(names[i - 2], names[i]) != 0)) {
            const struct place place = {.path = reader->request.path, .member = names[i]};
            reader->source.tally.wrong_shape = true;
            diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_ARCHIVE_MEMBER, &place,
                               "the archive has this member more than once; pack it again with one of them");
        }
    }
    free(names);
    return true;
}

bool members_finish(struct reader *reader) {
    struct members *members = &reader->members;
    const struct place place = {.path = reader->request.path};

    reader->source.members = members->items;
    reader->source.member_count = members->count;
    if (members->unpack == NULL || !unpack_packed(members->unpack)) {
        return true;
    }
    if (members->count == 0 && members->problems == 0) {
        reader->source.tally.wrong_shape = true;
        diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_ARCHIVE_MEMBER, &place,
                           members->left_out > 0 ? "`member:` names none of the files in the archive; correct it"
                                                 : "the archive holds no file; pack the export into it");
    } else if (members->left_out > 0) {
        diagnostics_report(reader->request.diagnostics, DIAGNOSTIC_MEMBERS_LEFT_OUT, &place,
                           "%" PRIu64 " member%s that `member:` does not name %s not read", members->left_out,
                           members->left_out == 1 ? "" : "s", members->left_out == 1 ? "was" : "were");
    }
    return members->count < 2 || members_check_names(reader);
}
