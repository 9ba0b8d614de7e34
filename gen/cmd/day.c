#include "cmd/day.h"

#include <string.h>

#define DAY INT64_C(86400)

bool day_read(struct command *command, const char *option, const char *example, const char *text, struct span *out) {
    if (datetime_span(text, strlen(text), out) && out->until - out->from == DAY) {
        return true;
    }
    diagnostics_report(command->diagnostics, DIAGNOSTIC_USAGE, NULL, "%s wants a day such as %s, not \"%s\"", option,
                       example, text);
    return false;
}
