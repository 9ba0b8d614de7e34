#!/bin/sh
# Restores a backup where production cannot be touched, tries whether it is whole and works, and writes a line into the
# log of restore tests (kind restore-test-log), whatever came of it: a restore that failed is evidence too.
#
#   restore-test.sh RESOURCE LOG STEPS
#
# RESOURCE is what was restored, named as the list of backup runs names it. STEPS is a folder of programs, each given an
# empty scratch folder as its argument:
#   restore     restores the newest backup into the scratch folder and prints the id of that backup
#   integrity   ends with 0 when the restored data are whole
#   function    ends with 0 when the application works on them
#   cleanup     (optional) stops what the others started, however far they came
# Run it from cron or a timer, not from `collect`: it takes as long as a restore takes, and its line must not be lost.
# `collect` then takes the quarter's lines out of the log with log-of-span.sh. TESTER says who is responsible for it.
# Where the steps run decides whether the restore is isolated: say so with ISOLATED=yes where a person has made sure.
set -u

resource=${1:?"usage: restore-test.sh RESOURCE LOG STEPS"}
log=${2:?"usage: restore-test.sh RESOURCE LOG STEPS"}
steps=${3:?"usage: restore-test.sh RESOURCE LOG STEPS"}
tester=${TESTER:?"set TESTER to the address of the person who answers for this test"}
isolated=${ISOLATED:-}
header=test_id,resource,started_at,finished_at,integrity,functionality,isolated,tester,backup_job_id,note

case $resource$tester$isolated in
*[,\"]*)
    echo "restore-test.sh: no commas and quotes in the resource, TESTER and ISOLATED" >&2
    exit 2
    ;;
esac

now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

# What goes between quotes in a CSV field: one line, quotes doubled, of a length to read.
field() { tr '\n\r\t' '   ' | sed 's/"/""/g; s/  */ /g; s/^ //; s/ $//' | cut -c 1-300; }

scratch=$(mktemp -d) || exit 1
chmod 700 "$scratch"
said=$(mktemp) || exit 1
started=$(now)
id=RT-$(date -u +%Y%m%dT%H%M%SZ)-$$
finished=
integrity=failed
functionality='not checked'
backup=
note='was broken off'

finish() {
    trap '' TERM INT HUP
    if [ -x "$steps/cleanup" ]; then
        "$steps/cleanup" "$scratch/restored" >> "$said" 2>&1 || note="$note; cleaning up failed"
    fi
    rm -rf "$scratch"
    line="$id,$resource,$started,$finished"
    line="$line,$integrity,$functionality,$isolated,$tester,\"$(printf %s "$backup" | field)\",\"$(printf %s "$note" | field)\""
    # shellcheck disable=SC2094 # whether it has a header is asked under the lock
    (
        flock 9 || exit 1
        [ -s "$log" ] || printf '%s\n' "$header" >&9
        printf '%s\n' "$line" >&9
    ) 9>> "$log" || { echo "restore-test.sh: the log cannot be written; its line is: $line" >&2; exit 1; }
    if [ "$integrity" != ok ] || [ "$functionality" != ok ]; then
        echo "restore-test.sh: $resource: $note" >&2
        tail -n 20 "$said" >&2
        rm -f "$said"
        exit 1
    fi
    rm -f "$said"
    exit 0
}
trap finish TERM INT HUP

mkdir "$scratch/restored" || finish
backup=$("$steps/restore" "$scratch/restored" 2>> "$said") || { note='the restore failed'; finish; }
[ -n "$backup" ] || { note='the restore does not say which backup it was'; finish; }
if ! "$steps/integrity" "$scratch/restored" >> "$said" 2>&1; then
    note='the restored data are not whole'
    finish
fi
integrity=ok
if "$steps/function" "$scratch/restored" >> "$said" 2>&1; then
    functionality=ok
    finished=$(now)
    note='restored, compared and tried out by a program'
else
    functionality=failed
    finished=$(now)
    note='the application did not work on the restored data'
fi
finish
