#!/usr/bin/env bash
# Slurm for tests, from Debian's packages slurmctld, slurmd, slurm-client and munge: a controller and two nodes of one
# processor each, all of it in FOLDER and on ports of 127.0.0.1, and nothing of the system touched. No accounting, as on small
# clusters. Says "ready FILE", for SLURM_CONF, and ends with its standard input; then FOLDER is gone.
#   tests/servers/slurm.sh FOLDER
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd)
PATH=$PATH:/usr/sbin
for program in munged slurmctld slurmd sbatch; do
    if ! command -v "$program" >/dev/null; then
        echo "Slurm is absent: apt-get install slurmctld slurmd slurm-client munge" >&2
        exit 2
    fi
done

free_port() {
    local port
    while port=$((20000 + RANDOM)); (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
    echo "$port"
}

# munged has a key and a socket of its own, and a user where it may have one.
as_munge=()
mkdir "$folder/munge"
head -c 128 /dev/urandom >"$folder/munge/key"
chmod 600 "$folder/munge/key"
if [ "$(id -u)" -eq 0 ]; then
    as_munge=(setpriv --reuid=munge --regid=munge --clear-groups)
    chown -R munge:munge "$folder/munge"
fi
chmod 755 "$folder" "$folder/munge"

started=()
stop() {
    scancel --quiet --user "$(id -un)" 2>/dev/null || true
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        [ -n "$(squeue --noheader 2>/dev/null)" ] && sleep 0.5
    done
    kill -9 "${started[@]}" 2>/dev/null || true
    pkill -9 --parent "$(IFS=,; echo "${started[*]}")" 2>/dev/null || true
    cd / && rm -rf "$folder"
}
trap stop EXIT
trap 'exit 0' INT TERM

export SLURM_CONF="$folder/slurm.conf"
host=$(hostname -s)
cat >"$SLURM_CONF" <<CONF
ClusterName=outerloop
SlurmctldHost=$host(127.0.0.1)
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
SlurmctldPort=$(free_port)
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/%n.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0
SlurmdParameters=config_overrides
KillWait=5
ReturnToService=0
NodeName=node1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$(free_port) CPUs=1
NodeName=node2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$(free_port) CPUs=1
PartitionName=all Nodes=node1,node2 Default=YES MaxTime=INFINITE State=UP
CONF
mkdir "$folder/state" "$folder/node1" "$folder/node2"

run() {
    "$@" </dev/null >>"$folder/servers.log" 2>&1 &
    started+=($!)
    disown # so that its end is not reported
}
run "${as_munge[@]}" munged --foreground --key-file "$folder/munge/key" --socket "$folder/munge/socket" \
    --pid-file "$folder/munge/pid" --log-file "$folder/munge/log" --seed-file "$folder/munge/seed"
while [ ! -S "$folder/munge/socket" ]; do sleep 0.1; done
run slurmctld -D
run slurmd -D -N node1
run slurmd -D -N node2
until [ "$(sinfo --noheader --format %T 2>/dev/null)" = idle ]; do sleep 0.2; done
echo "ready $SLURM_CONF"
cat >/dev/null
