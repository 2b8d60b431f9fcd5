#!/bin/bash
# Import of data files of RECORDS=200000 generated records in both layouts that DataCite has used: records/s,
# peak memory, size of the store. Beside it, over the records of the same file: jq alone, that only parses them,
# and a plain pipeline of jq and sqlite3 (one table, three indexes, no search). PEERS=no leaves these out.
source "$(dirname "$0")/common.sh"

declare -A ending=([months]=tar [prefixes]=tar.gz)
file=$(records_file "$records")
raw=$(zstd -dc "$file" | wc -c)

# The data file of a layout, made once.
data_file() {
    local path=$work/data-$1-$records-$made.${ending[$1]}
    [ -s "$path" ] || zstd -dc "$file" | python3 bench/data_file.py "$1" "$path"
    echo "$path"
}

# Runs a command under time(1); prints "seconds megabytes cpu-seconds".
timed() {
    /usr/bin/time -f '%e %M %U %S' -o "$work/time" "$@" >&2
    awk '{ printf "%.1f %.0f %.1f\n", $1, $2 / 1024, $3 + $4 }' "$work/time"
}

# row NAME SECONDS MEGABYTES CPU [STORE]
row() {
    local size=0
    [ -z "${5:-}" ] || size=$(du -cb "$5"* | tail -n 1 | cut -f 1)
    echo "$1 $2 $3 $4 $size" | awk -v n="$records" -v raw="$raw" '{ printf "%-22s %8.1f %8.1f %10.0f %8d", $1, $2, $4, n / $2, $3
        if ($5) printf " %9.1f %9.2f", $5 / 1048576, $5 / raw
        print "" }'
}

lines() {
    tar -xOf "$1" --wildcards '*.jsonl.gz' | zcat
}

parse() {
    lines "$1" | jq -r .id >/dev/null
}

pipeline() {
    lines "$1" | jq -r '[.id, .relationships.client.data.id, .attributes.publicationYear, .attributes.updated, tojson] | @csv' |
        sqlite3 -cmd 'PRAGMA synchronous = off' -cmd 'CREATE TABLE dois (doi TEXT PRIMARY KEY,
        client TEXT, year INTEGER, updated TEXT, body TEXT) WITHOUT ROWID' "$2" \
        '.mode csv' '.import /dev/stdin dois' 'CREATE INDEX by_client ON dois (client)' \
        'CREATE INDEX by_year ON dois (year)' 'CREATE INDEX by_updated ON dois (updated)'
}
export -f lines parse pipeline

store=$work/data-file.db
echo "data files: $(machine), $records records, $((raw / records)) bytes each, $(du -m "$(data_file months)" | cut -f 1) and $(
    du -m "$(data_file prefixes)" | cut -f 1) MB"
printf '%-22s %8s %8s %10s %8s %9s %9s\n' what seconds 'cpu s' records/s 'peak MB' 'store MB' 'of raw'
for layout in months prefixes; do
    rm -f "$store"*
    result=$(timed "$doihound" import --store "$store" --quiet "$(data_file $layout)")
    row "doihound:$layout" $result "$store"
done
if [ "${PEERS:-yes}" = yes ]; then
    result=$(timed bash -o pipefail -c "parse '$(data_file months)'")
    row jq $result
    rm -f "$store"*
    result=$(timed bash -o pipefail -c "pipeline '$(data_file months)' '$store'")
    row jq+sqlite3 $result "$store"
fi
rm -f "$store"*
