from django.apps import AppConfig


class PosterConfig(AppConfig):
    name = "incust.poster"
    label = "poster"
    verbose_name = "Poster"

    def ready(self) -> None:
        from . import catalogue, import_clients, process_webhook, rename_account, tasks, tell_client  # noqa: F401 (register the handlers of their topics)
        from .api_client import hide_tokens_in_logs

        hide_tokens_in_logs()
