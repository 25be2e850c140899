from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "incust.customers"
    label = "customers"
    verbose_name = "Customers"
