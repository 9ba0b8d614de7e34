#include "cmd/explain_private.h"

#include "store/store.h"

#include <inttypes.h>
#include <string.h>

#define EXCERPT_BYTES 1500 /* of a record that text shows without --all */

static void print_place(struct explain *explain, const struct retrieved *record) {
    struct explain_page *page = &explain->page;
    struct command *command = explain->command;
    const char *type = explain->workspace.schema->types[record->type].id;
    const char *member = record->excerpt.packed && record->excerpt.member != NULL ? record->excerpt.member : NULL;

    if (!page->json) {
        explain_page_text(page, "record",
                          arena_format(command->arena,
                                       "%s%s%s:%" PRId64 ", record %" PRId64 ", byte %" PRIu64 ", %" PRIu64 " bytes",
                                       record->file, member != NULL ? " member " : "", member != NULL ? member : "",
                                       record->line, record->number, record->excerpt.offset, record->excerpt.length));
        explain_page_text(page, "row",
                          arena_format(command->arena, "E%" PRId64 ".%" PRId64 ", %s from source %s%s%s",
                                       STORE_REF_EVIDENCE(record->ref), STORE_REF_ORDINAL(record->ref), type,
                                       record->source, record->invalid ? ", invalid" : "",
                                       record->excluded != NULL ? ", left out" : ""));
        return;
    }
    explain_page_text(page, "ref",
                      arena_format(command->arena, "E%" PRId64 ".%" PRId64, STORE_REF_EVIDENCE(record->ref),
                                   STORE_REF_ORDINAL(record->ref)));
    explain_page_text(page, "type", type);
    explain_page_text(page, "source", record->source);
    explain_page_text(page, "path", record->path);
    explain_page_text(page, "member", member);
    explain_page_integer(page, "line", record->line);
    explain_page_integer(page, "record", record->number);
    explain_page_integer(page, "offset", (int64_t)record->excerpt.offset);
    explain_page_integer(page, "length", (int64_t)record->excerpt.length);
}

/* A record that is not as it was has been reported; what else there is to explain is still printed. */
static void print_text(struct explain *explain, const struct retrieved *record) {
    struct explain_page *page = &explain->page;
    struct buffer text = {0};

    if (!retrieve_read(explain->command, explain->files, record, &text)) {
        explain_page_text(page, "sha256", record->sha256);
        explain_page_text(page, "checked", "no: the file is not there, or not as it was assessed");
        explain_page_silent(page, "excerpt", NULL);
        goto end;
    }
    explain_page_text(page, "sha256", record->sha256);
    explain_page_text(page, "checked", "read again now, and the same");
    if (!page->json && !explain->command->options.all && text.length > EXCERPT_BYTES) {
        size_t length = EXCERPT_BYTES;
        while (length > 0 && ((unsigned char)text.data[length] & 0xC0) == 0x80) {
            length--;
        }
        text.length = length;
        text.data[length] = '\0';
        buffer_append_text(&text, "... (--all prints it whole)");
    }
    /* A record of one line stands below its label too, as those of several do. */
    buffer_append_text(&text, page->json || memchr(text.data, '\n', text.length) != NULL ? "" : "\n");
    const char *whole = buffer_text(&text);
    if (whole != NULL) {
        explain_page_text(page, "excerpt", whole);
    }

end:
    buffer_free(&text);
}

bool explain_record(struct explain *explain, struct query *row) {
    struct explain_page *page = &explain->page;
    struct command *command = explain->command;
    struct retrieved record;
    int64_t ref = 0;
    bool found = false;

    if (!explain_column_integer(row, "_ref", &ref)) {
        explain_page_text(page, "record", "none: what is missing, or was recorded in the programme, has none");
        return true;
    }
    if (!retrieve_find(command, &explain->workspace, explain->store, ref, &record, &found)) {
        return false;
    }
    explain_page_open(page, "record", NULL, false);
    if (found) {
        print_place(explain, &record);
        print_text(explain, &record);
    } else {
        explain_page_text(page, "row",
                          arena_format(command->arena,
                                       "E%" PRId64 ".%" PRId64 ", of a type whose rows are in the evidence alone",
                                       STORE_REF_EVIDENCE(ref), STORE_REF_ORDINAL(ref)));
    }
    explain_page_close(page);
    return true;
}
