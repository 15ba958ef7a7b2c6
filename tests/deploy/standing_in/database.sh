#!/bin/sh
# As the entrypoint of docker.io/library/postgres: at the first start a cluster, and what lies in /docker-entrypoint-initdb.d.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    initdb --encoding=UTF8 --locale=C.UTF-8 --username=postgres --pwfile="$POSTGRES_PASSWORD_FILE" --auth-host=scram-sha-256 --auth-local=trust > /dev/null
    echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
    pg_ctl --wait --silent start -o "-c listen_addresses=''"
    for one in /docker-entrypoint-initdb.d/*; do
        case "$one" in
            *.sh) . "$one" ;;
            *.sql) psql -X -q -v ON_ERROR_STOP=1 --username=postgres --dbname=postgres --file="$one" > /dev/null ;;
        esac
    done
    pg_ctl --wait --silent --mode=fast stop
fi
exec postgres -c listen_addresses='*'
