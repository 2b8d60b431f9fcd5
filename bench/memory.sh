#!/bin/bash
# Memory of the server, and the time from its start to the first answer, with the sample catalogue and
# with RECORDS=200000 generated records.
source "$(dirname "$0")/common.sh"

# Kilobytes of a line of smaps_rollup.
rollup() {
    awk -v name="$1:" '$1 == name { print $2 }' "/proc/$server/smaps_rollup"
}

row() {
    local store begin end client
    store=$(store_of "$1")
    begin=$(date +%s%N)
    start_doihound "$store"
    curl -sgf -o /dev/null "$base/dois?page[size]=1&disable-facets=true"
    end=$(date +%s%N)
    client=$(curl -sgf "$base/clients?page[size]=1" | jq -r '.data[0].id')
    for target in '/dois' "/dois?client-id=$client" '/dois?sort=-created&page[number]=3' \
        '/dois?license=cc-by-4.0' '/dois?resource-type-id=dataset&has-person=true' '/clients' \
        '/providers' '/activities'; do
        for _ in $(seq 20); do
            curl -sgf -o /dev/null "$base$target"
        done
    done
    printf '%-10s %12.0f %8.1f %12.1f\n' "$1" $(((end - begin) / 1000000)) \
        "$(awk "BEGIN { print $(rollup Rss) / 1024 }")" \
        "$(awk "BEGIN { print $(rollup Anonymous) / 1024 }")"
    stop_doihound
}

echo "memory: $(machine)"
printf '%-10s %12s %8s %12s\n' records 'first ms' 'RSS MB' 'anonymous MB'
row tcia
row "$records"
