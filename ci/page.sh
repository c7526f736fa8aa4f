#!/usr/bin/env bash
# Tests the page's modules with node's own test runner: layout, script editing, the model of a run.
# Ends with 77 and says why where there is no node, or one that is too old for it.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v node >/dev/null || [ "$(node -p "process.versions.node.split(\".\")[0]")" -lt 20 ]; then
  echo "there is no node 20 or later here"
  exit 77
fi
exec node --test sim/tests/page/*.test.mjs
