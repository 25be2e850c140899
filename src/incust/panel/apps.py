from django.apps import AppConfig


class PanelConfig(AppConfig):
    name = "incust.panel"
    label = "panel"
    verbose_name = "Panel"

    def ready(self) -> None:
        from . import invitation  # noqa: F401 (registers the handler of its topic)
