#!/bin/sh
# page.sh: a notifier for `tickmark check --notify`. It finds the alerts as JSON on standard input, and mails those that name
# a channel of the list below to its address (needs jq and mail). A status other than 0 means that nobody was told, and
# `tickmark check` alerts again the next time.
set -eu
alerts=$(cat)

send() { # channel address
    printf '%s' "$alerts" | jq -e --arg channel "$1" '[.alerts[] | select(.channels | index($channel))] | length > 0' > /dev/null || return 0
    printf '%s' "$alerts" | jq -r --arg channel "$1" '
        .alerts[] | select(.channels | index($channel)) |
        "\(.severity): \(.message) (\(.failure_count), \(.change))",
        (.failures[] | select(.fresh) | "  \(.test // "source") \(.item // ""): \(.text)"),
        "  Do: \(.action)", ""' | mail -s "Controls: $1" "$2"
}

send pager oncall@example.com
send security-channel security@example.com
