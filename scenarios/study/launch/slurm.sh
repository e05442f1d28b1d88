#!/bin/sh
# Runs a study or a night of search in shards as a Slurm job array, a shard a task, on a file system that all nodes
# share. The arguments are those of ipwsim, but for --shard and --workers:
#   sbatch --array=1-64 slurm.sh study run -o SHARDS PLAN.toml
#   ipwsim study merge --from SHARDS PLAN.toml -o STUDY                       # when it is done
#   sbatch --array=1-64 slurm.sh nightly --for 1h --seed 7 -o DIR
#   ipwsim nightly --for 1h --seed 7 -o DIR                                   # the same without --shard
# Tasks that a failed node lost are queued again; others can be: the same command runs only what is missing. A task of a
# night that finds another at work in its shard, as one that a node cut off still runs, ends with status 2.
#
# Tried with Slurm 22.05 on one machine as two nodes of two CPUs (slurmd -N n1, slurmd -N n2; proctrack/linuxproc,
# task/none): a study of 12,000 runs in 12 shards, of which one node was killed with all it ran and set down, and a night
# of 800 cases in 6, of which one node's slurmd was killed, came to what they are when nothing is killed.
#SBATCH --job-name=ipwsim
#SBATCH --cpus-per-task=1
#SBATCH --requeue
set -eu
exec "${IPWSIM:-ipwsim}" "$@" --workers 1 --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"
