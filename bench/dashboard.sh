#!/bin/bash
# Views over time of all records of a repository: one list with detail, beside one request per record on ten
# connections, as dashboards do it; both fetched and parsed by the same Python. Then lists with and without
# detail by themselves, and all of RECORDS=200000 records: by cursor, and by `doihound stats`. The records are
# those of the other benches with series added. No request is made twice.
source "$(dirname "$0")/common.sh"

export DURATION=${DURATION:-3}
rounds=${ROUNDS:-7}

# A store whose records have series, made once.
series_store() {
    local store=$work/series-$1-$made-$layout.db input=data/tcia/tcia.jsonl
    if [ ! -s "$store.done" ]; then
        [ "$1" = tcia ] || input=$(records_file "$1")
        rm -f "$store" "$store"-*
        zstd -dcf "$input" | bench/dashboard.py series |
            "$doihound" import --store "$store" --quiet - >&2
        date -u +%F >"$store.done"
    fi
    echo "$store"
}

# Milliseconds that the server has spent on a processor.
spent() {
    awk -v ticks="$(getconf CLK_TCK)" '{ printf "%d", ($14 + $15) * 1000 / ticks }' "/proc/$server/stat"
}

# Lists by themselves, one connection: list NAME TARGET
list() {
    local before
    before=$(spent)
    load "$base$2&disable-facets=true" 1 1 bench/fresh.lua | { read -r rate p50 p99
        printf '%-34s %9d %9.2f %9.2f %9.2f\n' "$1" "$rate" "$p50" "$p99" \
            "$(awk "BEGIN { print ($(spent) - $before) / $rate / $DURATION }")"; }
}

against() {
    bench/dashboard.py ask "$base" "$server" "$2" "$rounds" | {
        read -r count single single_cpu whole whole_cpu
        awk "BEGIN { printf \"%-34s %8d %14.1f %9.1f %7.1f %14.1f %9.1f %7.1f\\n\", \"$1\", $count, $single,
            $whole, $single / $whole, $single_cpu, $whole_cpu, $single_cpu / $whole_cpu }"; }
}

# Of a command: seconds, and those on a processor. The rest of stderr is dropped.
TIMEFORMAT='%R %U %S'
timed() {
    { time "$@" 2>/dev/null; } 2>&1 >"$work/stats.csv" | awk '{ printf "%9.2f %9.2f", $1, $2 + $3 }'
}

sample=$(series_store tcia)
store=$(series_store "$records")

echo "dashboard: $(machine), Python with $rounds rounds; wrk 1 thread 1 connection"
printf '%-34s %8s %14s %9s %7s %14s %9s %7s\n' 'all records of' records 'one by one ms' 'list ms' ratio \
    'CPU ms, server' 'CPU list' ratio
start_doihound "$sample"
against 'nihnci.tcia, sample' nihnci.tcia
stop_doihound
start_doihound "$store"
client=$(curl -sgf "$base/dois?page[size]=0" | jq -r '.meta.clients[-1].id')
against "$client, $records" "$client"

printf '\n%-34s %9s %9s %9s %9s\n' list req/s p50ms p99ms 'CPU ms'
list "25 of $records" '/dois?page[size]=25'
list "25 of $records, detail" '/dois?page[size]=25&detail=true'
list "1000 of $records" '/dois?page[size]=1000'
list "1000 of $records, detail" '/dois?page[size]=1000&detail=true'
stop_doihound
start_doihound "$sample"
list '298, sample' '/dois?client-id=nihnci.tcia&page[size]=1000'
list '298, sample, detail' '/dois?client-id=nihnci.tcia&page[size]=1000&detail=true'
stop_doihound

printf '\n%-34s %9s %9s %12s\n' "all $records records" seconds 'CPU s' views
start_doihound "$store"
bench/dashboard.py walk "$base" | { read -r pages took views
    printf '%-34s %9.2f %9s %12d\n' "$pages lists by cursor, detail" "$took" '' "$views"; }
stop_doihound
for options in '' '--by year' '--by month' '--per-record' '--per-record --by month'; do
    # shellcheck disable=SC2086
    took=$(timed "$doihound" stats --store "$store" --csv $options)
    printf '%-34s %s %12s\n' "stats --csv $options" "$took" \
        "$(awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "views") at = i; next }
            { sum += $at } END { printf "%d", sum }' "$work/stats.csv")"
done
