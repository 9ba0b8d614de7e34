#!/bin/sh
# Whether SQL statements live in .sql files. A C string that begins a statement is wrong, unless it is assembled from
# names that only the schema knows: then a comment "generated SQL: why" stands on its line or the one before. Run at the
# root.
set -u

awk '
BEGIN {
    first = "\"[ \\\\n]*(SELECT|INSERT|REPLACE INTO|UPDATE|DELETE|CREATE|DROP|ALTER|PRAGMA|ATTACH|DETACH|VACUUM|" \
            "SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|ANALYZE|WITH|VALUES)([ ;\"(]|\\\\n)"
    within = "\"[^\"]*[ (]FROM [a-z_%\\\\\"]+[^\"]* (WHERE|JOIN|GROUP BY|ORDER BY|LIMIT) "
}
FNR == 1 { excused = 0 }
{
    if ($0 ~ /generated SQL: [a-z]/) excused = FNR + 1
    if (($0 ~ first || $0 ~ within) && FNR > excused) {
        printf "%s:%d: SQL in a C string, move it to a .sql file\n", FILENAME, FNR
        wrong = 1
    }
}
END { exit wrong }
' $(find gen -name '*.c' -o -name '*.h' | LC_ALL=C sort) || exit 1
echo "lint sql: ok"
