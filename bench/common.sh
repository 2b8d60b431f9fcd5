# What the benches share. Sourced; expects bash.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

doihound=build/doihound
work=build/bench
records=${RECORDS:-200000}
mkdir -p $work
started=()
trap 'for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done' EXIT

# The file of so many generated records, made once.
records_file() {
    local file=$work/records-$1.jsonl
    if [ ! -s "$file" ]; then
        build/bench-generate --records "$1" --accounts >"$file.part"
        mv "$file.part" "$file"
    fi
    echo "$file"
}

# A store that holds the file, made once; the sample catalogue for "tcia".
store_of() {
    local store=$work/$1.db
    if [ ! -s "$store" ]; then
        local input=data/tcia/tcia.jsonl
        [ "$1" = tcia ] || input=$(records_file "$1")
        $doihound import --store "$store" --quiet "$input" >&2
    fi
    echo "$store"
}

# Starts the server on a store; sets `base` and `server`.
start_doihound() {
    local log=$work/serve.log
    : >$log
    $doihound serve --store "$1" --listen 127.0.0.1:0 --log off 2>$log &
    server=$!
    started+=($server)
    for _ in $(seq 12000); do
        base=$(sed -n 's#.*\(http://[0-9.]*:[0-9]*\).*#\1#p' $log | head -n 1)
        [ -z "$base" ] || return 0
        sleep 0.005
    done
    cat $log >&2
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
