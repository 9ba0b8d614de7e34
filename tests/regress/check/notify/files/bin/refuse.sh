#!/bin/sh
cat > /dev/null
echo "the pager is	not there" >&2
exit 3
