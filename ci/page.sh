#!/usr/bin/env bash
# Checks the page: `page.sh PROGRAM`. Its modules by node's own test runner, by TypeScript's compiler
# and by a linter; the page itself by walks through it in Chromium, which PROGRAM serves.
#
# What is needed is installed below target/, once, at the versions of sim/tests/page; Chromium by
# apt, where that is allowed. Ends with 77 and says why where something cannot be had.
set -euo pipefail
cd "$(dirname "$0")/.."
tests=sim/tests/page
tools=target/ci/page

skip() { echo "$*"; exit 77; }
if ! command -v node >/dev/null || [ "$(node -p "process.versions.node.split('.')[0]")" -lt 20 ]; then
  skip "there is no node 20 or later here: install Node.js with npm"
fi
node --test $tests/*.test.mjs

if ! cmp --silent $tests/package-lock.json $tools/installed.json; then
  rm -rf $tools
  mkdir -p $tools
  cp $tests/package.json $tests/package-lock.json $tools
  npm ci --prefix $tools --no-audit --no-fund ||
    skip "what sim/tests/page names cannot be installed: npm needs its registry or a mirror of it"
  cp $tests/package-lock.json $tools/installed.json
fi
$tools/node_modules/.bin/tsc --project $tests/tsconfig.json
cp $tests/eslint.config.mjs $tools
$tools/node_modules/.bin/eslint --config $tools/eslint.config.mjs --max-warnings 0 sim/src/report/page $tests

browser=${PAGE_BROWSER:-$(command -v chromium || command -v chromium-browser || true)}
if [ -z "$browser" ]; then
  ci/install.sh "there is no Chromium here" chromium
  browser=$(command -v chromium)
fi
PAGE_MODULES=$PWD/$tools PAGE_BROWSER=$browser PAGE_PROGRAM=$1 exec node --test $tests/*.walk.mjs
