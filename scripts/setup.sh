#!/bin/sh
# Makes the project's own environment in .venv: a Python of 3.11 or newer, uv pinned by hash, every locked dependency,
# and swath itself as an editable install. Called by make; safe to run again.
set -eu
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*" >&2; }

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if is_new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    say "no Python of 3.11 or newer is on PATH (python3 is $(python3 --version 2>&1 || true))."
    say "Install one, or name it: make setup PYTHON=/path/to/python3.12"
    exit 1
}

# Debian ships Python without ensurepip; then `python -m venv` makes an environment that has no pip.
require_venv() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    package="python$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "this Python cannot make environments; installing $package"
        apt-get -qq update
        DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$package" >/dev/null
    else
        say "this Python cannot make environments. Type: sudo apt-get install $package"
        exit 1
    fi
}

is_usable() { is_new_enough .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; }

if ! is_usable; then
    python=$(find_python)
    require_venv "$python"
    say "making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
fi

.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r scripts/uv.txt
say "installing the locked dependencies (the first time this takes a minute or two)"
# Compiled once here, or every first command (and every one, where Python may not write caches) waits seconds for it.
VIRTUAL_ENV=.venv .venv/bin/uv pip install --quiet --compile-bytecode --require-hashes -r requirements.txt
VIRTUAL_ENV=.venv .venv/bin/uv pip install --quiet --no-deps --editable .
.venv/bin/python -m compileall -q src
say "compiling the kernels (half a minute, and again only when they change)"
.venv/bin/python scripts/compile_kernels.py
say "done"
