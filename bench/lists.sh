#!/bin/bash
# Time of one list request, one connection: with the sample catalogue and with RECORDS=200000 generated
# records, with and without the default facets.
source "$(dirname "$0")/common.sh"

export DURATION=${DURATION:-3}

row() {
    load "$base$3" 1 1 bench/fresh.lua | { read -r rate p50 p99
        printf '%-10s %-34s %9d %9.3f %9.3f\n' "$1" "$2" "$rate" "$p50" "$p99"; }
}

lists() {
    local client
    start_doihound "$(store_of "$1")"
    client=$(curl -sgf "$base/dois?page[size]=1&disable-facets=true" |
        jq -r '.data[0].relationships.client.data.id')
    for facets in false true; do
        local off="disable-facets=$facets" word=$([ $facets = true ] && echo "no facets" || echo facets)
        row "$1" "all, $word" "/dois?$off"
        row "$1" "of a client, $word" "/dois?client-id=$client&$off"
        row "$1" "datasets by created, $word" "/dois?resource-type-id=dataset&sort=-created&$off"
        row "$1" "a licence and years, $word" "/dois?license=cc-by-4.0&published=2018,2020&$off"
    done
    stop_doihound
}

echo "lists: $(machine), wrk 1 thread 1 connection"
printf '%-10s %-34s %9s %9s %9s\n' records list req/s p50ms p99ms
lists tcia
lists "$records"
