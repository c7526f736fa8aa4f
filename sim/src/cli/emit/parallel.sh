#!/usr/bin/env bash
# A campaign in @SHARDS@ shards with GNU parallel, as many at a time as there are cores, and the merge.
#
#   bash FILE        runs all shards and merges; ends as `merge` does: 0, 1 for a finding, 6
#   bash FILE 3 7    runs shards 3 and 7 again and merges: for those that it named as missing
#
# A shard takes the same seeds whenever it runs, so it may run as often as you like. GNU parallel
# reads its own settings, too: PARALLEL='--jobs 4 --bar' bash FILE

set -uo pipefail
shards=@SHARDS@
reports=target/raft-sim/shards-@NAME@
mkdir -p "$reports"

shard() {
  @PROGRAM@ fuzz @FLAGS@ \
    --shard "$1/$shards" --out "$reports" &>"$reports/$1.log"
}
export -f shard
export shards reports RAFT_SIM_JOBS=1

[ $# -gt 0 ] || set -- $(seq "$shards")
# It ends with the number of shards that found something, which is for the merge to tell.
parallel --joblog "$reports/joblog" shard ::: "$@"
exec @PROGRAM@ merge "$reports"
