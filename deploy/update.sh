#!/bin/sh
# Brings another version of the product into service without an unanswered request; the same command with the version
# of before is the way back. Run as root on the server, with a tag or a commit of the repository:
#
#   deploy/update.sh v1.1.0
#
# /opt/ozelkalem is a link to one of /opt/ozelkalem-releases/*. Nothing is changed below what serves.
set -eu
version=$1
link=${OZELKALEM_LINK:-/opt/ozelkalem}
releases=${OZELKALEM_RELEASES:-/opt/ozelkalem-releases}
settings=${OZELKALEM_ENV_FILE:-/etc/ozelkalem.env}
owner=${OZELKALEM_OWNER_FILE:-/etc/ozelkalem-owner.env}  # DATABASE_OWNER_URL, which no unit reads
now=$(readlink -f "$link")

# 1. beside what serves: code, packages, settings, static files
git -C "$now" fetch --quiet --tags
commit=$(git -C "$now" rev-parse --verify --quiet "origin/$version^{commit}" || git -C "$now" rev-parse --verify "$version^{commit}")
next=$releases/$(git -C "$now" rev-parse --short=12 "$commit")
if [ ! -e "$next/.ready" ]; then
    rm -rf "$next"
    git clone --quiet --shared "$now" "$next"
    git -C "$next" remote set-url origin "$(git -C "$now" remote get-url origin)"
    git -C "$next" checkout --quiet --detach "$commit"  # before: what no branch or tag leads to would not be packed
    git -C "$next" repack -a -d --quiet && rm -f "$next/.git/objects/info/alternates"
    make -C "$next" --no-print-directory install
    # What a setting may ask for (the extras of pyproject.toml) is there, before a table is touched.
    "$next/.venv/bin/python" -c 'import ldap3, opentelemetry.exporter.otlp.proto.http, opentelemetry.sdk, pyhanko, signxml, sklearn, storages.backends.s3'
    touch "$next/.ready"
fi
set -a; . "$settings"; . "$owner"; set +a
cd "$next"
.venv/bin/python manage.py check --deploy --fail-level ERROR
.venv/bin/python manage.py collectstatic --no-input --verbosity 0

# 2. tables: only what the version that serves can work with (docs/operations/update.md)
.venv/bin/python manage.py migrate --database owner
.venv/bin/python manage.py website_client
chown -R ozelkalem: "$OZELKALEM_VAR"

# 3. the new version takes over; the worker and the stream begin anew
ln -sfn "$next" "$link.next" && mv -T "$link.next" "$link"
units() { cp "$1"/deploy/ozelkalem-*.service "$1"/deploy/ozelkalem-*.socket /etc/systemd/system/ && systemctl daemon-reload; }
units "$next"
before=$(systemctl show --property MainPID --value ozelkalem-web)
systemctl reload ozelkalem-web
waited=0
while [ "$(systemctl show --property MainPID --value ozelkalem-web)" = "$before" ]; do
    waited=$((waited + 1))
    if [ "$waited" -gt 120 ]; then
        ln -sfn "$now" "$link.next" && mv -T "$link.next" "$link"
        units "$now"
        echo "The new version did not begin; $now goes on serving. Why: journalctl -u ozelkalem-web" >&2
        exit 1
    fi
    sleep 1
done
systemctl restart ozelkalem-worker ozelkalem-stream
systemctl try-restart ozelkalem-telephone 'ozelkalem-stream@*'
# The version that took over has the environment of the one before; only a start reads the file.
begun=$(systemctl show --property ActiveEnterTimestamp --value --timestamp=unix ozelkalem-web)
if [ "$(stat -c %Y "$settings")" -gt "${begun#@}" ]; then
    echo "$settings was changed since the web began: systemctl restart ozelkalem-web (its socket keeps who comes meanwhile)"
fi
echo "In service: $next. Back: deploy/update.sh $(git -C "$now" rev-parse --short=12 HEAD)"
