#ifndef CMD_SAMPLE_REQUEST_H
#define CMD_SAMPLE_REQUEST_H

#include "assess/request.h"
#include "cmd/sample.h"

/*
 * Which of the auditor's requests a draw answers (`sample --request`), and where its items were put together. It stands
 * in a file of its own in the draw's folder, so that a draw stays what it was.
 */

/*
 * Notes it in the draw's folder below the output folder; `fulfilled` is the folder with the items, or NULL, which
 * leaves an earlier note of the same request alone. Does nothing where no request is named, or no draw is there. False
 * after reporting.
 */
bool sample_request_note(struct command *command, const char *out, const struct sample *sample, const char *fulfilled);
/*
 * Where no request is named and the draw was noted for one alone, that one is taken for named. False after reporting.
 */
bool sample_request_drawn(struct command *command, const char *out, const struct sample *sample);
/* Reads what was noted below the output folder for a period. False after reporting. */
bool sample_request_list(struct command *command, const char *out, const char *period, struct request_sample **samples,
                         size_t *count);

#endif
