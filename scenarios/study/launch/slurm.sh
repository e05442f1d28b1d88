#!/bin/sh
# Runs a study in shards as a Slurm job array, a shard a task, on a file system that all nodes share:
#   sbatch --array=1-64 slurm.sh PLAN.toml SHARDS
# and when it is done: ipwsim study merge --from SHARDS PLAN.toml -o STUDY
# Tasks that a failed node lost are queued again; others can be: the same command runs only what is missing.
#SBATCH --job-name=ipwsim-study
#SBATCH --cpus-per-task=1
#SBATCH --requeue
set -eu
exec "${IPWSIM:-ipwsim}" study run --workers 1 \
	--shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" -o "$2" "$1"
