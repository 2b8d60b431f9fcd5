# What the benches share. Sourced; expects bash. Records, stores and figures are kept in BENCH_DIR
# (default ~/.cache/doihound-bench) and used again until the generator or the store's layout changes.
set -euo pipefail
shopt -s inherit_errexit
work=${BENCH_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/doihound-bench}
mkdir -p "$work"
work=$(cd "$work" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."

doihound=${DOIHOUND_BIN:-build/doihound}
generate=$(dirname "$doihound")/bench-generate
records=${RECORDS:-200000}
made=$(cat bench/generate/* | cksum | cut -d ' ' -f 1)
layout=$(cat src/store/sqlite/schema.c | cksum | cut -d ' ' -f 1)
started=()
trap 'for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done' EXIT

# The file of so many generated records, made once, compressed.
records_file() {
    local file=$work/records-$1-$made.jsonl.zst
    if [ ! -s "$file" ]; then
        "$generate" --records "$1" --accounts | zstd -q -f -o "$file.part"
        mv "$file.part" "$file"
    fi
    echo "$file"
}

# Values to ask for, drawn from the first so many records.
values_file() {
    local file=$work/values-$1-$made.json
    if [ ! -s "$file" ]; then
        "$generate" --records "$1" --values "$file.part" >/dev/null
        mv "$file.part" "$file"
    fi
    echo "$file"
}

# A store that holds so many records, made once; the sample catalogue for "tcia".
store_of() {
    local store=$work/$1-$made-$layout.db
    if [ ! -s "$store.done" ]; then
        local input=data/tcia/tcia.jsonl
        [ "$1" = tcia ] || input=$(records_file "$1")
        rm -f "$store" "$store"-*
        "$doihound" import --store "$store" --quiet "$input" >&2
        date -u +%F >"$store.done"
    fi
    echo "$store"
}

# Starts the server on a store; sets `base` and `server`.
start_doihound() {
    local log=$work/serve.log
    : >"$log"
    "$doihound" serve --store "$1" --listen 127.0.0.1:0 --log off 2>"$log" &
    server=$!
    started+=($server)
    for _ in $(seq 12000); do
        base=$(sed -n 's#.*\(http://[0-9.]*:[0-9]*\).*#\1#p' "$log" | head -n 1)
        [ -z "$base" ] || return 0
        sleep 0.005
    done
    cat "$log" >&2
    return 1
}

stop_doihound() {
    kill $server
    wait $server || true
}

# wrk's figures for a URL: "requests/s p50 p99", times in milliseconds. load URL [connections [threads [script]]]
load() {
    wrk -t "${3:-2}" -c "${2:-40}" -d "${DURATION:-5}s" ${4:+-s "$4"} --latency "$1" | awk '
        function ms(t) {
            if (t ~ /us$/) return t / 1000
            if (t ~ /ms$/) return t + 0
            return t * 1000
        }
        /^ +50%/ { p50 = ms($2) }
        /^ +99%/ { p99 = ms($2) }
        /Requests\/sec/ { rate = $2 }
        /Non-2xx/ { bad = 1 }
        END { if (bad) exit 1; printf "%.0f %.3f %.3f\n", rate, p50, p99 }'
}

machine() {
    echo "$(date -u +%F), $(nproc) cores, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)"
}
