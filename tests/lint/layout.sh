#!/bin/sh
# Whether the tree is laid out as agreed: format, length of files, blanks, open marks, what stands at the top. Run at
# the root.
set -u
wrong=0

sources=$(find gen tests -name '*.c' -o -name '*.h' | LC_ALL=C sort)
texts=$(find gen tests schema templates -type f \( -name '*.c' -o -name '*.h' -o -name '*.sql' -o -name '*.awk' \
    -o -name '*.sh' -o -name '*.py' -o -name '*.yaml' -o -name '*.xsd' -o -name '*.css' \) \
    ! -path 'tests/regress/*' 2>/dev/null | LC_ALL=C sort)

if [ -n "$sources" ]; then
    # shellcheck disable=SC2086 # our own file names hold no blanks
    clang-format --dry-run -Werror $sources || wrong=1
fi

for file in $(find gen -name '*.c' -o -name '*.h' -o -name '*.sql' | LC_ALL=C sort); do
    most=500
    case $file in
    gen/base/limits.h | gen/base/diagnostic_ids.h) most=600 ;;
    esac
    lines=$(wc -l < "$file")
    if [ "$lines" -gt "$most" ]; then
        echo "$file:$lines: longer than $most lines, split it by job"
        wrong=1
    fi
done

# The marks are written apart so that this file does not find itself.
marks='TO''DO|FIX''ME|XX''X'
tab=$(printf '\t')
if [ -n "$texts" ]; then
    for pattern in "$tab" '[ ]$' "(^|[^A-Za-z])($marks)([^A-Za-z]|\$)"; do
        # shellcheck disable=SC2086
        if grep -nHE "$pattern" $texts; then
            case $pattern in
            "$tab") echo "layout: a tab stands in the lines above" ;;
            '[ ]$') echo "layout: blanks end the lines above" ;;
            *) echo "layout: something is left open in the lines above" ;;
            esac
            wrong=1
        fi
    done
fi

for entry in $(ls -A1); do
    case $entry in
    gen | templates | inputs | schema | tests | examples | Makefile | README.md | LICENSE | .[a-z]*) ;;
    build* | out | keys) ;; # made by the build and by runs; ignored by git
    *)
        echo "$entry:1: does not belong at the top level"
        wrong=1
        ;;
    esac
done

[ "$wrong" -eq 0 ] || exit 1
echo "lint layout: ok"
