#!/bin/sh
# Whether each lint catches what it is for: a small clean tree passes, and each fault planted in a copy of it is
# reported with its place. Run at the root.
set -u
lints=$(cd tests/lint && pwd)
format=$(pwd)/.clang-format
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
wrong=0

mkdir -p "$work/clean/gen/base" "$work/clean/gen/read" "$work/clean/tests/regress/first" "$work/clean/tests/lint" \
    "$work/clean/schema/controls" "$work/clean/schema/views"
cp "$format" "$work/clean/.clang-format"
cd "$work/clean" || exit 1
cat > gen/base/diagnostic_ids.h <<'END'
#define DIAGNOSTIC_IDS(X)                                                                                              \
    X(FILE_READ, "file-read", DIAGNOSTIC_SETUP, "a file cannot be read")                                               \
    X(FILE_WRITE, "file-write", DIAGNOSTIC_FAILURE, "an output cannot be written")
END
cat > gen/base/files.c <<'END'
#include "base/diagnostic_ids.h"

int file_weight(void);
static int hidden(void) {
    return DIAGNOSTIC_FILE_READ + DIAGNOSTIC_FILE_WRITE;
}

int file_weight(void) {
    return hidden();
}
END
cat > gen/read/csv_cells.c <<'END'
#include "base/diagnostic_ids.h"

#include <stddef.h>

size_t csv_count(const char *text);
size_t csv_count(const char *text) {
    return text == NULL;
}
END
echo 'a: error: nothing [file-read]' > tests/regress/first/expected
echo '{"id": "file-write"}' > tests/regress/first/expected.json
cat > schema/controls/access.yaml <<'END'
        query: |
          SELECT ref, substr(sha1, 1, 12) AS item, 'older than 30 days' AS exception
          FROM account WHERE at > :age AND at < day + 1 * 86400
        severity: low
END
echo 'SELECT ref, round(bytes / 1024.0, 2) AS size FROM account -- 90 days' > schema/views/account_size.sql
: > Makefile

compile() {
    for source in gen/*/*.c; do
        mkdir -p "build/$(dirname "$source")"
        ${CC:-gcc} -Igen -DDIAGNOSTIC_FILE_READ=1 -DDIAGNOSTIC_FILE_WRITE=2 -c -o "build/${source%.c}.o" "$source" ||
            exit 1
    done
}

# expect LINT PLACE: the lint must fail in the copy and name the place.
expect() {
    if BUILD=build sh "$lints/$1.sh" > "$work/said" 2>&1; then
        echo "lint selftest: $1 passed a tree with a fault at $2"
        wrong=1
    elif ! grep -qF -e "$2" "$work/said"; then
        echo "lint selftest: $1 failed, but not for $2:"
        cat "$work/said"
        wrong=1
    fi
}

# A fresh copy of the clean tree to spoil.
fresh() {
    cd "$work" && rm -rf spoilt && cp -R clean spoilt && cd spoilt || exit 1
}

compile
for lint in includes exports diagnostic_ids layout sql thresholds; do
    if ! BUILD=build sh "$lints/$lint.sh" > "$work/said" 2>&1; then
        echo "lint selftest: $lint refused a clean tree:"
        cat "$work/said"
        wrong=1
    fi
done

fresh && sed -i '1i #include "read/csv.h"' gen/base/files.c && expect includes gen/base/files.c:1:
fresh && echo '#include "csv.h"' >> gen/read/csv_cells.c && expect includes gen/read/csv_cells.c:9:
fresh && mkdir gen/misc && echo 'int misc;' > gen/misc/misc.c && expect includes gen/misc/misc.c:1:

fresh && sed -i 's/static int hidden/int hidden/' gen/base/files.c && compile && expect exports gen/base/files.c:4:
fresh && echo 'int cells;' >> gen/read/csv_cells.c && compile && expect exports gen/read/csv_cells.c:9:
fresh && rm build/gen/base/files.o && expect exports gen/base/files.c:1:

fresh && rm tests/regress/first/expected && expect diagnostic_ids gen/base/diagnostic_ids.h:2:
fresh && sed -i 's/ + DIAGNOSTIC_FILE_WRITE//' gen/base/files.c && expect diagnostic_ids gen/base/diagnostic_ids.h:3:
fresh && sed -i 's/"file-write"/"file-read"/' gen/base/diagnostic_ids.h &&
    expect diagnostic_ids gen/base/diagnostic_ids.h:3:

fresh && sed -i 's/    return hidden/  return hidden/' gen/base/files.c && expect layout gen/base/files.c:8:
fresh && for line in $(seq 600); do echo "int x$line;"; done > gen/base/files.c && expect layout gen/base/files.c:600:
fresh && printf -- '-- name: x\nSELECT\t1;\n' > gen/base/x.sql && expect layout gen/base/x.sql:2:
fresh && printf -- '-- name: x\nSELECT 1; \n' > gen/base/x.sql && expect layout gen/base/x.sql:2:
fresh && printf -- '-- %s: x\n' 'TO''DO' > gen/base/x.sql && expect layout gen/base/x.sql:1:
fresh && : > notes.txt && expect layout notes.txt:1:

fresh && echo 'static const char q[] = "SELECT 1";' >> gen/base/files.c && expect sql gen/base/files.c:11:
fresh && echo 'static const char q[] = "x, y FROM account WHERE active";' >> gen/base/files.c &&
    expect sql gen/base/files.c:11:

fresh && sed -i 's/> :age/> 30/' schema/controls/access.yaml && expect thresholds schema/controls/access.yaml:3:
fresh && echo 'WHERE failures > 5.5' >> schema/views/account_size.sql && expect thresholds schema/views/account_size.sql:2:

[ "$wrong" -eq 0 ] || exit 1
echo "lint selftest: ok"
