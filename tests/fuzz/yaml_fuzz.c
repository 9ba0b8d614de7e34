/*
 * YAML by kinds. The first byte chooses the kind, the second the size of the reads. Whatever the rest is: no crash, the
 * same however it is cut, the counts add up, every row stands inside the file, and nothing wrong goes unsaid.
 */

#include "nest_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char *const kinds[] = {
    "kind: a-list\nformat: yaml\ndetect: {paths: [name]}\nrows:\n"
    "  - {type: thing, at: \"spec.groups[*]\", map: {id: name, n: {from: n, optional: true}, note: {from: labels, "
    "optional: true}}}\n"
    "  - {type: part, at: \"spec.groups[*].rules[*]\", may_be_empty: true, map: {thing: ../name, name: alert, place: "
    "'@index'}}\n",
    "kind: b-documents\nformat: yaml\ndetect: {paths: [id]}\nrows:\n"
    "  - {type: thing, at: ., map: {id: id, ok: {from: ok, optional: true}, note: .}}\n",
    "kind: c-members\nformat: yaml\ndetect: {paths: [id]}\nrows:\n"
    "  - {type: thing, at: \"*\", map: {id: '@key', note: {from: ., optional: true}}}\n",
    "kind: d-inside\nformat: yaml\ninside: {path: text, format: yaml}\nrows:\n"
    "  - {type: thing, at: \"[*]\", map: {id: id, note: $.name}}\n",
    NULL};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    nest_fuzz(kinds, bytes, length);
    return 0;
}
