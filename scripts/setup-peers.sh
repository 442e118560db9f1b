#!/bin/sh
# Makes .venv-peers: the engines that swath is measured against, at their locked versions, and swath itself as an
# editable install. Called by make, after scripts/setup.sh; safe to run again.
set -eu
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*" >&2; }
install() { VIRTUAL_ENV=.venv-peers .venv/bin/uv pip install --quiet "$@"; }

.venv/bin/uv venv --quiet --clear --python .venv/bin/python .venv-peers
say "installing swath's peers (about a gigabyte)"
if ! install --compile-bytecode --require-hashes -r benchmarks/peers.txt; then
    # One of them has nothing for this Python: the others do without it, and the tables will say so.
    install --require-hashes -r requirements.txt
    grep -v '^#' benchmarks/peers.in | while read -r peer; do
        install --constraints benchmarks/peers.txt "$peer" || say "$peer cannot be installed here; it will be skipped"
    done
fi
install --no-deps --editable .
say "done"
