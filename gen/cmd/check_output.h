#ifndef CMD_CHECK_OUTPUT_H
#define CMD_CHECK_OUTPUT_H

#include "assess/check_result.h"
#include "assess/check_state.h"
#include "assess/check_window.h"
#include "cmd/workspace.h"

/* Everything that one `tickmark check` has to say. */
struct check_report {
    const struct workspace *workspace;
    const struct workspace_period *period;
    const struct check_windows *windows;
    const char *const *shown; /* by window: the command that follows a reference, but for the reference */
    const char *group;        /* or "all" */
    bool due;                 /* only what was due */
    struct check_result *results;
    size_t result_count;
    size_t not_due; /* checks of the group that were left out */
    struct check_pasts resolved;
    struct check_pasts standing;
    const char *later; /* a day: what was checked last is later, so that nothing was compared; NULL: it was */
};

/* Whether somebody has to be told: an alert is new or worse, or something is resolved. */
bool check_output_has_news(const struct check_report *report);
uint64_t check_output_alerts(const struct check_report *report);
/* Appends the report as JSON (README: alerts.json); `news`: without what was told before, for a notifier. */
void check_output_json(const struct check_report *report, bool news, struct buffer *out);
/* Appends it for people. False when memory is out. */
bool check_output_text(const struct check_report *report, int width, bool colour, struct arena *arena,
                       struct buffer *out);

#endif
