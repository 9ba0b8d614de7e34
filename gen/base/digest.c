#include "base/digest.h"

#include <openssl/evp.h>
#include <stdlib.h>

struct digest {
    EVP_MD_CTX *context;
    bool begun; /* with the first bytes: setting up costs as much as hashing a kilobyte */
};

static bool begin(struct digest *digest) {
    if (!digest->begun) {
        /* Without a name it stays with the algorithm that it has, and need not look for it anew. */
        const EVP_MD *algorithm = EVP_MD_CTX_get0_md(digest->context) == NULL ? EVP_sha256() : NULL;
        digest->begun = EVP_DigestInit_ex(digest->context, algorithm, NULL) == 1;
    }
    return digest->begun;
}

struct digest *digest_new(void) {
    struct digest *digest = calloc(1, sizeof *digest);
    if (digest == NULL) {
        return NULL;
    }
    digest->context = EVP_MD_CTX_new();
    if (digest->context == NULL) {
        digest_free(digest);
        return NULL;
    }
    return digest;
}

void digest_free(struct digest *digest) {
    if (digest == NULL) {
        return;
    }
    EVP_MD_CTX_free(digest->context);
    free(digest);
}

bool digest_update(struct digest *digest, const void *bytes, size_t length) {
    return length == 0 || (begin(digest) && EVP_DigestUpdate(digest->context, bytes, length) == 1);
}

bool digest_finish(struct digest *digest, uint8_t out[DIGEST_BYTES]) {
    bool finished = begin(digest) && EVP_DigestFinal_ex(digest->context, out, NULL) == 1;
    digest->begun = false;
    return finished;
}

bool digest_bytes(const void *bytes, size_t length, uint8_t out[DIGEST_BYTES]) {
    return EVP_Digest(length == 0 ? "" : bytes, length, out, NULL, EVP_sha256(), NULL) == 1;
}

void digest_hex(const uint8_t digest[DIGEST_BYTES], char out[DIGEST_HEX_BYTES]) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 15];
    }
    out[2 * DIGEST_BYTES] = '\0';
}

static int digit_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool digest_from_hex(const char *text, size_t length, uint8_t out[DIGEST_BYTES]) {
    if (length != 2 * DIGEST_BYTES) {
        return false;
    }
    uint8_t bytes[DIGEST_BYTES];
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        int high = digit_value(text[2 * i]);
        int low = digit_value(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        out[i] = bytes[i];
    }
    return true;
}

bool digest_sum_add(struct digest_sum *sum, struct digest *by, const void *bytes, size_t length) {
    uint8_t member[DIGEST_BYTES];
    bool made = by != NULL ? digest_update(by, bytes, length) && digest_finish(by, member)
                           : digest_bytes(bytes, length, member);
    if (!made) {
        return false;
    }
    unsigned carry = 0;
    for (size_t i = DIGEST_BYTES; i-- > 0;) {
        carry += (unsigned)sum->bytes[i] + member[i];
        sum->bytes[i] = (uint8_t)carry;
        carry >>= 8;
    }
    sum->members++;
    return true;
}
