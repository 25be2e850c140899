from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "incust.customers"
    label = "customers"
    verbose_name = "Customers"

    def ready(self) -> None:
        from incust.messaging.recipients import look_up_with

        from .recipient import recipient_of

        look_up_with(recipient_of)
