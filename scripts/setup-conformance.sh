#!/bin/sh
# Makes .venv-conformance: the outside programs of PyPI that `make conformance` runs, at their locked versions, and beside
# it those of npm and the official OGC suite where node and Maven are there. Called by make, after scripts/setup.sh; safe
# to run again.
set -eu
cd "$(dirname "$0")/.."

ETS=org.opengis.cite:ets-ogcapi-features10:1.9:jar:aio

say() { printf 'setup: %s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

say "installing the suites and clients of PyPI"
.venv/bin/uv venv --quiet --clear --python .venv/bin/python .venv-conformance
VIRTUAL_ENV=.venv-conformance .venv/bin/uv pip install --quiet --require-hashes -r conformance/tools.txt

if have npm; then
    say "installing the clients and linters of npm"
    (cd conformance && npm ci --silent --ignore-scripts --no-audit --no-fund) || say "npm failed; its suites will be skipped"
else
    say "there is no npm; its suites will be skipped"
fi

if have mvn && have java; then
    say "fetching the official OGC suite"
    mvn -q -B dependency:copy -Dartifact="$ETS" -DoutputDirectory=.venv-conformance/ets -Dmdep.useBaseVersion=true \
        >/dev/null 2>&1 || say "Maven does not get $ETS; name a copy in ETS_JAR, or it will be skipped"
else
    say "there is no Maven or no Java; the official OGC suite will be skipped"
fi
say "done"
