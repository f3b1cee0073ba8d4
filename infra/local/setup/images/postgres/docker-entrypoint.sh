#!/bin/bash
# Does of the official image's entry point what this project and its tests use: a cluster at the first start, made of
# POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB and POSTGRES_INITDB_ARGS, then /docker-entrypoint-initdb.d, then the server.
set -euo pipefail

case "${1:-postgres}" in
  -*) set -- postgres "$@" ;;
esac

if [ "$1" = postgres ] && [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"
  chown -R postgres:postgres "$PGDATA"
  chmod 700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

if [ "$1" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
  user="${POSTGRES_USER:-postgres}"
  database="${POSTGRES_DB:-$user}"
  if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then POSTGRES_PASSWORD="$(< "$POSTGRES_PASSWORD_FILE")"; fi
  method="${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}"
  if [ -z "${POSTGRES_PASSWORD:-}" ] && [ "$method" != trust ]; then
    echo "Set POSTGRES_PASSWORD to the password of $user." >&2
    exit 1
  fi
  # shellcheck disable=SC2086 # several arguments in one variable
  initdb --username="$user" --pwfile=<(printf '%s\n' "${POSTGRES_PASSWORD:-unused}") --auth-local=trust \
    --auth-host="$method" --encoding=UTF8 ${POSTGRES_INITDB_ARGS:-}
  printf 'host all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"

  # Nobody but the scripts may connect before they are done.
  pg_ctl start --wait --silent --options="-c listen_addresses='' -c unix_socket_directories=/var/run/postgresql"
  psql=(psql --set=ON_ERROR_STOP=1 --no-psqlrc --host=/var/run/postgresql --username="$user")
  if [ "$database" != postgres ]; then
    "${psql[@]}" --dbname=postgres --set=name="$database" <<< 'CREATE DATABASE :"name";'
  fi
  for file in /docker-entrypoint-initdb.d/*; do
    case "$file" in
      *.sh) echo "running $file"; bash "$file" ;;
      *.sql) echo "running $file"; "${psql[@]}" --dbname="$database" --file="$file" ;;
      *.sql.gz) echo "running $file"; gunzip --stdout "$file" | "${psql[@]}" --dbname="$database" ;;
    esac
  done
  pg_ctl stop --wait --silent --mode=fast
  echo "PostgreSQL init process complete; ready for start up."
fi

if [ "$1" = postgres ]; then
  shift
  exec postgres -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql "$@"
fi
exec "$@"
