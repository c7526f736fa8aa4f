#!/usr/bin/env bash
# Runs a campaign on a real Slurm: `slurm.sh PROGRAM`, with PROGRAM as it is built.
#
# A cluster of one node, on the loopback and in a folder of its own, runs the script that `emit
# slurm` prints: eight shards, of which one is asked to end (75: Slurm runs it again) and one is
# killed (its seeds are missing, and the merge says so). Submitted once more it fills the hole, and
# then the digest must be the one that a single process gets.
#
# Ends with 77 and says why where Slurm cannot be had.
set -euo pipefail
program=$(realpath "$1")
campaign=(--target 'raft-core?bug=commit-prior-term-entry' --only paper --seed 7 --runs 40000
  --keep-going --minimize off)

say() { printf '%6s s  %s\n' "$SECONDS" "$*"; }
# Of what a campaign says: which failures there are, then all from the totals on.
quote() { sed -n -e '/^✗/p' -e '/ runs, /,$p' "$1" | sed 's/^/          | /'; }
fail() { say "FAILED: $*"; exit 1; }
wait_for() { # WHAT COMMAND...: until the command succeeds
  local what=$1 end=$((SECONDS + 120))
  shift
  until "$@" &>/dev/null; do
    [ $SECONDS -lt $end ] || fail "waited two minutes for $what"
    sleep 0.1
  done
}

# Debian keeps the daemons where a person's PATH does not lead.
[[ :$PATH: != *:/usr/bin:* ]] || export PATH=$PATH:/usr/sbin
for tool in slurmctld slurmd munged sbatch scontrol; do
  command -v $tool >/dev/null ||
    "$(dirname "$0")/../install.sh" "there is no Slurm here" slurmctld slurmd slurm-client munge
done

# The cluster.
cluster=$(mktemp -d)
daemons=()
stop() {
  [ ${#daemons[@]} = 0 ] || kill "${daemons[@]}" 2>/dev/null || true
  wait
  rm -rf "$cluster"
}
trap stop EXIT
port() { # one that nobody listens on
  local port
  while port=$((20000 + RANDOM % 12000)); (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
  echo "$port"
}
export SLURM_CONF=$cluster/slurm.conf
cat >"$SLURM_CONF" <<END
ClusterName=raft-sim
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$(port)
SlurmdPort=$(port)
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
AuthType=auth/munge
AuthInfo=socket=$cluster/munge.socket,cred_expire=5
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
RequeueExit=75
StateSaveLocation=$cluster/state
SlurmdSpoolDir=$cluster/spool
SlurmctldPidFile=$cluster/slurmctld.pid
SlurmdPidFile=$cluster/slurmd.pid
NodeName=node NodeHostname=localhost NodeAddr=127.0.0.1 CPUs=8 State=UNKNOWN
PartitionName=all Nodes=node Default=YES State=UP
END
mkdir "$cluster/state" "$cluster/spool"
head -c 1024 /dev/urandom >"$cluster/munge.key"
chmod 400 "$cluster/munge.key"
daemon() { "$@" &>"$cluster/$(basename "$1").log" & daemons+=($!); }
daemon munged --foreground --force --key-file="$cluster/munge.key" --socket="$cluster/munge.socket" \
  --pid-file="$cluster/munged.pid" --seed-file="$cluster/munge.seed" --log-file="$cluster/munged.log"
wait_for "munged" test -S "$cluster/munge.socket"
daemon slurmctld -D
daemon slurmd -D -N node
wait_for "the node" sh -c 'sinfo --noheader --format=%t | grep -qx idle'
say "Slurm $(sinfo --version | cut -d' ' -f2) is up, with one node, on 127.0.0.1"

# The program leaves its number behind, so that a certain shard can be killed.
cat >"$cluster/raft-sim" <<END
#!/bin/sh
echo \$\$ >"$cluster/pid.\$SLURM_ARRAY_TASK_ID"
exec "$program" "\$@"
END
chmod +x "$cluster/raft-sim"
cd "$cluster"
"$program" emit slurm --shards 8 --program "$cluster/raft-sim" -- "${campaign[@]}" >campaign.sh
reports=target/raft-sim/shards-0x7

field() { scontrol --oneliner show job "$1" | grep --only-matching --max-count 1 "\b$2=[^ ]*" | cut -d= -f2; }
has_ended() { [[ $(field "$1" JobState) =~ ^(COMPLETED|FAILED|CANCELLED)$ ]]; }
begun() { compgen -G "$reports/*-$1-of-8/report.json"; }
merge_ends_with() { # CODE JOB
  wait_for "the merge" has_ended "$2"
  say "the merge ends with $(field "$2" ExitCode):"
  quote "$reports/merge.log"
  [ "$(field "$2" ExitCode)" = "$1:0" ] || fail "that is not $1"
}

merge=$(bash campaign.sh)
array=$(field "$merge" Dependency | grep --only-matching '[0-9]*' | head -n 1)
say "submitted: 8 shards as array $array, and their merge as job $merge"
wait_for "shard 5" begun 5
kill -TERM "$(cat pid.5)"
say "asked shard 5 to end, in the middle of its work"
wait_for "shard 3" begun 3
kill -KILL "$(cat pid.3)"
say "killed shard 3, in the middle of its work"
merge_ends_with 6 "$merge"
restarts=$(field "${array}_5" Restarts)
say "shard 5 was run again by Slurm $restarts time, after exit code 75"
[ "$restarts" = 1 ] || fail "it should have been once"
grep --quiet 'shard 3/8' "$reports/merge.log" || fail "the merge does not name the hole"

merge=$(bash campaign.sh 3)
say "submitted once more: shard 3, and the merge as job $merge"
merge_ends_with 1 "$merge"
"$program" fuzz "${campaign[@]}" >one.txt 2>/dev/null || [ $? = 1 ] || fail "one process cannot run it"
digest() { grep '^digest' "$1" | tr --squeeze-repeats ' '; }
say "one process gets  $(digest one.txt)"
[ "$(digest one.txt)" = "$(digest "$reports/merge.log")" ] || fail "the digests differ"
say "so do eight shards on Slurm, of which one was ended and one was killed"
