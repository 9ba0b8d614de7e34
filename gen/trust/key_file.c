#include "trust/key_file.h"

#include "base/file.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_FILE_BYTES (1u << 20)

struct passphrase {
    const char *text; /* NULL: none was given */
    bool asked;
};

static int give_passphrase(char *into, int size, int writing, void *context) {
    struct passphrase *passphrase = context;
    (void)writing;
    passphrase->asked = true;
    if (!passphrase->text) {
        return -1;
    }
    size_t length = strlen(passphrase->text);
    if (length > (size_t)size) {
        return -1;
    }
    memcpy(into, passphrase->text, length);
    return (int)length;
}

static bool refuse(const char *path, struct diagnostics *diagnostics, const char *reason, const char *advice) {
    diagnostics_report(diagnostics, DIAGNOSTIC_KEY_LOAD, &(struct place){.path = path}, "%s; %s", reason, advice);
    return false;
}

/*
 * Reads the file into `out`, which is wiped by the caller, and notes who else can read it: from the descriptor, so that
 * it is the mode of these very bytes.
 */
static bool read_bytes(const char *path, uint8_t *out, size_t *length, bool *exposed, struct diagnostics *diagnostics) {
    struct place place = {.path = path};
    struct stat status;
    bool done = false;
    int descriptor = file_open(path);
    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        diagnostics_report_errno(diagnostics, DIAGNOSTIC_FILE_READ, &place, errno,
                                 "the key or certificate cannot be opened; check the path and who may read it");
        goto ended;
    }
    *exposed = (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
    *length = 0;
    for (;;) {
        ssize_t got = read(descriptor, out + *length, KEY_FILE_BYTES - *length);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            diagnostics_report_errno(diagnostics, DIAGNOSTIC_FILE_READ, &place, errno,
                                     "the key or certificate cannot be read; check the disk it is on");
            goto ended;
        }
        if (got == 0) {
            break;
        }
        *length += (size_t)got;
        if (*length == KEY_FILE_BYTES) {
            diagnostics_report(diagnostics, DIAGNOSTIC_FILE_TOO_LARGE, &place,
                               "a file of keys or certificates may have %u bytes; give one that holds nothing else",
                               KEY_FILE_BYTES);
            goto ended;
        }
    }
    done = true;
ended:
    if (descriptor >= 0) {
        close(descriptor);
    }
    return done;
}

/* Takes one object out of the store. False when memory is out. */
static bool take(OSSL_STORE_INFO *info, bool want_key, struct key_file *out) {
    switch (OSSL_STORE_INFO_get_type(info)) {
    case OSSL_STORE_INFO_PKEY:
        if (want_key && !out->key) {
            out->key = OSSL_STORE_INFO_get1_PKEY(info);
            return out->key != NULL;
        }
        return true;
    case OSSL_STORE_INFO_CERT: {
        X509 *certificate = OSSL_STORE_INFO_get1_CERT(info);
        if (!certificate || !sk_X509_push(out->certificates, certificate)) {
            X509_free(certificate);
            return false;
        }
        return true;
    }
    default:
        return true;
    }
}

/* Says why a file could not be read as what was wanted; errno was 0 before libcrypto read it. */
static void refuse_content(const char *path, const struct passphrase *passphrase, bool want_key,
                           struct diagnostics *diagnostics) {
    if (errno == ENOMEM) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, &(struct place){.path = path},
                           "memory ran out while loading keys");
    } else if (passphrase->asked && !passphrase->text) {
        refuse(path, diagnostics, "the file is encrypted and no passphrase was given", "pass it on a descriptor");
    } else if (passphrase->asked) {
        refuse(path, diagnostics, "the file cannot be decrypted: the passphrase is wrong or the file is damaged",
               "pass the right passphrase on the descriptor");
    } else if (want_key) {
        refuse(path, diagnostics, "there is no private key in the file that can be read",
               "give a PEM, DER or PKCS#12 file");
    } else {
        refuse(path, diagnostics, "there is no certificate in the file that can be read",
               "give a PEM, DER or PKCS#12 file");
    }
}

