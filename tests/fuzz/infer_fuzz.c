/*
 * Kinds drafted from samples. Whatever the sample is: no crash, and what is drafted is a kind that loads and reads the
 * sample without wonder. The first byte chooses the file's name, and with it what the bytes are taken for.
 */

#include "nest_fuzz.h"

#include "read/infer.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char *const kinds[] = {
    "kind: a-table\nformat: csv\ndetect: {columns: [id, n]}\nrows: [{type: thing, map: {id: id, n: n}}]\n",
    "kind: b-list\nformat: json\ndetect: {paths: [id, n]}\nrows: [{type: thing, at: '[*]', map: {id: id, n: n}}]\n",
    NULL};

static const char synonyms[] = "columns: {id: [code, name], thing.note: [remark], made: [created], ok: [flag]}\n"
                               "opposites: {ok: [deleted]}\n"
                               "types: {thing: [things], part: [parts]}\n"
                               "values: {sort: {red: [crimson]}, ok: {\"true\": [active], \"false\": [gone]}}\n"
                               "null: [N/A, \"-\"]\n"
                               "fillers: [at]\n"
                               "identifiers: [id, key]\n"
                               "paging: [next]\n"
                               "made: [made]\n";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    static const char *const names[] = {"things.csv", "x.json", "x.yaml", "x.log", "x"};
    static struct fixture f;
    struct buffer yaml = {0};
    struct infer_draft draft;

    if (f.schema == NULL) {
        fixture_begin(&f, kinds);
        scratch_write(&f.scratch, "synonyms.yaml", synonyms);
        f.schema = schema_load(f.arena, f.scratch.folder, f.scratch.diagnostics);
        nest_fuzz_must(f.schema != NULL);
    }
    if (length < 2) {
        return 0;
    }
    struct arena *arena = arena_new();
    nest_fuzz_must(arena != NULL);
    const struct infer_request request = {
        .schema = f.schema,
        .name = names[bytes[0] % (sizeof names / sizeof names[0])],
        .bytes = (const char *)bytes + 2,
        .length = length - 2,
        .type = bytes[1] == 't' ? 0 : SIZE_MAX,
    };
    nest_fuzz_must(infer_kind(arena, &request, &yaml, &draft));
    if (draft.refusal == NULL) {
        struct schema schema = *f.schema; /* the kind is added to a copy */
        struct diagnostics *said = diagnostics_new();
        nest_fuzz_must(said != NULL);
        schema.kinds = arena_array(arena, schema.kind_count, sizeof *schema.kinds);
        nest_fuzz_must(schema.kinds != NULL);
        memcpy(schema.kinds, f.schema->kinds, schema.kind_count * sizeof *schema.kinds);
        nest_fuzz_must(schema_add_kind(arena, &schema, "draft", yaml.data, yaml.length, said));
        nest_fuzz_must(diagnostics_count(said, DIAGNOSTIC_NOTE) == 0);
        diagnostics_free(said);
    }
    buffer_free(&yaml);
    arena_free(arena);
    return 0;
}
