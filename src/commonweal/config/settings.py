"""Settings, read from the environment. Everything has a default that works on one laptop.

COMMONWEAL_HOME          where the database, lake, uploads and keys live (default: ./var)
COMMONWEAL_JURISDICTION  folder of declarations (default: the demo jurisdiction)
DATABASE_URL             PostgreSQL instead of SQLite, e.g. postgresql://user@host/name
COMMONWEAL_SECRET        session secret; made and kept in COMMONWEAL_HOME when absent
COMMONWEAL_HOSTS         comma-separated host names served
COMMONWEAL_ORIGIN        name of this deployment in events and signed checkpoints (default: commonweal.local)
COMMONWEAL_DEMO          1 shows demo personas and allows the sandbox payment provider
COMMONWEAL_DEBUG         1 shows tracebacks; never on a server people use
COMMONWEAL_LAKE          where the lake's rows lie: a folder, or s3://bucket/prefix (default: in COMMONWEAL_HOME)
COMMONWEAL_LAKE_CATALOGUE  SQLAlchemy address of its catalogue, where machines share it (default: a file)
COMMONWEAL_S3_ENDPOINT, COMMONWEAL_S3_KEY, COMMONWEAL_S3_SECRET, COMMONWEAL_S3_REGION  of an S3-compatible store
COMMONWEAL_LAKE_HOSTS    comma-separated hosts inside the own network to which a source may redirect
COMMONWEAL_ENGINE        where summaries are computed: local, local[2] or spark://host:7077 (default: local)
COMMONWEAL_KEYS          a folder of keys, or hardware: pkcs11:token=NAME?module-path=FILE (default: in COMMONWEAL_HOME)
COMMONWEAL_KEYS_PASSPHRASE, COMMONWEAL_KEYS_PASSPHRASE_FILE  opens the key store; made and kept beside it when absent
COMMONWEAL_TIMESTAMPS    address of an outside time-stamping authority (RFC 3161); embedded when absent
COMMONWEAL_TRUSTED       a PEM file of further roots whose signatures are trusted on what people hand in
COMMONWEAL_TRUST_URL     address written into certificates, where others ask about them (default: /trust of the origin)
COMMONWEAL_WITNESSES     who co-signs our record: key@address, separated by spaces (address of add-checkpoint)
COMMONWEAL_WITNESS_LOGS  keys of the records that we co-sign for others, separated by spaces
COMMONWEAL_SUITE         international or sm, where it is not to be the jurisdiction's own choice
COMMONWEAL_OIDC          outside providers as JSON: [{"id", "name", "server", "client_id", "secret", "levels", "most"}]
COMMONWEAL_SESSION_PERSON, COMMONWEAL_SESSION_STAFF  minutes idle and in all, as 60/480 and 30/600
COMMONWEAL_HTTPS         1 behind HTTPS: secure cookies and HSTS
"""

from __future__ import annotations

import json
import os
import re
import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = Path(__file__).resolve().parents[1]
HOME = Path(os.environ.get("COMMONWEAL_HOME", ROOT / "var")).resolve()
JURISDICTION = Path(os.environ.get("COMMONWEAL_JURISDICTION", ROOT / "examples" / "riverland")).resolve()
ORIGIN = os.environ.get("COMMONWEAL_ORIGIN", "commonweal.local")
DEMO = os.environ.get("COMMONWEAL_DEMO") == "1"
DEBUG = os.environ.get("COMMONWEAL_DEBUG") == "1"
HTTPS = os.environ.get("COMMONWEAL_HTTPS") == "1"


def _kept(path: Path, fresh: str) -> str:
    """What is in a file that only its owner reads; `fresh` is put there first when there is none."""
    try:
        return path.read_text()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(fresh)
        except FileExistsError:
            return path.read_text()
        return fresh


def _secret() -> str:
    """The session secret: given, or made once and kept."""
    return os.environ.get("COMMONWEAL_SECRET") or _kept(HOME / "keys" / "session-secret", secrets.token_urlsafe(50))


def _passphrase() -> str:
    """What opens the key store: given, in a file named, or made once beside (not in) the folder of keys."""
    given = os.environ.get("COMMONWEAL_KEYS_PASSPHRASE")
    if given:
        return given
    named = os.environ.get("COMMONWEAL_KEYS_PASSPHRASE_FILE")
    if named:
        return Path(named).read_text().strip()
    return _kept(HOME / "keys.passphrase", f"made-{secrets.token_urlsafe(32)}").strip()


def _minutes(audience: str, default: str) -> tuple[int, int]:
    """How long a session may stand idle and how long it may last, in minutes, written `30/600`."""
    idle, most = (int(part) for part in os.environ.get(f"COMMONWEAL_SESSION_{audience}", default).split("/"))
    return idle, most


def _outside_providers() -> list[dict[str, object]]:
    """The OpenID Connect providers whose sign-in is taken, from a JSON list; see docs/how-to/sign-in.md."""
    return [
        {
            "provider_id": each["id"], "name": each["name"], "client_id": each["client_id"],
            "secret": each.get("secret", ""),
            "settings": {
                "server_url": each["server"], "oauth_pkce_enabled": True, "scope": ["openid", "profile"],
                "levels": each.get("levels", {}),
                "most": each.get("most", "substantial"),
            },
        }
        for each in json.loads(os.environ.get("COMMONWEAL_OIDC") or "[]")
    ]  # fmt: skip


