#!/bin/bash
# What the most expensive queries cost over RECORDS=1000000 generated records, and how long a second
# connection waits for a single DOI meanwhile (the worst of its answers).
RECORDS=${RECORDS:-1000000}
source "$(dirname "$0")/common.sh"

store=$(store_of "$records")
start_doihound "$store"
echo "hostile: $(machine), $records records"
bench/hostile.py "$base"
stop_doihound
