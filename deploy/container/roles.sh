# Read by the database's image at its first start, before roles.sql: the passwords that deploy/roles.sql asks for.
OZELKALEM_OWNER_PASSWORD=$(cat /var/lib/secrets/owner)
OZELKALEM_APP_PASSWORD=$(cat /var/lib/secrets/app)
export OZELKALEM_OWNER_PASSWORD OZELKALEM_APP_PASSWORD
