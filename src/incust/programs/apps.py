from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "incust.programs"
    label = "programs"
    verbose_name = "Programs"
