#include "cmd/sample_folder.h"

#include "assess/population.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/statement.h"
#include "base/text.h"
#include "cmd/evidence_copy.h"
#include "cmd/sample.sql.h"
#include "cmd/sample_list.h"
#include "cmd/show_row.h"
#include "store/query.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define EVIDENCE_FOLDER "inputs/evidence" /* as the package and the programme have it, wherever that is */
#define RECORD_FILE     "record.txt"
#define INDEX_FILE      "index.csv"
#define SUPPORTING      "supporting"
#define DOCUMENTS       "documents"
#define NUMBER_WIDTH    3

/* One item's folder while it is filled. */
struct making {
    struct sample_folder *folder;
    const struct sample_item *item;
    const char *name;    /* of the folder, below the whole */
    struct buffer index; /* its own index.csv */
    int64_t *evidence;   /* files that were looked at for documents */
    size_t evidence_count;
    size_t documents;
    size_t supporting;
};

/* An evidence file, as the store knows it. */
struct evidence {
    const char *path;
    const char *sha256;
    const char *kind;
};

void sample_folder_name(struct buffer *out, const char *text) {
    size_t length = 0;

    for (; *text != '\0' && length < LIMIT_SAMPLE_NAME_BYTES; text++, length++) {
        unsigned char c = (unsigned char)*text;
        bool plain = c < 0x80 && (isalnum(c) || c == '-' || c == '_' || (c == '.' && length > 0));
        buffer_append_byte(out, plain ? (char)c : '_');
    }
}

static bool out_of_memory(const struct making *making) {
    return sample_out_of_memory(making->folder->take->command);
}

static bool read_evidence(const struct making *making, int64_t id, struct evidence *out) {
    struct command *command = making->folder->take->command;
    struct query query = {0};
    bool done =
        query_open(&query, making->folder->take->store, "sample_evidence", sql_sample_evidence, command->diagnostics);

    *out = (struct evidence){0};
    if (done) {
        query_integer(&query, 1, id);
        if (query_step(&query)) {
            const char *kind = query_column_text(&query, 2);
            out->path = arena_text(command->arena, query_column_text(&query, 0));
            out->sha256 = arena_text(command->arena, query_column_text(&query, 1));
            out->kind = arena_text(command->arena, kind != NULL ? kind : "");
            done = (out->path != NULL && out->sha256 != NULL && out->kind != NULL) || out_of_memory(making);
        }
    }
    return query_close(&query) && done;
}

/* Whether the file is the one that the published run read: the population's digest does not speak of its content. */
static bool check_evidence(const struct making *making, const struct evidence *evidence) {
    struct command *command = making->folder->take->command;
    struct query query = {0};
    bool done = query_open(&query, making->folder->take->published, "sample_published_evidence",
                           sql_sample_published_evidence, command->diagnostics);

    if (done) {
        query_text(&query, 1, evidence->path);
        const char *then = query_step(&query) ? query_column_text(&query, 0) : NULL;
        done = !query.failed && then != NULL && strcmp(then, evidence->sha256) == 0;
        if (!done && !query.failed) {
            const struct place place = {.path = arena_format(command->arena, EVIDENCE_FOLDER "/%s", evidence->path)};
            diagnostics_report(
                command->diagnostics, DIAGNOSTIC_EVIDENCE_CHANGED, &place,
                "the file is not the one of the published run (SHA-256 %s, then %s); restore it from the "
                "package",
                evidence->sha256, then != NULL ? then : "none");
        }
    }
    return query_close(&query) && done;
}

/* The evidence file with that number, which must be the published one; `path` stays NULL where the store has none. */
static bool find_evidence(const struct making *making, int64_t id, struct evidence *out) {
    return read_evidence(making, id, out) && (out->path == NULL || check_evidence(making, out));
}

/* A line of both indexes: a file, its digest, what it is, and where it comes from. */
static void add_line(struct making *making, const char *file, const uint8_t digest[DIGEST_BYTES], const char *what,
                     const char *reference, const struct evidence *evidence) {
    char hex[DIGEST_HEX_BYTES];
    struct buffer line = {0};

    digest_hex(digest, hex);
    buffer_format(&line, ",%s,", hex);
    sample_list_cell(&line, what, true);
    buffer_format(&line, ",%s,", reference);
    sample_list_cell(&line, evidence->path != NULL ? evidence->path : "", true);
    buffer_format(&line, ",%s\n", evidence->sha256 != NULL ? evidence->sha256 : "");
    buffer_format(&making->index, "%s%s", file, buffer_text(&line) != NULL ? buffer_text(&line) : "");
    buffer_format(&making->folder->index, "%s/%s%s", making->name, file,
                  buffer_text(&line) != NULL ? buffer_text(&line) : "");
    making->index.failed = making->index.failed || line.failed;
    buffer_free(&line);
}

