#ifndef CMD_WEBHOOK_LIBRARY_H
#define CMD_WEBHOOK_LIBRARY_H

#include <curl/curl.h>
#include <stdbool.h>

/*
 * libcurl, loaded when something is posted: with the thirty libraries that it needs itself it would take a third of the
 * time in which every other command starts. The functions are libcurl's own, by its names without `curl_`.
 */
struct webhook_library {
    void *handle;
    CURLcode (*global_init)(long flags);
    void (*global_cleanup)(void);
    CURL *(*easy_init)(void);
    CURLcode (*easy_setopt)(CURL *curl, CURLoption option, ...);
    CURLcode (*easy_getinfo)(CURL *curl, CURLINFO info, ...);
    CURLcode (*easy_perform)(CURL *curl);
    const char *(*easy_strerror)(CURLcode result);
    void (*easy_cleanup)(CURL *curl);
    struct curl_slist *(*slist_append)(struct curl_slist *list, const char *text);
    void (*slist_free_all)(struct curl_slist *list);
    CURLU *(*url)(void);
    CURLUcode (*url_set)(CURLU *handle, CURLUPart what, const char *part, unsigned flags);
    CURLUcode (*url_get)(const CURLU *handle, CURLUPart what, char **part, unsigned flags);
    void (*url_cleanup)(CURLU *handle);
    void (*free)(void *memory);
};

/* False, with nothing to close, where the machine has no libcurl 4 with all of these functions. */
bool webhook_library_open(struct webhook_library *library);
void webhook_library_close(struct webhook_library *library);

#endif
