from django.apps import AppConfig


class PosterConfig(AppConfig):
    name = "incust.poster"
    label = "poster"
    verbose_name = "Poster"