/* Writes a text of the item's folder and adds it to the indexes. */
static bool write_text(struct making *making, const char *file, const struct buffer *text, const char *what,
                       const char *reference, const struct evidence *evidence) {
    struct command *command = making->folder->take->command;
    const char *path = arena_format(command->arena, "%s/%s/%s", making->folder->path, making->name, file);
    uint8_t digest[DIGEST_BYTES];

    if (path == NULL || text->failed || !digest_bytes(text->data, text->length, digest)) {
        return out_of_memory(making);
    }
    add_line(making, file, digest, what, reference, evidence);
    return file_create_staged(path, text->data, text->length, 0644, command->diagnostics);
}

static bool make_folder(struct making *making, const char *below) {
    struct command *command = making->folder->take->command;
    const char *path = arena_format(command->arena, "%s/%s/%s", making->folder->path, making->name, below);

    return path != NULL ? file_make_directory(path, command->diagnostics) : out_of_memory(making);
}

/* The record behind a reference, as `show` prints it; `*found` is false where no table has it. */
static bool append_record(struct making *making, int64_t ref, struct buffer *out, bool *found) {
    struct sample_take *take = making->folder->take;

    return show_row_append(take->command, &take->assessment.workspace, take->store, ref, EVIDENCE_FOLDER, out, found);
}

/* The rows behind an aggregate: what its test's detail query says of the item. */
static bool append_detail(struct making *making, struct buffer *out) {
    struct sample_take *take = making->folder->take;
    struct command *command = take->command;
    const struct assessment *assessment = &take->assessment;

    if (take->test->detail == NULL) {
        return true;
    }
    const struct bind_values values = {.control = take->control,
                                       .programme = assessment->workspace.programme,
                                       .period = assessment->period.span,
                                       .as_of = assessment->period.as_of};
    struct guard *guard = guard_open(assessment->path, assessment->period.as_of, command->diagnostics);
    const struct population_run run = {
        .guard = guard, .test = take->test, .values = &values, .diagnostics = command->diagnostics};
    buffer_append_text(out, "\nWhat the item is made of:\n");
    bool done = guard != NULL && population_detail(&run, making->item->item, out);
    guard_free(guard);
    return done;
}

static bool write_record(struct making *making) {
    const struct sample_item *item = making->item;
    const struct sample *sample = &making->folder->take->sample;
    struct evidence evidence = {0};
    struct buffer text = {0};
    bool found = false;
    bool done = false;

    buffer_format(&text, "Item       %s\nTest       %s: %s\nPeriod     %s, %s\nFull test  %s%s%s\n" STATEMENT "\n\n",
                  item->item, sample->test, sample->title, sample->period, sample->organisation,
                  *item->found != '\0' ? item->found : "no deviation", *item->text != '\0' ? ": " : "", item->text);
    if (!item->has_ref) {
        buffer_append_text(&text, "There is no record: the item stands for something that was expected, or is made of "
                                  "several records.\n");
    } else if (!append_record(making, item->ref, &text, &found) ||
               !find_evidence(making, STORE_REF_EVIDENCE(item->ref), &evidence)) {
        goto end;
    } else if (!found) {
        buffer_format(&text, "No record has the reference %s.\n", item->reference);
    }
    done = append_detail(making, &text) &&
           write_text(making, RECORD_FILE, &text, "the record", item->reference, &evidence);

end:
    buffer_free(&text);
    return done;
}

static bool write_supporting(struct making *making, const struct sample_support *support) {
    struct command *command = making->folder->take->command;
    const char *reference = sample_list_reference(command->arena, true, support->ref);
    struct evidence evidence = {0};
    struct buffer file = {0};
    struct buffer text = {0};
    bool found = false;
    bool done = false;

    buffer_format(&file, SUPPORTING "/%0*zu-", NUMBER_WIDTH, ++making->supporting);
    sample_folder_name(&file, support->relation);
    buffer_format(&file, "-%s.txt", reference != NULL ? reference : "");
    if (reference == NULL || buffer_text(&file) == NULL) {
        out_of_memory(making);
        goto end;
    }
    if (!append_record(making, support->ref, &text, &found) ||
        !find_evidence(making, STORE_REF_EVIDENCE(support->ref), &evidence)) {
        goto end;
    }
    if (!found) {
        buffer_format(&text, "No record has the reference %s.\n", reference);
    }
    done = write_text(making, buffer_text(&file), &text, support->relation, reference, &evidence);

end:
    buffer_free(&file);
    buffer_free(&text);
    return done;
}

