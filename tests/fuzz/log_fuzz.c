/*
 * Logs by kinds. The first byte chooses the kind, the second the size of the reads. Whatever the rest is: no crash, the
 * same however it is cut, the counts add up, every row stands inside the file, and nothing wrong goes unsaid.
 */

#include "nest_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char *const kinds[] = {
    "kind: a-patterns\nformat: log\npattern: ['(?<id>\\w+) (?<n>\\d+)(?<note>.*)', "
    "'(?J)(?:<(?<id>.)>|\\[(?<id>.)\\])']\n"
    "skip: '#'\ncontinue: '\\s'\ndetect: {lines: ['.*\\d']}\nrows:\n"
    "  - {type: thing, map: {id: id, n: n, note: note}}\n",
    "kind: b-syslog\nformat: log\npreset: syslog\nrows:\n"
    "  - {type: thing, map: {id: host, n: pid, made: {from: time, time: syslog}, note: message}}\n",
    "kind: c-sshd\nformat: log\npreset: sshd\nrows:\n"
    "  - {type: part, when: {result: {present: true}}, map: {thing: user, name: address, place: port}}\n",
    "kind: d-sudo\nformat: log\npreset: sudo\nrows:\n"
    "  - {type: part, when: {command: {present: true}}, map: {thing: user, name: command}}\n",
    "kind: e-web\nformat: log\npreset: common-log\nrows:\n"
    "  - {type: thing, map: {id: address, n: status, made: {from: time, time: common-log}, note: agent}}\n",
    "kind: f-pairs\nformat: log\npreset: keyvalue\nrows:\n"
    "  - {type: thing, map: {id: id, n: {from: n, optional: true}, note: {from: note, optional: true}}}\n",
    NULL};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    nest_fuzz(kinds, bytes, length);
    return 0;
}