def _declared_suite(folder: Path) -> str:
    """`crypto_suite` of the jurisdiction's own file, without reading the ten thousand services beside it."""
    for path in sorted(folder.glob("*.yaml")):
        text = path.read_text(encoding="utf-8", errors="replace")
        if re.search(r"^kind:\s*Jurisdiction\b", text, re.MULTILINE):
            found = re.search(r"^crypto_suite:\s*[\"']?(\w+)", text, re.MULTILINE)
            return found[1] if found else "international"
    return "international"


def _witnesses() -> tuple[tuple[str, str], ...]:
    """Keys and addresses of those who witness our record: `key@address`, separated by spaces."""
    told = (each.partition("@") for each in os.environ.get("COMMONWEAL_WITNESSES", "").split())
    return tuple((key, address) for key, _, address in told)


SECRET_KEY = _secret()
ALLOWED_HOSTS = os.environ.get("COMMONWEAL_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_tasks",
    "django_tasks_db",
    "commonweal.core.journal",
    "commonweal.core.identity",
    "commonweal.core.declared",
    "commonweal.core.custody",
    "commonweal.office.exchange",
    "commonweal.office.payments",
    "commonweal.office.certificates",
    "commonweal.office.signing",
    "commonweal.office.casework",
    "commonweal.knowledge.lake",
    "commonweal.knowledge.linkage",
    "commonweal.knowledge.insight",
    "commonweal.windows.look",
    "commonweal.windows.counter",
    "commonweal.windows.desk",
    "commonweal.windows.api",
    "commonweal.operations",
    # After the rooms, so that the pages of the look stand in for theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.idp.oidc",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "commonweal.windows.look.middleware.modest",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "commonweal.windows.look.middleware.session_rules",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "commonweal.windows.look.middleware.refusals",
]

ROOT_URLCONF = "commonweal.config.urls"
WSGI_APPLICATION = "commonweal.config.wsgi.application"
AUTH_USER_MODEL = "identity.Person"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "commonweal.windows.look.context.shell",
            ],
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL", f"sqlite:///{HOME / 'commonweal.sqlite3'}"), conn_max_age=60
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A read that turns into a write half way is what locks SQLite; IMMEDIATE takes the lock at the start.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        " PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=27103364; PRAGMA cache_size=4000;",
    }

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "commonweal_cache"}}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [PACKAGE / "windows" / "look" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = HOME / "uploads"
LAKE_ROOT = HOME / "lake"
LAKE_WAREHOUSE = os.environ.get("COMMONWEAL_LAKE", "")
LAKE_CATALOGUE = os.environ.get("COMMONWEAL_LAKE_CATALOGUE", "")
LAKE_OPTIONS = {
    option: os.environ[name]
    for option, name in (
        ("s3.endpoint", "COMMONWEAL_S3_ENDPOINT"), ("s3.access-key-id", "COMMONWEAL_S3_KEY"),
        ("s3.secret-access-key", "COMMONWEAL_S3_SECRET"), ("s3.region", "COMMONWEAL_S3_REGION"),
    )
    if os.environ.get(name)
}  # fmt: skip
LAKE_HOSTS = tuple(host for host in os.environ.get("COMMONWEAL_LAKE_HOSTS", "").split(",") if host)
TRUST_ROOT = HOME / "trust"
WITNESSES = _witnesses()
WITNESS_LOGS = tuple(os.environ.get("COMMONWEAL_WITNESS_LOGS", "").split())
TRUST_URL = os.environ.get("COMMONWEAL_TRUST_URL") or f"{'https' if HTTPS else 'http'}://{ORIGIN}/trust"
TRUSTED = os.environ.get("COMMONWEAL_TRUSTED", "")
TIMESTAMPS = os.environ.get("COMMONWEAL_TIMESTAMPS", "embedded")
KEYS_ROOT = os.environ.get("COMMONWEAL_KEYS", HOME / "keys")
KEYS_PASSPHRASE = _passphrase()
CRYPTO_SUITE = os.environ.get("COMMONWEAL_SUITE") or _declared_suite(JURISDICTION)

UPLOAD_LIMIT_BYTES = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 10

ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "commonweal.core.identity.adapters.factors.FactorAdapter"
IDP_OIDC_ADAPTER = "commonweal.core.identity.adapters.provider.ProviderAdapter"
SOCIALACCOUNT_ADAPTER = "commonweal.windows.look.outside.OutsideAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": _outside_providers()}}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_MINUTES = {"person": _minutes("PERSON", "60/480"), "staff": _minutes("STAFF", "30/600")}
SESSION_COOKIE_AGE = 60 * max(most for _, most in SESSION_MINUTES.values())
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "commonweal.windows.look.refusals.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_SSL_REDIRECT = HTTPS
if HTTPS:
    # A cookie of this name is taken from this host alone, over HTTPS alone (RFC 6265bis, section 4.1.3.2).
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

SILENCED_SYSTEM_CHECKS = ["security.W021"]
"""Preloading cannot be taken back for months: a city asks for it itself, or does not."""
SECURE_REDIRECT_EXEMPT = [r"^health$", r"^ready$", r"^metrics$"]
"""What a probe asks the server itself for, behind whatever keeps HTTPS."""

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [NONE],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "commonweal.config.redacting.OneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # It warns at each seal that nothing is fetched from outside, which is how a laptop seals.
    "loggers": {"pyhanko.sign.signers": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": os.environ.get("COMMONWEAL_LOG", "WARNING")},
}
