#ifndef BASE_SANITIZER_H
#define BASE_SANITIZER_H

#include <stdbool.h>

/* Whether this is a build with address sanitizer, as gcc (first) and clang say it. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZER_ADDRESS true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZER_ADDRESS true
#endif
#endif
#ifndef SANITIZER_ADDRESS
#define SANITIZER_ADDRESS false
#endif

#endif
