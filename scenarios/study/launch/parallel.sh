#!/bin/sh
# Runs a study in N shards with GNU parallel, on this machine or, with hosts, over ssh:
#   parallel.sh PLAN.toml SHARDS N [PARALLEL-OPTION...]
#   parallel.sh plan.toml shards 64 --sshlogin host1,host2 --workdir /shared/studies
# Each host needs the same ipwsim (IPWSIM, else in its PATH) and the same folder. A worker that dies is
# started again; parallel stops with an error when one dies five times.
set -eu
plan=$1 shards=$2 n=$3
shift 3
: "${IPWSIM:=ipwsim}"
parallel --halt soon,fail=1 --retries 5 "$@" \
	"$IPWSIM" study run --workers 1 --shard "{}/$n" -o "$shards" "$plan" ::: $(seq "$n")
