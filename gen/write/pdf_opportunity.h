#ifndef WRITE_PDF_OPPORTUNITY_H
#define WRITE_PDF_OPPORTUNITY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Where lines may break (UAX #14): for every byte of the text one of libunibreak's LINEBREAK_ values, about the place
 * after it. After the last character a line may always end. False when memory is out.
 */
bool pdf_opportunity_find(const char *text, size_t length, char *breaks);
/*
 * Takes back those that would cut what is read as one: a short identifier or a date at its hyphen (F-677d074fdf,
 * 2025-Q4), a number from its percent sign.
 */
void pdf_opportunity_keep(const char *text, size_t length, char *breaks);
/* Allows those behind a comma between two letters: words that only commas part are a list, such as a parameter's
 * values. */
void pdf_opportunity_list(const char *text, size_t length, char *breaks);

#endif
