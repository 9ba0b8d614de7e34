#ifndef READ_GUNZIP_H
#define READ_GUNZIP_H

#include "base/byte_source.h"

/*
 * Gzip (RFC 1952), also several members one after the other and zero padding behind the last. Checks the checksum and
 * the length of each member, which libarchive passes over. Memory is one block.
 */
struct gunzip;

/* NULL when memory is out. */
struct gunzip *gunzip_open(struct byte_source *bytes);
void gunzip_close(struct gunzip *gunzip);
/* As a byte source reads; -1 also where gunzip_problem says what is wrong with the input. */
ssize_t gunzip_read(struct gunzip *gunzip, void *into, size_t capacity);
/* A fixed text, or NULL. */
const char *gunzip_problem(const struct gunzip *gunzip);

#endif
