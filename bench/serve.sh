#!/bin/bash
# Requests per second of this server and of nginx that serves the same bytes from a file, both loaded
# by wrk on the same machine, in turns. The rows named fresh ask for nothing twice, so that each answer
# is made anew from the store; the others repeat one request. DURATION=5 seconds a run, ROUNDS=3.
source "$(dirname "$0")/common.sh"

rounds=${ROUNDS:-3}
peer=127.0.0.1:${NGINX_PORT:-8066}
doi=10.7937/s17z-r072

start_nginx() {
    mkdir -p "$work/nginx"/logs
    cat >"$work/nginx/nginx.conf" <<END
worker_processes auto;
daemon off;
pid nginx.pid;
error_log stderr;
events { worker_connections 1024; }
http {
    access_log off;
    sendfile on;
    tcp_nopush on;
    open_file_cache max=16;
    keepalive_requests 100000000;
    default_type application/json;
    client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3;
    uwsgi_temp_path t4; scgi_temp_path t5;
    server { listen $peer; root www; }
}
END
    nginx -p "$work/nginx" -c nginx.conf 2>"$work/nginx/error.log" &
    started+=($!)
    for _ in $(seq 50); do
        curl -s -o /dev/null "http://$peer/" && return 0
        sleep 0.1
    done
    cat "$work/nginx/error.log" >&2
    return 1
}

# Median of the rounds by requests/s.
median() {
    sort -n | sed -n "$(((rounds + 1) / 2))p"
}

compare() {
    local name=$1 target=$2 script=${3:-}
    mkdir -p "$work/nginx"/www
    curl -sg -o "$work/nginx/www/$name.json" "$base$target"
    : >"$work/ours"
    : >"$work/theirs"
    for _ in $(seq "$rounds"); do
        load "$base$target" 40 2 $script >>"$work/ours"
        load "http://$peer/$name.json" >>"$work/theirs"
    done
    local ours theirs
    ours=$(median <"$work/ours")
    theirs=$(median <"$work/theirs")
    echo "$name $(stat -c %s "$work/nginx/www/$name.json") $ours $theirs" |
        awk '{ printf "%-22s %8d %9d %7.2f %7.2f %9d %7.2f %7.2f %6.2f\n", $1, $2, $3, $4, $5, $6, $7, $8, $3 / $6 }'
}

start_doihound "$(store_of tcia)"
start_nginx
echo "serve: $(machine), wrk 2 threads 40 connections"
printf '%-22s %8s %9s %7s %7s %9s %7s %7s %6s\n' what bytes req/s p50ms p99ms nginx p50ms p99ms ratio
compare one-doi "/dois/$doi"
compare one-doi-fresh "/dois/$doi" bench/fresh.lua
compare list-of-25 "/dois?client-id=nihnci.tcia&disable-facets=true"
compare list-of-25-fresh "/dois?client-id=nihnci.tcia&disable-facets=true" bench/fresh.lua
compare list-facets "/dois?client-id=nihnci.tcia"
compare list-facets-fresh "/dois?client-id=nihnci.tcia" bench/fresh.lua
stop_doihound