static bool write_document(struct making *making, int64_t id, const struct evidence *evidence) {
    struct command *command = making->folder->take->command;
    struct buffer file = {0};
    uint8_t digest[DIGEST_BYTES];
    char reference[32];
    bool done = false;

    buffer_format(&file, DOCUMENTS "/%0*zu-", NUMBER_WIDTH, ++making->documents);
    sample_folder_name(&file, path_name(evidence->path));
    const char *from = path_join(command->arena, making->folder->take->assessment.workspace.evidence, evidence->path);
    const char *to = buffer_text(&file) != NULL ? arena_format(command->arena, "%s/%s/%s", making->folder->path,
                                                               making->name, buffer_text(&file))
                                                : NULL;
    if (from == NULL || to == NULL) {
        out_of_memory(making);
        goto end;
    }
    if (!evidence_copy(command, from, to, evidence->sha256, digest)) {
        goto end;
    }
    snprintf(reference, sizeof reference, "E%" PRId64, id);
    add_line(making, buffer_text(&file), digest, "the document", reference, evidence);
    done = true;

end:
    buffer_free(&file);
    return done;
}

/* Copies the file that a record stands in where it is a document, once. */
static bool take_document(struct making *making, int64_t ref) {
    struct command *command = making->folder->take->command;
    const struct schema *schema = making->folder->take->assessment.workspace.schema;
    int64_t id = STORE_REF_EVIDENCE(ref);
    struct evidence evidence;

    for (size_t i = 0; i < making->evidence_count; i++) {
        if (making->evidence[i] == id) {
            return true;
        }
    }
    int64_t *slot = arena_push(command->arena, &making->evidence, &making->evidence_count, sizeof *slot);
    if (slot == NULL) {
        return out_of_memory(making);
    }
    *slot = id;
    if (!find_evidence(making, id, &evidence)) {
        return false;
    }
    size_t kind = evidence.path != NULL ? schema_kind(schema, evidence.kind) : SIZE_MAX;
    return kind == SIZE_MAX || schema->kinds[kind].format != FORMAT_DOCUMENT || write_document(making, id, &evidence);
}

/* The row of index.html. */
static void add_page_row(struct making *making, size_t number) {
    struct buffer *page = &making->folder->page;
    const struct sample_item *item = making->item;

    buffer_format(page, "<tr><td>%zu</td><td><a href=\"%s/\">", number, making->name);
    text_xml_escape(page, item->item, strlen(item->item));
    buffer_format(page, "</a></td><td>%s</td><td>", *item->reference != '\0' ? item->reference : "no record");
    text_xml_escape(page, item->evidence, strlen(item->evidence));
    buffer_format(page, "</td><td>%zu</td><td>%zu</td><td>", making->supporting, making->documents);
    if (*item->found != '\0') {
        buffer_format(page, "%s: ", item->found);
        text_xml_escape(page, item->text, strlen(item->text));
    } else {
        buffer_append_text(page, "no deviation");
    }
    buffer_append_text(page, "</td></tr>\n");
}

static const char *name_folder(const struct sample_folder *folder, const struct sample_item *item, size_t number) {
    struct buffer name = {0};

    if (*folder->request != '\0') {
        sample_folder_name(&name, folder->request);
        buffer_append_byte(&name, '-');
    }
    buffer_format(&name, "%0*zu-", NUMBER_WIDTH, number);
    sample_folder_name(&name, item->item);
    const char *copy = buffer_text(&name) != NULL ? arena_text(folder->take->command->arena, buffer_text(&name)) : NULL;
    buffer_free(&name);
    return copy;
}

bool sample_folder_make(struct sample_folder *folder, size_t index, const struct sample_support *supports,
                        size_t support_count) {
    struct command *command = folder->take->command;
    struct making making = {.folder = folder, .item = &folder->take->sample.items[index]};
    bool done = false;

    making.name = name_folder(folder, making.item, index + 1);
    if (making.name == NULL) {
        return out_of_memory(&making);
    }
    buffer_append_text(&making.index, "file,sha256,what,ref,evidence,evidence_sha256\n");
    done = make_folder(&making, "") && write_record(&making) &&
           (support_count == 0 || make_folder(&making, SUPPORTING)) &&
           (!making.item->has_ref || take_document(&making, making.item->ref));
    for (size_t i = 0; done && i < support_count; i++) {
        done = write_supporting(&making, &supports[i]) && take_document(&making, supports[i].ref);
    }
    const char *path = arena_format(command->arena, "%s/%s/" INDEX_FILE, folder->path, making.name);
    if (done && (path == NULL || making.index.failed)) {
        done = out_of_memory(&making);
    }
    done = done && file_create_staged(path, making.index.data, making.index.length, 0644, command->diagnostics);
    add_page_row(&making, index + 1);
    buffer_free(&making.index);
    return done;
}
