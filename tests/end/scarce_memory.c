/*
 * Loaded before a program (LD_PRELOAD), this refuses memory: of the allocations of at least SCARCE_LEAST bytes the
 * SCARCE_COUNT from SCARCE_FROM on. At the end the count of all such is printed on standard error where SCARCE_TELL is
 * set. What libcrypto, libseccomp and HarfBuzz's subsetter ask for is given: versions of them crash without.
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static long from = -1;
static long count = 1;
static unsigned long least = 1;
static atomic_long seen;

static long setting(const char *name, long otherwise) {
    const char *text = getenv(name);

    return text == NULL ? otherwise : strtol(text, NULL, 10);
}

__attribute__((constructor)) static void begin(void) {
    least = (unsigned long)setting("SCARCE_LEAST", 1);
    count = setting("SCARCE_COUNT", 1);
    from = setting("SCARCE_FROM", -1);
}

__attribute__((destructor)) static void tell(void) {
    char text[64];

    if (getenv("SCARCE_TELL") != NULL) {
        int length = snprintf(text, sizeof text, "allocations %ld\n", atomic_load(&seen));
        if (write(STDERR_FILENO, text, (size_t)length) < 0) {
            _exit(99);
        }
    }
}

static bool is_given(const char *library) {
    static const char *const given[] = {"libcrypto", "libseccomp", "libharfbuzz-subset"};

    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        if (strstr(library, given[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static bool refuses(size_t size, const void *caller) {
    if (size < least) {
        return false;
    }
    long number = atomic_fetch_add(&seen, 1);
    if (from < 0 || number < from || number >= from + count) {
        return false;
    }
    Dl_info who;
    if (dladdr(caller, &who) != 0 && who.dli_fname != NULL && is_given(who.dli_fname)) {
        return false;
    }
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size) {
    return refuses(size, __builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    return refuses(number * size, __builtin_return_address(0)) ? NULL : __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    return refuses(size, __builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}
