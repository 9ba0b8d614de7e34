#ifndef READ_DOCUMENT_FORM_H
#define READ_DOCUMENT_FORM_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether the bytes of a document are what its name says: a PDF, a picture, an office document or text. What a server
 * said in place of the document (a sign-in page, an error) is saved under the document's name all too easily. Nothing
 * is said of a name whose ending is not known.
 */
#define DOCUMENT_FORM_HEAD 64

struct document_form {
    char head[DOCUMENT_FORM_HEAD]; /* the first bytes that are not blank */
    size_t length;
    size_t blanks; /* that stand before them */
    bool control;  /* a byte that stands in no text */
    bool wide;     /* it begins as UTF-16 with a byte order mark */
};

/* Takes the next bytes; `form` begins zeroed. */
void document_form_take(struct document_form *form, const char *bytes, size_t length);
/* NULL when name and bytes agree, or what is wrong: "it is no PDF". A static text. */
const char *document_form_problem(const struct document_form *form, const char *path);

#endif
