#!/bin/bash
# Events that came from a server: so many of them (EVENTS, default 1,000,000) about so many records
# (RECORDS, default 20,000), imported and asked for.
source "$(dirname "$0")/common.sh"
records=${RECORDS:-20000}
events=${EVENTS:-1000000}
store=$work/events.db
rm -f "$store" "$store"-*
echo "== $events events about $records records =="
begin=$(date +%s%N)
python3 bench/events.py make "$records" "$events" | "$doihound" import --store "$store" --quiet -
echo "import, with making them: $((($(date +%s%N) - begin) / 1000000)) ms, $(stat -c %s "$store") bytes"
start_doihound "$store"
python3 bench/events.py ask "$base" "$records" $server
stop_doihound
rm -f "$store" "$store"-*
