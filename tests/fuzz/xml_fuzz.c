/*
 * XML by kinds. The first byte chooses the kind, the second the size of the reads. Whatever the rest is: no crash, the
 * same however it is cut, the counts add up, every row stands inside the file, and nothing wrong goes unsaid.
 */

#include "base/xml.h"
#include "nest_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char *const kinds[] = {
    "kind: a-nested\nformat: xml\ndetect: {paths: ['@name']}\nrows:\n"
    "  - {type: thing, at: \"suites.suite[*]\", when: {gone: {present: false}}, map: {id: '@name', n: {from: count, "
    "optional: true}, note: $.suites.@time}}\n"
    "  - {type: part, at: \"suites.suite[*].case[*]\", may_be_empty: true, map: {thing: ../@name, name: ., place: "
    "'@index'}}\n",
    "kind: b-members\nformat: xml\ndetect: {paths: [r]}\nrows:\n"
    "  - {type: thing, at: \"r.*\", map: {id: '@key', note: .}}\n",
    "kind: c-whole\nformat: xml\ndetect: {paths: [r]}\nrows:\n"
    "  - {type: thing, at: r, map: {id: '@id', note: {from: a.b, optional: true}}}\n",
    "kind: d-inside\nformat: xml\ninside: {path: r.text, format: json}\nrows:\n"
    "  - {type: thing, at: \"[*]\", map: {id: id, note: $.r.@name}}\n",
    NULL};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    if (!xml_start()) {
        abort();
    }
    nest_fuzz(kinds, bytes, length);
    return 0;
}
