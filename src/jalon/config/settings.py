"""Settings. Everything a self-hoster changes is an environment variable named JALON_*; `docs/operations.md` lists them."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("JALON_HOME", "var")).resolve()
DEMO = os.environ.get("JALON_DEMO", "0") == "1"
DEBUG = os.environ.get("JALON_DEBUG", "0") == "1"


def _secret_key() -> str:
    """A key of this installation, made once and kept in its home."""
    if key := os.environ.get("JALON_SECRET_KEY"):
        return key
    kept = HOME / "secret-key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48))
    return kept.read_text()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("JALON_HOSTS", "127.0.0.1 localhost [::1] testserver").split()
CSRF_TRUSTED_ORIGINS = os.environ.get("JALON_ORIGINS", "").split()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
    "jalon.wording",
    "jalon.figures",
    "jalon.accounts",
    "jalon.ledger",
    "jalon.usage",
    "jalon.trust",
    "jalon.documents",
    "jalon.notices",
    "jalon.workspace",
    "jalon.portal",
    "jalon.demo",
    "jalon.config",
]
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "jalon.config.middleware.present",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jalon.config.middleware.reader",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_USERNAME_FORM_FIELD = (
    "username"  # what the sign-in door gives to `authenticate`; axes would look for "email" and find nobody
)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "jalon/locked.html"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"

ROOT_URLCONF = "jalon.config.urls"
WSGI_APPLICATION = "jalon.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "jalon.figures.frame.frame",
                "jalon.workspace.shell.shell",
            ],
            "builtins": ["jalon.wording.templatetags.words", "jalon.figures.templatetags.figures"],
        },
    },
]


DATABASE_ADDRESS = os.environ.get("JALON_DATABASE", "")


def _database() -> dict[str, object]:
    """SQLite in the installation's home, or PostgreSQL where JALON_DATABASE names one (postgresql://user:password@host:port/name)."""
    address = DATABASE_ADDRESS
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "jalon.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    from urllib.parse import parse_qs, unquote, urlsplit

    parts = urlsplit(address)
    # A socket is named as libpq names it: postgresql://user@/name?host=/var/run/postgresql
    socket = parse_qs(parts.query).get("host", [""])[0]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": socket or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
    }


DATABASES = {"default": _database()}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "core" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"
FORMAT_MODULE_PATH = ["jalon.wording.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HOME / "files"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or os.environ.get("PYTEST_VERSION")
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
USAGE_HOME = HOME / "usage"
LEDGER_KEY = Path(os.environ.get("JALON_LEDGER_KEY", HOME / "ledger-key"))
LEDGER_NAME = os.environ.get("JALON_LEDGER_NAME", "")
BACKUPS = Path(os.environ.get("JALON_BACKUPS", HOME / "backups"))
BACKUP_RECIPIENT = os.environ.get("JALON_BACKUP_RECIPIENT", "")
BACKUPS_KEPT = int(os.environ.get("JALON_BACKUPS_KEPT", "14"))
HIGH_WATER = Path(os.environ.get("JALON_HIGH_WATER", HOME / "high-water"))

SMTP_HOST = os.environ.get("JALON_SMTP_HOST", "")
# Without a server, and in the demo whose people are invented, mails are files of the home.
MAIL_FOLDER = HOME / "mail"
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if SMTP_HOST and not DEMO else "jalon.notices.folder.Folder"
)
EMAIL_HOST = SMTP_HOST or "127.0.0.1"
EMAIL_PORT = int(os.environ.get("JALON_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("JALON_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("JALON_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("JALON_SMTP_TLS", "") == "starttls"
EMAIL_USE_SSL = os.environ.get("JALON_SMTP_TLS", "") == "ssl"
EMAIL_TIMEOUT = 20  # seconds
# Where people find this installation: the links of mails begin with it, never with what a request says of itself.
ADDRESS = os.environ.get("JALON_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
DEFAULT_FROM_EMAIL = os.environ.get("JALON_MAIL_FROM", "jalon@localhost")

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("JALON_HTTPS", "0") == "1"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
