#!/bin/sh
# Rehearses taking a release back, and writes a line into the log of exercises (kind exercise-log) with a report beside
# it, whatever came of it.
#
#   rollback-test.sh REPOSITORY LOG REPORTS STEPS
#
# REPOSITORY is named as the list of commits names it; REPORTS is a folder. STEPS is a folder of programs that work on
# staging, never on production:
#   state       prints what must be the same again afterwards: the version, the schema of the database, counts, checksums
#   deploy      deploys another version
#   rollback    takes it back, as the plan says
#   health      ends with 0 when the service works
# The rehearsal has passed when the deployment changed the state, and the service works in the first state again.
# LEAD says who led it.
set -u

usage="usage: rollback-test.sh REPOSITORY LOG REPORTS STEPS"
repository=${1:?"$usage"}
log=${2:?"$usage"}
reports=${3:?"$usage"}
steps=${4:?"$usage"}
lead=${LEAD:?"set LEAD to the address of the person who led the rehearsal"}
header=exercise_id,kind,scope,lead,held_at,finished_at,result,report,note

case $repository$lead$reports in
*[,\"]*)
    echo "rollback-test.sh: no commas and quotes in the repository, LEAD and the folder of reports" >&2
    exit 2
    ;;
esac

now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

held=$(now)
exercise="EX-$(date -u +%Y%m%dT%H%M%SZ)-$$"
report=$reports/$exercise.md
work=$(mktemp -d) || exit 1
result=failed
note='was broken off'

mkdir -p "$reports" || exit 1
printf '# Rehearsed rollback of %s, %s\n\nLed by %s.\n' "$repository" "$held" "$lead" > "$report" || exit 1

# step NAME FILE: runs a step, with what it prints in FILE and in the report.
step() {
    "$steps/$1" > "$2" 2> "$work/said"
    status=$?
    {
        printf '\n## %s: status %s, %s\n\n' "$1" "$status" "$(now)"
        sed 's/^/    /' "$2" "$work/said"
    } >> "$report" || exit 1
    return $status
}

finish() {
    trap '' TERM INT HUP
    finished=$(now)
    printf '\nResult: %s, %s.\n' "$result" "$note" >> "$report"
    line="$exercise,rollback,$repository,$lead,$held,$finished,$result,$report,$note"
    # shellcheck disable=SC2094 # whether it has a header is asked under the lock
    (
        flock 9 || exit 1
        [ -s "$log" ] || printf '%s\n' "$header" >&9
        printf '%s\n' "$line" >&9
    ) 9>> "$log" || { echo "rollback-test.sh: the log cannot be written; its line is: $line" >&2; exit 1; }
    rm -rf "$work"
    [ "$result" = passed ] && exit 0
    echo "rollback-test.sh: $repository: $note; see $report" >&2
    exit 1
}
trap finish TERM INT HUP

step health "$work/health" || { note='staging did not work before the rehearsal'; finish; }
step state "$work/before" || { note='the state before cannot be told'; finish; }
[ -s "$work/before" ] || { note='the state before says nothing'; finish; }
step deploy "$work/deploy" || { note='the deployment failed before anything could be taken back'; finish; }
step state "$work/between" || { note='the state in between cannot be told'; finish; }
deployed=yes
cmp -s "$work/before" "$work/between" && deployed=no
step rollback "$work/rollback" || { note='the rollback failed'; finish; }
step health "$work/health" || { note='the service did not work after the rollback'; finish; }
step state "$work/after" || { note='the state after cannot be told'; finish; }
if ! cmp -s "$work/before" "$work/after"; then
    note='the state after the rollback is not the one before'
elif [ "$deployed" = no ]; then
    note='the deployment changed nothing so nothing was taken back'
else
    result=passed
    note='the service works in the state before'
fi
finish
