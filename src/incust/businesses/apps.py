from django.apps import AppConfig


class BusinessesConfig(AppConfig):
    name = "incust.businesses"
    label = "businesses"
    verbose_name = "Businesses"
