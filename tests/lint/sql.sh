#!/bin/sh
# Whether SQL statements live in .sql files: a C string that begins a statement is wrong. What only the schema knows goes
# into a statement's placeholders (gen/store/tables_fill.h). Run at the root.
set -u

awk '
BEGIN {
    first = "\"[ \\\\n]*(SELECT|INSERT|REPLACE INTO|UPDATE|DELETE|CREATE|DROP|ALTER|PRAGMA|ATTACH|DETACH|VACUUM|" \
            "SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|ANALYZE|WITH|VALUES)([ ;\"(]|\\\\n)"
    within = "\"[^\"]*[ (]FROM [a-z_%\\\\\"]+[^\"]* (WHERE|JOIN|GROUP BY|ORDER BY|LIMIT) "
}
$0 ~ first || $0 ~ within {
    printf "%s:%d: SQL in a C string, move it to a .sql file\n", FILENAME, FNR
    wrong = 1
}
END { exit wrong }
' $(find gen -name '*.c' -o -name '*.h' | LC_ALL=C sort) || exit 1
echo "lint sql: ok"
