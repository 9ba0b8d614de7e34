#include "pack/deflate_walk.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_CODE   15 /* bits, RFC 1951 3.2.7 */
#define LONGEST_LENGTH 7  /* bits of a code for code lengths */
#define LITERALS       288
#define DISTANCES      32
#define LENGTH_CODES   19
#define END_OF_BLOCK   256

/* What going over a symbol takes. */
enum step_kind { STEP_NONE, STEP_LITERAL, STEP_MATCH, STEP_END };
struct step {
    uint8_t kind;
    uint8_t code_bits;
    uint8_t bits; /* of the code and what follows it */
    uint8_t symbol;
};

struct table {
    struct step steps[1u << LONGEST_CODE]; /* by the next `index_bits` bits */
    unsigned index_bits;
};

struct deflate_walk {
    struct table literals;
    struct table distances;
    struct table lengths;
    const uint8_t *stream;
    size_t bits; /* in the stream */
    size_t at;
    unsigned end_code; /* the bits of the end-of-block code of the block at hand */
    bool end_coded;
};

struct deflate_walk *deflate_walk_new(void) {
    return calloc(1, sizeof(struct deflate_walk));
}

void deflate_walk_free(struct deflate_walk *walk) {
    free(walk);
}

/* At least 57 bits from a position on; behind the end of the stream they hold anything. */
static uint64_t peek(const struct deflate_walk *walk) {
    uint64_t bits;

    if (walk->at > walk->bits) {
        return 0;
    }
    memcpy(&bits, walk->stream + walk->at / 8, sizeof bits);
    return le64toh(bits) >> walk->at % 8;
}

static unsigned take(struct deflate_walk *walk, unsigned count) {
    unsigned value = (unsigned)(peek(walk) & ((1u << count) - 1));

    walk->at += count;
    return value;
}

static unsigned reversed(unsigned code, unsigned length) {
    unsigned out = 0;

    for (unsigned i = 0; i < length; i++) {
        out |= (code >> i & 1) << (length - 1 - i);
    }
    return out;
}

/* The bits that follow the code of a match's length, or of its distance (3.2.5). */
static unsigned length_extra(unsigned symbol) {
    return symbol < 265 || symbol == 285 ? 0 : (symbol - 261) / 4;
}

static unsigned distance_extra(unsigned symbol) {
    return symbol < 4 ? 0 : symbol / 2 - 1;
}

static struct step literal_step(unsigned symbol, unsigned length) {
    enum step_kind kind = symbol < END_OF_BLOCK ? STEP_LITERAL : symbol == END_OF_BLOCK ? STEP_END : STEP_MATCH;

    return (struct step){(uint8_t)kind, (uint8_t)length, (uint8_t)(length + length_extra(symbol)), 0};
}

static struct step distance_step(unsigned symbol, unsigned length) {
    return (struct step){STEP_MATCH, (uint8_t)length, (uint8_t)(length + distance_extra(symbol)), 0};
}

static struct step length_step(unsigned symbol, unsigned length) {
    return (struct step){STEP_LITERAL, (uint8_t)length, (uint8_t)length, (uint8_t)symbol};
}

/* Fills a table with the canonical code of these lengths (3.2.2); false where the lengths ask for more codes than are.
 */
static bool fill(struct table *table, const uint8_t *lengths, unsigned count,
                 struct step (*step)(unsigned symbol, unsigned length)) {
    unsigned per_length[LONGEST_CODE + 1] = {0};
    unsigned next[LONGEST_CODE + 2] = {0};

    table->index_bits = 1;
    for (unsigned symbol = 0; symbol < count; symbol++) {
        per_length[lengths[symbol]]++;
        table->index_bits = lengths[symbol] > table->index_bits ? lengths[symbol] : table->index_bits;
    }
    per_length[0] = 0;
    for (unsigned length = 1; length <= LONGEST_CODE; length++) {
        if (next[length] + per_length[length] > 1u << length) {
            return false;
        }
        next[length + 1] = (next[length] + per_length[length]) << 1;
    }
    memset(table->steps, 0, sizeof *table->steps << table->index_bits);
    for (unsigned symbol = 0; symbol < count; symbol++) {
        unsigned length = lengths[symbol];
        if (length == 0) {
            continue;
        }
        struct step entry = step(symbol, length);
        for (unsigned i = reversed(next[length]++, length); i < 1u << table->index_bits; i += 1u << length) {
            table->steps[i] = entry;
        }
    }
    return true;
}

static struct step look_up(const struct table *table, uint64_t bits) {
    return table->steps[bits & ((1u << table->index_bits) - 1)];
}

/* Notes the code that ends the block, as it stands among the lengths. */
static void note_end(struct deflate_walk *walk, const uint8_t *lengths) {
    const struct table *table = &walk->literals;

    walk->end_coded = false;
    for (unsigned i = 0; i < 1u << table->index_bits && lengths[END_OF_BLOCK] > 0; i++) {
        if (table->steps[i].kind == STEP_END) {
            walk->end_code = i;
            walk->end_coded = true;
            return; /* the first has zeros above the code */
        }
    }
}

