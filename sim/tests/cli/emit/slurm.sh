#!/usr/bin/env bash
# A campaign in 8 shards on Slurm: an array with a task for each, and a job that merges.
#
#   bash FILE        submits all shards and the merge; prints the job that ends with the verdict
#   bash FILE 3,7    submits shards 3 and 7 again and the merge: for those that it named as missing
#
# A shard takes the same seeds whenever it runs, and writes its report to the same file, so it may
# run as often as you like. Exit code 75 says that it was ended early, by SIGTERM: Slurm runs it again
# with `RequeueExit=75` in slurm.conf, and after preemption or the loss of a node because of
# `--requeue`. All other codes are results, which must not be tried again: 1 is a finding.
#
# The reports lie in a folder that all nodes must see. A task of a few seconds costs as much for
# being scheduled: let shards take minutes or hours.

#SBATCH --job-name=raft-sim
#SBATCH --requeue
#SBATCH --cpus-per-task=1

set -uo pipefail
shards=8
reports=target/raft-sim/shards-0x7
export RAFT_SIM_JOBS="${SLURM_CPUS_PER_TASK:-1}"

case "${1-}" in
  shard)
    k=$SLURM_ARRAY_TASK_ID
    exec raft-sim fuzz --target 'raft-core?bug=vote-no-log-check' --time 8m --seed 0x7 \
      --shard "$k/$shards" --out "$reports" --json "$reports/$k.json"
    ;;
  merge)
    exec raft-sim merge "$reports"/*.json
    ;;
  *)
    mkdir -p "$reports"
    array=$(sbatch --parsable --array="${1:-1-$shards}" --output="$reports/%a.log" "$0" shard) &&
      sbatch --parsable --dependency=afterany:"$array" --output="$reports/merge.log" "$0" merge
    ;;
esac
