#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include "base/diagnostics.h"

#include <stdbool.h>

/*
 * Seals the process, before any thread is made: Landlock allows reading below `readable` and writing below `writable`
 * (both NULL-terminated; missing paths are passed over), seccomp denies executing programs, sockets and ptrace. Where
 * the kernel has not got them a SANDBOX note says what is missing. False only when a filter could not be applied that
 * the kernel claims to have.
 */
bool sandbox_enter(const char *const *readable, const char *const *writable, struct diagnostics *diagnostics);

#endif
