#!/bin/bash
# Import of RECORDS=200000 generated records: records/s, peak memory, size of the store; beside it a
# plain pipeline of jq and sqlite3 over the same file (one table, three indexes, no search; PIPELINE=no
# leaves it out).
source "$(dirname "$0")/common.sh"

file=$(records_file "$records")
raw=$(zstd -dc "$file" | wc -c)

# Runs a command under time(1); prints "seconds megabytes cpu-seconds".
timed() {
    /usr/bin/time -f '%e %M %U %S' -o "$work/time" "$@" >&2
    awk '{ printf "%.1f %.0f %.1f\n", $1, $2 / 1024, $3 + $4 }' "$work/time"
}

row() {
    echo "$1 $2 $3 $4 $(du -cb "$5"* | tail -n 1 | cut -f 1)" | awk -v n="$records" -v raw="$raw" \
        '{ printf "%-14s %8.1f %8.1f %10.0f %8d %9.1f %9.2f\n", $1, $2, $4, n / $2, $3, $5 / 1048576, $5 / raw }'
}

pipeline() {
    bash -o pipefail -c "zstd -dc '$file' | jq -r 'select(.type == \"dois\") | [.id, .relationships.client.data.id,
        .attributes.publicationYear, .attributes.updated, tojson] | @csv' |
        sqlite3 -cmd 'PRAGMA synchronous = off' -cmd 'CREATE TABLE dois (doi TEXT PRIMARY KEY,
        client TEXT, year INTEGER, updated TEXT, body TEXT) WITHOUT ROWID' '$1' \
        '.mode csv' '.import /dev/stdin dois' 'CREATE INDEX by_client ON dois (client)' \
        'CREATE INDEX by_year ON dois (year)' 'CREATE INDEX by_updated ON dois (updated)'"
}
export -f pipeline
export file

ours=$work/import.db
theirs=$work/pipeline.db
rm -f "$ours"* "$theirs"*
echo "import: $(machine), $records records, $((raw / records)) bytes each"
printf '%-14s %8s %8s %10s %8s %9s %9s\n' what seconds 'cpu s' records/s 'peak MB' 'store MB' 'of raw'
result=$(timed "$doihound" import --store "$ours" --quiet "$file")
row doihound $result "$ours"
if [ "${PIPELINE:-yes}" = yes ]; then
    # The pipeline's peak is that of its largest process.
    result=$(timed bash -c "pipeline '$theirs'")
    row jq+sqlite3 $result "$theirs"
fi
again=$(timed "$doihound" import --store "$ours" --quiet "$file")
row again $again "$ours"
rm -f "$ours"* "$theirs"*
