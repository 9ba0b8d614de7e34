#!/bin/sh
# Whether every threshold of a test or metric is a named parameter: in the SQL of schema/controls, schema/views and
# schema/metrics a number is 0, 1, 86400 (a day's seconds), a factor that changes a unit, or a position in a text; in that
# of metrics also 100, the whole of a percentage. Run at the root.
set -u
[ -d schema ] || exit 0

awk '
function report(number) {
    printf "%s:%d: the number %s in SQL; make it a parameter with a meaning\n", FILENAME, FNR, number
    wrong = 1
}
# What is left of a line without texts, comments, names, and calls that count positions.
function bare(line,   before) {
    gsub(/\047[^\047]*\047/, "", line)
    sub(/--.*/, "", line)
    gsub(/:?[A-Za-z_][A-Za-z0-9_]*/, "&\001", line) # marks the end of each word, so that its digits go with it
    while (match(line, /[A-Za-z_][A-Za-z0-9_]*\001/)) {
        word = substr(line, RSTART, RLENGTH - 1)
        keep = tolower(word) ~ /^(substr|substring|round)$/ ? "@" : "w"
        line = substr(line, 1, RSTART - 1) keep substr(line, RSTART + RLENGTH)
        gsub(/w/, "#", line)
    }
    do {
        before = line
        gsub(/@\([^()@]*\)/, "#", line)
        gsub(/#\([^()@0-9]*\)/, "#", line)
    } while (line != before)
    gsub(/[*\/%] *[0-9]+(\.[0-9]+)?/, "", line)
    gsub(/[0-9]+(\.[0-9]+)? *[*\/%]/, "", line)
    return line
}
function look(line,   rest, number) {
    rest = bare(line)
    while (match(rest, /[0-9]+(\.[0-9]+)?/)) {
        number = substr(rest, RSTART, RLENGTH)
        rest = substr(rest, RSTART + RLENGTH)
        if (number != "0" && number != "1" && number != "86400" && !(number == "100" && FILENAME ~ /metrics/))
            report(number)
    }
}
FNR == 1 { within = FILENAME ~ /\.sql$/ ? 0 : -1 }
FILENAME ~ /\.sql$/ { look($0); next }
{
    match($0, /^ */)
    if (within >= 0 && $0 ~ /[^ ]/ && RLENGTH <= within)
        within = -1
    if (within >= 0)
        look($0)
    else if ($0 ~ /^ *(query|detail): [|>]/)
        within = RLENGTH
}
END { exit wrong }
' $(find schema/controls schema/views $(ls -d schema/metrics 2>/dev/null) -type f | LC_ALL=C sort) || exit 1
echo "lint thresholds: ok"
