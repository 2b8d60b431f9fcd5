#!/bin/bash
# Records per second on one core in each format: written from a store of RECORDS=100000 generated records,
# (all, or those of FORMATS="bibtex ris") and read again. Next to it jq, which makes the like of three of them from the same records as JSON Lines.
source "$(dirname "$0")/common.sh"
records=${RECORDS:-100000}
one_core() { taskset -c 0 "$@"; }

# Records that a format cannot give are no failure of a bench.
left_out() {
    [ "$1" -eq 1 ] || { cat "$work/said" >&2; return 1; }
}

# Prints name, records/s, MB/s of what came out and peak memory of a command.
row() {
    local name=$1
    shift
    { one_core /usr/bin/time -f '%e %M' -q -o "$work/time" "$@" 2>"$work/said" || left_out $?; } | wc -c >"$work/bytes"
    awk -v name="$name" -v records="$count" -v bytes="$(cat "$work/bytes")" '
        { printf "%-34s %10.0f %8.1f %8.0f\n", name, records / $1, bytes / $1 / 1e6, $2 / 1024 }' "$work/time"
}

jq_csv='[.attributes.doi, .attributes.url, .attributes.state, .attributes.types.resourceTypeGeneral,
  .attributes.titles[0].title, ([.attributes.creators[] | .name] | join(" and ")), .attributes.publicationYear] | @csv'
jq_ris='.attributes | ["TY  - \(.types.ris)", "T1  - \(.titles[0].title)", (.creators[] | "AU  - \(.name)"),
  "DO  - \(.doi)", "UR  - \(.url)", (.descriptions[]? | "AB  - \(.description)"), (.subjects[]? | "KW  - \(.subject)"),
  "PY  - \(.publicationYear)", "ER  - ", ""] | join("\r\n")'
jq_csl='.attributes | {type: .types.citeproc, id: .doi, categories: [.subjects[]?.subject],
  author: [.creators[] | {family: .familyName, given: .givenName}], issued: {"date-parts": [[.publicationYear]]},
  abstract: .descriptions[0].description, DOI: .doi, title: .titles[0].title, URL: .url, version}'

store=$(store_of "$records")
count=$records
echo "formats: $(machine), one core, $records records"
printf '%-34s %10s %8s %8s\n' what records/s MB/s peakMB
row "write jsonl" "$doihound" export --store "$store" --format jsonl
for format in ${FORMATS:-$("$doihound" convert --list --json | jq -r '.[] | select(.write) | .name')}; do
    row "write $format" "$doihound" export --store "$store" --format "$format"
done

lines=$work/formats.jsonl
"$doihound" export --store "$store" --format jsonl >"$lines"
row "jq: csv" jq -r "$jq_csv" "$lines"
row "jq: ris" jq -r "$jq_ris" "$lines"
row "jq: citeproc" jq "$jq_csl" "$lines"

row "jsonl to jsonl, jq" jq -c . "$lines"
row "convert jsonl to datacite_json" "$doihound" convert --from datacite_json --to datacite_json "$lines"
count=$((records / 10))
for format in bibtex ris schema_org citeproc crosscite; do
    head -n "$count" "$lines" | "$doihound" convert --from datacite_json --to "$format" - >"$work/formats.$format"
    row "convert $format to datacite_json" "$doihound" convert --from "$format" --to datacite_json "$work/formats.$format"
done
