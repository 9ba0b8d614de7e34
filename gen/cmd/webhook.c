#include "cmd/webhook.h"

#include "base/digest.h"
#include "base/limits.h"
#include "cmd/command.h"
#include "cmd/webhook_library.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include <time.h>

#define REDIRECTS_FROM 300
#define REFUSALS_FROM  400
#define TOO_MANY       429
#define FAULTS_FROM    500

static const char no_library[] = "libcurl 4 is not on this machine, or lacks what is needed; install libcurl4";

/* The parts of a URL that decide; freed with free_parts. */
struct parts {
    char *scheme;
    char *host;
    char *user;
    char *port;
};

static bool take_apart(const struct webhook_library *library, const char *url, struct parts *out) {
    CURLU *handle = library->url();

    *out = (struct parts){0};
    bool good = handle != NULL && library->url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK &&
                library->url_get(handle, CURLUPART_SCHEME, &out->scheme, 0) == CURLUE_OK &&
                library->url_get(handle, CURLUPART_HOST, &out->host, 0) == CURLUE_OK;
    if (good) {
        (void)library->url_get(handle, CURLUPART_USER, &out->user, 0); /* absent: NULL */
        (void)library->url_get(handle, CURLUPART_PORT, &out->port, 0);
    }
    library->url_cleanup(handle);
    return good;
}

static void free_parts(const struct webhook_library *library, struct parts *parts) {
    library->free(parts->scheme);
    library->free(parts->host);
    library->free(parts->user);
    library->free(parts->port);
}

static bool is_loopback(const char *host) {
    return strcmp(host, "127.0.0.1") == 0 || strcmp(host, "[::1]") == 0 || strcmp(host, "localhost") == 0;
}

bool webhook_acceptable(const char *url, const char **reason) {
    struct webhook_library library;
    struct parts parts;

    *reason = NULL;
    if (!webhook_library_open(&library)) {
        *reason = no_library;
        return false;
    }
    bool good = take_apart(&library, url, &parts);
    if (!good) {
        *reason = "it is no URL; write it as https://host/path";
    } else if (strcmp(parts.scheme, "https") != 0 && !(strcmp(parts.scheme, "http") == 0 && is_loopback(parts.host))) {
        *reason = "an alert goes over https, or over http to this machine alone";
    } else if (parts.user != NULL) {
        *reason = "it holds a name or password; give a secret with --webhook-secret-fd";
    }
    free_parts(&library, &parts);
    webhook_library_close(&library);
    return *reason == NULL;
}

/* The answer is not wanted; one without an end is cut off. */
static size_t discard(char *bytes, size_t size, size_t count, void *context) {
    size_t *seen = context;
    (void)bytes;

    *seen += size * count;
    return *seen <= LIMIT_WEBHOOK_RESPONSE ? size * count : 0;
}

static struct curl_slist *add_header(const struct webhook_library *library, struct curl_slist *headers,
                                     const struct buffer *header) {
    const char *text = buffer_text(header);
    struct curl_slist *grown = text != NULL ? library->slist_append(headers, text) : NULL;

    if (grown == NULL) {
        library->slist_free_all(headers);
    }
    return grown;
}

/* NULL when memory is out. */
static struct curl_slist *make_headers(const struct webhook_library *library, const struct webhook_request *request) {
    struct curl_slist *headers = library->slist_append(NULL, "Content-Type: application/json; charset=utf-8");
    struct buffer header = {0};
    uint8_t digest[DIGEST_BYTES];
    char hex[DIGEST_HEX_BYTES];

    headers = headers != NULL ? library->slist_append(headers, "Expect:") : NULL;
    if (headers == NULL || request->kind == WEBHOOK_NO_SECRET) {
        return headers;
    }
    if (request->kind == WEBHOOK_BEARER) {
        buffer_append_text(&header, "Authorization: Bearer ");
        buffer_append(&header, request->secret, request->secret_length);
    } else {
        unsigned length = 0;
        if (HMAC(EVP_sha256(), request->secret, (int)request->secret_length, request->body, request->length, digest,
                 &length) == NULL ||
            length != DIGEST_BYTES) {
            library->slist_free_all(headers);
            return NULL;
        }
        digest_hex(digest, hex);
        buffer_format(&header, "X-Tickmark-Signature: sha256=%s", hex);
    }
    headers = add_header(library, headers, &header);
    if (header.data != NULL) {
        explicit_bzero(header.data, header.length);
    }
    buffer_free(&header);
    return headers;
}

