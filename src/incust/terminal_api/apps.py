from django.apps import AppConfig


class TerminalApiConfig(AppConfig):
    name = "incust.terminal_api"
    label = "terminal_api"
    verbose_name = "Terminal API"
