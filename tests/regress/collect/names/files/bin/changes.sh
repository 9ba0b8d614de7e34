#!/bin/sh
# One change on the first day of the span.
cat <<END
[{"number": 7, "author": {"name": "ann"}, "merged": "${TICKMARK_FROM}T10:00:00Z",
  "approvals": [{"by": "bob", "when": "${TICKMARK_FROM}T09:00:00Z"}]}]
END
echo "from $1 to $2 until $3" > span
