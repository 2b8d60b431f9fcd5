#!/bin/bash
# The mix of twenty questions (bench/mix.py), one after the other on one connection, with and without
# the default facets, over stores of RECORDS="100000 1000000"; beside the sizes in PEERS=100000 the same
# questions put to plain SQLite with FTS5 (bench/peer.py), which is made of the same records. ROUNDS=8.
# Times are in milliseconds; a ratio above 1 says how much longer the peer takes.
RECORDS=${RECORDS:-100000 1000000}
source "$(dirname "$0")/common.sh"

rounds=${ROUNDS:-8}
peers=${PEERS-100000}
values=$(values_file "${records%% *}")

peer_of() {
    local peer=$work/peer-$1-$made.db
    if [ ! -s "$peer" ]; then
        rm -f "$peer.part"
        zstd -dc "$(records_file "$1")" | bench/peer.py build "$peer.part"
        mv "$peer.part" "$peer"
    fi
    echo "$peer"
}

tables=()
for count in $records; do
    out=$work/search-$count.json
    table=$count=$out
    store=$(store_of "$count")
    start_doihound "$store"
    bench/search.py ask "$base" "$values" "$out" "$rounds"
    stop_doihound
    if [[ " $peers " = *" $count "* ]]; then
        peer=$(peer_of "$count")
        bench/search.py peer "$peer" "$values" "$out.peer" "$rounds"
        table+=+$out.peer
    fi
    tables+=("$table")
done
echo "search: $(machine), one connection, $rounds rounds"
bench/search.py report "${tables[@]}"
