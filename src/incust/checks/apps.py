from django.apps import AppConfig


class ChecksConfig(AppConfig):
    name = "incust.checks"
    label = "checks"
    verbose_name = "Checks"
