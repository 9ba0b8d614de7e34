#ifndef READ_READER_H
#define READ_READER_H

#include "base/arena.h"
#include "base/quote.h"
#include "read/members.h"
#include "read/read.h"
#include "read/rows.h"
#include "read/transcode.h"

/* What the readers of all formats share; read.c makes it, the format fills `state`. */
struct reader_format;

#define READER_HEAD_BYTES 128

/* What to do about text that is not UTF-8. It is never guessed what it may be. */
#define READER_ENCODING_ADVICE "export it as UTF-8, or declare what it really is, such as `encoding: windows-1252`"
#define READER_UTF16_ADVICE    "export it with a byte order mark or as UTF-8, or declare `encoding: utf-16le`"

/* The evidence file on its way: every byte goes to the sink and is counted. */
struct reader_tap {
    struct byte_source source;
    struct byte_source *from;
    struct byte_sink *sink;
    uint64_t bytes;
    bool ended;
    bool sink_failed; /* the sink has said why */
};

/* What the documents of a file say of records that are not in them. */
struct reader_pages {
    uint64_t before;              /* records of the documents before the one at hand */
    const struct condition *open; /* of `complete`: what the last document does not answer; NULL: it does */
    uint64_t open_line;           /* of that document */
    char said[QUOTE_BYTES];       /* by it, quoted */
    uint64_t partial;             /* records of the documents with fewer than they say there are ... */
    uint64_t counted;             /* ... and the most that one of them says */
    uint64_t last;                /* records of the last document; of a run of lone records, of the run ... */
    uint64_t largest;             /* ... and of the one that holds the most */
};

/* What a format reads: the file, or a member of it. The first bytes are kept to be quoted. */
struct reader_content {
    struct byte_source source;
    struct byte_source *from;
    uint64_t bytes;
    char head[READER_HEAD_BYTES];
    size_t head_length;
};

struct reader {
    struct record_source source; /* first: the store holds a pointer to it */
    struct read_request request;
    struct reader_tap tap;
    struct members members;
    struct transcode transcode;    /* between the two, of text */
    uint64_t placed;               /* the last record whose place was told */
    struct reader_content content; /* of the member at hand */
    struct byte_source *bytes;     /* what the format reads: the content, or a text inside a document */
    struct arena *whole;           /* lives as long as the reader */
    struct arena *arena;           /* lives until the format is opened for another member */
    struct read_facts facts;
    struct rows rows;
    const struct reader_format *format;
    void *state;         /* of the format */
    void *around;        /* read_inside: of the document around */
    const char **shapes; /* what reader_wrong_shape was told; arena */
    size_t shape_count;
    bool done;
    enum record_status last;
    struct envelope_value *envelope; /* whole, grows; source.envelope shows it at the end */
    bool envelope_known;             /* a document has said its values */
    bool envelope_differs;           /* a later one said others, which was reported */
    struct reader_pages pages;
};

struct reader_format {
    bool (*open)(struct reader *reader);
    /* RECORD_END is that of the member at hand. */
    enum record_status (*next)(struct reader *reader, struct record *out);
    void (*close)(struct reader *reader);
    /* Goes on with the next member, keeping what was learnt. NULL: it is closed and opened. False without memory. */
    bool (*again)(struct reader *reader);
    /* Compares all that was read with what the kind describes, once, before close; NULL: nothing is left to say. */
    void (*finish)(struct reader *reader);
};

/* The formats, each in the file of its name. */
extern const struct reader_format read_csv_format;
extern const struct reader_format read_tree_format;
extern const struct reader_format read_document_format;
extern const struct reader_format read_inside_format;
extern const struct reader_format read_log_format;
extern const struct reader_format read_cedar_format;

/* Ends reading with a diagnostic for want of memory, or for a failed read; always RECORD_FAILED. */
enum record_status reader_out_of_memory(struct reader *reader);
enum record_status reader_failed(struct reader *reader, int error);
/* A diagnostic about a place in this evidence; 0 leaves line, column or record out. */
struct place reader_place(const struct reader *reader, uint64_t line, uint64_t column, uint64_t record);
/*
 * Marks the file as something else than its kind says. `what` is reported by reader_report_shapes when the member is
 * read, with how it begins, which is known by then however small the reads were.
 */
void reader_wrong_shape(struct reader *reader, const char *what);
void reader_report_shapes(struct reader *reader);
/* When all is read: whether the export says itself that there is more than it holds. */
void reader_report_pages(struct reader *reader);
/* The value of a named part of the path, "@file.NAME". */
struct raw reader_file_part(const struct read_request *request, const struct value_path *path);
/* Takes the time at which the export says it was made. */
void reader_effective(struct reader *reader, const struct raw *raw, uint64_t line);

#endif
