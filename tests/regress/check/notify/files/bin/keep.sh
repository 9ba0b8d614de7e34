#!/bin/sh
# keep.sh PREFIX NAME: what is on standard input becomes PREFIX-NAME.json
cat > "$1-$2.json"
