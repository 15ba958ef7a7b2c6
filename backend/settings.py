"""Every setting of the product, read from the environment in one place.

`docs/operation.md` lists the variables. Nothing else in the code reads `os.environ`, but `backend/environment.py`, and
`backend/postgres.py` and `backend/database.py`, which also run before Django does. What belongs to the office is in
`backend/office_defaults.py`, and changed in a page; where files are kept in `backend/file_storage.py`.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from backend import database, file_storage
from backend.core.frames import job_in_one_piece
from backend.core.operation.job_metrics import measured, measured_async
from backend.environment import BASE_DIR, ENVIRONMENT, env, flag, variable
from backend.office_defaults import *  # noqa: F403 - the office's own, which Django's settings hold as well
from backend.sign_on_settings import *  # noqa: F403 - of the directory of the house

VAR_DIR = Path(variable("OZELKALEM_VAR") or BASE_DIR / "var")

# -- the installation -------------------------------------------------------------------------------------------
DEFAULT_SECRET_KEY = "development only: set OZELKALEM_SECRET_KEY to fifty random characters"  # noqa: S105 - refused in production
SECRET_KEY = env("SECRET_KEY", DEFAULT_SECRET_KEY)
SECRET_KEY_FALLBACKS = [key for key in env("SECRET_KEY_FALLBACKS").split(",") if key]
DEBUG = flag("DEBUG")
USUAL_HOSTS = "" if ENVIRONMENT == "production" else "127.0.0.1,localhost,[::1]"
ALLOWED_HOSTS = [h for h in env("ALLOWED_HOSTS", USUAL_HOSTS).split(",") if h]
CSRF_TRUSTED_ORIGINS = [o for o in env("TRUSTED_ORIGINS").split(",") if o]
PUBLIC_URL = env("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
OFFICE_SETTINGS_SECONDS = 3.0  # after so long at most a process knows a setting that another has changed

# The citizens' site (website/); off where the municipality has one of its own. It asks as the client of this account.
WEBSITE = flag("WEBSITE", True)
WEBSITE_ACCOUNT = "web.sitesi"
# Sign-on of citizens by OpenID Connect (e-Devlet Kapısı, or any provider); without an issuer nobody is asked for it.
CITIZEN_SIGN_ON = {
    "issuer": env("CITIZEN_SIGN_ON_ISSUER").rstrip("/"),
    "client_id": env("CITIZEN_SIGN_ON_CLIENT_ID"),
    "client_secret": env("CITIZEN_SIGN_ON_CLIENT_SECRET"),
    "name": env("CITIZEN_SIGN_ON_NAME", "e-Devlet"),
    "scope": env("CITIZEN_SIGN_ON_SCOPE", "openid profile"),
    "national_id_claim": env("CITIZEN_SIGN_ON_NATIONAL_ID_CLAIM"),
}

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # the default one would put its own site in place of ours
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "admin_ui.apps.AdminSiteConfig",
    "admin_ui.apps.AdminUiConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_prometheus",
    "guardian",
    "pghistory",
    "pgtrigger",
    "phonenumber_field",
    "procrastinate.contrib.django",
    "backend.core",
    "backend.organization",
    "backend.portals",
    "backend.journal",
    "backend.configuration",
    "backend.outbox",
    "backend.documents",
    "backend.notifications",
    "backend.drafts",
    "backend.guidance",
    "backend.exports",
    "backend.contacts",
    "backend.stickers",
    "backend.places",
    "backend.protocol",
    "backend.programme",
    "backend.calendars",
    "backend.partners",
    "backend.complaints",
    "backend.routing",
    "backend.similarity",
    "backend.submissions",
    "backend.map",
    "backend.reminders",
    "backend.presence",
    "backend.telephone",
    "backend.triage",
    "backend.letters",
    "backend.appointments",
    "backend.mailboxes",
    "backend.invitations",
    "backend.instructions",
    "backend.greetings",
    "backend.events",
    "backend.seating",
    "backend.agreements",
    "backend.engagements",
    "backend.news",
    "backend.timeline",
    "backend.retention",
    "backend.provisioning",
    "permissions",
    "schema",
    "website",
]

MIDDLEWARE = [
    "backend.core.operation.request_log.RequestLogMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "backend.core.operation.response_metrics.ResponseMetricsMiddleware",
    "backend.core.standby.requests.PositionMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "admin_ui.shell.middleware.ProgramMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "admin_ui.shell.middleware.ContentPolicyMiddleware",
    "admin_ui.shell.middleware.permissions_policy",
    "backend.core.at_rest.sessions.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "admin_ui.shell.middleware.RequestLimitsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "permissions.core.middleware.SessionTimeoutMiddleware",
    "admin_ui.shell.language.LanguageMiddleware",
    "admin_ui.shell.middleware.OwnAccountMiddleware",
    "permissions.core.middleware.ViewerMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "backend.urls"
WSGI_APPLICATION = "backend.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["admin_ui.templatetags.dates", "admin_ui.templatetags.identity"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

# -- data -------------------------------------------------------------------------------------------------------
DATABASES = database.databases()
# Of DATABASE_READ_URL (backend/core/standby): how old what a standby shows may be at most, rights included.
READ_BEHIND_SECONDS = float(env("READ_BEHIND_SECONDS", "2"))
# What a request may take in the database; jobs, commands and imports take what they need. 0: no limit.
STATEMENT_SECONDS = int(env("STATEMENT_SECONDS", "15"))
IDLE_TRANSACTION_SECONDS = 60
WEB_WAIT_SECONDS = int(env("WEB_WAIT_SECONDS", "10"))  # for a thread; then the client has to retry
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
OFFICE_ROLE = "ozelkalem_office"
APP_ROLE = "ozelkalem_app"
MEDIA_ROOT = Path(env("MEDIA_ROOT") or VAR_DIR / "media")
STATIC_ROOT = Path(env("STATIC_ROOT") or VAR_DIR / "static")
STATIC_URL = "/static/"
STATIC_STORAGES = {
    "test": "django.contrib.staticfiles.storage.StaticFilesStorage",
    # Compressing every file takes as long as all else of a first start, and nothing is far from its reader here.
    "demo": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
    "production": "whitenoise.storage.CompressedManifestStaticFilesStorage",
}
STORAGES = {
    **file_storage.storages(),
    "staticfiles": {"BACKEND": STATIC_STORAGES.get(ENVIRONMENT, STATIC_STORAGES["demo"])},
}
# A whole request, and one without its files. The proxy lets more through, so that the refusal is in words.
REQUEST_MAX_BYTES = 30 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 20
IMPORT_MAX_BYTES = 28 * 1024 * 1024  # what is larger goes through the command
ATTACHMENT_MAX_BYTES = int(env("ATTACHMENT_MAX_BYTES", str(20 * 1024 * 1024)))
CLAMD = env("CLAMD")  # where ClamAV listens, a socket's path or host:port; empty: attachments are not scanned
NATIONAL_ID_KEY = env("NATIONAL_ID_KEY", "development only: 32 bytes of key for the national id")

# -- language and time ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "tr"
LANGUAGES = [("tr", _("Turkish")), ("en", _("English"))]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "backend" / "locale", BASE_DIR / "admin_ui" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Istanbul"
FORMAT_MODULE_PATH = ["backend.core.formats"]
PHONENUMBER_DEFAULT_REGION = "TR"
PHONENUMBER_DB_FORMAT = "E164"
PHONENUMBER_DEFAULT_FORMAT = "NATIONAL"

# -- who logs in ------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organization.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "permissions.core.backends.RulesBackend",
    "permissions.organization.sign_on.DirectoryBackend",
    "permissions.core.backends.AccountBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "backend.organization.passwords.GuessablePasswordValidator"},
]
BREACHED_PASSWORDS_FILE = env("BREACHED_PASSWORDS_FILE")  # empty: only the shipped lists
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600  # how long an invitation to choose a password is good
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/admin/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "admin_ui.shell.accounts.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "admin_ui.shell.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are maintained by the administrator; they are not verified here
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = ENVIRONMENT != "production"
MFA_REQUIRED_FOR_STAFF = flag("MFA_REQUIRED", ENVIRONMENT == "production")
USERSESSIONS_TRACK_ACTIVITY = True
AXES_HANDLER = "admin_ui.shell.sign_in.SignInHandler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 6  # of a name at one address
SIGN_IN_NAME_LIMIT = 30  # of a name at all addresses together
AXES_COOLOFF_TIME = 24  # hours after which a failure is forgotten; how long a name is locked: the handler
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "admin_ui.shell.sign_in.tried_name"
KNOWN_BROWSER_COOKIE_AGE = 180 * 24 * 3600
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip"}  # locking a name is axes' business: it survives a restart
AXES_LOCKOUT_CALLABLE = "admin_ui.shell.sign_in.locked"
AXES_CLIENT_IP_CALLABLE = "backend.core.words.addresses.client_address"
PROXY_COUNT = int(env("PROXY_COUNT", "0"))  # our own reverse proxies, which append to X-Forwarded-For
SESSION_ENGINE = "backend.core.at_rest.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_IDLE_MINUTES = int(env("SESSION_IDLE_MINUTES", "60"))
SESSION_ABSOLUTE_HOURS = int(env("SESSION_ABSOLUTE_HOURS", "12"))
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
GUARDIAN_RAISE_403 = False
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False

# -- transport --------------------------------------------------------------------------------------------------
HTTPS = flag("HTTPS", ENVIRONMENT == "production")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
_COOKIE = "__Host-" if HTTPS else ""  # browsers take such a cookie from this host itself only, by HTTPS
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_COOKIE}sessionid", f"{_COOKIE}csrftoken"
POSITION_COOKIE_NAME = f"{_COOKIE}position"
LANGUAGE_COOKIE_NAME, KNOWN_BROWSER_COOKIE_NAME = f"{_COOKIE}django_language", f"{_COOKIE}known_browser"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        # Unfold and GraphiQL write style attributes.
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
ADMIN_SCRIPT_SOURCES = [SELF, UNSAFE_EVAL]  # Alpine, which Unfold is built on, evaluates its attributes

# -- mail and jobs ----------------------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = int(env("EMAIL_PORT", "8025"))
EMAIL_HOST_USER = env("EMAIL_USER")
EMAIL_HOST_PASSWORD = env("EMAIL_PASSWORD")
EMAIL_USE_TLS = flag("EMAIL_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", "ozelkalem@sancaktepe.example")
SMS_PORT = env("SMS_PORT", "backend.outbox.sms.HttpGateway")
SMS_GATEWAY_URL, SMS_GATEWAY_TOKEN = (
    env("SMS_GATEWAY_URL"),
    env("SMS_GATEWAY_TOKEN"),
)  # empty: no text messages
WHATSAPP_URL = env("WHATSAPP_URL", "https://graph.facebook.com/v23.0")
PROCRASTINATE_IMPORT_PATHS = ["backend.jobs", "permissions.jobs"]
PROCRASTINATE_ON_APP_READY = None
# Mail and holds wait for nothing long: of imports, exports, greetings and destructions one is worked on at a time.
# It looks for jobs itself: a NOTIFY would let commits that defer one wait for each other (ADR 0087).
PROCRASTINATE_WORKER_DEFAULTS = {
    "concurrency": 2,
    "listen_notify": False,
    "fetch_job_polling_interval": 0.5,
    "task_middleware": [measured, measured_async, job_in_one_piece],
}

# The seal of registered letters (backend/letters/papers/seal.py): key and certificate (PKCS #12), its password, and the
# certificates (PEM) that it must lead to. Without a file letters are not sealed.
SEAL_FILE = env("SEAL_FILE")
SEAL_PASSPHRASE = env("SEAL_PASSPHRASE")
SEAL_ROOTS = env("SEAL_ROOTS")

REFERENCE_SHEETS = (
    "backend.organization.reference_sheets.SHEETS",
    "backend.contacts.reference_sheets.SHEETS",
    "backend.letters.papers.reference_sheets.SHEETS",
    "backend.retention.reference_sheets.SHEETS",
)
"""What the files of the reference data hold, by string: the organisation knows none of the domains above it."""

# Whether administrative leave moves dates of the law too. No page changes it: all open dates follow from it.
LEAVE_MOVES_STATUTORY_DATES = flag("LEAVE_MOVES_STATUTORY_DATES")

# -- programs of others -----------------------------------------------------------------------------------------
OPEN311_JURISDICTION = env("OPEN311_JURISDICTION")  # empty: the web address without www.
# sip:// (or sips://, over TLS) user:password@host:port/domain of the exchange; empty: none is listened to
TELEPHONE, TELEPHONE_CA = env("TELEPHONE"), env("TELEPHONE_CA")

# -- GraphQL limits ---------------------------------------------------------------------------------------------
GRAPHQL_LIMITS = {
    "tokens": 2000,
    "depth": 15,
    "fields": 400,
    "aliases": 40,
    "digits": 400,  # of one number: Python reads none of more than 4,300, and no type of ours has so many
    "alias_letters": 63,  # a column of PostgreSQL bears no longer name
    "directives": 20,
    "fragments": 40,
    "cost": 20000,
    "errors": 5,
    "body_bytes": 1024 * 1024,
}

# What the schema has against a document that a client registers, by string: the backend knows no surface.
DOCUMENT_CHECK = "schema.http.persisted_documents.check"
# What the web does once before its workers are forked, by string for the same reason.
WARM_UP = "schema.http.warming.warm"
# So long everybody may keep an answer of public data to a trusted document that was asked by GET.
GRAPHQL_PUBLIC_SECONDS = int(env("GRAPHQL_PUBLIC_SECONDS", "60"))

# A query that can be one SQL statement is answered by the database's own text; off: every query is interpreted.
GRAPHQL_COMPILED_READS = flag("GRAPHQL_COMPILED_READS", True)

# -- server-sent events (`manage.py stream`) ----------------------------------------------------------------------
# Where a browser finds them: a path of the same host, to which the reverse proxy leads. Only where there is no proxy
# (the demo) it is another address, which then names the pages that may ask it.
STREAM_URL = env("STREAM_URL", "/graphql/stream/")
STREAM_ORIGINS = [o for o in env("STREAM_ORIGINS").split(",") if o]
STREAM_PORT = int(env("STREAM_PORT", "8001"))
BIND = env("BIND", "127.0.0.1")  # web and stream; a container listens on all its addresses
STREAM_LIMITS = {
    "connections": int(env("STREAM_CONNECTIONS", "1000")),
    "of_one_account": 50,
    "body_bytes": 16 * 1024,
    "heartbeat_seconds": float(env("STREAM_HEARTBEAT_SECONDS", "15")),
    "slow_seconds": float(env("STREAM_SLOW_SECONDS", "10")),  # that a client may leave unread what was sent
}
if STREAM_URL.startswith("http"):
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["connect-src"] = [SELF, STREAM_URL.partition("/graphql/")[0]]

# -- webhooks -----------------------------------------------------------------------------------------------------
# Whether they may go to this machine itself, by http too: for tests and the demo, never in production.
WEBHOOK_LOOPBACK = ENVIRONMENT != "production" and flag("WEBHOOK_LOOPBACK", True)
# Whether a mailbox may be read from this machine and from any port: for tests, and a mail server on this machine.
MAILBOX_ANY_SERVER = flag("MAILBOX_ANY_SERVER", ENVIRONMENT != "production")
WEBHOOK_FAILING_DAYS = int(env("WEBHOOK_FAILING_DAYS", "5"))  # then one is switched off

# -- many houses (backend/houses) -----------------------------------------------------------------------------------
HOUSES = env("HOUSES")  # the file that lists them; empty: one house, this installation
if HOUSES:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "KEY_FUNCTION": "backend.houses.kept.cache_key",
        }
    }

# -- logs and metrics -------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "backend.core.operation.logs.JsonFormatter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"}
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # The line of the request says it (backend/core/operation/request_log.py).
        "django.request": {"level": "CRITICAL"},
        "django.security.csrf": {"level": "CRITICAL"},
        "procrastinate": {"level": "WARNING"},
        "axes": {"level": "ERROR"},  # its messages hold user names and addresses
    },
}
PROMETHEUS_EXPORT_MIGRATIONS = False
MONITOR_PORT = int(env("MONITOR_PORT", "0"))  # of each process by itself, as in a container; 0: none
METRICS_TOKEN = env("METRICS_TOKEN")  # empty: no metrics page
HEALTH_NETWORKS = env("HEALTH_NETWORKS", "127.0.0.0/8,::1/128").split(",")  # read all that /health/ found
# Where web, worker and stream share their metrics; the variable is prometheus_client's own.
METRICS_FOLDER = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
if METRICS_FOLDER:
    Path(METRICS_FOLDER).mkdir(parents=True, exist_ok=True)
SLOW_STATEMENT_SECONDS = float(env("SLOW_STATEMENT_SECONDS", "1"))  # from then on a statement is counted

# -- what operators are told (backend/monitoring) -----------------------------------------------------------------
# The greatest age of a backup; 0: none is expected.
BACKUP_HOURS = int(env("BACKUP_HOURS", "26" if ENVIRONMENT == "production" else "0"))
CERTIFICATES = [c for c in env("CERTIFICATES").split(",") if c]  # files (PEM), and hosts as host:port
SILENCED_SYSTEM_CHECKS = [
    "security.W005",
    "security.W021",
    "guardian.W001",  # guardian's own backend ignores the dates of a grant: permissions.core.backends reads them
    "axes.W003",
    "fields.W161",  # the quiet time, from ten until seven, is taken for a forgotten `now()` at these hours
]
