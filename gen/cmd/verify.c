#include "cmd/command.h"

#include "base/text.h"
#include "cmd/anchors.h"
#include "trust/verify.h"

#include <inttypes.h>
#include <string.h>

static const char *const outcome_words[] = {
    [VERIFY_NOT_DONE] = "not done", [VERIFY_PASSED] = "passed", [VERIFY_FAILED] = "FAILED"};

static void print_text(struct command *command, const char *path, const struct verify_report *report) {
    struct buffer *out = &command->out;
    char hex[DIGEST_HEX_BYTES];
    char time[DATETIME_ISO_BYTES] = "not said";

    digest_hex(report->digest, hex);
    if (report->signing_time != INT64_MIN) {
        datetime_iso(report->signing_time, time);
    }
    buffer_format(out, "%s\n\n", path);
    for (int check = 0; check < VERIFY_COUNT; check++) {
        buffer_format(out, "  %-11s%-10s%s\n", verify_check_name((enum verify_check)check),
                      outcome_words[report->checks[check].outcome], report->checks[check].text);
    }
    buffer_format(out, "\nSHA-256   %s\nSigner    %s\nSigned    %s (the signer's claim)\nResult    %s, %s\n", hex,
                  *report->signer != '\0' ? report->signer : "unknown", time, report->intact ? "intact" : "NOT INTACT",
                  report->trusted ? "trusted" : "NOT TRUSTED");
}

static void append_string(struct buffer *out, const char *text) {
    text_json_string(out, text, strlen(text));
}

static void print_json(struct command *command, const char *path, const struct verify_report *report) {
    struct buffer *out = &command->out;
    char hex[DIGEST_HEX_BYTES];

    digest_hex(report->digest, hex);
    buffer_append_text(out, "{\n  \"package\": ");
    append_string(out, path);
    buffer_format(out, ",\n  \"sha256\": \"%s\",\n  \"intact\": %s,\n  \"trusted\": %s,\n  \"signer\": ", hex,
                  report->intact ? "true" : "false", report->trusted ? "true" : "false");
    append_string(out, report->signer);
    buffer_format(out,
                  ",\n  \"entries\": %" PRIu64 ",\n  \"payload_files\": %" PRIu64 ",\n  \"payload_bytes\": %" PRIu64
                  ",\n  \"checks\": [",
                  report->entries, report->payload_files, report->payload_bytes);
    for (int check = 0; check < VERIFY_COUNT; check++) {
        buffer_format(out, "%s\n    {\"check\": \"%s\", \"outcome\": \"%s\", \"text\": ", check > 0 ? "," : "",
                      verify_check_name((enum verify_check)check),
                      report->checks[check].outcome == VERIFY_FAILED ? "failed"
                                                                     : outcome_words[report->checks[check].outcome]);
        append_string(out, report->checks[check].text);
        buffer_append_byte(out, '}');
    }
    buffer_append_text(out, "\n  ]\n}\n");
}

bool verify_command(struct command *command) {
    struct verify_report report;
    struct text_list anchors;

    if (command->argument_count != 1) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL,
                           "`verify` wants one package; see `tickmark verify --help`");
        return false;
    }
    const char *path = command->arguments[0];
    if (!anchors_find(command, &anchors) ||
        !verify_package(path, anchors.items, anchors.count, &report, command->diagnostics)) {
        return false;
    }
    if (command->options.json_diagnostics) {
        print_json(command, path, &report);
    } else if (!command->options.quiet) {
        print_text(command, path, &report);
    }
    return true;
}
