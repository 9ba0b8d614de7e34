#ifndef WRITE_PDF_OPPORTUNITY_H
#define WRITE_PDF_OPPORTUNITY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Where lines may break (UAX #14): for every byte of the text one of libunibreak's LINEBREAK_ values, about the place
 * after it. After the last character a line may always end. False when memory is out.
 */
bool pdf_opportunity_find(const char *text, size_t length, char *breaks);

#endif
