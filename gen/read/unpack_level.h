#ifndef READ_UNPACK_LEVEL_H
#define READ_UNPACK_LEVEL_H

#include "base/buffer.h"
#include "base/diagnostics.h"
#include "read/container.h"
#include "read/gunzip.h"
#include "read/unpack_tail.h"

#include <archive.h>
#include <locale.h>
#include <stdbool.h>

/* One file that is being unpacked: its bytes, and where it is a container the member of it that is at hand. */

/* The input with its first bytes looked at before they are read. */
struct unpack_peek {
    struct byte_source source;
    struct byte_source *from;
    char head[CONTAINER_HEAD_BYTES];
    size_t length;
    size_t at;
};

/* What all levels share. */
struct unpack_budget {
    uint64_t raw;      /* bytes of the evidence file that were read */
    uint64_t unpacked; /* bytes that came out of all levels */
    uint64_t members;  /* entries met */
    uint64_t names;    /* bytes of their names */
    int system_error;  /* errno of the evidence file's source, or ENOMEM */
    bool offices;      /* office documents are unpacked too */
    bool spent;        /* a limit was reached: nothing more is read */
};

struct unpack_level {
    struct byte_source content; /* first: of the member at hand */
    struct unpack_peek input;
    struct unpack_budget *budget;
    enum container container;
    struct archive *archive; /* of all containers but gzip */
    struct gunzip *gunzip;
    locale_t locale;      /* whose names are UTF-8; 0 where the system has none */
    char *block;          /* what libarchive reads from */
    size_t block_half;    /* which half of `block` libarchive has; the other holds what it had before */
    size_t block_held[2]; /* bytes in each */
    uint64_t supplied;    /* bytes given to libarchive */
    uint64_t zeros;       /* of them, at the end */
    struct unpack_tail tail;
    char *name;        /* of this file, with those around it; NULL: it has none */
    char *member_name; /* of the member at hand, the same */
    bool streamed;     /* the one member of a compressed stream was given */
    bool member_ended;
    bool broken; /* no more can be read: `problem` and `text` say why */
    enum diagnostic problem;
    struct buffer text;
};

/* What became of the step to the next member. */
enum unpack_step {
    UNPACK_STEP_MEMBER,
    UNPACK_STEP_END,
    UNPACK_STEP_PASS,    /* an entry that is no file, or is hidden */
    UNPACK_STEP_REFUSED, /* `problem` and `text` say why; what follows can be read */
    UNPACK_STEP_BROKEN,
    UNPACK_STEP_FAILED /* budget->system_error */
};

/* Looks at the first bytes; `name` becomes the level's. False when reading failed or memory is out. */
bool unpack_level_open(struct unpack_level *level, struct byte_source *bytes, char *name, struct unpack_budget *budget);
/* Makes ready to read out of the container that it is. False when memory is out. */
bool unpack_level_enter(struct unpack_level *level);
enum unpack_step unpack_level_next(struct unpack_level *level);
void unpack_level_close(struct unpack_level *level);
/* Whether the entry at hand of a ZIP is deflated or stored; what else there is can ask for any amount of memory. */
bool unpack_level_method(struct archive *archive);

#endif
