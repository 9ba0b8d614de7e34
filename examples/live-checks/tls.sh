#!/bin/sh
# Which versions and ciphers of TLS each endpoint of a list speaks, as testssl.sh finds them from here: evidence of kind
# testssl-json. Run it from outside the network, where customers are.
#
#   tls.sh ENDPOINTS        a file with a host, or host:port, a line; `#` begins a comment
#
# testssl.sh adds up what it could not tell in its exit status, which the findings say as well (WARN, FATAL); from 242 on
# it did not work at all. An endpoint that is not in the findings makes this fail: silence is no proof of anything.
set -eu

endpoints=${1:?"usage: tls.sh ENDPOINTS"}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM INT HUP

sed 's/#.*//; s/[[:space:]]*$//; s/^[[:space:]]*//; /^$/d' "$endpoints" > "$work/list"
[ -s "$work/list" ] || { echo "tls.sh: $endpoints names no endpoint" >&2; exit 1; }

status=0
testssl.sh --quiet --color 0 --warnings batch --jsonfile "$work/found.json" --file "$work/list" \
    > "$work/screen" 2> "$work/said" < /dev/null || status=$?
if [ "$status" -ge 242 ]; then
    echo "tls.sh: testssl.sh ended with status $status" >&2
    tail -n 5 "$work/said" "$work/screen" >&2
    exit 1
fi

jq -e 'type == "array"' "$work/found.json" > /dev/null || { echo "tls.sh: the findings are no JSON list" >&2; exit 1; }
while read -r endpoint; do
    host=${endpoint#*://}
    host=${host%%/*}
    host=${host%%:*}
    jq -e --arg host "$host" 'any(.[]; ((.ip // "") | split("/")[0]) == $host)' "$work/found.json" > /dev/null || {
        echo "tls.sh: nothing was found out about $endpoint" >&2
        exit 1
    }
done < "$work/list"
cat "$work/found.json"
