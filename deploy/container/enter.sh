#!/bin/sh
# What a container of the image does: web, worker, stream, telephone, secrets, migrate, backup, or a command of manage.py.
set -eu
secrets=${OZELKALEM_SECRETS:-/var/lib/secrets}
random() { .venv/bin/python -c 'import secrets, sys; print(secrets.token_hex(int(sys.argv[1])))' "$1"; }

if [ "${1:-web}" = secrets ]; then
    # Once: whoever finds them keeps them. Files of the same folder are read by the database and its pooler.
    umask 077
    if [ ! -s "$secrets/ozelkalem.env" ]; then
        random 24 > "$secrets/superuser"; random 24 > "$secrets/owner"; random 24 > "$secrets/app"
        printf '"ozelkalem_app" "%s"\n' "$(cat "$secrets/app")" > "$secrets/userlist.txt"
        {
            echo "OZELKALEM_SECRET_KEY=$(random 40)"
            echo "OZELKALEM_NATIONAL_ID_KEY=$(random 24)"
        } > "$secrets/ozelkalem.env.new"
        chmod 644 "$secrets/superuser" "$secrets/owner" "$secrets/app" "$secrets/userlist.txt"  # in a volume of our own
        mv "$secrets/ozelkalem.env.new" "$secrets/ozelkalem.env"
        echo "Secrets were made. Keep a copy of OZELKALEM_NATIONAL_ID_KEY apart from the backups."
    fi
    exit
fi

# Secrets of a file, where the orchestrator sets none.
if [ -r "$secrets/ozelkalem.env" ]; then set -a; . "$secrets/ozelkalem.env"; set +a; fi
if [ -n "${DATABASE_HOST:-}" ] && [ -z "${DATABASE_URL:-}" ]; then
    export DATABASE_URL="postgresql://ozelkalem_app:$(cat "$secrets/app")@$DATABASE_HOST/ozelkalem"
fi
# The owner's address leads to PostgreSQL itself, never through a pooler: a migration holds a lock of its session.
if [ -n "${DATABASE_OWNER_HOST:-}" ] && [ -z "${DATABASE_OWNER_URL:-}" ] && [ -r "$secrets/owner" ]; then
    export DATABASE_OWNER_URL="postgresql://ozelkalem_owner:$(cat "$secrets/owner")@$DATABASE_OWNER_HOST/ozelkalem"
fi
case "${1:-web}" in
    web) exec .venv/bin/python -m gunicorn -c python:backend.gunicorn backend.wsgi ;;
    worker | stream | telephone) exec .venv/bin/python manage.py "$1" ;;
    migrate)
        .venv/bin/python manage.py migrate --database owner
        .venv/bin/python manage.py load_reference
        .venv/bin/python manage.py website_client ;;
    backup)  # one file a day, and as many days as are wanted; or to the place that is named
        [ $# -gt 1 ] && exec .venv/bin/python manage.py "$@"
        .venv/bin/python manage.py backup "/var/lib/backups/ozelkalem-$(date +%F).tar"
        find /var/lib/backups -name 'ozelkalem-*.tar' -mtime +35 -delete ;;
    *)
        exec .venv/bin/python manage.py "$@" ;;
esac
