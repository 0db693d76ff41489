#!/usr/bin/env bash
# A PostgreSQL server for tests, from Debian's package postgresql: all of it in FOLDER, on a socket there and no port, and
# nothing of the system touched. Says "ready ADDRESS" (as --store wants it), and ends with its standard input; then FOLDER is gone.
#   tests/servers/postgres.sh FOLDER
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd)
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
if [ -z "$bin" ]; then
    echo "PostgreSQL is absent: apt-get install postgresql" >&2
    exit 2
fi

# The server refuses to be root.
as_user=()
if [ "$(id -u)" -eq 0 ]; then
    as_user=(setpriv --reuid=postgres --regid=postgres --clear-groups)
    chown postgres "$folder"
fi
chmod 755 "$folder"

stop() {
    "${as_user[@]}" "$bin/pg_ctl" --pgdata "$folder/data" --mode immediate stop >/dev/null 2>&1 || true
    cd / && rm -rf "$folder"
}
trap stop EXIT
trap 'exit 0' INT TERM

cd "$folder"
"${as_user[@]}" "$bin/initdb" --pgdata "$folder/data" --username outerloop --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync >"$folder/initdb.log"
"${as_user[@]}" "$bin/pg_ctl" --pgdata "$folder/data" --log "$folder/postgres.log" --wait --silent start \
    --options "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=off -c max_connections=100" </dev/null >/dev/null
"$bin/createdb" --host "$folder" --username outerloop runs
echo "ready postgres:Host=$folder;Username=outerloop;Database=runs"
cat >/dev/null
