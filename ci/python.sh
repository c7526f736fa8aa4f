#!/usr/bin/env bash
# Runs a program of Python's with what ci/requirements.txt names: `python.sh PROGRAM ARGUMENTS…`.
#
# Everything is installed in a folder below target/, once. Ends with 77 and says why where that
# cannot be done.
set -euo pipefail
folder=$(dirname "$0")/../target/ci/python
wanted=$(dirname "$0")/requirements.txt

skip() { echo "$*" >&2; exit 77; }
if ! cmp --silent "$wanted" "$folder/installed.txt"; then
  rm -rf "$folder"
  python3 -m venv "$folder" &>/dev/null ||
    skip "there is no Python here that can make a venv: install python3 and its module venv"
  "$folder/bin/pip" install --quiet --requirement "$wanted" >&2 ||
    skip "what ci/requirements.txt names cannot be installed: pip needs PyPI or a mirror of it"
  cp "$wanted" "$folder/installed.txt"
fi
program=$1
shift
PATH=$(cd "$folder/bin" && pwd):$PATH exec "$program" "$@"
