#!/usr/bin/env bash
# Runs a campaign with a real GNU parallel: `parallel.sh PROGRAM`, with PROGRAM as it is built.
#
# The script that `emit parallel` prints runs sixteen shards; the digest must be the one that a
# single process gets. Then one report is gone: the merge must say so, and the script must fill the
# hole. Then a thousand shards run, as a thousand machines would run them, and their reports are merged
# within 2 s of CPU and 200 MB of addresses. Ends with 77 and says why where GNU parallel cannot be
# had.
set -euo pipefail
program=$(realpath "$1")
campaign=(--target 'raft-core?bug=commit-prior-term-entry' --only paper --seed 7 --runs 16000
  --keep-going --minimize off)

say() { printf '%6s s  %s\n' "$SECONDS" "$*"; }
fail() { say "FAILED: $*"; exit 1; }

if ! parallel --version 2>/dev/null | grep --quiet 'GNU parallel'; then
  "$(dirname "$0")/../install.sh" "there is no GNU parallel here" parallel
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"$program" emit parallel --shards 16 --program "$program" -- "${campaign[@]}" >campaign.sh
reports=target/raft-sim/shards-0x7
ends_with() { # CODE FILE COMMAND...
  local code=$1 file=$2 ended=0
  shift 2
  "$@" &>"$file" || ended=$?
  [ $ended = "$code" ] || { cat "$file"; fail "\`$*\` ended with $ended, not $code"; }
}
digest() { grep '^digest' "$1" | tr --squeeze-repeats ' '; }

ends_with 1 all.txt bash campaign.sh
say "16 shards, as $(parallel --version | head -n 1) ran them, end with 1, a finding:"
tail -n +2 "$reports/joblog" | cut -f 1,4,7 | column -t | sed 's/^/          | /'
ends_with 1 one.txt "$program" fuzz "${campaign[@]}"
say "merged they get  $(digest all.txt); one process gets  $(digest one.txt)"
[ "$(digest all.txt)" = "$(digest one.txt)" ] || fail "the digests differ"

rm -r "$reports"/*-11-of-16
ends_with 6 hole.txt "$program" merge "$reports"
grep --quiet 'shard 11/16' hole.txt || fail "the merge does not name the hole"
say "without shard 11 the merge ends with 6, and names it"
ends_with 1 again.txt bash campaign.sh 11
[ "$(digest again.txt)" = "$(digest one.txt)" ] || fail "the digests differ"
say "with shard 11 once more, the digest is the same again"

# All judges sit, so that every report has failures with their stories.
campaign=(--target 'raft-core?bug=vote-duplicate-counted' --seed 8 --runs 4000 --keep-going
  --minimize off)
"$program" emit parallel --shards 1000 --program "$program" -- "${campaign[@]}" >campaign.sh
reports=target/raft-sim/shards-0x8
ends_with 1 all.txt bash campaign.sh
within() { (ulimit -v 204800 && "$program" merge "$reports"); }
TIMEFORMAT=%U
cpu=$({ time ends_with 1 merged.txt within; } 2>&1)
ends_with 1 one.txt "$program" fuzz "${campaign[@]}"
[ "$(digest merged.txt)" = "$(digest one.txt)" ] || fail "the digests differ"
say "$(find "$reports" -name report.json | wc -l) reports of $(du -sh "$reports" | cut -f 1) are merged in $cpu s of CPU"
[ "${cpu%.*}" -lt 2 ] || fail "that is more than 2 s"
