#ifndef CMD_SAMPLE_TEXT_H
#define CMD_SAMPLE_TEXT_H

/* How a sample is drawn, for `tickmark sample --help` and for the README.txt beside each draw. */
#define SAMPLE_TEXT_ALGORITHM                                                                                          \
    "population.csv lists every item of the population with its reference and its stratum, in the order of the "       \
    "bytes\n"                                                                                                          \
    "of the items in UTF-8. The population's digest is the sum modulo 2^256, in hexadecimal, of the SHA-256 of "       \
    "every\n"                                                                                                          \
    "item: its text, a zero byte, and its reference, where E12.345 is the decimal number 12 * 2^32 + 345 and an "      \
    "item\n"                                                                                                           \
    "without a record has none. The same digest stands in assessment.sqlite of the package (table tm_test_result).\n"  \
    "\n"                                                                                                               \
    "The seed is the SHA-256 of three lines, each ended by a line feed: the words `tickmark sample 1`, the digest, "   \
    "the\n"                                                                                                            \
    "nonce. That is: printf '%s\\n' 'tickmark sample 1' DIGEST NONCE | sha256sum\n"                                    \
    "\n"                                                                                                               \
    "random      The rank of an item is HMAC-SHA-256 with the 32 bytes of the seed as key and the item's text as\n"    \
    "            message. The SIZE items of lowest rank are drawn, lowest first; a larger sample goes on from "        \
    "there.\n"                                                                                                         \
    "stratified  Of SIZE items a stratum gets its share, SIZE times its items divided by all items, rounded down. "    \
    "What\n"                                                                                                           \
    "            is left goes, one each, to the largest remainders; where they are equal to the stratum that is "      \
    "first\n"                                                                                                          \
    "            in the order of bytes. Where SIZE allows each stratum one, each that has none, in that order, then\n" \
    "            takes one from the stratum with the most, the first of equals. Within a stratum as above; strata "    \
    "are\n"                                                                                                            \
    "            drawn in the order of their bytes.\n"                                                                 \
    "            The stratum of an item is told by its record: with --stratum source the source of its evidence; "     \
    "with\n"                                                                                                           \
    "            quarter or month that of its time in UTC, which is of what happened when it did, and of anything "    \
    "else\n"                                                                                                           \
    "            the day of the export, as its item has it. Otherwise it is the value of the column of that name, "    \
    "of\n"                                                                                                             \
    "            the test's query or, where it has none, of the record: a time as 2025-11-28T08:00:00Z, a flag as "    \
    "yes\n"                                                                                                            \
    "            or no. What has no record is in `(no record)`, what lacks the value in `(no value)`.\n"               \
    "systematic  Every N/SIZE-th of the N items from a random start: with R the seed as a number (first byte "         \
    "highest)\n"                                                                                                       \
    "            modulo N, the items at the places (R + i * N) / SIZE, rounded down, for i from 0 to SIZE - 1. "       \
    "Places\n"                                                                                                         \
    "            in population.csv count from 0.\n"

#endif
