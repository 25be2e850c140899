from django.apps import AppConfig


class PosterConfig(AppConfig):
    name = "incust.poster"
    label = "poster"
    verbose_name = "Poster"

    def ready(self) -> None:
        from . import process_webhook  # noqa: F401 (registers the handler of its topic)
        from .api_client import hide_tokens_in_logs

        hide_tokens_in_logs()
