"""Django's settings. Every value that differs between installations comes from the environment."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from incust.panel.look import UNFOLD as UNFOLD

from .addresses import allowed_hosts, is_local, trusted_proxies
from .database import django_database
from .logs import configure_logs

ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("INCUST_DATA", ".data")).resolve()

DEBUG = os.environ.get("INCUST_DEBUG") == "1"
# Keys that encrypt tokens of other systems at rest, newest first, comma separated (Fernet keys).
ENCRYPTION_KEYS = [key for key in os.environ.get("INCUST_ENCRYPTION_KEYS", "").split(",") if key]

# The address under which guests, registers and Poster reach us. Signatures are checked against it, never against the
# Host header.
PUBLIC_URL = os.environ.get("INCUST_PUBLIC_URL", "http://localhost:8000").rstrip("/")
SECRET_KEY = os.environ.get("INCUST_SECRET_KEY", "")
if not SECRET_KEY:
    if not is_local(PUBLIC_URL):
        raise ImproperlyConfigured("Set INCUST_SECRET_KEY: it signs sessions and links.")
    SECRET_KEY = "for-development-only"  # noqa: S105 (refused above wherever others could reach us)
LIVE_URL = os.environ.get("INCUST_LIVE_URL", "").rstrip("/")
ALLOWED_HOSTS = allowed_hosts(PUBLIC_URL, os.environ.get("INCUST_HOSTS", ""))
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# Poster: `{account}` is replaced by the account's name.
POSTER_ACCOUNT_URL = os.environ.get("INCUST_POSTER_ACCOUNT_URL", "https://{account}.joinposter.com")
POSTER_AUTH_URL = os.environ.get("INCUST_POSTER_AUTH_URL", "https://joinposter.com/api/auth")
POSTER_APPLICATION_ID = os.environ.get("INCUST_POSTER_APPLICATION_ID", "")
POSTER_APPLICATION_SECRET = os.environ.get("INCUST_POSTER_APPLICATION_SECRET", "")
POSTER_APPLICATION_NAME = os.environ.get("INCUST_POSTER_APPLICATION_NAME", "inCust")
# The built till, which registers fetch from /till/bundle.js.
TILL_BUNDLE = Path(os.environ.get("INCUST_TILL_BUNDLE", ROOT / "till" / "dist" / "bundle.js"))

# Messages to guests and staff. SMS: an http(s) address of a gateway, or an Apprise URL (see docs/messaging.md).
EMAIL_HOST = os.environ.get("INCUST_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("INCUST_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("INCUST_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("INCUST_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("INCUST_SMTP_TLS") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("INCUST_EMAIL_FROM", "inCust <no-reply@incust.example>")
SMS_URL = os.environ.get("INCUST_SMS_URL", "")
SMS_TOKEN = os.environ.get("INCUST_SMS_TOKEN", "")
# A notice after each receipt goes by email; by SMS as well, where one is paid for each, only if so wished.
RECEIPT_NOTICES_BY_SMS = os.environ.get("INCUST_RECEIPT_NOTICES_BY_SMS") == "1"

INSTALLED_APPS = [
    "incust.panel",  # first: its templates go before those of the theme and of allauth
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "incust.businesses",
    "incust.ledger",
    "incust.messaging",
    "incust.customers",
    "incust.programs",
    "incust.checks",
    "incust.poster",
    "incust.terminal_api",
    "incust.wallet",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "incust.panel.content_security.ContentSecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "incust.panel.middleware.PanelMiddleware",
]

ROOT_URLCONF = "incust.config.urls"
WSGI_APPLICATION = "incust.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {"default": django_database()}
# Attempts to sign in are counted here: in one place for all processes, unless each may count for itself.
CACHES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if os.environ.get("INCUST_CACHE") == "memory"
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entry",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "businesses.User"

# Sign-in of staff: email and password, a second factor for who wants one. allauth limits the rate of attempts.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "incust.panel.account_adapter.PanelAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # nobody signs up by himself; owners invite, or come from Poster
ACCOUNT_LOGOUT_REDIRECT_URL = "/sign-in/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PUBLIC_URL.startswith("https://") else "http"
MFA_TOTP_ISSUER = "inCust"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("uk", _("Ukrainian")), ("pl", _("Polish")), ("ru", _("Russian"))]
LOCALE_PATHS = [Path(__file__).resolve().parent.parent / "locale"]
FORMAT_MODULE_PATH = ["incust.panel.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = True

# Cookies ignore ports, so each program on one host needs names of its own.
SESSION_COOKIE_NAME = "incust_session"
CSRF_COOKIE_NAME = "incust_csrf"
LANGUAGE_COOKIE_NAME = "incust_language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_HTTPONLY = True
# The last of our proxies says who asks and whether by TLS; without a proxy nobody is believed.
ALLAUTH_TRUSTED_PROXY_COUNT = trusted_proxies(PUBLIC_URL, os.environ.get("INCUST_TRUSTED_PROXIES", ""))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = configure_logs()
