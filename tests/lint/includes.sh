#!/bin/sh
# Whether each stage includes only the stages it may (the table in the README's map of the house). Run at the root.
set -u

awk '
BEGIN {
    allowed["base"] = ""
    allowed["config"] = "base"
    allowed["read"] = "base config"
    allowed["store"] = "base config"
    allowed["assess"] = "base config store"
    allowed["document"] = "base config store"
    allowed["write"] = "base document store"
    allowed["pack"] = "base"
    allowed["trust"] = "base pack"
    allowed["cmd"] = "base config read store assess document write pack trust"
    allowed["main"] = "base cmd store" # the store is started before anything else
}
FNR == 1 {
    parts = split(FILENAME, part, "/")
    stage = parts == 2 ? "main" : part[2]
    if (!(stage in allowed)) {
        printf "%s:1: %s is no stage of the house\n", FILENAME, stage
        wrong = 1
    }
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
    name = $0
    sub(/^[^"]*"/, "", name)
    sub(/".*/, "", name)
    if (name !~ /^[a-z]+\/[a-z0-9_]+(\.sql)?\.h$/) {
        printf "%s:%d: \"%s\" is not written as \"stage/name.h\"\n", FILENAME, FNR, name
        wrong = 1
        next
    }
    other = substr(name, 1, index(name, "/") - 1)
    if (other != stage && index(" " allowed[stage] " ", " " other " ") == 0) {
        printf "%s:%d: %s may not include %s\n", FILENAME, FNR, stage, name
        wrong = 1
    }
}
END { exit wrong }
' $(find gen -name '*.c' -o -name '*.h' | LC_ALL=C sort) || exit 1
echo "lint includes: ok"