/* Reads all objects that `bio` holds. */
static bool load_objects(const char *path, BIO *bio, bool want_key, struct passphrase *passphrase, struct key_file *out,
                         struct diagnostics *diagnostics) {
    bool done = false;
    OSSL_STORE_CTX *store = NULL;
    errno = 0;
    UI_METHOD *method = UI_UTIL_wrap_read_pem_callback(give_passphrase, 0);
    ERR_clear_error();
    if (method) {
        store = OSSL_STORE_attach(bio, "file", NULL, NULL, method, passphrase, NULL, NULL, NULL);
    }
    if (!store || (!want_key && !OSSL_STORE_expect(store, OSSL_STORE_INFO_CERT))) {
        refuse_content(path, passphrase, want_key, diagnostics);
        goto ended;
    }
    while (!OSSL_STORE_eof(store)) {
        OSSL_STORE_INFO *info = OSSL_STORE_load(store);
        if (!info) {
            if (OSSL_STORE_error(store)) {
                refuse_content(path, passphrase, want_key, diagnostics);
                goto ended;
            }
            continue;
        }
        bool taken = take(info, want_key, out);
        OSSL_STORE_INFO_free(info);
        if (!taken) {
            diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while loading keys");
            goto ended;
        }
    }
    if (errno == ENOMEM) { /* such as a certificate without the key that is in it */
        refuse_content(path, passphrase, want_key, diagnostics);
        goto ended;
    }
    done = true;
ended:
    if (store && OSSL_STORE_close(store) != 1) {
        done = false;
    }
    UI_destroy_method(method);
    ERR_clear_error();
    return done;
}

bool key_file_load(const char *path, const char *passphrase, bool want_key, struct key_file *out,
                   struct diagnostics *diagnostics) {
    struct passphrase given = {.text = passphrase};
    size_t length = 0;
    BIO *bio = NULL;
    bool done = false;
    *out = (struct key_file){0};
    out->certificates = sk_X509_new_null();
    uint8_t *bytes = OPENSSL_malloc(KEY_FILE_BYTES);
    if (!bytes || !out->certificates) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while loading keys");
        goto ended;
    }
    if (!read_bytes(path, bytes, &length, &out->exposed, diagnostics)) {
        goto ended;
    }
    if (length == 0) {
        refuse(path, diagnostics, "the file is empty", "give a PEM, DER or PKCS#12 file");
        goto ended;
    }
    bio = BIO_new_mem_buf(bytes, (int)length);
    if (!bio) {
        diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "memory ran out while loading keys");
        goto ended;
    }
    done = load_objects(path, bio, want_key, &given, out, diagnostics);
    out->encrypted = given.asked;
ended:
    BIO_free(bio);
    OPENSSL_clear_free(bytes, KEY_FILE_BYTES);
    if (!done) {
        key_file_free(out);
    }
    return done;
}

void key_file_free(struct key_file *file) {
    EVP_PKEY_free(file->key);
    sk_X509_pop_free(file->certificates, X509_free);
    *file = (struct key_file){0};
}

bool key_file_passphrase(int descriptor, char out[KEY_FILE_PASSPHRASE_BYTES], struct diagnostics *diagnostics) {
    size_t length = 0;
    while (length < KEY_FILE_PASSPHRASE_BYTES) {
        /* Byte by byte: what follows the line on the descriptor is not ours to take. */
        ssize_t got = read(descriptor, out + length, 1);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            diagnostics_report_errno(diagnostics, DIAGNOSTIC_KEY_LOAD, NULL, errno,
                                     "the passphrase cannot be read from descriptor %d; open it for reading",
                                     descriptor);
            return false;
        }
        if (got == 0 || out[length] == '\n') {
            out[length] = '\0';
            return true;
        }
        length++;
    }
    OPENSSL_cleanse(out, KEY_FILE_PASSPHRASE_BYTES);
    diagnostics_report(diagnostics, DIAGNOSTIC_KEY_LOAD, NULL,
                       "the passphrase on descriptor %d is longer than %d bytes; use a shorter one", descriptor,
                       KEY_FILE_PASSPHRASE_BYTES - 1);
    return false;
}
