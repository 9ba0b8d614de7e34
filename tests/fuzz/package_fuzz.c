/* A package from anywhere: whatever its bytes, the verifier must come to an answer, and trust nobody unasked. */

#include "base/xml.h"
#include "trust/verify.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    char path[] = "/tmp/tickmark-fuzz-XXXXXX";
    struct verify_report report;
    struct diagnostics *diagnostics = diagnostics_new();
    int descriptor = mkstemp(path);
    if (!diagnostics || descriptor < 0 || !xml_start() || write(descriptor, bytes, length) != (ssize_t)length) {
        abort();
    }
    bool done = verify_package(path, NULL, 0, &report, diagnostics);
    if (!done || report.trusted || diagnostics_exit_status(diagnostics) != 4) {
        abort();
    }
    close(descriptor);
    unlink(path);
    diagnostics_free(diagnostics);
    return 0;
}
