#!/bin/sh
# Whether every diagnostic is given somewhere in gen/ and stands in some golden case under tests/regress, as "[id]" or
# as a JSON string. Run at the root.
set -u
header=gen/base/diagnostic_ids.h

goldens=$(mktemp) || exit 1
used=$(mktemp) || exit 1
trap 'rm -f "$goldens" "$used"' EXIT
if [ -d tests/regress ]; then
    grep -rhoE '\[[a-z0-9-]+\]|"[a-z0-9-]+"' tests/regress | tr -d '[]"' | LC_ALL=C sort -u > "$goldens"
fi
find gen -name '*.c' -exec grep -hoE 'DIAGNOSTIC_[A-Z0-9_]+' {} + | LC_ALL=C sort -u > "$used"

awk -v header="$header" -v goldens="$goldens" -v used="$used" '
BEGIN {
    while ((getline word < goldens) > 0) golden[word] = 1
    while ((getline word < used) > 0) given[word] = 1
}
/^[ \t]*X\([A-Z]/ {
    symbol = $0
    sub(/^[ \t]*X\(/, "", symbol)
    sub(/,.*/, "", symbol)
    line[symbol] = FNR
    order[++count] = symbol
    current = symbol
}
current != "" && match($0, /"[a-z0-9-]+"/) {
    id[current] = substr($0, RSTART + 1, RLENGTH - 2)
    current = ""
}
END {
    for (i = 1; i <= count; i++) {
        symbol = order[i]
        if (id[symbol] in holder) {
            printf "%s:%d: %s has the id of %s\n", header, line[symbol], symbol, holder[id[symbol]]
            wrong = 1
        }
        holder[id[symbol]] = symbol
        if (!(("DIAGNOSTIC_" symbol) in given)) {
            printf "%s:%d: DIAGNOSTIC_%s is given nowhere in gen/\n", header, line[symbol], symbol
            wrong = 1
        }
        if (!(id[symbol] in golden)) {
            printf "%s:%d: [%s] stands in no golden case under tests/regress\n", header, line[symbol], id[symbol]
            wrong = 1
        }
    }
    if (count == 0) {
        printf "%s:1: no diagnostics were found\n", header
        wrong = 1
    }
    exit wrong
}
' "$header" || exit 1
echo "lint diagnostic_ids: ok"
