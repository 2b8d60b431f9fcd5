#!/bin/bash
# A copy of a doihound made by another one over HTTP: the sample catalogue and RECORDS=200000 generated
# records. Time, requests, records/s; then once more with KILLS=10 kill -9 at random moments (SEED=1),
# each followed by the same command. The exports of all copies must be those of the server, byte by byte:
# the exit status tells.
source "$(dirname "$0")/common.sh"

kills=${KILLS:-10}
RANDOM=${SEED:-1}
failed=0

# A number of seconds from 0.05 to the one given.
some_time() {
    awk -v r=$((RANDOM * 32768 + RANDOM)) -v most="$1" \
        'BEGIN { printf "%.3f", 0.05 + r / 1073741824 * (most - 0.05) }'
}

digest() {
    "$doihound" export --store "$1" --quiet --state findable | sha256sum
}

# same COPY: whether it exports what the server's store does.
same() {
    if [ "$(digest "$1")" = "$wanted" ]; then
        echo identical
    else
        echo DIFFERENT
    fi
}

row() {
    printf '%-22s %9s %9s %9s %10s   %s\n' "$@"
    [ "$6" = identical ] || failed=1
}

# pull COPY: one pull to its end; sets `seconds` and `requests`.
pull() {
    local begun
    begun=$(date +%s.%N)
    "$doihound" pull "$base" --store "$1" 2>"$work/pull.log" || { cat "$work/pull.log" >&2; failed=1; }
    seconds=$(awk -v a="$begun" -v b="$(date +%s.%N)" 'BEGIN { printf "%.2f", b - a }')
    requests=$(sed -n 's/.*; \([0-9,]*\) requests.*/\1/p' "$work/pull.log" | tr -d ,)
}

# Pulls in stretches of random length, each ended by kill -9; sets `hit`, how many did not end before.
pull_killed() {
    local most pid
    hit=0
    most=$(awk -v t="$seconds" -v k="$kills" 'BEGIN { m = 1.6 * t / (k + 1); print m < 0.1 ? 0.1 : m }')
    for _ in $(seq "$kills"); do
        "$doihound" pull "$base" --store "$1" --quiet &
        pid=$!
        sleep "$(some_time "$most")"
        kill -9 $pid 2>/dev/null || true
        code=0
        wait $pid 2>/dev/null || code=$?
        [ $code != 137 ] || hit=$((hit + 1))
    done
}

copies() {
    local store copy count
    store=$(store_of "$1")
    copy=$work/pull-copy.db
    wanted=$(digest "$store")
    count=$("$doihound" export --store "$store" --quiet --state findable --format doi | wc -l)
    start_doihound "$store"
    rm -f "$copy"*
    pull "$copy"
    row "$1" "$count" "$seconds" "$requests" "$(awk -v n="$count" -v s="$seconds" 'BEGIN { printf "%.0f", n / s }')" "$(same "$copy")"
    pull "$copy"
    row "  again" "$count" "$seconds" "$requests" "$(awk -v n="$count" -v s="$seconds" 'BEGIN { printf "%.0f", n / s }')" "$(same "$copy")"
    rm -f "$copy"*
    pull_killed "$copy"
    pull "$copy"
    row "  killed $hit times" "$count" "$seconds" "$requests" - "$(same "$copy")"
    "$doihound" status --store "$copy" --check >/dev/null || failed=1
    stop_doihound
    rm -f "$copy"*
}

echo "pull: $(machine)"
printf '%-22s %9s %9s %9s %10s   %s\n' what records seconds requests records/s export
copies tcia
copies "$records"
exit $failed
