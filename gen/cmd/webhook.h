#ifndef CMD_WEBHOOK_H
#define CMD_WEBHOOK_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Posts a document to a URL (HTTP/1.1, application/json), for the helper process alone: the sealed one has no sockets.
 * The certificate is verified, a redirect is not followed, and https is asked for but where the address is the
 * machine's own. A URL may hold a secret in its path, so that of it only the host is ever shown.
 */

enum webhook_secret {
    WEBHOOK_NO_SECRET,
    WEBHOOK_BEARER, /* "Authorization: Bearer SECRET" */
    WEBHOOK_HMAC    /* "X-Tickmark-Signature: sha256=HEX", HMAC-SHA256 of the body */
};

struct webhook_request {
    const char *url;    /* webhook_acceptable */
    const char *anchor; /* a PEM file to trust in place of the system's; NULL: the system's */
    enum webhook_secret kind;
    const char *secret; /* printable ASCII */
    size_t secret_length;
    int64_t seconds; /* that one attempt may take */
    const void *body;
    size_t length;
};

/* Whether a URL can be posted to; sets a fixed reason if not. Nothing is resolved or opened. */
bool webhook_acceptable(const char *url, const char **reason);
/*
 * Posts it, again after a failure to connect, a time-out, status 429 or 5xx, at most LIMIT_WEBHOOK_ATTEMPTS times with
 * a pause that doubles. Any 2xx is success. False with what went wrong appended to `problem`.
 */
bool webhook_post(const struct webhook_request *request, struct buffer *problem);

#endif
