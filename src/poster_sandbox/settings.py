"""Django, bare: no database, no users, no admin. Everything the sandbox knows is in its state file."""

import secrets
from pathlib import Path

HERE = Path(__file__).parent

SECRET_KEY = secrets.token_hex(32)  # nothing signed outlives the process: sessions are kept in the state
DEBUG = False
ALLOWED_HOSTS = [".localhost", "127.0.0.1"]  # app frames live at app-<id>.localhost
ROOT_URLCONF = "poster_sandbox.urls"
WSGI_APPLICATION = "poster_sandbox.wsgi.application"
INSTALLED_APPS: list[str] = []
DATABASES: dict[str, dict[str, str]] = {}
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
APPEND_SLASH = False

MIDDLEWARE = [
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "poster_sandbox.own_site.OwnSiteMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates", HERE / "register" / "templates"],
        "OPTIONS": {
            "builtins": ["poster_sandbox.console.template_filters"],
            "context_processors": ["django.template.context_processors.request"],
        },
    }
]

STATIC_URL = "/static/"
WHITENOISE_MAX_AGE = 0
WHITENOISE_USE_FINDERS = False
WHITENOISE_AUTOREFRESH = True  # authors of the register page reload and see
STATIC_ROOT = HERE / "static"

# Cookies know no ports: the names keep apart from whatever else runs on localhost.
CSRF_COOKIE_NAME = "poster_sandbox_csrf"
SESSION_COOKIE = "poster_sandbox_session"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