static bool configure(const struct webhook_library *library, CURL *curl, const struct webhook_request *request,
                      struct curl_slist *headers, bool loopback, size_t *seen) {
    return library->easy_setopt(curl, CURLOPT_URL, request->url) == CURLE_OK &&
           library->easy_setopt(curl, CURLOPT_PROTOCOLS_STR, loopback ? "http,https" : "https") == CURLE_OK &&
           library->easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           library->easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           library->easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           library->easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           library->easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           library->easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           library->easy_setopt(curl, CURLOPT_TIMEOUT, (long)request->seconds) == CURLE_OK &&
           library->easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)request->seconds) == CURLE_OK &&
           library->easy_setopt(curl, CURLOPT_USERAGENT, "tickmark/" COMMAND_VERSION) == CURLE_OK &&
           library->easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
           library->easy_setopt(curl, CURLOPT_POST, 1L) == CURLE_OK &&
           library->easy_setopt(curl, CURLOPT_POSTFIELDS, request->body) == CURLE_OK &&
           library->easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->length) == CURLE_OK &&
           library->easy_setopt(curl, CURLOPT_WRITEFUNCTION, discard) == CURLE_OK &&
           library->easy_setopt(curl, CURLOPT_WRITEDATA, seen) == CURLE_OK &&
           (request->anchor == NULL || (library->easy_setopt(curl, CURLOPT_CAINFO, request->anchor) == CURLE_OK &&
                                        library->easy_setopt(curl, CURLOPT_CAPATH, NULL) == CURLE_OK)) &&
           (!loopback || library->easy_setopt(curl, CURLOPT_NOPROXY, "*") == CURLE_OK);
}

enum attempt { ATTEMPT_DONE, ATTEMPT_AGAIN, ATTEMPT_REFUSED };

/* One attempt; what went wrong replaces `problem`. */
static enum attempt try_once(const struct webhook_library *library, CURL *curl, size_t *seen, struct buffer *problem) {
    *seen = 0;
    CURLcode result = library->easy_perform(curl);
    long status = 0;

    (void)library->easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    buffer_clear(problem);
    if (result != CURLE_OK && !(result == CURLE_WRITE_ERROR && status > 0)) {
        buffer_append_text(problem, library->easy_strerror(result));
        bool untrusted = result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_CACERT_BADFILE ||
                         result == CURLE_UNSUPPORTED_PROTOCOL || result == CURLE_OUT_OF_MEMORY;
        return untrusted ? ATTEMPT_REFUSED : ATTEMPT_AGAIN;
    }
    if (status >= 200 && status < REDIRECTS_FROM) {
        return ATTEMPT_DONE;
    }
    buffer_format(problem, "it answered with status %ld%s", status,
                  status >= REDIRECTS_FROM && status < REFUSALS_FROM ? ", a redirect, which is not followed" : "");
    return status == TOO_MANY || status >= FAULTS_FROM ? ATTEMPT_AGAIN : ATTEMPT_REFUSED;
}

static bool try_all(const struct webhook_library *library, CURL *curl, size_t *seen, struct buffer *problem) {
    struct timespec pause = {.tv_sec = 1};
    struct buffer last = {0};
    enum attempt came = ATTEMPT_AGAIN;
    int attempts = 0;

    while (came == ATTEMPT_AGAIN && attempts < LIMIT_WEBHOOK_ATTEMPTS) {
        if (attempts > 0) {
            nanosleep(&pause, NULL);
            pause.tv_sec *= 2;
        }
        came = try_once(library, curl, seen, &last);
        attempts++;
    }
    if (came != ATTEMPT_DONE) {
        buffer_append(problem, last.data, last.length);
        if (attempts > 1) {
            buffer_format(problem, ", at the last of %d attempts", attempts);
        }
    }
    buffer_free(&last);
    return came == ATTEMPT_DONE;
}

bool webhook_post(const struct webhook_request *request, struct buffer *problem) {
    struct webhook_library library;
    struct parts parts = {0};
    struct curl_slist *headers = NULL;
    CURL *curl = NULL;
    size_t seen = 0;
    bool done = false;

    if (!webhook_library_open(&library)) {
        buffer_append_text(problem, no_library);
        return false;
    }
    if (library.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        buffer_append_text(problem, "the network library cannot be started");
        webhook_library_close(&library);
        return false;
    }
    curl = library.easy_init();
    headers = make_headers(&library, request);
    if (curl == NULL || headers == NULL || !take_apart(&library, request->url, &parts)) {
        buffer_append_text(problem, "memory ran out");
        goto end;
    }
    buffer_format(problem, "%s%s%s: ", parts.host, parts.port != NULL ? ":" : "", parts.port != NULL ? parts.port : "");
    if (!configure(&library, curl, request, headers, is_loopback(parts.host), &seen)) {
        buffer_append_text(problem, "the network library does not offer what is needed");
        goto end;
    }
    done = try_all(&library, curl, &seen, problem);

end:
    free_parts(&library, &parts);
    library.slist_free_all(headers);
    library.easy_cleanup(curl);
    library.global_cleanup();
    webhook_library_close(&library);
    return done;
}