static bool fixed_codes(struct deflate_walk *walk) {
    uint8_t literals[LITERALS];
    uint8_t distances[DISTANCES];

    for (unsigned symbol = 0; symbol < LITERALS; symbol++) {
        literals[symbol] = symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8;
    }
    memset(distances, 5, sizeof distances);
    bool filled = fill(&walk->literals, literals, LITERALS, literal_step) &&
                  fill(&walk->distances, distances, DISTANCES, distance_step);
    note_end(walk, literals);
    return filled;
}

/* Lengths of codes, which are themselves coded (3.2.7). */
static bool read_lengths(struct deflate_walk *walk, uint8_t *lengths, unsigned count) {
    for (unsigned i = 0; i < count;) {
        struct step step = look_up(&walk->lengths, peek(walk));
        unsigned repeat = 1;
        uint8_t value = step.symbol;
        if (step.kind == STEP_NONE || walk->at > walk->bits) {
            return false;
        }
        walk->at += step.bits;
        if (step.symbol == 16) {
            if (i == 0) {
                return false;
            }
            value = lengths[i - 1];
            repeat = 3 + take(walk, 2);
        } else if (step.symbol > 16) {
            value = 0;
            repeat = step.symbol == 17 ? 3 + take(walk, 3) : 11 + take(walk, 7);
        }
        if (repeat > count - i) {
            return false;
        }
        memset(lengths + i, value, repeat);
        i += repeat;
    }
    return true;
}

static bool dynamic_codes(struct deflate_walk *walk) {
    static const uint8_t order[LENGTH_CODES] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    uint8_t coded[LENGTH_CODES] = {0};
    uint8_t lengths[LITERALS + DISTANCES] = {0};
    unsigned literals = 257 + take(walk, 5);
    unsigned distances = 1 + take(walk, 5);
    unsigned codes = 4 + take(walk, 4);

    if (literals > LITERALS || codes > LENGTH_CODES) {
        return false;
    }
    for (unsigned i = 0; i < codes; i++) {
        coded[order[i]] = (uint8_t)take(walk, 3);
    }
    if (!fill(&walk->lengths, coded, LENGTH_CODES, length_step) || !read_lengths(walk, lengths, literals + distances) ||
        !fill(&walk->literals, lengths, literals, literal_step) ||
        !fill(&walk->distances, lengths + literals, distances, distance_step)) {
        return false;
    }
    note_end(walk, lengths);
    return true;
}

/* Goes over the symbols of a block up to its end. */
static bool walk_symbols(struct deflate_walk *walk) {
    while (walk->at <= walk->bits) {
        uint64_t bits = peek(walk);
        struct step step = look_up(&walk->literals, bits);
        walk->at += step.bits;
        if (step.kind == STEP_MATCH) {
            step = look_up(&walk->distances, bits >> step.bits);
            walk->at += step.bits;
        }
        if (step.kind == STEP_NONE) {
            return false;
        }
        if (step.kind == STEP_END) {
            return walk->at <= walk->bits;
        }
    }
    return false;
}

/* The last 1 of the stream is the last 1 of the code that ends it: what follows in the byte is padding. */
static bool end_from_padding(struct deflate_walk *walk) {
    size_t last_one = walk->bits;

    while (last_one > walk->at && (walk->stream[(last_one - 1) / 8] >> (last_one - 1) % 8 & 1) == 0) {
        last_one--;
    }
    /* The code's bits, as they stand in the stream: those behind its last 1 are zeros. */
    unsigned length = walk->literals.steps[walk->end_code].code_bits;
    unsigned ones = length;
    while (ones > 0 && (walk->end_code >> (ones - 1) & 1) == 0) {
        ones--;
    }
    walk->at = last_one + (length - ones);
    return last_one > 0 && walk->at <= walk->bits;
}

static bool walk_stored(struct deflate_walk *walk) {
    walk->at = (walk->at + 7) / 8 * 8;
    uint64_t header = peek(walk);
    walk->at += 32 + 8 * (size_t)(header & 0xFFFF);
    return walk->at <= walk->bits;
}

bool deflate_walk_find(struct deflate_walk *walk, const uint8_t *stream, size_t length, struct deflate_ends *out) {
    if (length > SIZE_MAX / 16) {
        return false;
    }
    walk->stream = stream;
    walk->bits = 8 * length;
    walk->at = 0;
    for (;;) {
        size_t begin = walk->at;
        if (begin + 3 > walk->bits) {
            return false;
        }
        bool last = take(walk, 1) == 1;
        unsigned type = take(walk, 2);
        bool walked = false;
        if (type == 0) {
            walked = walk_stored(walk);
        } else if (type == 3 || !(type == 1 ? fixed_codes(walk) : dynamic_codes(walk))) {
            return false;
        } else {
            /* A code of zeros alone could not be told from padding. */
            walked = last && walk->end_coded && walk->end_code != 0 ? end_from_padding(walk) : walk_symbols(walk);
        }
        if (!walked) {
            return false;
        }
        if (last) {
            *out = (struct deflate_ends){begin, walk->at};
            return (walk->at + 7) / 8 == length;
        }
    }
}
