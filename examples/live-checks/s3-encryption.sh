#!/bin/sh
# Every bucket of an AWS account with its encryption at rest and its public access: evidence of kind aws-s3-encryption.
#
#   s3-encryption.sh        the account of the credentials in the environment
#
# An answer that AWS refuses stands in the output under its code and makes that value unknown. Any other failure ends
# this script: half a list of buckets must not look like a whole one.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM INT HUP

aws s3api list-buckets --output json > "$work/buckets.json"
jq -e '.Buckets | type == "array"' "$work/buckets.json" > /dev/null || { echo "s3-encryption.sh: no list of buckets" >&2; exit 1; }
jq -e 'has("ContinuationToken") | not' "$work/buckets.json" > /dev/null || {
    echo "s3-encryption.sh: the list of buckets goes on; raise the page size" >&2
    exit 1
}

# ask BUCKET QUESTION ERROR-KEY: the answer as an object, or {"ERROR-KEY": {"Code": ...}}.
ask() {
    if aws s3api "$2" --bucket "$1" --output json > "$work/answer.json" 2> "$work/said"; then
        cat "$work/answer.json"
        return
    fi
    code=$(sed -n 's/.*An error occurred (\([A-Za-z0-9]*\)).*/\1/p' "$work/said" | head -n 1)
    if [ -z "$code" ]; then
        echo "s3-encryption.sh: $2 of bucket $1 failed:" >&2
        cat "$work/said" >&2
        return 1
    fi
    [ "$code" != AccessDenied ] || echo "s3-encryption.sh: $2 of bucket $1 was denied" >&2
    jq -n --arg key "$3" --arg code "$code" '{($key): {Code: $code}}'
}

: > "$work/all.ndjson"
jq -r '.Buckets[].Name' "$work/buckets.json" > "$work/names"
while read -r bucket; do
    ask "$bucket" get-bucket-encryption EncryptionError > "$work/encryption.json" < /dev/null
    ask "$bucket" get-public-access-block PublicAccessError > "$work/access.json" < /dev/null
    ask "$bucket" get-bucket-policy-status PolicyError > "$work/policy.json" < /dev/null
    jq --slurpfile a "$work/encryption.json" --slurpfile b "$work/access.json" --slurpfile c "$work/policy.json" \
        --arg name "$bucket" -c '.Buckets[] | select(.Name == $name) | . + $a[0] + $b[0] + $c[0]' \
        "$work/buckets.json" >> "$work/all.ndjson"
done < "$work/names"
jq -s '{Buckets: .}' "$work/all.ndjson"
