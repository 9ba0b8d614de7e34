#!/bin/sh
# The lines of a log in CSV whose time lies in a span of days, under its header: what `collect` takes of the logs that
# restore-test.sh and rollback-test.sh keep.
#
#   log-of-span.sh LOG COLUMN FROM UNTIL
#
# COLUMN is the name of the column that holds the time, as 2025-10-06T08:00:00Z, and no field before it may hold a comma.
# FROM is the first day, UNTIL the day after the last one.
set -eu

usage="usage: log-of-span.sh LOG COLUMN FROM UNTIL"
log=${1:?"$usage"}
column=${2:?"$usage"}
from=${3:?"$usage"}
until=${4:?"$usage"}

LC_ALL=C awk -F , -v column="$column" -v from="$from" -v until="$until" '
    NR == 1 {
        for (i = 1; i <= NF; i++) if ($i == column) at = i
        if (!at) { wrong = "no column " column; exit }
        print
        next
    }
    $at !~ /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z$/ {
        wrong = "line " NR " has no time in column " column
        exit
    }
    substr($at, 1, 10) >= from && substr($at, 1, 10) < until
    END {
        if (wrong == "" && NR == 0) wrong = "it is empty"
        if (wrong != "") { print "log-of-span.sh: " FILENAME ": " wrong | "cat >&2"; exit 1 }
    }
' "$log"
