from django.apps import AppConfig


class PanelConfig(AppConfig):
    name = "incust.panel"
    label = "panel"
    verbose_name = "Panel"
