#ifndef CMD_GATHER_H
#define CMD_GATHER_H

#include "base/byte_sink.h"
#include "base/byte_source.h"
#include "base/file.h"
#include "base/path.h"
#include "base/record_source.h"
#include "cmd/workspace.h"
#include "pack/package.h"
#include "store/store.h"

/*
 * Reads the evidence folder into the store and the package, each byte once. A file belongs to the source whose path
 * pattern it matches; one that is dated outside the period, and does not serve it, stays out of both. `package` may be
 * NULL. The store still wants store_load_finish.
 */
bool gather_evidence(struct command *command, const struct workspace *workspace, const struct workspace_period *period,
                     struct store *store, struct package *package);

/* One evidence file, and what its sidecar (`<file>.meta.yaml`) says. */
struct gather_file {
    const char *path; /* below the evidence folder */
    const char *full_path;
    uint64_t size;
    const struct programme_source *source;
    struct path_match match;
    const struct yaml_node *sidecar;
    bool earlier; /* from before the period, and serves it: see gather_earlier.h */
};
/*
 * Visits the evidence files of a list in order, with source and sidecar found. Those dated outside `period` are counted
 * and left out (NULL: none is). Sidecars are visited after their files, without a source. Stops when `visit` is false.
 */
typedef bool gather_visit(struct command *command, void *context, const struct gather_file *file);
bool gather_walk(struct command *command, const struct workspace *workspace, const struct workspace_period *period,
                 const struct file_list *list, gather_visit *visit, void *context);
/* Reads the sidecar of a file that was named by itself, where one lies beside it. False after reporting a failure. */
bool gather_sidecar_beside(struct command *command, struct gather_file *file);
/* What a file's sidecar says under a key, where that is a scalar; else NULL. */
const struct yaml_node *gather_sidecar_scalar(const struct gather_file *file, const char *key);
/* The SHA-256 that a file's sidecar says it had when it was collected; false where it says none, or after reporting. */
bool gather_claimed_digest(struct command *command, const struct gather_file *file, uint8_t out[DIGEST_BYTES]);
/* Whether a file stands beside another and describes it. */
bool gather_is_sidecar(const char *path);
/*
 * Opens a file as records of a kind: for gather_evidence and for `validate`. `sink` sees every byte. False after
 * reporting. What is opened is closed with gather_close.
 */
struct gather_reading {
    int descriptor;
    struct byte_source_descriptor bytes;
    struct byte_sink_digest tap;
    struct record_source *records;
};
bool gather_open(const struct schema *schema, const struct kind *kind, const struct gather_file *file,
                 struct byte_sink *sink, struct gather_reading *out, struct diagnostics *diagnostics);
void gather_close(struct gather_reading *reading);

#endif
