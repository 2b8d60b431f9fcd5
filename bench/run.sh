#!/bin/bash
# All benches in turn; `make bench`.
set -euo pipefail
for name in serve lists import memory search hostile formats; do
    "$(dirname "$0")/$name.sh"
    echo
done
