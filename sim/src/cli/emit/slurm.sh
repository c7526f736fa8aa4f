#!/usr/bin/env bash
# A campaign in @SHARDS@ shards on Slurm: an array with a task for each, and a job that merges.
#
#   bash FILE        submits all shards and the merge; prints the job that ends with the verdict
#   bash FILE 3,7    submits shards 3 and 7 again and the merge: for those that it named as missing
#
# A shard takes the same seeds whenever it runs, so it may run as often as you like. One that ends
# with 75 was ended early, by SIGTERM: with `RequeueExit=75` in slurm.conf Slurm runs it again, and
# after preemption or the loss of a node it does so because of `--requeue`. All other codes are
# results and must not be tried again; 1 is a finding.
#
# The reports lie in a folder that all nodes must see. Let shards take minutes or hours: to be
# scheduled costs each about a second.

#SBATCH --job-name=raft-sim
#SBATCH --requeue
#SBATCH --cpus-per-task=1

set -uo pipefail
shards=@SHARDS@
reports=target/raft-sim/shards-@NAME@
export RAFT_SIM_JOBS="${SLURM_CPUS_PER_TASK:-1}"

case "${1-}" in
  shard)
    exec @PROGRAM@ fuzz @FLAGS@ \
      --shard "$SLURM_ARRAY_TASK_ID/$shards" --out "$reports"
    ;;
  merge)
    exec @PROGRAM@ merge "$reports"
    ;;
  *)
    [ -f "$0" ] || { echo "save this in a file first: Slurm runs it again for each shard" >&2; exit 2; }
    mkdir -p "$reports"
    array=$(sbatch --parsable --array="${1:-1-$shards}" --output="$reports/%a.log" "$0" shard) &&
      sbatch --parsable --dependency=afterany:"$array" --output="$reports/merge.log" "$0" merge
    ;;
esac
