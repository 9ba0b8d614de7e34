#ifndef CMD_COLLECT_SIDECAR_H
#define CMD_COLLECT_SIDECAR_H

#include "base/buffer.h"
#include "base/process.h"
#include "base/record_source.h"
#include "cmd/collect_environment.h"
#include "config/programme.h"

/* What is written beside a collected export, for the auditor: how it came to be. Values of variables are not in it. */
struct collect_sidecar {
    const struct programme_source *source;
    const struct collect_environment *environment;
    const struct collect_words *words;
    const char *const *argv;    /* with the days filled in */
    const char *program;        /* as it was found */
    const char *program_sha256; /* or NULL */
    const char *version;        /* what the version command printed, or NULL */
    int64_t started_at;
    int64_t ended_at;
    const struct process_result *result;
    const char *sha256; /* of the output */
    const struct record_tally *tally;
    bool copy; /* an earlier export once more: a person has to say when it was collected */
};
/*
 * Appends the YAML. It has no `records`: that is the source's own count, and ours would make a cut export look whole;
 * and no `effective_at`: the file's name dates it, and a second would set exports of one day apart.
 */
void collect_sidecar_write(const struct collect_sidecar *sidecar, struct buffer *out);

#endif
