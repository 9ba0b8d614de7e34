#ifndef CMD_EVIDENCE_COPY_H
#define CMD_EVIDENCE_COPY_H

#include "base/digest.h"
#include "cmd/command.h"

/*
 * Copies one file into a staging folder, to where nothing is yet, and makes the folders above it. `expected` is the
 * SHA-256 in hexadecimal that it must have, or NULL; `digest` receives the one that it has, unless NULL. False after
 * reporting; a copy with another digest is then left for the staging to remove.
 */
bool evidence_copy(struct command *command, const char *from, const char *to, const char *expected,
                   uint8_t digest[DIGEST_BYTES]);

#endif
