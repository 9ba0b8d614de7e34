#include "trust/verify.h"

#include "pack/bag.h"
#include "trust/verification.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const check_names[VERIFY_COUNT] = {
    [VERIFY_CONTAINER] = "container", [VERIFY_NAMES] = "names",
    [VERIFY_CONTENT] = "content",     [VERIFY_BAG] = "bag",
    [VERIFY_MANIFEST] = "manifest",   [VERIFY_SIGNATURE] = "signature",
    [VERIFY_TRUST] = "trust",
};

const char *verify_check_name(enum verify_check check) {
    return check_names[check];
}

/* Enters the outcome of a check: its text when it passed, or how many faults it found. */
static void conclude(struct verify_report *report, enum verify_check check, bool passed, uint64_t faults,
                     const char *format, ...) __attribute__((format(printf, 5, 6)));

static void conclude(struct verify_report *report, enum verify_check check, bool passed, uint64_t faults,
                     const char *format, ...) {
    char *text = report->checks[check].text;
    size_t capacity = sizeof report->checks[check].text;
    report->checks[check].outcome = passed ? VERIFY_PASSED : VERIFY_FAILED;
    if (passed) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(text, capacity, format, arguments);
        va_end(arguments);
    } else if (faults == 0) {
        snprintf(text, capacity, "fails with an earlier check");
    } else {
        snprintf(text, capacity, "%" PRIu64 " %s found", faults, faults == 1 ? "fault" : "faults");
    }
}

static int compare_files(const void *a, const void *b) {
    const struct verification_file *left = a;
    const struct verification_file *right = b;
    return strcmp(left->entry->name, right->entry->name);
}

/* Lists the entries by name. */
static bool list_files(struct verification *verification, struct verify_report *report) {
    size_t count = 0;
    const struct zip_entry *entries = zip_read_entries(verification->zip, &count);
    verification->files = arena_array(verification->arena, count + 1, sizeof *verification->files);
    if (!verification->files) {
        return verification_out_of_memory(verification);
    }
    for (size_t i = 0; i < count; i++) {
        verification->files[i].entry = &entries[i];
        if (bag_is_payload(entries[i].name)) {
            report->payload_files++;
            report->payload_bytes += entries[i].size;
        }
    }
    verification->count = count;
    report->entries = count;
    if (count > 1) {
        qsort(verification->files, count, sizeof *verification->files, compare_files);
    }
    return true;
}

/* Points 1 to 3; the first entry must be what tells the kind of container. */
static bool check_container(struct verification *verification) {
    size_t count = 0;
    if (!zip_read_directory(verification->zip, verification->diagnostics)) {
        verification->failed = zip_read_failed(verification->zip);
        return false;
    }
    const struct zip_entry *entries = zip_read_entries(verification->zip, &count);
    if (count == 0 || strcmp(entries[0].name, BAG_MIMETYPE) != 0 || entries[0].method != ZIP_STORED) {
        return verification_report(verification, DIAGNOSTIC_PACKAGE_CONTAINER,
                                   "the first entry is not a stored " BAG_MIMETYPE "; this is no package of tickmark");
    }
    return true;
}

/* All that needs a container in order. */
static void check_inside(struct verification *verification, const char *const *anchors, size_t anchor_count,
                         struct verify_report *report) {
    struct diagnostics *diagnostics = verification->diagnostics;
    uint64_t before = diagnostics_count(diagnostics, DIAGNOSTIC_UNVERIFIED);
    size_t listed = 0;
    if (!list_files(verification, report)) {
        return;
    }
    bool passed = verification_names(verification);
    uint64_t after = diagnostics_count(diagnostics, DIAGNOSTIC_UNVERIFIED);
    conclude(report, VERIFY_NAMES, passed, after - before, "%zu names, safe, unique and known", verification->count);

    before = after;
    passed = verification_contents(verification);
    after = diagnostics_count(diagnostics, DIAGNOSTIC_UNVERIFIED);
    conclude(report, VERIFY_CONTENT, passed, after - before,
             "%zu files inflate to their declared sizes and match their CRC-32", verification->count);
    if (verification->failed) {
        return;
    }

    before = after;
    passed = verification_bag(verification);
    after = diagnostics_count(diagnostics, DIAGNOSTIC_UNVERIFIED);
    conclude(report, VERIFY_BAG, passed, after - before,
             "%" PRIu64 " payload files of %" PRIu64 " bytes match " BAG_MANIFEST " and Payload-Oxum",
             report->payload_files, report->payload_bytes);

    before = after;
    passed = verification_manifest(verification, &listed);
    after = diagnostics_count(diagnostics, DIAGNOSTIC_UNVERIFIED);
    conclude(report, VERIFY_MANIFEST, passed, after - before, "%zu files listed once each, with their SHA-256", listed);
    if (!verification->failed) {
        verification_signature(verification, anchors, anchor_count, report);
    }
}

bool verify_package(const char *path, const char *const *anchors, size_t anchor_count, struct verify_report *report,
                    struct diagnostics *diagnostics) {
    struct verification verification = {.path = path, .diagnostics = diagnostics};
    *report = (struct verify_report){.signing_time = INT64_MIN};
    bool done = false;
    verification.zip = zip_read_open(path, diagnostics);
    if (!verification.zip) {
        return false;
    }
    verification.arena = arena_new();
    if (!verification.arena) {
        verification_out_of_memory(&verification);
        goto ended;
    }
    for (enum verify_check check = 0; check < VERIFY_COUNT; check++) {
        snprintf(report->checks[check].text, sizeof report->checks[check].text,
                 "not done: the container is not in order");
    }
    if (!zip_read_digest(verification.zip, report->digest, diagnostics)) {
        goto ended;
    }
    bool contained = check_container(&verification);
    if (verification.failed) {
        goto ended;
    }
    zip_read_entries(verification.zip, &verification.count);
    conclude(report, VERIFY_CONTAINER, contained, 1, "%zu entries, contiguous, no hidden bytes", verification.count);
    if (contained) {
        check_inside(&verification, anchors, anchor_count, report);
    }
    done = !verification.failed;
    report->intact = done;
    for (enum verify_check check = 0; check < VERIFY_COUNT; check++) {
        report->intact = report->intact && (check == VERIFY_TRUST || report->checks[check].outcome == VERIFY_PASSED);
    }
    report->trusted = report->intact && report->checks[VERIFY_TRUST].outcome == VERIFY_PASSED;
ended:
    for (size_t i = 0; i < VERIFICATION_TAGS; i++) {
        buffer_free(&verification.tags[i]);
    }
    zip_read_free(verification.zip);
    arena_free(verification.arena);
    return done;
}
