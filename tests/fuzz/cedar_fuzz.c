/*
 * Cedar by kinds. The first byte chooses the kind, the second the size of the reads. Whatever the rest is: no crash,
 * the same however it is cut, the counts add up, every row stands inside the file, and nothing wrong goes unsaid.
 */

#include "nest_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char *const kinds[] = {
    "kind: a-policies\nformat: cedar\ndetect: {paths: [annotation.id]}\nrows:\n"
    "  - {type: thing, when: {effect: [permit]}, map: {id: id, note: conditions}}\n"
    "  - {type: part, at: 'actions[*]', map: {thing: ../principal_id, name: '.', place: '@index'}}\n",
    "kind: b-resources\nformat: cedar\nrows:\n"
    "  - {type: thing, map: {id: resource, note: resource_type}}\n"
    "  - {type: part, map: {thing: principal, name: action}}\n",
    NULL};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    nest_fuzz(kinds, bytes, length);
    return 0;
}
