#!/bin/sh
# Makes .venv-http-peers: the servers that `make bench-http` measures swath beside, at their locked versions. They need
# PostgreSQL with PostGIS on the machine (Debian: apt-get install postgresql postgis); without it they are left out.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/uv venv --quiet --clear --python .venv/bin/python .venv-http-peers
printf 'setup: installing tipg and stac-fastapi-pgstac\n' >&2
VIRTUAL_ENV=.venv-http-peers .venv/bin/uv pip install --quiet --compile-bytecode --require-hashes -r benchmarks/http-peers.txt
