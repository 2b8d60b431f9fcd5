#!/bin/bash
# All benches in turn; `make bench`.
set -euo pipefail
for name in serve lists dashboard import data_file memory search hostile events formats; do
    "$(dirname "$0")/$name.sh"
    echo
done
