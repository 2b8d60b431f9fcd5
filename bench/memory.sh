#!/bin/bash
# Memory of the server, and the time from its start to the first answers, with the sample catalogue and
# with RECORDS=200000 generated records. Memory is anonymous: what the file's pages take is not counted,
# but for the last column.
source "$(dirname "$0")/common.sh"

# Megabytes of a line of smaps_rollup.
rollup() {
    awk -v name="$1:" '$1 == name { printf "%.1f", $2 / 1024 }' "/proc/$server/smaps_rollup"
}

# Milliseconds since `begin`, once the target is answered.
until_answered() {
    curl -sgf -o /dev/null "$base$1" || true
    echo $((($(date +%s%N) - begin) / 1000000))
}

lists() {
    local client
    client=$(curl -sgf "$base/clients?page[size]=1" | jq -r '.data[0].id')
    for target in '/dois' "/dois?client-id=$client" '/dois?sort=-created&page[number]=3' \
        '/dois?license=cc-by-4.0' '/dois?resource-type-id=dataset&has-person=true' '/clients' \
        '/providers' '/activities'; do
        for _ in $(seq 20); do
            curl -sgf -o /dev/null "$base$target"
        done
    done
}

row() {
    local store values begin doi one list search fresh listed
    store=$(store_of "$1")
    values=$(values_file 100000)
    doi=$(zstd -dcf "$2" | grep -m 1 '"type":"dois"' | sed 's/.*"doi":"\([^"]*\)".*/\1/' || true)
    begin=$(date +%s%N)
    start_doihound "$store"
    one=$(until_answered "/dois/$doi")
    list=$(until_answered '/dois?page[size]=1&disable-facets=true')
    search=$(until_answered '/dois?query=titles.title:data&disable-facets=true')
    fresh=$(rollup Anonymous)
    lists
    listed=$(rollup Anonymous)
    bench/search.py ask "$base" "$values" "$work/memory.json" 4
    printf '%-10s %8d %8d %8d %10s %10s %10s %10s\n' "$1" "$one" "$list" "$search" "$fresh" \
        "$listed" "$(rollup Anonymous)" "$(rollup Rss)"
    stop_doihound
}

echo "memory: $(machine)"
printf '%-10s %8s %8s %8s %10s %10s %10s %10s\n' records 'DOI ms' 'list ms' 'query ms' 'MB then' \
    'lists MB' 'mix MB' 'RSS MB'
row tcia data/tcia/tcia.jsonl
file=$(records_file "$records")
row "$records" "$file"
