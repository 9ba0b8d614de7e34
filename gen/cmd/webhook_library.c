#include "cmd/webhook_library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#define LIBRARY "libcurl.so.4" /* the binary interface that <curl/curl.h> describes */

#define FUNCTION(name)                                                                                                 \
    { "curl_" #name, offsetof(struct webhook_library, name) }

static const struct {
    const char *symbol;
    size_t offset; /* of its pointer */
} functions[] = {
    FUNCTION(global_init),  FUNCTION(global_cleanup), FUNCTION(easy_init),     FUNCTION(easy_setopt),
    FUNCTION(easy_getinfo), FUNCTION(easy_perform),   FUNCTION(easy_strerror), FUNCTION(easy_cleanup),
    FUNCTION(slist_append), FUNCTION(slist_free_all), FUNCTION(url),           FUNCTION(url_set),
    FUNCTION(url_get),      FUNCTION(url_cleanup),    FUNCTION(free),
};

bool webhook_library_open(struct webhook_library *library) {
    *library = (struct webhook_library){.handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL)};
    bool complete = library->handle != NULL;
    for (size_t i = 0; complete && i < sizeof functions / sizeof functions[0]; i++) {
        void *function = dlsym(library->handle, functions[i].symbol);
        /* ISO C has no cast from one to the other; POSIX promises that they have the same form (dlsym). */
        memcpy((char *)library + functions[i].offset, &function, sizeof function);
        complete = function != NULL;
    }
    if (!complete) {
        webhook_library_close(library);
    }
    return complete;
}

void webhook_library_close(struct webhook_library *library) {
    if (library->handle != NULL) {
        (void)dlclose(library->handle); /* nothing of it is used any more */
    }
    *library = (struct webhook_library){0};
}
