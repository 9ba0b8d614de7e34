#include "cmd/evidence_copy.h"

#include "base/byte_sink.h"
#include "base/byte_source.h"
#include "base/file.h"
#include "base/path.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static bool pass(struct byte_source_descriptor *from, struct byte_sink_digest *tap, int *error) {
    char block[1u << 16];

    for (;;) {
        ssize_t got = from->source.read(&from->source, block, sizeof block);
        if (got < 0) {
            *error = errno;
            return false;
        }
        if (got == 0) {
            return true;
        }
        if (!tap->sink.write(&tap->sink, block, (size_t)got)) {
            return false;
        }
    }
}

bool evidence_copy(struct command *command, const char *from, const char *to, const char *expected,
                   uint8_t digest[DIGEST_BYTES]) {
    struct byte_sink_descriptor sink = {.error = 0};
    struct byte_source_descriptor source;
    struct byte_sink_digest tap = {0};
    uint8_t found[DIGEST_BYTES];
    char hex[DIGEST_HEX_BYTES] = "";
    char *parent = path_parent(command->arena, to);
    int read_error = 0;
    bool done = false;

    if (parent == NULL) {
        goto no_memory;
    }
    if (!file_make_directory(parent, command->diagnostics)) {
        return false;
    }
    int input = file_open(from);
    read_error = input < 0 ? errno : 0;
    int output = input < 0 ? -1 : file_open_new(to, 0644);
    int write_error = input >= 0 && output < 0 ? errno : 0;
    if (output >= 0) {
        byte_source_descriptor(&source, input);
        byte_sink_descriptor(&sink, output);
        done = byte_sink_digest_open(&tap, &sink.sink) && pass(&source, &tap, &read_error);
        done = byte_sink_digest_close(&tap, found) && done;
        write_error = sink.error;
        if (close(output) != 0 && write_error == 0) {
            write_error = errno;
        }
    }
    if (input >= 0) {
        close(input); /* it was only read */
    }
    if (read_error != 0) {
        diagnostics_report_errno(command->diagnostics, DIAGNOSTIC_FILE_READ, &(struct place){.path = from}, read_error,
                                 "the file cannot be copied");
        return false;
    }
    if (write_error != 0) {
        diagnostics_report_errno(command->diagnostics, DIAGNOSTIC_FILE_WRITE, &(struct place){.path = to}, write_error,
                                 "the copy cannot be written");
        return false;
    }
    if (!done) {
        goto no_memory;
    }
    digest_hex(found, hex);
    if (expected != NULL && strcmp(hex, expected) != 0) {
        diagnostics_report(
            command->diagnostics, DIAGNOSTIC_EVIDENCE_CHANGED, &(struct place){.path = from},
            "the file has changed since it was assessed, so it is not handed over; run the command again");
        return false;
    }
    if (digest != NULL) {
        memcpy(digest, found, DIGEST_BYTES);
    }
    return true;

no_memory:
    diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory to copy %s", from);
    return false;
}
