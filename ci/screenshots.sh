#!/usr/bin/env bash
# Takes the README's pictures of the page anew, into docs/: `screenshots.sh PROGRAM`. It uses what
# ci/page.sh has installed: run that first.
set -euo pipefail
cd "$(dirname "$0")/.."
browser=${PAGE_BROWSER:-$(command -v chromium)}
PAGE_MODULES=$PWD/target/ci/page PAGE_BROWSER=$browser PAGE_PROGRAM=$1 \
  exec node sim/tests/page/screenshots.mjs docs
