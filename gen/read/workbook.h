#ifndef READ_WORKBOOK_H
#define READ_WORKBOOK_H

#include "base/buffer.h"
#include "base/byte_source.h"
#include "base/diagnostics.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * A workbook in Office Open XML (ISO/IEC 29500-1, both namespaces): which part is the sheet that is read, the texts
 * that cells share, and which styles are dates. The file is held as exported (LIMIT_WORKBOOK_BYTES), its parts are
 * unpacked as they are read.
 */
enum workbook_style {
    WORKBOOK_NUMBER,
    WORKBOOK_DATE,  /* shown as a day */
    WORKBOOK_MOMENT /* as a time of day, with a day or without */
};

struct workbook {
    struct buffer bytes;
    uint64_t unpacked; /* out of it so far */
    bool epoch_1904;
    struct buffer texts;   /* one after the other */
    struct buffer ends;    /* size_t: where each ends */
    unsigned char *styles; /* enum workbook_style of each cell format */
    size_t style_count;
    char *sheet;  /* name of its part, "xl/worksheets/sheet1.xml" */
    char *shared; /* of the part of shared texts, or NULL */
    /* What is wrong, where something is. */
    enum diagnostic problem;
    struct buffer fault;
};

enum workbook_result { WORKBOOK_OPENED, WORKBOOK_FAULTY, WORKBOOK_FAILED /* errno */ };

/*
 * Reads the whole file and finds the sheet of that name, or without one the first that is not hidden. workbook_close is
 * right after any result.
 */
enum workbook_result workbook_open(struct workbook *workbook, struct byte_source *bytes, const char *sheet);
void workbook_close(struct workbook *workbook);
/* The text with that number; false when there is none. */
bool workbook_text(const struct workbook *workbook, size_t index, const char **text, size_t *length);

/* One part, unpacked as it is read. What is damaged or over a limit ends early, with the workbook's fault set. */
struct workbook_part {
    struct byte_source source;
    struct workbook *workbook;
    void *archive;
    bool ended;
};
/* False when it is not there (errno 0) or memory is out (ENOMEM). */
bool workbook_part_open(struct workbook_part *part, struct workbook *workbook, const char *name);
void workbook_part_close(struct workbook_part *part);

#endif
