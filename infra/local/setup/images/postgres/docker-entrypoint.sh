#!/usr/bin/env bash
# Makes a database cluster at the first start, then becomes the server. It understands the settings of the
# official image that are in use here: POSTGRES_USER, POSTGRES_PASSWORD(_FILE), POSTGRES_DB,
# POSTGRES_HOST_AUTH_METHOD, POSTGRES_INITDB_ARGS and the scripts in /docker-entrypoint-initdb.d.
set -Eeuo pipefail

fail() {
  printf 'error: %s\n' "$1" >&2
  exit 1
}

# `NAME_FILE` names a file that holds the value of NAME: that is how secrets arrive.
value_of() {
  local name="$1" default="${2:-}" file="${1}_FILE"
  if [[ -n "${!name:-}" && -n "${!file:-}" ]]; then fail "$name and $file are both set: set one of them."; fi
  if [[ -n "${!file:-}" ]]; then printf '%s' "$(<"${!file}")"; else printf '%s' "${!name:-$default}"; fi
}

# The folders may be fresh volumes or tmpfs, owned by root.
prepare_folders() {
  mkdir -p "$PGDATA" /var/run/postgresql
  if [[ "$(id -u)" == 0 ]]; then
    find "$PGDATA" /var/run/postgresql \! -user postgres -exec chown postgres '{}' +
    chmod 3775 /var/run/postgresql
  fi
  # A folder of someone else cannot be changed, and PostgreSQL says so better than this script could.
  chmod 700 "$PGDATA" || true
}

make_cluster() {
  local method="${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" arguments=()
  if [[ -z "$password" && "$method" != trust ]]; then
    fail "The database needs a password: set POSTGRES_PASSWORD (or POSTGRES_HOST_AUTH_METHOD=trust to go without)."
  fi
  # Words in the variable are arguments of initdb, quotes included, as the official image reads them.
  eval "arguments=(${POSTGRES_INITDB_ARGS:-})"
  arguments=(--username="$user" "${arguments[@]}" --pgdata="$PGDATA")
  # The substitution has to stand in the command itself: bash closes it at the end of the command it stands in.
  if [[ -n "$password" ]]; then
    initdb --pwfile=<(printf '%s\n' "$password") "${arguments[@]}"
  else
    initdb "${arguments[@]}"
  fi
  # initdb trusts this container's own addresses; everybody else is asked.
  printf '\nhost all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"
}

# psql as the scripts see it: the chosen user and database, stopping at the first error.
process_sql() {
  psql --no-psqlrc --set=ON_ERROR_STOP=1 --username="$user" --no-password --dbname="${POSTGRES_DB}" "$@"
}

run_scripts() {
  local script
  for script in /docker-entrypoint-initdb.d/*; do
    case "$script" in
      *.sh)
        echo "$0: running $script"
        # A script without the executable bit is read into this shell: it may use process_sql.
        # shellcheck disable=SC1090
        if [[ -x "$script" ]]; then "$script"; else . "$script"; fi
        ;;
      *.sql) echo "$0: running $script"; process_sql --file="$script" ;;
      *.sql.gz) echo "$0: running $script"; gunzip -c "$script" | process_sql ;;
      *) if [[ -e "$script" ]]; then echo "$0: ignoring $script"; fi ;;
    esac
  done
}

# Scripts talk to a server that nobody else reaches: it listens on the socket only.
initialise() {
  export PGHOST=/var/run/postgresql PGPASSWORD="$password"
  make_cluster
  pg_ctl --pgdata="$PGDATA" --wait --options="-c listen_addresses='' -c unix_socket_directories='$PGHOST' $(quoted "$@")" start
  if [[ "$POSTGRES_DB" != postgres ]]; then
    POSTGRES_DB=postgres process_sql --set=name="$POSTGRES_DB" <<< 'CREATE DATABASE :"name";'
  fi
  run_scripts
  pg_ctl --pgdata="$PGDATA" --mode=fast --wait stop
  unset PGHOST PGPASSWORD
  echo "PostgreSQL init process complete; ready for start up."
}

# pg_ctl hands its options to a shell: words are quoted for it.
quoted() {
  if (($#)); then printf '%q ' "$@"; fi
}

main() {
  # `docker run image -c x=y` means the server, with settings.
  if [[ "${1:-}" == -* ]]; then set -- postgres "$@"; fi
  if [[ "${1:-}" == postgres ]]; then
    prepare_folders
    if [[ "$(id -u)" == 0 ]]; then exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"; fi
    if [[ ! -s "$PGDATA/PG_VERSION" ]]; then
      password="$(value_of POSTGRES_PASSWORD)"
      user="$(value_of POSTGRES_USER postgres)"
      POSTGRES_USER="$user" POSTGRES_DB="$(value_of POSTGRES_DB "$user")"
      export POSTGRES_USER POSTGRES_DB
      initialise "${@:2}"
    fi
  fi
  exec "$@"
}

main "$@"
