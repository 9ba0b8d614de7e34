#!/bin/sh
# Whether foo.c exports only foo_*, so that a name says where it lives. A file a_b.c may also export a_* (it is a part
# of a.c that was split off), names.c what concerns a single name, and any file of a stage what the stage's own header,
# stage/stage.h, declares. Run at the root, with the objects in $BUILD.
set -u
build=${BUILD:-build}
wrong=0
seen=0

for source in $(find gen -name '*.c' | LC_ALL=C sort); do
    object=$build/${source%.c}.o
    if [ ! -f "$object" ]; then
        echo "$source:1: $object is not there, build first"
        wrong=1
        continue
    fi
    seen=$((seen + 1))
    name=$(basename "$source" .c)
    symbols=$(nm -g --defined-only "$object" | awk 'NF == 3 { print $3 }')
    for symbol in $symbols; do
        case $symbol in
        "$name" | "$name"_* | "${name%s}" | "${name%s}"_*) continue ;;
        __asan* | __odr_asan* | __ubsan* | __sanitizer*) continue ;;
        esac
        case $name in
        *_*) case $symbol in "${name%%_*}"_*) continue ;; esac ;;
        esac
        stage=$(basename "$(dirname "$source")")
        contract=gen/$stage/$stage.h
        case $symbol in
        "$stage"_*) [ -f "$contract" ] && grep -qE "(^|[ *])$symbol\\(" "$contract" && continue ;;
        esac
        line=$(grep -nE "(^|[ *])$symbol([^A-Za-z0-9_]|$)" "$source" | head -n 1 | cut -d: -f1)
        echo "$source:${line:-1}: exports $symbol, which does not begin with ${name}_"
        wrong=1
    done
done
if [ "$seen" -eq 0 ]; then
    echo "gen:1: no objects were looked at"
    wrong=1
fi
[ "$wrong" -eq 0 ] || exit 1
echo "lint exports: ok"
